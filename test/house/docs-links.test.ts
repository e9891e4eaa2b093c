import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesUnder, productFolders, root, type SourceFile } from './source-files.ts'

const atRoot = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']
  .filter((path) => existsSync(join(root, path)))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const pages = [...atRoot, ...filesUnder(['docs'], '.md')]

/** The anchor that GitHub makes of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')

const anchorsOf = (text: string) => [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

function faultOf(from: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#')
  const path = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(root, path))) return `${from}: ${link} leads nowhere`
  if (anchor === undefined || !path.endsWith('.md')) return undefined
  const anchors = anchorsOf(readFileSync(join(root, path), 'utf8'))
  return anchors.includes(anchor) ? undefined : `${from}: ${link} has no such heading`
}

const withoutCode = (text: string) => text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
const linksOf = ({ text }: SourceFile) =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)

describe('documentation', () => {
  it('every link between pages leads somewhere', () => {
    const faults = pages.flatMap((page) =>
      linksOf(page)
        .filter((link) => !/^[a-z]+:/.test(link))
        .flatMap((link) => faultOf(page.path, link) ?? []),
    )
    expect(faults).toEqual([])
  })

  it('every page of docs that the source names is there', () => {
    const faults = filesUnder(productFolders, '.ts', '.mjs').flatMap(({ path, text }) =>
      [...text.matchAll(/\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g)].flatMap(([link]) => {
        const fault = faultOf('README.md', link)
        return fault === undefined ? [] : [`${path} names ${link}`]
      }),
    )
    expect(faults).toEqual([])
  })

  it('every decision has a number of its own, and its heading says it', () => {
    const numbered = filesUnder(['docs/adr'], '.md').map(({ path, text }) => ({
      path,
      number: /\/(\d{4})-[a-z0-9-]+\.md$/.exec(path)?.[1],
      heading: /^# (\d+)\. /.exec(text)?.[1]?.padStart(4, '0'),
    }))
    expect(numbered.filter(({ number, heading }) => number === undefined || number !== heading)).toEqual([])
    expect(numbered.map(({ number }) => number)).toEqual([...new Set(numbered.map(({ number }) => number))])
  })

  it('the changelog keeps the form of Keep a Changelog', () => {
    const changelog = atRoot.find(({ path }) => path === 'CHANGELOG.md')?.text ?? ''
    const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
    const odd = headings.filter(
      (heading) => !/^\[(?:Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d{2}-\d{2})?$/.test(heading),
    )
    expect(odd).toEqual([])
    const kinds = [...changelog.matchAll(/^### (.+)$/gm)].map(([, kind = '']) => kind)
    expect(kinds.filter((kind) => !/^(?:Added|Changed|Deprecated|Removed|Fixed|Security)$/.test(kind))).toEqual([])
  })
})
