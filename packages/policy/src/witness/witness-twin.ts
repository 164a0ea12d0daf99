/** Decides small questions by trying every request. Only tests and the soak import this. */
import { compile } from '../compile/compile.ts'
import { truthNo, truthYes } from '../condition/truth.ts'
import type { PolicySet } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { bindingLayers } from '../evaluate/unevaluable.ts'
import {
  allow,
  otherAccount,
  ownAccount,
  policyOf,
  root,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import { Context } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { principalContext } from '../request/principal-context.ts'
import type { Answer } from './answer.ts'
import { findWitness } from './find-witness.ts'
import type { Asked, Shape } from './question.ts'
import { chance } from './texts-twin.ts'

/** Values of a key; undefined is absence. */
type Values = readonly (string | readonly string[] | undefined)[]

interface Small {
  readonly principal: Principal
  readonly policies: PolicySet
  readonly asked: readonly Asked[]
  readonly names: readonly string[]
  readonly chosen: Readonly<Record<string, Values>>
  readonly open: Readonly<Record<string, Values>>
}

type Pick = (below: number) => number

const prefix = 'arn:aws:s3:::b/'
const chosenValues: Readonly<Record<string, Values>> = {
  'my:c': ['x', 'y', undefined],
  'my:n': ['1', '5', '9'],
}
const openValues: Readonly<Record<string, Values>> = {
  'my:o': ['x', 'y', 'z', undefined],
  'my:m': ['true', 'false', undefined],
  'my:t': [['x'], ['y'], ['x', 'y'], undefined],
}

export interface Tally {
  proven: number
  conditional: number
  blocked: number
}

/** @returns how often each verdict occurred. Throws at the first difference. */
export function questions(count: number, seed: number): Tally {
  const tally: Tally = { proven: 0, conditional: 0, blocked: 0 }
  for (let each = 0; each < count; each++) {
    const small = smallOf(chance(seed * 1_000_003 + each))
    const answer = findWitness(small.asked)
    const wanted = decide(small)
    const found = answer.verdict === 'conditional' ? answer.residual.length : answer.verdict
    if (found !== wanted)
      throw new Error(`${each}: found ${found}, wanted ${wanted}: ${written(small)} ${shown(answer)}`)
    tally[answer.verdict === 'undecided' ? 'blocked' : answer.verdict]++
  }
  return tally
}

/** One of the small questions, the same for each number. */
export function questionOf(number: number): readonly Asked[] {
  return smallOf(chance(number)).asked
}

function shown(answer: Answer): string {
  return 'residual' in answer
    ? JSON.stringify(
        answer.residual.map(({ operator, key, values, mustHold }) => [operator, key, values, mustHold]),
      )
    : answer.verdict
}

function written({ policies, principal }: Small): string {
  const { identity = [], boundary = [], session: limits = [], resource, scp = [] } = policies
  const layers = {
    identity,
    boundary,
    limits,
    resource: [...(resource?.source === undefined ? [] : [resource.source]), ...(resource?.further ?? [])],
    scp: scp.flat(),
  }
  const texts = Object.entries(layers).map(
    ([layer, list]) => `${layer}: ${list.map(({ policy }) => policy.text).join(' | ')}`,
  )
  return `${principal.type} ${texts.join('\n')}`
}

/** `proven`, `blocked` or the size of the smallest residual. */
function decide({ principal, policies, asked, names, chosen, open }: Small): 'proven' | 'blocked' | number {
  const compiled = compile(policies)
  const opens = every(open)
  const closed = every(chosen)
  const literals = asked.flatMap(literalsOf)
  const held = opens.map((values) => {
    const context = contextOf(principal, values)
    return literals.map(({ test, truth }) => test(context) === truth)
  })
  const allowing = names.flatMap((name) =>
    closed.map((values) =>
      opens.map((other) => {
        const context = contextOf(principal, { ...values, ...other })
        return asked.every(({ request: { action, resource, resourceAccount } }) => {
          const text = [...resource].map((part) => (typeof part === 'string' ? part : name)).join('')
          return (
            evaluate({ principal, action, resource: text, resourceAccount, context }, compiled).outcome ===
            'allowed'
          )
        })
      }),
    ),
  )
  for (let size = 0; size <= literals.length; size++) {
    for (const subset of subsetsOf(literals.length, size)) {
      const inside = held.map((row) => subset.every((index) => row[index]))
      if (!inside.includes(true)) continue
      if (allowing.some((row) => inside.every((isIn, index) => !isIn || row[index])))
        return size === 0 ? 'proven' : size
    }
  }
  return 'blocked'
}

function* subsetsOf(count: number, size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) yield []
  else
    for (let first = from; first < count; first++)
      for (const rest of subsetsOf(count, size - 1, first + 1)) yield [first, ...rest]
}

function literalsOf({ request, policies }: Asked) {
  const { principal, action } = request
  const layers = bindingLayers({ principal, action, resource: '*', context: new Context() }, policies)
  return layers.flatMap((layer) =>
    layer
      .candidates(action)
      .all.flatMap(({ statement, conditions }) =>
        conditions
          .filter(({ key }) => key in openValues)
          .map(({ test }) => ({ test, truth: statement.effect === 'Allow' ? truthYes : truthNo })),
      ),
  )
}

function contextOf(
  principal: Principal,
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): Context {
  return new Context({ ...principalContext(principal), ...values })
}

type Valuation = Readonly<Record<string, string | readonly string[] | undefined>>

function every(keys: Readonly<Record<string, Values>>): readonly Valuation[] {
  let all: Valuation[] = [{}]
  for (const [key, values] of Object.entries(keys)) {
    all = all.flatMap((before) => values.map((value) => ({ ...before, [key]: value })))
  }
  return all
}

const letters = ['a', 'b', 'c']

function smallOf(next: Pick): Small {
  const principal = principals[next(principals.length)] ?? user
  const statements = (most: number, isResource = false): StatementInput[] =>
    Array.from({ length: 1 + next(most) }, () => statementOf(next, isResource))
  const layer = (kind: 'identity' | 'boundary' | 'scp' | 'session', most: number) => [
    sourceOf(policyOf(kind, ...statements(most))),
  ]
  const grant = (['either', 'either', 'explicit', 'trust'] as const)[next(4)] ?? 'either'
  const isOther = !('account' in principal) || principal.account === otherAccount
  const policies: PolicySet = {
    identity: layer('identity', 3),
    ...(next(4) === 0 ? { boundary: layer('boundary', 2) } : {}),
    ...(next(4) === 0 ? { session: layer('session', 2) } : {}),
    ...(next(4) === 0 ? { scp: [layer('scp', 2), [sourceOf(policyOf('scp', allow()))]] } : {}),
    ...(next(6) === 0
      ? { rcp: [[sourceOf(policyOf('rcp', { ...statementOf(next, false), Principal: '*' }))]] }
      : {}),
    ...(isOther || next(3) === 0
      ? { resource: { source: sourceOf(policyOf('resource', ...statements(2, true))), grant } }
      : {}),
  }
  const names: string[] = []
  for (const one of letters) for (const two of ['', ...letters]) names.push(one + two)
  const name = { variable: 'name', grammar: { characters: 'abc', most: 2 } }
  const context = principalContext(principal)
  const request = (action: string, resource: Shape): Asked => ({
    policies: compile(policies),
    call: 'call',
    request: {
      principal,
      action,
      resource,
      resourceAccount: ownAccount,
      context,
      chosen: {
        'my:c': { values: ['x', 'y'], mayBeAbsent: true },
        'my:n': { values: ['1', '5', '9'], mayBeAbsent: false },
      },
      open: {
        'my:o': { values: ['x', 'y', 'z'], mayBeAbsent: true },
        'my:m': { values: ['true', 'false'], mayBeAbsent: true },
        'my:t': { values: ['x', 'y'], mayBeAbsent: true, isMultivalued: true },
      },
    },
  })
  const first = request('s3:GetObject', [prefix, name])
  const second = request('s3:PutObject', next(2) === 0 ? [prefix, name] : [prefix, 'a', name])
  return {
    principal,
    policies,
    names,
    chosen: chosenValues,
    open: openValues,
    asked: next(3) === 0 ? [first, second] : [first],
  }
}

const linked = { ...session, serviceLinked: true }

const parent = { type: 'user', account: ownAccount, arn: `arn:aws:iam::${ownAccount}:user/dev` } as const

/** The usual kinds more often than the others. */
const principals: readonly Principal[] = [
  user,
  user,
  session,
  session,
  { type: 'user', account: otherAccount, arn: `arn:aws:iam::${otherAccount}:user/dev` },
  linked,
  root,
  {
    type: 'federatedUser',
    arn: `arn:aws:sts::${ownAccount}:federated-user/bob`,
    account: ownAccount,
    parent: parent,
  },
  { type: 'service', names: ['ec2.amazonaws.com'] },
  { type: 'anonymous' },
]

function statementOf(next: Pick, isResource: boolean): StatementInput {
  // The index is below the length, and no list here is empty.
  const one = <T>(list: readonly T[]): T => list[next(list.length)] as T
  const glob = (): string =>
    prefix + Array.from({ length: next(3) }, () => one(['a', 'b', 'c', '*', '?', '*'])).join('')
  const resources = next(3) === 0 ? '*' : Array.from({ length: 1 + next(2) }, glob)
  const conditions: Record<string, Record<string, unknown>> = {}
  for (let count = next(3); count > 0; count--) {
    const [operator, key, value] = one(someConditions)
    conditions[operator] = { ...conditions[operator], [key]: value }
  }
  return {
    Effect: next(4) === 0 ? 'Deny' : 'Allow',
    [next(8) === 0 ? 'NotAction' : 'Action']: one(['*', '*', '*', 's3:Get*', 's3:PutObject', 's3:*Object']),
    [next(6) === 0 ? 'NotResource' : 'Resource']: resources,
    ...(isResource
      ? {
          [next(8) === 0 ? 'NotPrincipal' : 'Principal']: one<unknown>([
            '*',
            { AWS: `arn:aws:iam::${ownAccount}:user/dev` },
            { AWS: ownAccount },
            { AWS: [ownAccount, `arn:aws:iam::${ownAccount}:user/dev`] },
            { AWS: otherAccount },
            { Service: 'ec2.amazonaws.com' },
            { AWS: 'arn:aws:iam::123456789012:role/team/app' },
          ]),
        }
      : {}),
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  }
}

const someConditions: readonly (readonly [operator: string, key: string, value: unknown])[] = [
  ['StringEquals', 'my:c', 'x'],
  ['StringNotEquals', 'my:c', ['x', 'y']],
  ['StringLikeIfExists', 'my:c', 'y*'],
  ['Null', 'my:c', 'true'],
  ['NumericLessThan', 'my:n', '5'],
  ['NumericGreaterThanEquals', 'my:n', '5'],
  ['StringEquals', 'my:o', 'x'],
  ['StringEquals', 'my:o', ['x', 'y']],
  ['StringNotEquals', 'my:o', 'x'],
  ['StringLike', 'my:o', '?'],
  ['Null', 'my:o', 'false'],
  ['Bool', 'my:m', 'true'],
  ['BoolIfExists', 'my:m', 'false'],
  ['Null', 'my:m', 'true'],
  ['ForAnyValue:StringEquals', 'my:t', 'x'],
  ['ForAllValues:StringEquals', 'my:t', ['x']],
  ['ForAllValues:StringLike', 'my:t', ['*']],
  ['ForAnyValue:StringNotEquals', 'my:t', ['x', 'z']],
]
