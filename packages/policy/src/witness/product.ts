import { type Automaton, type State, takeWork } from './automaton.ts'
import type { TextConstraint, Texts } from './constraint.ts'
import { type Characters, type Rule, ruleOf } from './grammar.ts'
import type { Shape, ShapeVariable } from './question.ts'
import { variablesOf } from './shape.ts'
import type { Steps } from './steps.ts'

/** A text to be found, and what it must fulfil. */
export interface Slot {
  readonly shape: Shape
  readonly constraints: readonly TextConstraint[]
}

/** A shape that is read, and its next part. */
interface Row {
  readonly shape: Shape
  place: number
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
  /** The text read so far, as a part of a variable. */
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
  /** By slot. */
  readonly #rows: readonly Row[]
  readonly #steps: Steps
  readonly #tracks: Track[] = []
  readonly #wanted: Wanted[] = []

  constructor(slots: readonly Slot[], steps: Steps) {
    this.#rows = slots.map(({ shape }) => ({ shape, place: 0 }))
    this.#steps = steps
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
      const reads = this.#rows.map(({ shape, place }) => {
        const part = shape[place]
        return typeof part === 'object' && part.variable === variable
      })
      nodes = this.#distinct(
        'values' in grammar
          ? this.#readValues(nodes, variable, grammar.values, reads)
          : this.#readRule(nodes, variable, ruleOf(grammar), reads),
      )
      for (const [slot, row] of this.#rows.entries()) if (reads[slot]) row.place++
      nodes = this.#readLiterals(nodes)
    }
    const found = nodes.find(({ cells }) => this.#isAccepted(cells))
    return found && textsOf(found, order)
  }

  #readLiterals(nodes: readonly Node[]): readonly Node[] {
    let reached = nodes
    for (const [slot, row] of this.#rows.entries()) {
      const only = this.#rows.map((_, other) => other === slot)
      for (;;) {
        const part = row.shape[row.place]
        if (typeof part !== 'string') break
        reached = this.#distinct(reached.map((node) => this.#read(node, part, undefined, only)))
        row.place++
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
        for (const text of this.#nextTexts(node.cells, [set, rule.last], reads)) {
          const continues = set.has(text) && length < most
          const isEnd = length >= least && rule.last.has(text) && (!isFirst || set.has(text))
          if (!continues && !isEnd) continue
          if (!this.#steps.take(1 + (this.#tracks.length >> 2) + takeWork())) return ends
          const cells = this.#stepAll(node.cells, text, reads)
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
    return this.#rows.every(({ shape, place }, slot) => place + (reads[slot] ? 1 : 0) >= shape.length)
  }

  /**
   * Characters that lead to every state to which one leads. A text never has half of a character beyond U+FFFF: its
   * second unit follows the first at once.
   */
  #nextTexts(
    cells: readonly Cell[],
    sets: readonly Characters[],
    reads: readonly boolean[],
  ): ReadonlySet<string> {
    const named = this.#named(cells, reads)
    const texts = new Set<string>()
    for (const unit of named) {
      if (!isHalf(unit)) texts.add(unit)
      else if (isFirstHalf(unit)) {
        const halfway = this.#step([...cells], unit, reads)
        for (const second of halfway === undefined ? [] : secondHalves(this.#named(halfway, reads)))
          texts.add(unit + second)
      }
    }
    for (const set of sets) {
      const other = set.without(named)
      if (other !== undefined) texts.add(other)
    }
    return texts
  }

  #stepAll(cells: readonly Cell[], text: string, reads: readonly boolean[]): readonly Cell[] | undefined {
    let reached: readonly Cell[] | undefined = cells
    for (let at = 0; at < text.length && reached !== undefined; at++)
      reached = this.#step(reached, text.charAt(at), reads)
    return reached
  }

  /** The characters that some state distinguishes from all others. */
  #named(cells: readonly Cell[], reads: readonly boolean[]): ReadonlySet<string> {
    const named = new Set<string>()
    for (const [index, { slot }] of this.#tracks.entries()) {
      const cell = cells[index]
      if (typeof cell === 'object' && reads[slot])
        for (const character of cell.characters) named.add(character)
    }
    return named
  }

  #read(node: Node, text: string, variable: string | undefined, reads: readonly boolean[]): Node | undefined {
    let { cells } = node
    for (let at = 0; at < text.length; at++) {
      if (!this.#steps.take(1 + takeWork())) return undefined
      const next = this.#step(cells, text.charAt(at), reads)
      if (next === undefined) return undefined
      cells = next
    }
    return { cells, before: node, text, variable }
  }

  #step(cells: readonly Cell[], character: string, reads: readonly boolean[]): readonly Cell[] | undefined {
    return this.#settle(
      cells.map((cell, index) => {
        const track = this.#tracks[index]
        return track !== undefined && typeof cell === 'object' && reads[track.slot]
          ? track.automaton.step(cell, character)
          : cell
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

/** Whether a unit of UTF-16 is half of a character beyond U+FFFF. */
function isHalf(unit: string): boolean {
  return unit >= '\ud800' && unit <= '\udfff'
}

function isFirstHalf(unit: string): boolean {
  return unit >= '\ud800' && unit <= '\udbff'
}

/** The second halves among some units, and one that is not among them. */
function secondHalves(units: ReadonlySet<string>): readonly string[] {
  const found = [...units].filter((unit) => isHalf(unit) && !isFirstHalf(unit))
  let code = 0xdc00
  while (units.has(String.fromCharCode(code))) code++
  return code <= 0xdfff ? [...found, String.fromCharCode(code)] : found
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
  const order: ShapeVariable[] = []
  let rows = slots.map(({ shape }) => variablesOf(shape))
  while (rows.some(({ length }) => length > 0)) {
    const next = rows.map(([head]) => head).find((head) => head !== undefined && !isLater(head, rows))
    if (next === undefined) return undefined
    order.push(next)
    rows = rows.map((row) => (row[0]?.variable === next.variable ? row.slice(1) : row))
  }
  return order
}

/** Whether some row has a variable behind its head. */
function isLater({ variable }: ShapeVariable, rows: readonly (readonly ShapeVariable[])[]): boolean {
  return rows.some(([, ...later]) => later.some((other) => other.variable === variable))
}
