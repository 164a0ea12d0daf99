import type { ListElement, Policy, PrincipalElement, PrincipalEntry, Statement } from '../document/policy.ts'
import { accountIdOf, splitArn } from '../match/arn.ts'
import { resourceParts } from '../match/resource.ts'
import { ANY_RUN, isMalformed, parseTemplate } from '../match/template.ts'
import { includes, overlaps, type Tokens, tokensOf } from './inclusion.ts'

/** `Action` or `Resource` for comparing: what its patterns match, or (negated) everything else. */
export interface PatternSet {
  readonly negated: boolean
  readonly patterns: readonly Tokens[]
}

const EVERYTHING: PatternSet = { negated: true, patterns: [] }
const NOTHING: PatternSet = { negated: false, patterns: [] }

/** Actions ignore case, and take no variables. */
export function actionSet({ negated, values }: ListElement): PatternSet {
  const options = { wildcards: true, variables: false }
  return {
    negated,
    patterns: values.map(({ value }) => tokensOf(parseTemplate(value.toLowerCase(), options))),
  }
}

/** A statement without a Resource is about whatever wears the policy. */
export function resourceSet(statement: Statement, policy: Policy): PatternSet {
  const { resource } = statement
  if (resource === undefined) return EVERYTHING
  const parts = resource.values.map(({ value }) => resourceParts(value, policy, statement))
  if (parts.some(isMalformed)) {
    // What cannot be read denies everywhere, and as an exception of an Allow it leaves nothing to allow.
    if (statement.effect === 'Deny') return EVERYTHING
    if (resource.negated) return NOTHING
  }
  return { negated: resource.negated, patterns: parts.map(tokensOf) }
}

/** Each pattern for itself; what is everything but a list stays one piece. */
export function pieces(set: PatternSet): readonly PatternSet[] {
  return set.negated ? [set] : set.patterns.map((pattern) => ({ negated: false, patterns: [pattern] }))
}

/** Whether all of `inner` is in `outer`. A yes is certain; a no may be a yes that takes several patterns together. */
export function setIncludes(outer: PatternSet, inner: PatternSet): boolean {
  if (inner.negated && outer.negated)
    return outer.patterns.every((left) => inner.patterns.some((out) => includes(out, left)))
  if (inner.negated) return outer.patterns.some(isEverything)
  if (outer.negated) return inner.patterns.every((one) => !outer.patterns.some((left) => overlaps(left, one)))
  return inner.patterns.every((one) => outer.patterns.some((all) => includes(all, one)))
}

/** Whether something may be in both. A no is certain. */
export function setOverlaps(a: PatternSet, b: PatternSet): boolean {
  if (a.negated && b.negated) return true
  if (a.negated) return b.patterns.some((one) => !a.patterns.some((out) => includes(out, one)))
  if (b.negated) return setOverlaps(b, a)
  return a.patterns.some((one) => b.patterns.some((other) => overlaps(one, other)))
}

function isEverything(pattern: Tokens): boolean {
  return pattern.length === 1 && pattern[0] === ANY_RUN
}

/** Whether whoever the entry names, the element names too. An absent element is about everyone. */
export function principalIncludes(
  outer: PrincipalElement | undefined,
  inner: PrincipalEntry | undefined,
): boolean {
  if (outer === undefined) return true
  // whom a NotPrincipal spares hangs on more than the entry: account, role and session must all be listed
  if (outer.negated) return false
  return outer.entries.some(
    (entry) => isEveryone(entry) || (inner !== undefined && entryIncludes(entry, inner)),
  )
}

/** Whether both are a NotPrincipal that spares the same. */
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

/** Whether somebody may be named by both. */
export function principalOverlaps(a: PrincipalElement | undefined, b: PrincipalEntry | undefined): boolean {
  if (a === undefined || a.negated || b === undefined || isEveryone(b)) return true
  // an id, a role, its sessions and canonical ids may all mean the same caller: only kinds tell them apart for certain
  return a.entries.some((entry) => isEveryone(entry) || isAccounts(entry) === isAccounts(b))
}

function isEveryone({ type, value }: PrincipalEntry): boolean {
  return type === 'AWS' && value === '*'
}

/** Services and providers are of no account; everything else is somebody in one. */
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
