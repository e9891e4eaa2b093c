/** The text of a findings file: UTF-8 or UTF-16, with or without a byte order mark, gzipped or not. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** The most bytes that are read, unpacked; one finding is a few kilobytes. */
const bytesMax = 256 * 1024 * 1024

/** @throws Error that says why the bytes are not text. */
export function textIn(packed: Uint8Array): string {
  if (packed[0] === 0x50 && packed[1] === 0x4b) throw new Error('a zip archive; unpack it first')
  const bytes = unpacked(packed)
  if (bytes.length > bytesMax) throw new Error(`${bytes.length} bytes; at most ${bytesMax} are read, split the file`)
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Error('neither UTF-8 nor UTF-16 text', { cause: error })
  }
}

export const readText = (file: string): string => textIn(readFileSync(file))

/** gzip in gzip happens where a server compresses a compressed file. */
function unpacked(bytes: Uint8Array, layersMax = 2): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || layersMax === 0) return bytes
  try {
    return unpacked(gunzipSync(bytes, { maxOutputLength: bytesMax }), layersMax - 1)
  } catch (error) {
    throw new Error(`a gzip file that cannot be unpacked: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    })
  }
}

/** By the byte order mark, or by the position of the zero bytes in the first characters: JSON starts with ASCII. */
function encodingOf([first, second, third, fourth]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le'
  return first === 0 && second !== 0 && third === 0 && fourth !== 0 ? 'utf-16be' : 'utf-8'
}
