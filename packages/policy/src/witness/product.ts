import { type Automaton, type State, takeWork } from './automaton.ts'
import type { TextConstraint, Texts } from './constraint.ts'
import { type Rule, ruleOf } from './grammar.ts'
import type { Shape, ShapeVariable } from './question.ts'
import type { Steps } from './steps.ts'

/** A text to be found, and what it must fulfil. */
export interface Slot {
  readonly shape: Shape
  readonly constraints: readonly TextConstraint[]
}

/** A pattern that runs along the text of a slot. */
interface Track {
  readonly automaton: Automaton
  readonly slot: number
}

/** The tracks `from` to `to` (excluded): one of them must accept, or the only one must not. */
interface Wanted {
  readonly want: boolean
  readonly from: number
  readonly to: number
}

/** `dead`: the pattern matches no longer. `met`: its constraint holds whatever follows. */
type Cell = State | 'dead' | 'met'

interface Node {
  readonly cells: readonly Cell[]
  readonly before: Node | undefined
  /** What was read to get here, as a part of a variable. */
  readonly text: string
  readonly variable: string | undefined
}

/**
 * Searches short texts breadth first over the product of all patterns. One variable is read after the other; all slots
 * that contain it read the same character.
 */
export function searchTexts(slots: readonly Slot[], steps: Steps): Texts | undefined {
  const order = orderOf(slots)
  if (order === undefined) {
    steps.unsupported = 'a variable that occurs twice in a text, or variables in different orders'
    return undefined
  }
  return new Product(slots, steps).search(order)
}

class Product {
  readonly #slots: readonly Slot[]
  readonly #steps: Steps
  readonly #tracks: Track[] = []
  readonly #wanted: Wanted[] = []
  /** The next part of each slot's shape. */
  readonly #places: number[]

  constructor(slots: readonly Slot[], steps: Steps) {
    this.#slots = slots
    this.#steps = steps
    this.#places = slots.map(() => 0)
    for (const [slot, { constraints }] of slots.entries()) {
      for (const { patterns, want } of constraints) {
        if (want) this.#want(true, slot, patterns)
        else for (const pattern of patterns) this.#want(false, slot, [pattern])
      }
    }
  }

  #want(want: boolean, slot: number, patterns: readonly Automaton[]): void {
    const from = this.#tracks.length
    for (const automaton of patterns) this.#tracks.push({ automaton, slot })
    this.#wanted.push({ want, from, to: this.#tracks.length })
  }

  search(order: readonly ShapeVariable[]): Texts | undefined {
    const start = this.#settle(this.#tracks.map(({ automaton }) => automaton.start))
    if (start === undefined) return undefined
    const first = { cells: start, before: undefined, text: '', variable: undefined }
    let nodes = this.#readLiterals([first])
    for (const { variable, grammar } of order) {
      const reads = this.#slots.map(({ shape }, slot) => {
        const part = shape[this.#places[slot] ?? 0]
        return typeof part === 'object' && part.variable === variable
      })
      nodes = this.#distinct(
        'values' in grammar
          ? this.#readValues(nodes, variable, grammar.values, reads)
          : this.#readRule(nodes, variable, ruleOf(grammar), reads),
      )
      for (const [slot, isRead] of reads.entries()) if (isRead) this.#next(slot)
      nodes = this.#readLiterals(nodes)
    }
    const found = nodes.find(({ cells }) => this.#isAccepted(cells))
    return found && textsOf(found, order)
  }

  #next(slot: number): void {
    this.#places[slot] = (this.#places[slot] ?? 0) + 1
  }

  #readLiterals(nodes: readonly Node[]): readonly Node[] {
    let reached = nodes
    for (const [slot, { shape }] of this.#slots.entries()) {
      const only = this.#slots.map((_, other) => other === slot)
      for (;;) {
        const part = shape[this.#places[slot] ?? 0]
        if (typeof part !== 'string') break
        reached = this.#distinct(reached.map((node) => this.#read(node, part, undefined, only)))
        this.#next(slot)
      }
    }
    return reached
  }

  #readValues(
    nodes: readonly Node[],
    variable: string,
    values: readonly string[],
    reads: readonly boolean[],
  ): readonly (Node | undefined)[] {
    return nodes.flatMap((node) => values.map((value) => this.#read(node, value, variable, reads)))
  }

  #readRule(
    nodes: readonly Node[],
    variable: string,
    rule: Rule,
    reads: readonly boolean[],
  ): readonly Node[] {
    const { least, most } = rule
    const ends: Node[] = least === 0 ? [...nodes] : []
    const isFinal = this.#isFinal(reads)
    const done = isFinal ? ends.find(({ cells }) => this.#isAccepted(cells)) : undefined
    if (done !== undefined) return [done]
    const seen = new Set<string>()
    let level = nodes
    for (let length = 1; level.length > 0 && length <= most; length++) {
      const next: Node[] = []
      const isFirst = length === 1
      const set = isFirst ? rule.first : rule.inner
      for (const node of level) {
        const named = this.#named(node.cells, reads)
        const others = [set.without(named), rule.last.without(named)].filter((each) => each !== undefined)
        for (const text of new Set([...named, ...others])) {
          const continues = set.has(text) && length < most
          const isEnd = length >= least && rule.last.has(text) && (!isFirst || set.has(text))
          if (!continues && !isEnd) continue
          if (!this.#steps.take(1 + (this.#tracks.length >> 2) + takeWork())) return ends
          const cells = this.#step(node.cells, text, reads)
          if (cells === undefined) continue
          const reached = { cells, before: node, text, variable }
          const key = keyOf(cells)
          if (isEnd && isNew(seen, key)) {
            if (isFinal && this.#isAccepted(cells)) return [reached]
            ends.push(reached)
          }
          if (continues && isNew(seen, `${key} ${Math.min(length, least)}`)) next.push(reached)
        }
      }
      level = next
    }
    return ends
  }

  /** Whether nothing follows the variable that is read. */
  #isFinal(reads: readonly boolean[]): boolean {
    return this.#slots.every(
      ({ shape }, slot) => (this.#places[slot] ?? 0) + (reads[slot] ? 1 : 0) >= shape.length,
    )
  }

  /** The characters that some state distinguishes from all others. */
  #named(cells: readonly Cell[], reads: readonly boolean[]): ReadonlySet<string> {
    const named = new Set<string>()
    for (const [index, cell] of cells.entries()) {
      if (typeof cell === 'string' || !this.#isRead(index, reads)) continue
      for (const character of cell.characters) named.add(character)
    }
    return named
  }

  #isRead(track: number, reads: readonly boolean[]): boolean {
    return reads[this.#tracks[track]?.slot ?? -1] === true
  }

  #read(node: Node, text: string, variable: string | undefined, reads: readonly boolean[]): Node | undefined {
    let { cells } = node
    for (const character of text) {
      if (!this.#steps.take(1 + takeWork())) return undefined
      const next = this.#step(cells, character, reads)
      if (next === undefined) return undefined
      cells = next
    }
    return { cells, before: node, text, variable }
  }

  #step(cells: readonly Cell[], character: string, reads: readonly boolean[]): readonly Cell[] | undefined {
    return this.#settle(
      cells.map((cell, index) => {
        if (typeof cell === 'string' || !this.#isRead(index, reads)) return cell
        return this.#tracks[index]?.automaton.step(cell, character) ?? cell
      }),
    )
  }

  /** Marks the cells that no longer matter; undefined if some constraint can no longer hold. */
  #settle(cells: Cell[]): readonly Cell[] | undefined {
    for (const { want, from, to } of this.#wanted) {
      let isAlive = false
      let isMet = false
      for (let index = from; index < to; index++) {
        const cell = cells[index]
        if (cell === 'met' || (typeof cell === 'object' && cell.isUniversal)) isMet = true
        else if (typeof cell === 'object' && cell.isDead) cells[index] = 'dead'
        else if (typeof cell === 'object') isAlive = true
      }
      // A pattern that must not match, and now cannot, is met as well: it is dead.
      if (want ? !isMet && !isAlive : isMet) return undefined
      if (isMet) cells.fill('met', from, to)
    }
    return cells
  }

  #isAccepted(cells: readonly Cell[]): boolean {
    return this.#wanted.every(({ want, from, to }) => {
      const accepts = cells
        .slice(from, to)
        .some((cell) => cell === 'met' || (typeof cell === 'object' && cell.accepts))
      return accepts === want
    })
  }

  #distinct(nodes: readonly (Node | undefined)[]): readonly Node[] {
    const byKey = new Map<string, Node>()
    for (const node of nodes) {
      if (node === undefined) continue
      const key = keyOf(node.cells)
      if (!byKey.has(key)) byKey.set(key, node)
    }
    return [...byKey.values()]
  }
}

function keyOf(cells: readonly Cell[]): string {
  let key = ''
  for (const cell of cells) key += typeof cell === 'string' ? `${cell} ` : `${cell.id} `
  return key
}

function isNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

function textsOf(last: Node, order: readonly ShapeVariable[]): Texts {
  const texts = new Map(order.map(({ variable }) => [variable, '']))
  for (let node: Node | undefined = last; node !== undefined; node = node.before) {
    if (node.variable !== undefined) texts.set(node.variable, node.text + texts.get(node.variable))
  }
  return texts
}

/** The variables in an order in which every shape has them; undefined if no such order exists. */
function orderOf(slots: readonly Slot[]): readonly ShapeVariable[] | undefined {
  const rows = slots.map(({ shape }) => shape.filter((part) => typeof part === 'object'))
  const order: ShapeVariable[] = []
  const places = rows.map(() => 0)
  const left = new Set(rows.flat().map(({ variable }) => variable))
  while (left.size > 0) {
    const heads = rows.map((row, index) => row[places[index] ?? 0])
    const next = heads.find(
      (head) =>
        head !== undefined &&
        left.has(head.variable) &&
        rows.every(
          (row, index) =>
            !row.slice((places[index] ?? 0) + 1).some(({ variable }) => variable === head.variable),
        ),
    )
    if (next === undefined) return undefined
    order.push(next)
    left.delete(next.variable)
    for (const [index, head] of heads.entries())
      if (head?.variable === next.variable) places[index] = (places[index] ?? 0) + 1
  }
  return order
}
