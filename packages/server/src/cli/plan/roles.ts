import { Budget, compile, evaluate, type Policy, wildcardMatcher } from '@omen-iam/policy'
import type { Image, LentImage } from '../../image/index.ts'
import { contextOf, type Holder, principalOf, type World } from './world.ts'

/** A role that a principal can newly assume or pass, or that a resource newly gives. */
export interface NewWay {
  readonly role: string
  readonly how: 'assume' | 'pass' | 'given'
  /** The ARN of the user or role, the name of the service that assumes the role, or in words who is given it. */
  readonly who: string
  /** Of a passed role, the service that it can be passed to. */
  readonly service?: string
  /** Condition keys whose values the policies require; empty if there are none. */
  readonly conditions: readonly string[]
}

/** The most questions of one plan; the rest is noted. */
const mostQuestions = 200_000

/** The principals that can newly assume and pass roles. `isComplete` is false if there were too many to check. */
export function newWays(
  before: World,
  after: World,
): { readonly ways: readonly NewWay[]; readonly isComplete: boolean } {
  const asked = { left: mostQuestions }
  const ways: NewWay[] = []
  const roles = [...after.holders.values()].filter(
    ({ kind, trust }) => kind === 'role' && trust !== undefined,
  )
  const people = [...after.holders.values()].filter(({ kind }) => kind !== 'group')
  const assumers = new Set(people.filter((each) => mayAllow(each.identity, 'sts:assumerole')))
  const passers = people.filter((each) => mayAllow(each.identity, 'iam:passrole'))
  for (const role of roles) {
    const old = before.holders.get(role.arn.toLowerCase()) ?? (role.isPart ? role : undefined)
    const isChanged = old?.trustKey !== role.trustKey
    const services = servicesIn(role.trust)
    if (isChanged) {
      const servicesBefore = new Set(servicesIn(old?.trust))
      for (const who of services)
        if (!servicesBefore.has(who)) ways.push({ role: role.arn, how: 'assume', who, conditions: [] })
    }
    const trusts = namesAccounts(role.trust)
    for (const one of people) {
      if (asked.left <= 0) return { ways, isComplete: false }
      const was = before.holders.get(one.arn.toLowerCase())
      const differs = isChanged || was?.key !== one.key
      if (!differs || one.arn === role.arn) continue
      // a trust policy that names a user or role of its own account needs no more
      if (!trusts || (!assumers.has(one) && one.account !== role.account)) continue
      const now = canAssume(one, role, after, asked)
      if (
        now === undefined ||
        (was !== undefined && old !== undefined && canAssume(was, old, before, asked) !== undefined)
      )
        continue
      ways.push({ role: role.arn, how: 'assume', who: one.arn, conditions: now })
    }
    for (const one of passers) {
      const was = before.holders.get(one.arn.toLowerCase())
      if ((!isChanged && was?.key === one.key) || one.account !== role.account) continue
      for (const service of services) {
        if (asked.left <= 0) return { ways, isComplete: false }
        if (!canPass(one, role, service, after, asked)) continue
        const could =
          was !== undefined &&
          old !== undefined &&
          servicesIn(old.trust).includes(service) &&
          canPass(was, old, service, before, asked)
        if (!could) ways.push({ role: role.arn, how: 'pass', who: one.arn, service, conditions: [] })
      }
    }
  }
  return { ways, isComplete: true }
}

/** The new receivers of roles from resources: people of IAM Identity Center, pods, users of a pool (behaviour TPL-186). */
export function newlyLent(before: Image, after: Image): readonly NewWay[] {
  const keyOf = ({ role, who }: LentImage) => `${role.toLowerCase()} ${who}`
  const keysBefore = new Set(before.lent?.map(keyOf))
  const added = new Map(
    after.lent?.filter((each) => !keysBefore.has(keyOf(each))).map((each) => [keyOf(each), each]),
  )
  return [...added.values()].map(({ role, who }) => ({ role, how: 'given', who, conditions: [] }))
}

/** Returns whether an Allow may cover an action. */
function mayAllow({ statements }: Policy, action: string): boolean {
  return statements.some(
    ({ effect, action: element }) =>
      effect === 'Allow' &&
      (element.negated || element.values.some(({ value }) => wildcardMatcher(value.toLowerCase())(action))),
  )
}

/** The services that a trust policy allows. */
function servicesIn(trust: Policy | undefined): readonly string[] {
  const names = (trust?.statements ?? []).flatMap(({ effect, principal }) =>
    effect === 'Allow' && principal?.negated === false
      ? principal.entries.filter(({ type }) => type === 'Service').map(({ value }) => value)
      : [],
  )
  return [...new Set(names)]
}

function namesAccounts(trust: Policy | undefined): boolean {
  return (trust?.statements ?? []).some(
    ({ effect, principal }) => effect === 'Allow' && principal?.entries.some(({ type }) => type === 'AWS'),
  )
}

/** The conditions under which a principal can assume a role; undefined if it cannot. */
function canAssume(
  one: Holder,
  role: Holder,
  world: World,
  asked: { left: number },
): readonly string[] | undefined {
  const { trust } = role
  if (trust === undefined) return undefined
  const principal = principalOf(one)
  const compiled = {
    ...world.compiled(one),
    ...compileTrust(trust),
    rcp: world.controls.rcp(role.account),
  }
  const ask = (keys: Readonly<Record<string, readonly string[]>>) => {
    asked.left--
    const request = {
      principal,
      action: 'sts:AssumeRole',
      resource: role.arn,
      resourceAccount: role.account,
      context: contextOf(principal, keys),
    }
    return evaluate(request, compiled, new Budget(100_000)).outcome === 'allowed'
  }
  if (ask({})) return []
  const keys = settable([trust, one.identity])
  return Object.keys(keys).length > 0 && ask(keys) ? Object.keys(keys) : undefined
}

const trusts = new WeakMap<Policy, Pick<ReturnType<typeof compile>, 'resource' | 'grant'>>()

function compileTrust(policy: Policy) {
  const earlier = trusts.get(policy)
  if (earlier !== undefined) return earlier
  const { resource, grant } = compile({
    resource: { source: { policy, source: { type: 'resource' } }, grant: 'trust' },
  })
  trusts.set(policy, { resource, grant })
  return { resource, grant }
}

/** Values that conditions of Allows require, for keys that a call may have. */
function settable(policies: readonly Policy[]): Readonly<Record<string, readonly string[]>> {
  const keys: Record<string, readonly string[]> = {}
  for (const { statements } of policies)
    for (const { effect, condition } of statements) {
      if (effect !== 'Allow') continue
      for (const { key, values } of condition) {
        const name = key.toLowerCase()
        if (/^aws:principal(?!tag)|^aws:userid|^aws:username/.test(name)) continue
        const [first] = values
        if (first !== undefined) keys[key] ??= [first.value.replaceAll('*', 'x')]
      }
    }
  return keys
}

function canPass(one: Holder, role: Holder, service: string, world: World, asked: { left: number }): boolean {
  asked.left--
  const principal = principalOf(one)
  const context = contextOf(principal, { 'iam:PassedToService': service })
  const request = { principal, action: 'iam:PassRole', resource: role.arn, context }
  return evaluate(request, world.compiled(one), new Budget(100_000)).outcome === 'allowed'
}
