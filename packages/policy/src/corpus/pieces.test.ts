// A process of its own: it counts steps, and what other tests asked before would save some.
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { compileCondition } from '../condition/condition.ts'
import { truthNo, truthYes } from '../condition/truth.ts'
import { allow, policyOf } from '../fixture.ts'
import { parseTemplate } from '../match/template.ts'
import { Context } from '../request/context.ts'
import {
  type Automaton,
  anyCaseAutomaton,
  arnAutomaton,
  globAutomaton,
  type State,
  takeWork,
} from '../witness/automaton.ts'
import { Cell, type Literal } from '../witness/cell.ts'
import { sampleText } from '../witness/grammar.ts'
import { addressPoints } from '../witness/networks.ts'
import { pointsOf } from '../witness/points.ts'
import { searchTexts } from '../witness/product.ts'
import type { KeyDomain, Shape } from '../witness/question.ts'
import { Steps } from '../witness/steps.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a line hands in is of the type that its function takes, or the test fails
type Any = any

const wild = { wildcards: true, variables: false }
const partsOf = (pattern: string) => parseTemplate(pattern, wild).filter((part) => typeof part !== 'object')

const conditionsOf = (Condition: object) =>
  policyOf('identity', allow({ Condition })).statements[0]!.condition.map((entry) =>
    compileCondition(entry, true),
  )

const stateLine = ({ isDead, isUniversal, accepts, characters }: State) =>
  `${accepts ? 'yes' : 'no'}${isDead ? ', dead' : ''}${isUniversal ? ', universal' : ''} ${characters.join('')}`.trim()

/** The state behind each character of a text, and what making the states took. */
function walk(automaton: Automaton, text: string): readonly string[] {
  takeWork()
  let state = automaton.start
  const lines = [stateLine(state)]
  for (const character of text) {
    state = automaton.step(state, character)
    lines.push(`${character}: ${stateLine(state)}`)
  }
  return [...lines, `${automaton.size} states, ${takeWork()} steps`]
}

/** What a line names, with the values that follow it in JSON. */
const called: Readonly<Record<string, (...values: readonly Any[]) => readonly string[]>> = {
  addressPoints: (networks) => [addressPoints(networks).join(' ')],
  pointsOf: (condition, domain = {}) => [
    pointsOf('my:key', conditionsOf(condition), { mayBeAbsent: true, ...domain }).join(' '),
  ],
  sampleText: (grammar) => [sampleText(grammar)],
  glob: (pattern, text) => walk(globAutomaton(partsOf(pattern)), text),
  arn: (pattern: string, text) => walk(arnAutomaton(pattern.split('|').map(partsOf)), text),
  anyCase: (wanted, text) => walk(anyCaseAutomaton(wanted), text),
  /** Shapes, constraints as the slot with patterns that match or (behind `!`) do not, and the steps. */
  texts: (shapes: readonly Shape[], wanted: readonly (readonly [number, ...string[]])[], limit = 1_000) => {
    const steps = new Steps(limit)
    const slots = shapes.map((shape, own) => ({
      shape,
      constraints: wanted
        .filter(([slot]) => slot === own)
        .map(([slot, ...patterns]) => ({
          slot,
          want: patterns[0] !== '!',
          patterns: patterns.filter((pattern) => pattern !== '!').map((each) => globAutomaton(partsOf(each))),
        })),
    }))
    const found = searchTexts(slots, steps)
    const text = found && JSON.stringify(Object.fromEntries(found))
    return [`${text ?? (steps.unsupported || (steps.isSpent ? 'spent' : 'none'))} ${steps.used} steps`]
  },
  /** The value for each condition that holds, and for each that does not; then for all of them together. */
  cell: (key: string, condition, domain: Partial<KeyDomain> = {}) => {
    const steps = new Steps(10_000)
    const conditions = conditionsOf(condition)
    const known = new Context({ 'aws:username': 'dev' })
    const cell = new Cell(key.toLowerCase(), 'call', false, { mayBeAbsent: false, ...domain }, known, steps)
    for (const each of conditions) cell.add(each)
    const valueFor = (literals: readonly Literal[]) => {
      const found = cell.solve(literals)
      return found === undefined ? 'none' : found.value === undefined ? 'absent' : JSON.stringify(found.value)
    }
    const yes = conditions.map((each): Literal => ({ condition: each, truths: [truthYes] }))
    const no = conditions.map((each): Literal => ({ condition: each, truths: [truthNo] }))
    return [
      ...yes.map((literal) => `${literal.condition.entry.operator}: ${valueFor([literal])}`),
      ...no.map((literal) => `not ${literal.condition.entry.operator}: ${valueFor([literal])}`),
      `all: ${valueFor(yes)}, none of them: ${valueFor(no)}, usual: ${valueFor([])}`,
      `${steps.used} steps${steps.unsupported === undefined ? '' : `, ${steps.unsupported}`}`,
    ]
  },
}

test('what the parts of the witness search return for each case of pieces.txt', () => {
  checkCorpus(join(import.meta.dirname, 'pieces.txt'), (line) => {
    const [name = '', ...rest] = line.split(' ')
    return called[name]!(...JSON.parse(`[${rest.join(' ')}]`))
  })
})
