import { describe, expect, it } from 'vitest'
import { Downloads } from '../../../functions/scheduling/downloads.ts'
import { anyHost, anyModel, anyService } from './builders.ts'

/** Hosts 0, 1 and 2 of services a, b and c are kinds 0, 1 and 2; host 3 of kind 3 is on a line without a cap. */
function anyDownloads() {
  const hosts = ['a', 'b', 'c'].map((id) => anyHost(id, [id], { bytes: 100 }))
  const model = anyModel({
    hosts: [...hosts, anyHost('d', ['d'], { bytes: 100, site: 'free' })],
    services: ['a', 'b', 'c', 'd'].map((id) => anyService(id)),
    bandwidthBytesPerSecond: { default: 10 },
  })
  return new Downloads(model, Float64Array.of(1, 2, 3, 4), new Float64Array(4))
}

describe('5.2 Downloads', () => {
  it('is there once all bytes of the site before it, and its own, have come', () => {
    const downloads = anyDownloads()
    expect(downloads.thereAt(0, 0, 0)).toBe(10)
    downloads.take(0)
    expect(downloads.thereAt(0, 1, 0)).toBe(20)
  })

  it('is there now where it has come already', () => {
    expect(anyDownloads().thereAt(0, 0, 25)).toBe(25)
  })

  it('is there now where the site has no cap, whatever came before', () => {
    const downloads = anyDownloads()
    downloads.take(3)
    expect(downloads.thereAt(3, 3, 0)).toBe(0)
    expect(downloads.next(3)).toBe(-1)
  })

  it('lets nobody overtake the kind that a download is under way for', () => {
    const downloads = anyDownloads()
    downloads.thereAt(0, 0, 0)
    expect(downloads.thereAt(1, 1, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(downloads.thereAt(0, 0, 0)).toBe(10)
  })

  it('calls the most urgent of those behind once that kind has been served, and each only once', () => {
    const downloads = anyDownloads()
    downloads.thereAt(0, 0, 0)
    downloads.thereAt(1, 1, 0)
    downloads.thereAt(2, 2, 0)
    expect([downloads.next(0), downloads.next(2), downloads.next(1)]).toEqual([2, 1, -1])
  })

  it('calls nobody while another kind is being downloaded to', () => {
    const downloads = anyDownloads()
    downloads.thereAt(0, 0, 0)
    downloads.thereAt(1, 1, 0)
    expect(downloads.next(2)).toBe(-1)
  })
})
