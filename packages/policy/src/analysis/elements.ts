import type { ListElement, Policy, PrincipalElement, PrincipalEntry, Statement } from '../document/policy.ts'
import { accountIdOf, splitArn } from '../match/arn.ts'
import { includes, overlaps, type Tokens, tokensOf } from '../match/inclusion.ts'
import { spend } from '../match/meter.ts'
import { resourceParts } from '../match/resource.ts'
import { anyRun, isMalformed, type Part, parseTemplate } from '../match/template.ts'
import { Heads } from './heads.ts'

/** One pattern, and the start of every text that it matches. */
interface Pattern {
  readonly tokens: Tokens
  readonly head: string
}

/** `Action` or `Resource` for comparison: what its patterns match or, if negated, everything else. */
export interface PatternSet {
  readonly negated: boolean
  readonly patterns: readonly Pattern[]
}

const everything: PatternSet = { negated: true, patterns: [] }
const nothing: PatternSet = { negated: false, patterns: [] }

function patternOf(parts: readonly Part[]): Pattern {
  const [first] = parts
  return { tokens: tokensOf(parts), head: typeof first === 'string' ? first : '' }
}

/** Actions ignore case, and take no variables. */
export function actionSet({ negated, values }: ListElement): PatternSet {
  const options = { wildcards: true, variables: false }
  return {
    negated,
    patterns: values.map(({ value }) => patternOf(parseTemplate(value.toLowerCase(), options))),
  }
}

/** A statement without a Resource applies to the resource that has the policy. */
export function resourceSet(statement: Statement, policy: Policy): PatternSet {
  const { resource } = statement
  if (resource === undefined) return everything
  const parts = resource.values.map(({ value }) => resourceParts(value, policy, statement))
  if (parts.some(isMalformed)) {
    // A value that cannot be read denies everything but what others except. As an exception of an Allow it leaves nothing.
    const read = parts.filter((each) => !isMalformed(each))
    if (statement.effect === 'Deny')
      return resource.negated ? { negated: true, patterns: read.map(patternOf) } : everything
    if (resource.negated) return nothing
  }
  return { negated: resource.negated, patterns: parts.map(patternOf) }
}

/** One set for each pattern. A negated set stays one piece. */
export function pieces(set: PatternSet): readonly PatternSet[] {
  return set.negated ? [set] : set.patterns.map((pattern) => ({ negated: false, patterns: [pattern] }))
}

/**
 * Whether all of `inner` is in `outer`. A yes is certain; a no may be wrong if several patterns together include one.
 */
export function setIncludes(outer: PatternSet, inner: PatternSet): boolean {
  if (inner.negated && outer.negated) return outer.patterns.every((left) => hasWhole(inner, left))
  if (inner.negated) return outer.patterns.some(isEverything)
  if (outer.negated) return inner.patterns.every((one) => !hasPart(outer, one))
  return inner.patterns.every((one) => hasWhole(outer, one))
}

/** Whether something may be in both. A no is certain. */
export function setOverlaps(a: PatternSet, b: PatternSet): boolean {
  if (a.negated && b.negated) return true
  if (a.negated) return b.patterns.some((one) => !hasWhole(a, one))
  if (b.negated) return setOverlaps(b, a)
  const [few, many] = a.patterns.length < b.patterns.length ? [a, b] : [b, a]
  return few.patterns.some((one) => hasPart(many, one))
}

/** Whether one of a set's patterns includes a pattern. */
function hasWhole(set: PatternSet, inner: Pattern): boolean {
  return headsOf(set)
    .beginningsOf(inner.head)
    .some((place) => spend(1) && includes(set.patterns[place]!.tokens, inner.tokens))
}

/** Whether one of a set's patterns may match what a pattern matches. */
function hasPart(set: PatternSet, one: Pattern): boolean {
  const heads = headsOf(set)
  const meets = (place: number) => !spend(1) || overlaps(set.patterns[place]!.tokens, one.tokens)
  return heads.beginningsOf(one.head).some(meets) || heads.continuationsOf(one.head).some(meets)
}

const knownHeads = new WeakMap<readonly Pattern[], Heads>()

function headsOf({ patterns }: PatternSet): Heads {
  let heads = knownHeads.get(patterns)
  if (heads === undefined) {
    heads = new Heads(patterns.map(({ head }) => head))
    knownHeads.set(patterns, heads)
  }
  return heads
}

function isEverything({ tokens }: Pattern): boolean {
  return tokens.length === 1 && tokens[0] === anyRun
}

/** Whether an element names every principal of an entry. An absent element names everyone. */
export function principalIncludes(
  outer: PrincipalElement | undefined,
  inner: PrincipalEntry | undefined,
): boolean {
  if (outer === undefined) return true
  // A NotPrincipal excludes a caller only if it lists the account, the role and the session.
  if (outer.negated) return false
  return outer.entries.some(
    (entry) => isEveryone(entry) || (inner !== undefined && entryIncludes(entry, inner)),
  )
}

/** Whether both are a NotPrincipal with the same entries. */
export function isSameNotPrincipal(
  a: PrincipalElement | undefined,
  b: PrincipalElement | undefined,
): boolean {
  if (a?.negated !== true || b?.negated !== true) return false
  const texts = ({ entries }: PrincipalElement) =>
    new Set(entries.map(({ type, value }) => `${type} ${value}`))
  const [one, other] = [texts(a), texts(b)]
  return one.size === other.size && [...one].every((text) => other.has(text))
}

/** Whether both may name the same principal. */
export function principalOverlaps(a: PrincipalElement | undefined, b: PrincipalEntry | undefined): boolean {
  if (a === undefined || a.negated || b === undefined || isEveryone(b)) return true
  // Ids, roles, sessions and canonical ids may all name the same caller. Only their kinds are certain to differ.
  return a.entries.some((entry) => isEveryone(entry) || isAccounts(entry) === isAccounts(b))
}

function isEveryone({ type, value }: PrincipalEntry): boolean {
  return type === 'AWS' && value === '*'
}

/** Whether an entry names a principal of an account. Services and providers belong to none. */
function isAccounts({ type }: PrincipalEntry): boolean {
  return type === 'AWS' || type === 'CanonicalUser'
}

function entryIncludes(outer: PrincipalEntry, inner: PrincipalEntry): boolean {
  if (outer.type !== inner.type) return false
  if (outer.value === inner.value) return true
  const account = outer.type === 'AWS' ? accountNamed(outer.value) : undefined
  if (account === undefined) return false
  const bare = accountIdOf(inner.value)
  if (bare !== undefined) return account.partition === undefined && bare === account.id
  const arn = splitArn(inner.value)
  if (arn === undefined || arn.account !== account.id) return false
  return account.partition === undefined || account.partition === arn.partition
}

/** The account that `123456789012` or `arn:aws:iam::123456789012:root` names. */
export function accountNamed(
  value: string,
): { readonly id: string; readonly partition: string | undefined } | undefined {
  const id = accountIdOf(value)
  if (id !== undefined) return { id, partition: undefined }
  const arn = splitArn(value)
  return arn?.service === 'iam' && arn.resource === 'root'
    ? { id: arn.account, partition: arn.partition }
    : undefined
}
