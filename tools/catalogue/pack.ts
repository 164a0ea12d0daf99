import { brotliCompressSync, constants } from 'node:zlib'
import type { PackHead } from '../../packages/server/src/authorization/catalogue/index.ts'

/** Writes a pack as `openPack` reads it. The same index and sections make the same bytes. */
export function packOf<Index>(index: Index, sections: readonly string[]): Buffer {
  const packed = sections.map(compress)
  const head: PackHead<Index> = { lengths: packed.map(({ length }) => length), index }
  const front = compress(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(front.length)
  return Buffer.concat([length, front, ...packed])
}

function compress(text: string): Buffer {
  const bytes = Buffer.from(text)
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
}
