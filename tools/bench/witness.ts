import {
  type Asked,
  type CompiledSet,
  Context,
  compile,
  evaluate,
  findGap,
  findWitness,
  type Policy,
  type PolicyKind,
  type Principal,
  policyFromJson,
  principalContext,
} from '@omen-iam/policy'
import { line, rate } from './policy-rate.ts'

const ACCOUNT = '123456789012'
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:`
const NAME = { variable: 'name', grammar: { characters: 'a-zA-Z0-9_-', most: 64 } }
/** The classes of the prototype: policy sets, trust documents, and the pairs of them that are asked. */
const SETS = 2_467
const TRUSTS = 413
const QUESTIONS = 4_226

/** The search for witnesses: beside one decision by `evaluate`, and as many questions as a large account asks. */
export async function benchWitness(): Promise<void> {
  const dev = user('dev')
  const policies = compile({
    identity: [
      source([
        { Effect: 'Allow', Action: ['lambda:*'], Resource: `${FUNCTION}app-*` },
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: `${FUNCTION}*-worker` },
        { Effect: 'Deny', Action: '*', Resource: `${FUNCTION}app-x*` },
      ]),
    ],
  })
  const context = principalContext(dev)
  const literal: Asked = {
    request: { principal: dev, action: 'lambda:InvokeFunction', resource: `${FUNCTION}app-a`, context },
    policies,
  }
  const request = { ...literal.request, resource: `${FUNCTION}app-a`, context: new Context(context) }
  const open = { ...literal, request: { ...literal.request, resource: [FUNCTION, NAME] } }
  const deniedToo = { ...open, request: { ...open.request, action: 'lambda:CreateFunction' } }

  const base = await rate('evaluate, one request', 0, () => evaluate(request, policies))
  const ratio = async (label: string, work: () => unknown): Promise<void> => {
    const found = await rate(label, 0, work)
    line('', `1 / ${(base / found).toFixed(1)}`, 'of evaluate')
  }
  await ratio('findWitness, literal', () => findWitness([literal]))
  await ratio('findWitness, an open name', () => findWitness([open]))
  await ratio('findWitness, two requests share a name', () => findWitness([deniedToo, open]))
  const admin = compile({ identity: [source([{ Effect: 'Allow', Action: '*', Resource: '*' }])] })
  await ratio('findGap, an administrator', () => findGap({ principal: dev, policies: admin, context }))
  await ratio('findGap, another user', () => findGap({ principal: dev, policies, context }))
  benchClasses()
}

/** Who can assume what, by classes: each question is asked once, of policies that the search has not seen. */
function benchClasses(): void {
  const sets = Array.from({ length: SETS }, (_, index) => {
    const Resource = [
      `arn:aws:iam::${ACCOUNT}:role/team-${index % 97}-*`,
      `arn:aws:iam::${ACCOUNT}:role/r-${index}`,
    ]
    const mfa = { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }
    return source([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource },
      ...(index % 5 === 0 ? [{ Effect: 'Deny', Action: 'sts:*', Resource: '*', ...mfa }] : []),
    ])
  })
  const trusts = Array.from({ length: TRUSTS }, (_, index) => {
    const Condition =
      index % 7 === 0 ? { Condition: { StringEquals: { 'sts:ExternalId': `x${index}` } } } : {}
    return source(
      [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole', ...Condition }],
      'trust',
    )
  })
  const verdicts = new Map<string, number>()
  const began = process.cpuUsage()
  for (let index = 0; index < QUESTIONS; index++) {
    const trust = index % TRUSTS
    const principal = user(`u${index}`)
    const set = sets[index % SETS]
    const trusted = trusts[trust]
    const policies: CompiledSet = compile({
      identity: set === undefined ? [] : [set],
      resource: { grant: 'trust', ...(trusted === undefined ? {} : { source: trusted }) },
    })
    const resource = `arn:aws:iam::${ACCOUNT}:role/team-${trust % 97}-${trust}`
    const context = principalContext(principal)
    const { verdict } = findWitness([
      { request: { principal, action: 'sts:AssumeRole', resource, context }, policies },
    ])
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
  }
  const { user: inUser, system } = process.cpuUsage(began)
  const seconds = (inUser + system) / 1_000_000
  line(
    `sts:AssumeRole, ${QUESTIONS} questions of classes`,
    `${seconds.toFixed(2)} s`,
    'of processor time; wanted: 0.44 s',
  )
  line('', [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', '))
}

function user(name: string): Principal {
  return { type: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, account: ACCOUNT }
}

function source(Statement: readonly object[], kind: PolicyKind = 'identity') {
  return { policy: policyOf(Statement, kind), source: { type: 'none' as const } }
}

function policyOf(Statement: readonly object[], kind: PolicyKind): Policy {
  const parsed = policyFromJson({ Version: '2012-10-17', Statement }, kind)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}
