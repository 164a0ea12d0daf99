import { after, before } from 'node:test'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  Context,
  compile,
  evaluate,
  type PolicyKind,
  type PolicySource,
  policyFromJson,
} from '@omen-iam/policy'
import { createOmen, type Identity, type RunningOmen } from 'omen-iam'
import { account } from '../kit/index.ts'
import { zipOf } from '../support/index.ts'
import { type Row, replay } from './rows.ts'

/**
 * A call by a session of a role that may do everything, under a session policy: `effect` of the call under `condition`,
 * beside an Allow without a condition if it is a Deny or `besideAllow`. Without `operation` the call is iam:TagUser with the tags.
 */
interface Tagging extends Row {
  readonly effect: 'Allow' | 'Deny'
  readonly besideAllow?: true
  readonly condition: object
  readonly tags: readonly (readonly [key: string, value: string])[]
  /** Of Lambda: ListTags of a function with `functionTags`, or TagResource. */
  readonly operation?: 'ListTags' | 'TagResource'
  readonly functionTags?: readonly (readonly [key: string, value: string])[]
  /** `Success` or the code of the fault; after `AssumeRole:` that of AssumeRole. */
  readonly aws: string
}

const roleArn = `arn:aws:iam::${account}:role/actor`
const functionArn = `arn:aws:lambda:us-east-1:${account}:function:target`

function documentOf({ effect, besideAllow, condition, operation }: Tagging): object {
  const all = {
    Effect: 'Allow',
    Action: operation === undefined ? 'iam:TagUser' : `lambda:${operation}`,
    Resource: '*',
  }
  return {
    Version: '2012-10-17',
    Statement: [
      ...(effect === 'Deny' || besideAllow ? [all] : []),
      { ...all, Effect: effect, Condition: condition },
    ],
  }
}

/** STS takes a policy of ASCII and Latin letters; others are escaped. */
function inAscii(document: object): string {
  return JSON.stringify(document).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What the engine alone says, of an answer that rests on the policies alone. */
function decided(row: Tagging): 'Success' | 'AccessDenied' | undefined {
  const { aws, operation, tags } = row
  // Which of a function's tags counts is the server's business (POL-178), as is what a tag may hold (POL-213).
  if (operation !== undefined) return undefined
  if (!['Success', 'AccessDenied', 'InvalidInput'].includes(aws)) return undefined
  const context = new Context({
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': tags.map(([key]) => key),
  })
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  const request = {
    principal: {
      type: 'roleSession',
      roleArn,
      sessionArn: `arn:aws:sts::${account}:assumed-role/actor/row`,
      account,
    },
    action: 'iam:TagUser',
    resource: `arn:aws:iam::${account}:user/target`,
    context,
  } as const
  const policies = compile({
    identity: [sourceOf(everything, 'identity')],
    session: [sourceOf(documentOf(row), 'session')],
  })
  return evaluate(request, policies).outcome === 'allowed' ? 'Success' : 'AccessDenied'
}

function sourceOf(document: object, kind: PolicyKind): PolicySource {
  const parsed = policyFromJson(document, kind)
  if (!parsed.ok) throw new Error(parsed.message)
  return { policy: parsed.policy, source: { type: 'none' } }
}

let omen: RunningOmen
let admin: Identity

before(async () => {
  omen = await createOmen({
    port: false,
    seed: {
      users: { target: {} },
      roles: {
        actor: { trust: [account], policies: ['AdministratorAccess'] },
        runner: { trust: ['lambda.amazonaws.com'] },
      },
    },
  })
  admin = omen.as('admin')
  await omen.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'target',
      Role: `arn:aws:iam::${account}:role/runner`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ 'index.js': '' }) },
    }),
  )
})
after(() => omen?.close())

/** What the server answers, by the whole way of a call. */
async function answered(row: Tagging): Promise<string> {
  const { operation, tags, functionTags = [] } = row
  if (operation !== undefined) await setTags(functionTags)
  const session = await sessionUnder(inAscii(documentOf(row)))
  if (typeof session === 'string') return `AssumeRole:${session}`
  if (operation === 'ListTags') return (await asked(session, 'lambda', undefined, 'GET')).code
  if (operation === 'TagResource')
    return (await asked(session, 'lambda', { Tags: Object.fromEntries(tags) }, 'POST')).code
  const members = tags.flatMap(([key, value], index) => [
    [`Tags.member.${index + 1}.Key`, key],
    [`Tags.member.${index + 1}.Value`, value],
  ])
  const tagged = await asked(session, 'iam', {
    Action: 'TagUser',
    Version: '2010-05-08',
    UserName: 'target',
    ...(tags.length === 0 ? { Tags: '' } : Object.fromEntries(members)),
  })
  return tagged.code
}

const sessions = new Map<string, Identity | string>()

/** A session of the role under a session policy, or the code of AssumeRole's fault. */
async function sessionUnder(policy: string): Promise<Identity | string> {
  const known = sessions.get(policy)
  if (known !== undefined) return known
  const { code, body } = await asked(admin, 'sts', {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'row',
    Policy: policy,
  })
  const part = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(body)?.[1] ?? ''
  const session =
    code === 'Success'
      ? omen.as({
          accessKeyId: part('AccessKeyId'),
          secretAccessKey: part('SecretAccessKey'),
          sessionToken: part('SessionToken'),
        })
      : code
  sessions.set(policy, session)
  return session
}

let functionHas: readonly string[] = []

async function setTags(tags: readonly (readonly [string, string])[]): Promise<void> {
  const gone = functionHas.map((key) => `tagKeys=${encodeURIComponent(key)}`).join('&')
  if (gone !== '') await asked(admin, 'lambda', undefined, 'DELETE', `?${gone}`)
  if (tags.length > 0) await asked(admin, 'lambda', { Tags: Object.fromEntries(tags) }, 'POST')
  functionHas = tags.map(([key]) => key)
}

async function asked(
  who: Identity,
  service: 'iam' | 'sts' | 'lambda',
  input: object | undefined,
  method = 'POST',
  query = '',
): Promise<{ readonly code: string; readonly body: string }> {
  const isLambda = service === 'lambda'
  const url = isLambda ? `/2017-03-31/tags/${encodeURIComponent(functionArn)}${query}` : '/'
  const body = isLambda
    ? input && JSON.stringify(input)
    : new URLSearchParams(input as Record<string, string>).toString()
  const answer = await who.fetch(url, {
    service,
    region: 'us-east-1',
    method,
    ...(body === undefined ? {} : { body }),
    headers: { 'content-type': isLambda ? 'application/json' : 'application/x-www-form-urlencoded' },
  })
  const text = await answer.text()
  if (answer.ok) return { code: 'Success', body: text }
  const code = answer.headers.get('x-amzn-errortype') ?? /<Code>([^<]*)</.exec(text)?.[1] ?? text
  return { code: code.replace('AccessDeniedException', 'AccessDenied'), body: text }
}

replay<Tagging>('conditions.jsonl', async (row) => {
  const engine = decided(row)
  const wanted = row.aws === 'InvalidInput' ? 'Success' : row.aws
  if (engine !== undefined && engine !== wanted) return `the engine says ${engine}, AWS ${row.aws}`
  const server = await answered(row)
  return server === row.aws ? undefined : `the server says ${server}, AWS ${row.aws}`
})
