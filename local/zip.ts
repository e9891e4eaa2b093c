/** Writes a ZIP archive (APPNOTE.TXT 6.3) of stored, uncompressed files: what a Lambda's code is delivered as. */
import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** With `/` between folders. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** 1 January 1980, midnight: the same files give the same bytes. */
const dosDate = 0x21
const version = 20
const utf8Names = 0x0800

function header(signature: number, size: number, { path, bytes }: ZipEntry, at: number): Buffer {
  const block = Buffer.alloc(size)
  block.writeUInt32LE(signature, 0)
  block.writeUInt16LE(version, at)
  block.writeUInt16LE(utf8Names, at + 2)
  block.writeUInt16LE(dosDate, at + 8)
  block.writeUInt32LE(crc32(bytes), at + 10)
  block.writeUInt32LE(bytes.length, at + 14)
  block.writeUInt32LE(bytes.length, at + 18)
  block.writeUInt16LE(Buffer.byteLength(path), at + 22)
  return block
}

/** The archive of the entries in their order. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const local: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.path)
    const there = header(0x02014b50, 46, entry, 6)
    there.writeUInt16LE(version, 4)
    there.writeUInt32LE(offset, 42)
    central.push(there, name)
    local.push(header(0x04034b50, 30, entry, 4), name, entry.bytes)
    offset += 30 + name.length + entry.bytes.length
  }
  const directoryBytes = central.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directoryBytes, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, ...central, end])
}
