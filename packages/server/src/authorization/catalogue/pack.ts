import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

/**
 * A catalogue in one file: an index that is read at opening, and sections that are unpacked on request. Bytes: length
 * of the index (4, big endian), the index, the sections; each of them is JSON compressed with brotli.
 * `tools/catalogue/pack.ts` writes it.
 */
export interface Pack<Index> {
  readonly index: Index
  /** Returns the text of a section, by its number. */
  section(number: number): string
}

/** The header of a pack. */
export interface PackHead<Index> {
  /** Bytes of each section, in order. */
  readonly lengths: readonly number[]
  readonly index: Index
}

/** The folder of the derived data, beside the sources and in the published package. */
export function dataFile(name: string): URL {
  return new URL(`../../../data/${name}`, import.meta.url)
}

/** Opens a pack of the data folder. */
export function openPack<Index>(name: string): Pack<Index> {
  const bytes = readFileSync(dataFile(name))
  const start = 4 + bytes.readUInt32BE(0)
  const text = brotliDecompressSync(bytes.subarray(4, start)).toString('utf8')
  const head = JSON.parse(text) as PackHead<Index> // written by the tool for this reader; tests read all of it
  const offsets: number[] = []
  let at = start
  for (const length of head.lengths) {
    offsets.push(at)
    at += length
  }
  return {
    index: head.index,
    section(number) {
      const offset = offsets[number]!
      return brotliDecompressSync(bytes.subarray(offset, offset + head.lengths[number]!)).toString('utf8')
    },
  }
}
