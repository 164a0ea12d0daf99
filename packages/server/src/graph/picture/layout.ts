import { compare } from './fold.ts'

/** A box to be placed, in a layer counted from the left. */
export interface Box {
  readonly id: string
  readonly layer: number
  readonly width: number
  readonly height: number
}

/** An arrow between boxes, with a label that needs room. */
export interface Arrow {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly labelWidth: number
}

/** A point: from the left, from the top. */
export type Point = readonly [x: number, y: number]

/** Where a box is: its upper left corner. */
export interface Placed extends Box {
  readonly x: number
  readonly y: number
}

/** Where an arrow runs, and the middle of its label. */
export interface Drawn {
  readonly points: readonly Point[]
  readonly label: Point
}

/** A picture in layers. No two boxes and labels overlap. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly boxes: ReadonlyMap<string, Placed>
  readonly arrows: ReadonlyMap<string, Drawn>
}

const margin = 16
/** Between two boxes of a column, and between two columns. */
const gap = { rows: 14, columns: 28 } as const
const labelHeight = 16
/** Room that an arrow needs where it passes a column of boxes. */
const passageHeight = 10
const sweeps = 8

/** One place in a column: a box, the label of an arrow, or where an arrow passes. */
interface Slot {
  readonly key: string
  readonly column: number
  readonly width: number
  readonly height: number
  readonly near: Slot[]
  x: number
  y: number
}

/**
 * Places boxes in layers from left to right. Columns of boxes and columns of labels take turns: an arrow passes through
 * a place of its own in each column, so that nothing lies on anything else. Equal input gives equal output.
 */
export function layoutOf(boxes: readonly Box[], arrows: readonly Arrow[]): Layout {
  const slots = new Map<string, Slot>()
  const add = (key: string, column: number, width: number, height: number): Slot => {
    const slot: Slot = { key, column, width, height, near: [], x: 0, y: 0 }
    slots.set(key, slot)
    return slot
  }
  for (const { id, layer, width, height } of boxes) add(`box ${id}`, layer * 2, width, height)
  const ways = new Map<string, { readonly chain: readonly Slot[]; readonly label: Slot }>()
  for (const { id, from, to, labelWidth } of arrows) {
    const start = slots.get(`box ${from}`)
    const end = slots.get(`box ${to}`)
    if (start === undefined || end === undefined) continue
    // an arrow leaves to the right; one that leads back or stays in its layer turns in the column beside its start
    const labelColumn = start.column + 1
    const chain: Slot[] = [start]
    const label = add(`label ${id}`, labelColumn, labelWidth, labelHeight)
    chain.push(label)
    const step = end.column > labelColumn ? 1 : -1
    for (
      let column = labelColumn + step;
      step > 0 ? column < end.column : column > end.column;
      column += step
    )
      chain.push(add(`pass ${id} ${column}`, column, 0, passageHeight))
    chain.push(end)
    for (const [place, slot] of chain.entries()) {
      const next = chain[place + 1]
      if (next === undefined) continue
      slot.near.push(next)
      next.near.push(slot)
    }
    ways.set(id, { chain, label })
  }
  // Sums of what is near must not depend on the order of the arrows.
  for (const { near } of slots.values()) near.sort((one, other) => compare(one.key, other.key))
  const columns = ordered(slots.values())
  const size = place(columns)
  const widths = new Map(
    [...columns].map(([column, all]) => [column, Math.max(...all.map(({ width }) => width))]),
  )
  return {
    ...size,
    boxes: new Map(
      boxes.map((box) => {
        const { x, y } = slots.get(`box ${box.id}`)! // added above
        return [box.id, { ...box, x, y }]
      }),
    ),
    arrows: new Map(
      [...ways].map(([id, { chain, label }]) => [
        id,
        {
          points: pointsOf(chain, widths),
          label: [label.x + label.width / 2, label.y + label.height / 2] as const,
        },
      ]),
    ),
  }
}

/** Columns from the left, each in an order that crosses few arrows. */
function ordered(slots: Iterable<Slot>): ReadonlyMap<number, Slot[]> {
  const columns = new Map(
    [...Map.groupBy(slots, ({ column }) => column)].sort(([one], [other]) => one - other),
  )
  for (const all of columns.values()) all.sort((one, other) => compare(one.key, other.key))
  const ranks = new Map<Slot, number>()
  const rank = (all: readonly Slot[]): void => {
    for (const [place, slot] of all.entries()) ranks.set(slot, place)
  }
  for (const all of columns.values()) rank(all)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0
    const turn = forward ? [...columns.values()] : [...columns.values()].reverse()
    for (const all of turn) {
      const centre = new Map(
        all.map((slot) => {
          const near = slot.near.filter(({ column }) =>
            forward ? column < slot.column : column > slot.column,
          )
          const sum = near.reduce((total, each) => total + (ranks.get(each) ?? 0), 0)
          return [slot, near.length === 0 ? (ranks.get(slot) ?? 0) : sum / near.length]
        }),
      )
      all.sort((one, other) => centre.get(one)! - centre.get(other)! || compare(one.key, other.key)) // each has a centre
      rank(all)
    }
  }
  return columns
}

/** Gives each slot its place, near to what it is joined with. Returns the size of the whole. */
function place(columns: ReadonlyMap<number, readonly Slot[]>): {
  readonly width: number
  readonly height: number
} {
  let x = margin
  for (const all of columns.values()) {
    const width = Math.max(...all.map((slot) => slot.width))
    let y = 0
    for (const slot of all) {
      slot.x = x + (width - slot.width) / 2
      slot.y = y
      y += slot.height + gap.rows
    }
    x += width + gap.columns
  }
  for (let sweep = 0; sweep < sweeps; sweep++)
    for (const all of sweep % 2 === 0 ? [...columns.values()] : [...columns.values()].reverse()) align(all)
  const every = [...columns.values()].flat()
  const top = every.reduce((least, { y }) => Math.min(least, y), 0)
  for (const slot of every) {
    slot.y = Math.round(slot.y - top + margin)
    slot.x = Math.round(slot.x)
  }
  const bottom = every.reduce((most, slot) => Math.max(most, slot.y + slot.height), 0)
  return { width: Math.round(Math.max(x - gap.columns, 0) + margin), height: Math.round(bottom + margin) }
}

/** Moves the slots of a column to the middle of their neighbours, as far as they leave each other room. */
function align(all: readonly Slot[]): void {
  const wanted = all.map((slot) => {
    if (slot.near.length === 0) return slot.y
    const sum = slot.near.reduce((total, each) => total + each.y + each.height / 2, 0)
    return sum / slot.near.length - slot.height / 2
  })
  let least = Number.NEGATIVE_INFINITY
  for (const [place, slot] of all.entries()) {
    slot.y = Math.max(wanted[place]!, least) // as many as there are slots
    least = slot.y + slot.height + gap.rows
  }
  // what was pushed down goes back up by half of what the column moved on the whole
  const moved =
    all.reduce((total, slot, place) => total + slot.y - wanted[place]!, 0) / Math.max(all.length, 1)
  for (const slot of all) slot.y -= moved
}

/** The line through the places of an arrow: straight through a column, slanted between two of them. */
function pointsOf(chain: readonly Slot[], widths: ReadonlyMap<number, number>): readonly Point[] {
  const points: Point[] = []
  const last = chain.length - 1
  for (const [place, slot] of chain.entries()) {
    const y = slot.y + slot.height / 2
    const width = widths.get(slot.column) ?? slot.width
    const left = slot.x + slot.width / 2 - width / 2
    const right = left + width
    const before = chain[place - 1]
    const after = chain[place + 1]
    if (place === 0) points.push([slot.x + slot.width, y], [right, y])
    else if (place === last) {
      const fromLeft = before!.column < slot.column // the first place is above
      points.push(fromLeft ? [left, y] : [right, y], fromLeft ? [slot.x, y] : [slot.x + slot.width, y])
    } else {
      const turns = before!.column > slot.column === after!.column > slot.column
      if (turns)
        points.push([left, y], [right, y], [right, y + labelHeight / 2 + 2], [left, y + labelHeight / 2 + 2])
      else if (before!.column < slot.column) points.push([left, y], [right, y])
      else points.push([right, y], [left, y])
    }
  }
  return points.filter(
    ([x, y], place) => place === 0 || x !== points[place - 1]![0] || y !== points[place - 1]![1],
  )
}
