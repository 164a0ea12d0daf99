/**
 * Figures of the policy engine on this machine, for reading, not for asserting, next to what others do in the same
 * run: `node --conditions=@omen/source tools/bench/policy.ts`.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  type CompiledSet,
  Context,
  combine,
  compile,
  evaluate,
  type Policy,
  type PolicyKind,
  type PolicySource,
  parsePolicy,
  policyFromJson,
  type Request,
  type SourceType,
  trace,
} from '../../packages/policy/src/index.ts'
import { managedPolicies as catalogue } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { World } from '../../test/spec/case.ts'
import { decide } from '../../test/spec/twin.ts'
import { benchFalling } from './policy-falling.ts'
import { line, rate } from './policy-rate.ts'

const ACCOUNT = '123456789012'
const USER = `arn:aws:iam::${ACCOUNT}:user/dev`

/** The ten policies of a busy principal. */
const ATTACHED = [
  'AmazonEC2FullAccess',
  'ReadOnlyAccess',
  'AmazonS3FullAccess',
  'AWSLambda_FullAccess',
  'AmazonDynamoDBFullAccess',
  'AmazonSQSFullAccess',
  'CloudWatchFullAccess',
  'AmazonRDSFullAccess',
  'AmazonECS_FullAccess',
  'AWSCloudTrail_ReadOnlyAccess',
]

const BOUNDARY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:*', 'ec2:*', 'dynamodb:*', 'sqs:*', 'lambda:*', 'logs:*'],
      Resource: '*',
    },
    {
      Effect: 'Deny',
      Action: 'ec2:TerminateInstances',
      Resource: `arn:aws:ec2:*:${ACCOUNT}:instance/i-prod*`,
    },
  ],
}

const SCP = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: ['organizations:LeaveOrganization', 'sqs:DeleteQueue'], Resource: '*' },
    {
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*', 's3:*', 'cloudfront:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] } },
    },
  ],
}

const VARIABLES = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: 'arn:aws:s3:::home/${aws:username}/*',
      Condition: {
        StringEquals: { 'aws:PrincipalTag/team': '${aws:ResourceTag/team}' },
        IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] },
        DateGreaterThan: { 'aws:CurrentTime': '2024-01-01T00:00:00Z' },
      },
    },
  ],
}

const QUESTIONS: readonly (readonly [action: string, resource: string])[] = [
  ['s3:GetObject', 'arn:aws:s3:::pay/2026/01/report.csv'],
  ['s3:PutObject', 'arn:aws:s3:::pay/2026/01/report.csv'],
  ['ec2:DescribeInstances', '*'],
  ['ec2:TerminateInstances', `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-prod1`],
  ['ec2:TerminateInstances', `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-dev1`],
  ['dynamodb:GetItem', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/orders`],
  ['sqs:SendMessage', `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`],
  ['sqs:DeleteQueue', `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`],
  ['lambda:InvokeFunction', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:thumb`],
  ['rds:DescribeDBInstances', `arn:aws:rds:us-east-1:${ACCOUNT}:db:main`],
  ['iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/new`],
  ['kms:Decrypt', `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234`],
]

const CONTEXT = {
  'aws:username': 'dev',
  'aws:PrincipalArn': USER,
  'aws:PrincipalTag/team': 'pay',
  'aws:ResourceTag/team': 'pay',
  'aws:RequestedRegion': 'us-east-1',
  'aws:SourceIp': '10.1.2.3',
  'aws:CurrentTime': '2026-01-01T00:00:00Z',
}

export async function bench(): Promise<void> {
  const managed = managedPolicies()
  benchDocuments(managed)
  const identity = ATTACHED.map((name) => source(policyOf(managed.get(name), 'identity'), 'aws-managed'))
  const compiled = combine(
    compile({ identity, scp: [[source(policyOf(SCP, 'scp'), 'scp')]] }),
    compile({ boundary: [source(policyOf(BOUNDARY, 'boundary'), 'user-managed')] }),
  )
  const requests = QUESTIONS.map(([action, resource]) => requestOf(action, resource))
  checkOutcomes(requests, compiled)

  console.log('\nten managed policies, a boundary and an SCP; mixed requests')
  const decisions = await rate('decisions', 3_000_000, (n) =>
    evaluate(requests[n % requests.length]!, compiled),
  )
  await rate('full traces', 200_000, (n) => trace(requests[n % requests.length]!, compiled))
  await rate('decisions on actions never seen before', 0, (n) => {
    evaluate({ ...requests[0]!, action: `s3:Get${n}` }, compiled)
  })
  const variables = compile({ identity: [source(policyOf(VARIABLES, 'identity'), 'user')] })
  const home = requestOf('s3:GetObject', 'arn:aws:s3:::home/dev/notes.txt')
  if (evaluate(home, variables).outcome !== 'allowed') throw new Error('the conditions do not hold')
  await rate('conditions with variables', 1_000_000, () => evaluate(home, variables))

  await benchFalling()

  console.log('\nanchors, on policies of the same reach')
  const anchor = await benchCedar()
  line('decisions for one of the anchor', (decisions / anchor).toFixed(0))
  const twin = await benchTwin(managed)
  line('decisions for one of the twin', (decisions / twin).toFixed(0))
}

/** The naive evaluator of the tests, on the same policies and questions. */
async function benchTwin(managed: ReadonlyMap<string, unknown>): Promise<number> {
  const policies = {
    identity: ATTACHED.map((name) => managed.get(name)),
    boundary: [BOUNDARY],
    scp: [[SCP]],
  } as World['policies'] // documents of AWS and of this file, all of the public format
  const context = CONTEXT
  return rate('the naive twin', 0, (n) => {
    const [action, resource] = QUESTIONS[n % QUESTIONS.length]!
    return decide({
      request: { principal: USER, action, resource, resourceAccount: ACCOUNT, context },
      policies,
    })
  })
}

/** What the benchmark asks is worth something only when it is answered. */
function checkOutcomes(requests: readonly Request[], compiled: CompiledSet): void {
  const outcomes = requests.map((request) => evaluate(request, compiled).outcome)
  for (const outcome of ['allowed', 'explicitDeny', 'implicitDeny']) {
    if (!outcomes.some((each) => each === outcome)) throw new Error(`no request is ${outcome}`)
  }
}

function benchDocuments(managed: ReadonlyMap<string, unknown>): void {
  const texts = [...managed.values()].map((document) => JSON.stringify(document, null, 4))
  const before = memory()
  const began = performance.now()
  const policies = texts.map((text) => parsed(text, 'identity'))
  const read = performance.now()
  for (const policy of policies) compile({ identity: [source(policy, 'aws-managed')] })
  const done = performance.now()
  const bytes = (memory() - before) / policies.length
  console.log(`${policies.length} AWS managed policies`)
  line('parse all', `${(read - began).toFixed(0)} ms`)
  line('compile all', `${(done - read).toFixed(0)} ms`, 'wanted: under 150 ms')
  line('memory a policy, text aside', `${(bytes / 1024).toFixed(1)} KiB`)
}

/** Bytes on the heap after a collection, which a flag makes callable. */
function memory(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

/** Cedar with its policies parsed beforehand: the same services, as permits and forbids on action groups by name. */
async function benchCedar(): Promise<number> {
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs')
  const services = [
    'ec2',
    's3',
    'lambda',
    'dynamodb',
    'sqs',
    'cloudwatch',
    'rds',
    'ecs',
    'cloudtrail',
    'logs',
  ]
  const permits = services.map(
    (service) => `permit(principal, action, resource) when { context.action like "${service}:*" };`,
  )
  const forbids = [
    'forbid(principal, action, resource) when { context.action == "sqs:DeleteQueue" };',
    'forbid(principal, action, resource) when { context.action == "ec2:TerminateInstances" && context.resource like "*:instance/i-prod*" };',
  ]
  const policies = { staticPolicies: [...permits, ...forbids].join('\n') }
  if (cedar.preparsePolicySet('bench', policies).type !== 'success')
    throw new Error('Cedar does not read the policies')
  return await rate('@cedar-policy/cedar-wasm, stateful', 0, (n) => {
    const [action, resource] = QUESTIONS[n % QUESTIONS.length]!
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'User', id: 'dev' },
      action: { type: 'Action', id: action },
      resource: { type: 'Resource', id: resource },
      context: { action, resource, region: 'us-east-1' },
      preparsedPolicySetId: 'bench',
      entities: [],
    })
    if (answer.type !== 'success') throw new Error('Cedar does not answer')
  })
}

function requestOf(action: string, resource: string): Request {
  const principal = { type: 'user', arn: USER, account: ACCOUNT } as const
  // As a server does, which knows whose the resource is.
  return { principal, action, resource, resourceAccount: ACCOUNT, context: new Context(CONTEXT) }
}

function source(policy: Policy, type: SourceType): PolicySource {
  return { policy, source: { type } }
}

function parsed(text: string, kind: PolicyKind): Policy {
  // One of AWS's own policies has a variable where customers may have none.
  const result = parsePolicy(text, kind, { lenient: true })
  if (!result.ok) throw new Error(result.message)
  return result.policy
}

function policyOf(document: unknown, kind: PolicyKind): Policy {
  const result = policyFromJson(document, kind)
  if (!result.ok) throw new Error(result.message)
  return result.policy
}

/** The newest version of every AWS managed policy. */
function managedPolicies(): ReadonlyMap<string, unknown> {
  return new Map(
    catalogue()
      .list()
      .map((policy) => [policy.name, JSON.parse(policy.document)]),
  )
}

if (import.meta.main) await bench()
