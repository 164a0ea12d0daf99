import type {
  FactMatch,
  FactSubject,
  FactTest,
  FactWay,
  TechniqueNeed,
  TechniqueTable,
} from '../../authorization/catalogue/index.ts'
import { isListed } from '../world/world.ts'
import type { FactOption, FactQuestion } from './fact-option.ts'
import { isGiven, member, text } from './fact-value.ts'
import { isRecordName } from './records.ts'

/**
 * The ways in which a fact holds whose block says what decides it: those of the first case that fits. Whether a resource exists that
 * no file lists is asked for by itself; such a one may be as the fact wants it. [GRD-770]
 */
export function byCases(question: FactQuestion, fact: string): readonly FactOption[] {
  const { cases = [] } = question.block
  const subject = cases[0]?.when[0]?.of
  for (const { when, ways } of cases)
    if (when.every((test) => fits(question, test)))
      return ways.flatMap((way) => optionOf(question, fact, way, when[0]?.of ?? subject) ?? [])
  const { workload, resources } = question.binding
  const isOfNothing =
    subject !== undefined && 'member' in subject && workload === undefined && !resources?.size
  return isOfNothing ? [{ facts: [], needs: [] }] : []
}

function fits(question: FactQuestion, { of, any }: FactTest): boolean {
  const value = subjectValue(question, of)
  return any.some((match) => isMatch(value, match))
}

function isMatch(value: unknown, match: FactMatch): boolean {
  if (typeof match === 'boolean') return value === match
  if (typeof match === 'string') return value !== undefined && matches(match, text(value).toLowerCase())
  if ('below' in match) return typeof value === 'number' && value < match.below
  if (match.is === 'absent') return value === undefined
  return value !== undefined && isGiven(value) === (match.is === 'given')
}

/** Whether a text is one, or matches one that begins or ends with a star. */
function matches(pattern: string, value: string): boolean {
  const [isEndOpen, isStartOpen] = [pattern.endsWith('*'), pattern.startsWith('*')]
  const part = pattern.replaceAll('*', '')
  if (isEndOpen && isStartOpen) return value.includes(part)
  if (isEndOpen) return value.startsWith(part)
  return isStartOpen ? value.endsWith(part) : value === part
}

function subjectValue(question: FactQuestion, subject: FactSubject): unknown {
  if ('member' in subject) {
    const values = subject.member.map((name) => member(question, name))
    return values.find((value) => value !== undefined)
  }
  if ('list' in subject) {
    const { world, index } = question.questions
    return isListed(world.inventory, subject.list) ? index.resourcesOf(subject.list).all.length : undefined
  }
  if (!isRecordName(subject.record)) throw new Error(`nothing is read as ${subject.record}`)
  return question.read(subject.record)
}

/** Undefined if the way needs a role as its target, and there is none. */
function optionOf(
  question: FactQuestion,
  fact: string,
  { known, says, needs = [], may, with: set = {} }: FactWay,
  subject: FactSubject | undefined,
): FactOption | undefined {
  if (may !== undefined && question.binding.target?.type !== 'role') return undefined
  const of = subject === undefined ? {} : valuesOf(question, subject)
  const { provider } = question.binding
  const all = provider === undefined ? of : { ...of, provider }
  const { account } = question.questions.world
  const values = Object.entries(set).map(
    ([key, value]) => [key, value.replace('${Account}', account)] as const,
  )
  const context = values.filter(([key]) => key.includes(':'))
  const fixed = values.filter(([key]) => !key.includes(':'))
  return {
    facts: says === undefined ? [] : [{ fact, says, of: all, known }],
    needs,
    ...(may === undefined ? {} : { asked: question.asTarget(may, '*') }),
    ...(context.length === 0 ? {} : { context: Object.fromEntries(context) }),
    ...(fixed.length === 0 ? {} : { fixed: Object.fromEntries(fixed) }),
  }
}

/** The values that a sentence may have of what decides. */
function valuesOf(question: FactQuestion, subject: FactSubject): Readonly<Record<string, string>> {
  if ('list' in subject) return { type: subject.list }
  const value = subjectValue(question, subject)
  const shown = value === undefined ? {} : { value: textOf(value) }
  return 'member' in subject ? { ...shown, member: subject.member[0] } : shown
}

/** A value in words; of a list, the ARN of the first. */
function textOf(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  return typeof first === 'object' && first !== null && 'arn' in first ? String(first.arn) : text(value)
}

/** The further calls of facts about what is bound; of other facts none. What is new has no name that counts. */
export function furtherNeedsOf({ facts }: TechniqueTable, names: Iterable<string>): readonly TechniqueNeed[] {
  return [...names].flatMap((name) => {
    const { cases = [], asks = [] } = facts[name] ?? {}
    const ofCases = cases.flatMap(({ ways }) => ways.flatMap(({ needs = [] }) => needs))
    return [...ofCases, ...asks.filter(({ on }) => on.is !== 'new')]
  })
}

/** Whether a fact compares the names of two existing resources: of such a technique no two resources are alike. */
export function comparesNames({ facts }: TechniqueTable, fact: string): boolean {
  return facts[fact]?.comparesNames === true
}
