import { crc32, deflateSync } from 'node:zlib'
import qrcode from 'qrcode-generator'

/** Pixels of a module's edge, and modules of white around the code (ISO/IEC 18004 requires four). */
const scale = 4
const margin = 4

/** Returns a text as a QR code: a black and white PNG image. */
export function qrCodePng(text: string): Uint8Array {
  const code = qrcode(0, 'M')
  code.addData(text, 'Byte')
  code.make()
  const modules = code.getModuleCount()
  const edge = (modules + 2 * margin) * scale
  return png(edge, (x, y) => {
    const [column, row] = [Math.floor(x / scale) - margin, Math.floor(y / scale) - margin]
    const inside = column >= 0 && row >= 0 && column < modules && row < modules
    return inside && code.isDark(row, column)
  })
}

/** Returns a square PNG with one bit for each pixel. */
function png(edge: number, isDark: (x: number, y: number) => boolean): Uint8Array {
  const lineLength = 1 + Math.ceil(edge / 8)
  const lines = Buffer.alloc(lineLength * edge)
  for (let y = 0; y < edge; y++) {
    const start = y * lineLength + 1 // each line begins with its filter: none
    for (let x = 0; x < edge; x++) {
      if (!isDark(x, y)) lines[start + (x >> 3)]! |= 0x80 >> (x & 7) // white is 1; within the line by its length
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(edge, 0)
  header.writeUInt32BE(edge, 4)
  header[8] = 1 // bits a pixel; the rest is 0: greyscale, deflate, no interlace
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
