/** The drawing primitives of all families: a grid of 64 units, outlines of 2 units, flat colours. */

export const paper = '#FFF8EA'
export const line = '#1C1C1C'
export const gold = '#E2B93B'

export const outline = `stroke="${line}" stroke-width="2" stroke-linejoin="round"`

/** A closed shape with the mask's outline. */
export function shape(path: string, fill: string): string {
  return `<path d="${path}" fill="${fill}" ${outline}/>`
}

/** A shape without an outline. */
export function fill(path: string, color: string): string {
  return `<path d="${path}" fill="${color}"/>`
}

/** A brush stroke. */
export function stroke(path: string, color: string, width = 2): string {
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
}

export function dot(x: number, y: number, radius: number, color: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}"/>`
}

export function oval(x: number, y: number, rx: number, ry: number, color: string, more = ''): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${color}"${more}/>`
}

/** The left half, and the same on the right. */
export function both(left: string): string {
  return `${left}<g transform="matrix(-1 0 0 1 64 0)">${left}</g>`
}

/** A mark on the forehead, around a point. */
export function mark(kind: number, y: number, color: string): string {
  switch (kind) {
    case 1:
      return dot(32, y, 3, color)
    case 2:
      return fill(`M32 ${y - 5}l3.4 5-3.4 5-3.4-5z`, color)
    case 3:
      return stroke(`M28 ${y - 3}v6M32 ${y - 4.5}v9M36 ${y - 3}v6`, color)
    case 4:
      return stroke(`M27 ${y + 2}q5-8 10 0`, color, 2.4)
    case 5:
      return fill(`M32 ${y - 5}c5 4 5 7 0 10c-5-3-5-6 0-10z`, color)
    case 6:
      return dot(32, y - 3, 2, color) + dot(28.5, y + 2, 2, color) + dot(35.5, y + 2, 2, color)
    case 7:
      return stroke(`M27 ${y}h10M32 ${y - 5}v10`, color, 2.4)
    default:
      return `<circle cx="32" cy="${y}" r="3.2" fill="none" stroke="${color}" stroke-width="2"/>`
  }
}
