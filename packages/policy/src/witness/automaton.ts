import { Remembered } from '../match/remembered.ts'
import { anyRun, type Wildcard } from '../match/template.ts'

/** One token of a pattern: a character, or how many and which others it takes. */
interface Token {
  /** The characters that it takes; undefined for a wildcard. */
  readonly characters: readonly string[] | undefined
  readonly isRun: boolean
  /** A wildcard of an ARN's segment does not take a colon. */
  readonly sparesColon: boolean
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
 * What automata have spent on new states (some four steps for each position) since `takeWork` was last asked. It belongs to the module because
 * automata are kept for later searches; a search is synchronous.
 */
let work = 0

/** What making states has cost since the last call. */
export function takeWork(): number {
  const taken = work
  work = 0
  return taken
}

/**
 * A pattern as a deterministic automaton over code points. States are sets of positions in the pattern, made when they
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
    for (const character of text) {
      if (state.isDead || state.isUniversal) return state
      state = this.step(state, character)
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
        characters: [
          ...new Set(tokens.flatMap((token) => token?.characters ?? (token?.sparesColon ? [':'] : []))),
        ],
        next: new Map(),
        other: undefined,
      }
      this.#states.set(key, state)
    }
    return state
  }
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

/** Accepts one text in any case. */
export function anyCaseAutomaton(text: string): Automaton {
  return keptAs('any case', [text], () => {
    const tokens = Array.from(text.toLowerCase(), (character) => ({
      ...oneCharacter,
      characters: [...new Set([character, ...sameInLowerCase(character)])],
    }))
    return new Automaton(tokens)
  })
}

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
    return Array.from(part, (character) => ({ ...oneCharacter, characters: [character] }))
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

/** Characters whose lower case is a given one. Those outside of ASCII with an ASCII lower case are left out. */
function sameInLowerCase(character: string): readonly string[] {
  const upper = character.toUpperCase()
  return upper.toLowerCase() === character ? [upper] : []
}
