import { lowerCase } from '../condition/lower-case.ts'
import { Remembered } from '../match/remembered.ts'
import { anyRun, type Wildcard } from '../match/template.ts'

/** One token of a pattern: a character, or how many and which others it takes. */
interface Token {
  /** The characters that it takes; undefined for a wildcard. */
  readonly characters: readonly string[] | undefined
  readonly isRun: boolean
  /** A wildcard of an ARN's segment does not take a colon. */
  readonly sparesColon: boolean
  /** A character that counts as this token and the next together. */
  readonly leap?: string
}

/** A state of an automaton, made when a search first reaches it. */
export interface State {
  /** No text that continues from here is accepted. */
  readonly isDead: boolean
  /** Every text that continues from here is accepted. */
  readonly isUniversal: boolean
  readonly accepts: boolean
  /** The characters that do not lead where all others lead. */
  readonly characters: readonly string[]
  /** For the key of a combined state. */
  readonly id: number
}

interface InnerState extends State {
  readonly positions: readonly number[]
  readonly next: Map<string, InnerState>
  other: InnerState | undefined
}

let lastId = 0

/**
 * The cost of new states of automata (some four steps for each position) since `takeWork` was last called. It belongs to the module because
 * automata are kept for later searches; a search is synchronous.
 */
let work = 0

/** The work of making states since the last call. */
export function takeWork(): number {
  const taken = work
  work = 0
  return taken
}

/**
 * A pattern as a deterministic automaton over units of UTF-16, as `?` takes one of them (behaviour POL-211). States are sets of positions in the pattern, made when they
 * are first reached: a pattern without `?` has as many as tokens.
 */
export class Automaton {
  readonly #tokens: readonly Token[]
  readonly #states = new Map<string, InnerState>()
  readonly start: State
  /** Differs from those of all other automata. */
  readonly id = ++lastId

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
    this.start = this.#stateOf([0])
  }

  step(from: State, character: string): State {
    // Only states that this automaton has made are handed in.
    const state = from as InnerState
    if (!state.characters.includes(character)) {
      state.other ??= this.#move(state, undefined)
      return state.other
    }
    let next = state.next.get(character)
    if (next === undefined) {
      next = this.#move(state, character)
      state.next.set(character, next)
    }
    return next
  }

  /** States that have been made. */
  get size(): number {
    return this.#states.size
  }

  read(from: State, text: string): State {
    let state = from
    for (let at = 0; at < text.length; at++) {
      if (state.isDead || state.isUniversal) return state
      state = this.step(state, text.charAt(at))
    }
    return state
  }

  accepts(text: string): boolean {
    const { isUniversal, accepts } = this.read(this.start, text)
    return isUniversal || accepts
  }

  #move({ positions }: InnerState, character: string | undefined): InnerState {
    const reached: number[] = []
    work += 2 + 4 * positions.length
    for (const position of positions) {
      const token = this.#tokens[position]
      if (token !== undefined && takes(token, character)) reached.push(token.isRun ? position : position + 1)
      if (token?.leap !== undefined && token.leap === character) reached.push(position + 2)
    }
    return this.#stateOf(reached)
  }

  /** Adds the positions behind runs, and leaves out those that another position makes needless. */
  #stateOf(reached: readonly number[]): InnerState {
    // In ascending order, as those that are reached are.
    const closed = new Set<number>()
    for (let position of reached) {
      closed.add(position)
      while (this.#tokens[position]?.isRun) closed.add(++position)
    }
    // What is accepted from before a run of any characters is accepted from the run itself.
    const run = [...closed].findLastIndex((position) => isAnyRun(this.#tokens[position]))
    const positions = [...closed].slice(Math.max(run, 0))
    const key = positions.join(' ')
    let state = this.#states.get(key)
    if (state === undefined) {
      const tokens = positions.map((position) => this.#tokens[position])
      const end = this.#tokens.length
      state = {
        id: this.#states.size,
        positions,
        isDead: positions.length === 0,
        isUniversal: positions.some((at) => at === end - 1 && isAnyRun(this.#tokens[at])),
        accepts: positions.includes(end),
        characters: [...new Set(tokens.flatMap(namedBy))],
        next: new Map(),
        other: undefined,
      }
      this.#states.set(key, state)
    }
    return state
  }
}

function namedBy(token: Token | undefined): readonly string[] {
  const named = token?.characters ?? (token?.sparesColon ? [':'] : [])
  return token?.leap === undefined ? named : [...named, token.leap]
}

function isAnyRun(token: Token | undefined): boolean {
  return token?.isRun === true && !token.sparesColon
}

/** @param character undefined for a character that no token of the state names */
function takes({ characters, sparesColon }: Token, character: string | undefined): boolean {
  if (characters === undefined) return !sparesColon || character !== ':'
  return character !== undefined && characters.includes(character)
}

type Pattern = readonly (string | Wildcard)[]

/** Maximum patterns of one generation whose automata are kept. */
const maxRemembered = 4_096
/** An automaton with more states is not kept. */
const maxStates = 2_048
const remembered = new Remembered<Automaton>(maxRemembered)

/** The automaton of a pattern without variables. */
export function globAutomaton(parts: Pattern): Automaton {
  return keptAs('glob', parts, () => new Automaton(parts.flatMap((part) => tokensOf(part, false))))
}

/** Accepts the texts whose lower case is that of a text (behaviour POL-210). */
export function anyCaseAutomaton(text: string): Automaton {
  return keptAs('any case', [text], () => {
    const lowered = lowerCase(text)
    // What a capital sigma becomes depends on the letters beside it, which have the same place in every case.
    const withCapitals = lowered.replace(/[σς]/g, 'Σ').toLowerCase()
    const tokens = lowered.split('').map((character, place): Token => {
      const others = [...(sameInLowerCase().get(character) ?? [])]
      if ('σς'.includes(character) && withCapitals.charAt(place) === character) others.push('Σ')
      const isDotted = lowered.startsWith(dotted.toLowerCase(), place)
      return { ...oneCharacter, characters: [character, ...others], ...(isDotted ? { leap: dotted } : {}) }
    })
    return new Automaton(tokens)
  })
}

/** The only character whose lower case is two: i and a dot above. */
const dotted = 'İ'

/** Accepts the texts that match an ARN's pattern segment by segment (behaviour POL-096). */
export function arnAutomaton(segments: readonly Pattern[]): Automaton {
  const head = segments.slice(0, -1).flatMap((segment) => [...segment, ':'])
  const last = segments.at(-1) ?? []
  return keptAs(`arn ${head.length}`, [...head, ...last], () => {
    return new Automaton([
      ...head.flatMap((part) => tokensOf(part, true)),
      ...last.flatMap((part) => tokensOf(part, false)),
    ])
  })
}

/** Accepts whatever counts as an ARN: `arn:` and five colons. */
export function anyArn(): Automaton {
  return globAutomaton(['arn:', anyRun, ':', anyRun, ':', anyRun, ':', anyRun, ':', anyRun])
}

const oneCharacter: Token = { characters: undefined, isRun: false, sparesColon: false }

function tokensOf(part: string | Wildcard, sparesColon: boolean): readonly Token[] {
  if (typeof part === 'string')
    return part.split('').map((character) => ({ ...oneCharacter, characters: [character] }))
  return [{ characters: undefined, isRun: part === anyRun, sparesColon }]
}

function keptAs(kind: string, parts: Pattern, make: () => Automaton): Automaton {
  const key = `${kind} ${JSON.stringify(parts)}`
  const known = remembered.get(key)
  if (known !== undefined && known.size <= maxStates) return known
  const made = make()
  remembered.set(key, made)
  return made
}

let inLowerCase: ReadonlyMap<string, readonly string[]> | undefined

/** The characters of the basic plane by their lower case, but for the sigma and those that have none of their own. */
function sameInLowerCase(): ReadonlyMap<string, readonly string[]> {
  if (inLowerCase !== undefined) return inLowerCase
  const found = new Map<string, string[]>()
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code)
    const lowered = character.toLowerCase()
    if (lowered === character || character === 'Σ') continue
    const same = found.get(lowered)
    if (same === undefined) found.set(lowered, [character])
    else same.push(character)
  }
  inLowerCase = found
  return found
}
