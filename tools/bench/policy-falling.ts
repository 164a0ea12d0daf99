/** Cases in which speed could fall off: many actions, many policies, long values. Each beside a small one of its kind. */
import {
  type CompiledSet,
  Context,
  compile,
  evaluate,
  type Policy,
  policyFromJson,
  type Request,
} from '../../packages/policy/src/index.ts'
import { line, rate } from './policy-rate.ts'

const ACCOUNT = '123456789012'
const PRINCIPAL = { type: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/dev`, account: ACCOUNT } as const

/** Prints each case and how much slower it is than its small sibling. */
export async function benchFalling(): Promise<void> {
  console.log('\nwhere speed could fall off')
  const hundred = policies(100, (index) => ({
    Effect: 'Allow',
    Action: [`service${index % 50}:*`, `s3:Get${index}*`],
    Resource: `arn:aws:service${index % 50}:::thing-${index}/*`,
  }))
  const one = await asking('100 policies, one action', hundred, 1)
  const many = await asking('100 policies, 5,000 actions in turn', hundred, 5_000)
  line('one action for each of 5,000', (one / many).toFixed(1))

  const small = await covering(10)
  for (const count of [1_000, 10_000]) {
    const large = await covering(count)
    line(`10 policies for ${count.toLocaleString('en')}`, (small / large).toFixed(1))
  }
  const everywhere = await covering(10, '*')
  const wide = await covering(1_000, '*')
  line('10 policies for 1,000, all of everything', (everywhere / wide).toFixed(1))

  await compared('StringLike, * beside ?a…', 20, 4_000, (length) => ({
    condition: { StringLike: { 'a:b': `*${'?a'.repeat(length / 2)}?b*` } },
    value: 'a'.repeat(length * 3),
  }))
  await compared('StringLike, *a*a…', 20, 4_000, (length) => ({
    condition: { StringLike: { 'a:b': `${'*a'.repeat(length / 2)}*b` } },
    value: 'a'.repeat(length * 3),
  }))
  await compared('ForAllValues:StringEquals, n values of n', 100, 8_000, (length) => ({
    condition: { 'ForAllValues:StringEquals': { 'a:b': texts(length) } },
    value: texts(length),
  }))
}

/** The same condition at two sizes: how the time grows for each unit of the input. */
async function compared(
  label: string,
  small: number,
  large: number,
  make: (length: number) => { condition: object; value: string | readonly string[] },
): Promise<void> {
  const rates: number[] = []
  for (const length of [small, large]) {
    const { condition, value } = make(length)
    const set = policies(1, () => ({ Effect: 'Deny', Action: '*', Resource: '*', Condition: condition }))
    const request = requestOf('s3:GetObject', 'arn:aws:s3:::a', new Context({ 'a:b': value }))
    rates.push(await rate(`${label}, ${length.toLocaleString('en')}`, 0, () => evaluate(request, set)))
  }
  const [first = 0, second = 1] = rates
  line(`times longer for ${large / small} times the input`, (first / second).toFixed(0))
}

function asking(label: string, set: CompiledSet, actions: number): Promise<number> {
  const requests = Array.from({ length: actions }, (_, index) =>
    requestOf(`service${index % 50}:Action${index}`, `arn:aws:service${index % 50}:::thing-${index % 100}/a`),
  )
  return rate(label, actions === 1 ? 0 : 1_000_000, (n) => evaluate(requests[n % actions]!, set))
}

/** Policies that are all about one action, each on a resource of its own or all on one. */
function covering(count: number, resource?: string): Promise<number> {
  const set = policies(count, (index) => ({
    Effect: index % 10 === 0 ? 'Deny' : 'Allow',
    Action: 's3:GetObject',
    Resource: resource ?? `arn:aws:s3:::bucket-${index}/*`,
    ...(resource === undefined ? {} : { Condition: { StringEquals: { 'a:b': String(index) } } }),
  }))
  const request = requestOf(
    's3:GetObject',
    `arn:aws:s3:::bucket-${count - 1}/a`,
    new Context({ 'a:b': 'none' }),
  )
  const about = resource === undefined ? 'a resource each' : 'all of everything'
  return rate(`${count.toLocaleString('en')} policies on one action, ${about}`, 0, () =>
    evaluate(request, set),
  )
}

function policies(count: number, statement: (index: number) => object): CompiledSet {
  const read = (index: number): Policy => {
    const parsed = policyFromJson({ Version: '2012-10-17', Statement: [statement(index)] }, 'identity')
    if (!parsed.ok) throw new Error(parsed.message)
    return parsed.policy
  }
  const identity = Array.from({ length: count }, (_, index) => ({
    policy: read(index),
    source: { type: 'user-managed' as const },
  }))
  return compile({ identity })
}

function requestOf(action: string, resource: string, context = new Context()): Request {
  return { principal: PRINCIPAL, action, resource, resourceAccount: ACCOUNT, context }
}

function texts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `value-${index}`)
}
