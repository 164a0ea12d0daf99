import {
  type FactCase,
  type FactMatch,
  type FactTest,
  type Technique,
  type TechniqueWay,
  techniqueTable,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { closedMembers } from '../../packages/server/src/graph/index.ts'

const { facts: blocks, techniques } = techniqueTable()

type Members = Readonly<Record<string, unknown>>

/** A value that a match takes; undefined: none. */
function sampleOf(match: FactMatch): unknown {
  if (typeof match === 'boolean') return match
  if (typeof match === 'string') return match.replace(/^\*/, 'aws_').replace(/\*$/, 'ped')
  if ('below' in match) return match.below - 1
  return match.is === 'absent' ? undefined : match.is === 'given' ? 'https://example.com' : null
}

/** Members for which tests fit: of each one a value that no case before names, if there is one, or else that is there. */
function membersOf(when: readonly FactTest[], before: readonly FactCase[] = []): Members {
  const named = new Set(before.flatMap((each) => each.when.flatMap(nameOf)))
  const all = when.flatMap((test) => {
    const { of, any } = test
    const own = any.findIndex((_, place) => !named.has(nameOf(test)[place] ?? ''))
    const match = any[own] ?? any.find((each) => sampleOf(each) !== undefined) ?? any[0]
    const value = match === undefined ? undefined : sampleOf(match)
    return 'member' in of ? [[of.member[0], value] as const] : []
  })
  return Object.fromEntries(all)
}

/** The values of a test, each with its subject. */
function nameOf({ of, any }: FactTest): readonly string[] {
  return any.map((match) => JSON.stringify([of, match]))
}

/** Members of a resource that make a fact hold without further calls; none if it does not depend on members. */
export function membersFor(fact: string): Members {
  const { cases = [] } = blocks[fact] ?? {}
  const found = cases.find(
    ({ when, ways }) =>
      when.length > 0 && ways.some(({ known, needs }) => known !== 'unknown' && needs === undefined),
  )
  return found === undefined ? {} : membersOf(found.when)
}

/** Whether no file can say that a fact holds. */
export function isNeverKnown(fact: string): boolean {
  const { cases } = blocks[fact] ?? {}
  return cases?.every(({ ways }) => ways.every(({ known }) => known === 'unknown')) === true
}

/** Whether a fact does not hold for sure where no inventory says it. */
export function isOfInventory(fact: string): boolean {
  const reads = ({ of, any }: FactTest): boolean =>
    !('list' in of) &&
    any.some((match) => typeof match === 'object' && 'is' in match && match.is === 'absent')
  const { cases = [] } = blocks[fact] ?? {}
  return cases.some(
    ({ when, ways }) =>
      when.some(reads) && (ways.length === 0 || ways.some(({ known }) => known === 'unknown')),
  )
}

/** A case of a fact that members decide, in a row that asks the fact. */
export interface CaseWorld {
  readonly name: string
  readonly technique: Technique
  readonly way: TechniqueWay
  readonly members: Members
  readonly expect: 'proven' | 'undecided' | 'no'
}

/** Facts whose cases are decided by members of the resource alone, by the name. */
export const factsOfMembers: ReadonlyMap<string, readonly FactCase[]> = new Map(
  Object.entries(blocks).flatMap(([fact, block]) => {
    const { cases = [] } = block ?? {}
    const tests = cases.flatMap(({ when }) => when)
    return tests.length > 0 && tests.every(({ of }) => 'member' in of) ? [[fact, cases] as const] : []
  }),
)

/** Every case of such a fact, and that none fits: a list for each way of each row that asks it. */
export function caseWorlds(
  fact: string,
  isFit: (technique: Technique) => boolean,
): readonly (readonly CaseWorld[])[] {
  const rows = techniques
    .filter(isFit)
    .flatMap((technique) => plansOf(technique).map((way) => ({ technique, way })))
    .filter(({ technique, way }) => [...technique.facts, ...way.facts].includes(fact))
  return rows.map((row) => worldsOf(fact, row))
}

function plansOf({ ways }: Technique): readonly TechniqueWay[] {
  return ways.length === 0 ? [{ needs: [], facts: [] }] : ways
}

function worldsOf(fact: string, row: Pick<CaseWorld, 'technique' | 'way'>): readonly CaseWorld[] {
  const cases = factsOfMembers.get(fact) ?? []
  const all = cases.some(({ when }) => when.length === 0) ? cases : [...cases, { when: [], ways: [] }]
  return all.flatMap(({ when, ways }, place) => {
    const before = cases.slice(0, place)
    const others = otherThan(before)
    if (others === undefined) return []
    const isKnown = ways.some(({ known }) => known !== 'unknown')
    return {
      name: `${fact}: ${when.length === 0 ? 'else' : JSON.stringify(when.map(({ any }) => any))}`,
      ...row,
      members: { ...others, ...membersOf(when, before) },
      expect: isKnown ? 'proven' : ways.length > 0 ? 'undecided' : 'no',
    } as const
  })
}

/** The further calls that facts of a row may ask for. */
export function furtherCalls({ technique, way }: Pick<CaseWorld, 'technique' | 'way'>): readonly string[] {
  return [...technique.facts, ...way.facts].flatMap((fact) =>
    (blocks[fact]?.cases ?? []).flatMap(({ ways }) =>
      ways.flatMap(({ needs = [] }) => needs.map(({ action }) => action)),
    ),
  )
}

/** The values of members that have no others. */
const closed = new Map<string, readonly unknown[]>(Object.entries(closedMembers))

/** Members for which none of these cases fits; undefined if there are none such. */
function otherThan(cases: readonly FactCase[]): Members | undefined {
  const matches = new Map<string, FactMatch[]>()
  for (const { of, any } of cases.flatMap(({ when }) => when))
    if ('member' in of) matches.set(of.member[0], [...(matches.get(of.member[0]) ?? []), ...any])
  const found: Record<string, unknown> = {}
  for (const [name, all] of matches) {
    const values = closed.get(name) ?? ['zzz', null, false, undefined]
    const value = values.findIndex((each) => !all.some((match) => isMatch(each, match)))
    if (value === -1) return undefined
    found[name] = values[value]
  }
  return found
}

function isMatch(value: unknown, match: FactMatch): boolean {
  if (typeof match !== 'object') return value === match
  if ('below' in match) return false
  if (match.is === 'absent') return value === undefined
  return value !== undefined && (value === 'zzz') === (match.is === 'given')
}
