import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip. What the list of files says of it can be made to lie. */
export interface ZipEntry {
  readonly name: string
  readonly data: string | Uint8Array
  /** As Unix has it: the kind of file and its permissions. */
  readonly mode?: number
  readonly lies?: { readonly size?: number; readonly crc?: number }
}

/** A zip with these files: `zipOf({ 'index.js': '…' })`, or a list of entries. */
export function zipOf(files: Readonly<Record<string, string>> | readonly ZipEntry[]): Uint8Array {
  const entries: readonly ZipEntry[] = Array.isArray(files)
    ? files
    : Object.entries(files).map(([name, data]) => ({ name, data: String(data) }))
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const data = Buffer.from(entry.data as string) // Buffer.from takes either
    const packed = deflateRawSync(data)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4) // deflated
    common.writeUInt32LE(entry.lies?.crc ?? crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(entry.lies?.size ?? data.length, 18)
    common.writeUInt16LE(name.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name)
    offset += 30 + name.length + packed.length
  }
  const list = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, list, end])
}
