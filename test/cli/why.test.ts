import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { STS } from '@aws-sdk/client-sts'
import { deny, policyText } from '../kit/index.ts'
import { zipOf } from '../support/index.ts'
import { omen, type Served, serve } from './process.ts'

const allow = (action: string, resource = '*') =>
  policyText({ Effect: 'Allow', Action: action, Resource: resource })

describe('why and can', () => {
  const home = mkdtempSync(join(tmpdir(), 'omen-why-'))
  let served: Served
  let admin: IAMClient
  let dev: IAMClient
  before(async () => {
    served = await serve(home, ['--memory'])
    admin = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin })
    await admin.send(new CreateUserCommand({ UserName: 'dev' }))
    const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
    const credentials = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
    dev = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials })
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
    }
    await admin.send(
      new CreateRoleCommand({ RoleName: 'lister', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    await admin.send(
      new PutRolePolicyCommand({
        RoleName: 'lister',
        PolicyName: 'p',
        PolicyDocument: allow('iam:ListUsers'),
      }),
    )
    await admin.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'wear',
        PolicyDocument: allow('sts:AssumeRole', 'arn:aws:iam::123456789012:role/lister'),
      }),
    )
  })
  after(async () => {
    admin.destroy()
    dev.destroy()
    await served.stop('SIGTERM')
    rmSync(home, { recursive: true, force: true })
  })

  test('RSN-17 why explains the last denial, and shows the ways out, the best first', async () => {
    const refused = await dev.send(new ListUsersCommand({})).catch((error: unknown) => error)
    assert.ok(refused instanceof Error && refused.name === 'AccessDenied')
    const last = await omen(['why', '--home', home])
    assert.match(last.stdout, /✗ DENIED {2}iam:ListUsers/)
    assert.match(
      last.stdout,
      /\n {2}Ways out, the best first:\n {2}1\. Put on a role that may: omen exec lister -- …\n {2}2\. Allow it: add to/,
    )
    const json = await omen(['why', '--home', home, '--output', 'json'])
    const view: unknown = JSON.parse(json.stdout)
    assert.ok(typeof view === 'object' && view !== null && 'id' in view && typeof view.id === 'string')
    const again = await omen(['why', view.id, '--home', home])
    assert.equal(again.stdout, last.stdout)
  })

  test('the suggested edit, made, allows the call', async () => {
    await dev.send(new ListUsersCommand({})).catch(() => {})
    const { stdout } = await omen(['why', '--home', home, '--output', 'json'])
    const view = JSON.parse(stdout) as {
      asked: { suggestions: { edits: { type: string; statement?: object }[] }[] }[]
    } // the server's own view
    const statement = view.asked[0]?.suggestions
      .flatMap(({ edits }) => edits)
      .find((edit) => edit.type === 'addStatement')?.statement
    assert.ok(statement)
    const document = policyText(statement)
    await admin.send(
      new PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'suggested', PolicyDocument: document }),
    )
    await dev.send(new ListUsersCommand({}))
  })

  test('POL-200 why says that a condition on a list never holds, of an Allow and of a Deny', async () => {
    const only = { Resource: '*', Condition: { StringEquals: { 'aws:TagKeys': 'team' } } }
    const put = (...Statement: readonly object[]) =>
      admin.send(
        new PutUserPolicyCommand({
          UserName: 'dev',
          PolicyName: 'tag',
          PolicyDocument: policyText(...Statement),
        }),
      )
    const never = /satisfies no operator without ForAllValues or ForAnyValue/
    const ask = () => omen(['can', 'dev', 'iam:TagUser', '--context', 'aws:TagKeys=team', '--home', home])
    await put({ Effect: 'Allow', Action: 'iam:TagUser', ...only })
    assert.match((await ask()).stdout, never)
    await put(
      { Effect: 'Allow', Action: 'iam:TagUser', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:TagUser', ...only },
    )
    const { stdout } = await ask()
    assert.match(stdout, /✓ allowed {2}iam:TagUser/)
    assert.match(stdout.replaceAll(/\s+/g, ' '), never)
  })

  test('an answer names its decision, also when it is allowed', async () => {
    let decision: string | undefined
    const client = new IAMClient({
      endpoint: served.url,
      region: 'us-east-1',
      credentials: served.keys.admin,
    })
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        const { response } = result
        assert.ok(typeof response === 'object' && response !== null && 'headers' in response)
        decision = (response.headers as Record<string, string>)['x-omen-decision-id'] // an HTTP response of the SDK
        return result
      },
      { step: 'deserialize' },
    )
    await client.send(new ListUsersCommand({}))
    client.destroy()
    assert.ok(decision)
    const { stdout } = await omen(['why', decision, '--home', home])
    assert.match(stdout, /✓ allowed {2}iam:ListUsers/)
  })

  test('can asks before it happens, also through a chain', async () => {
    const alone = await omen(['can', 'dev', 'iam:CreateUser', '--home', home])
    assert.equal(alone.status, 1)
    assert.match(alone.stdout, /✗ DENIED/)
    assert.match(
      alone.stderr,
      /every resource \(\*\), but iam:CreateUser is allowed for each resource: name one like arn:aws:iam::123456789012:user\//,
    )
    const named = await omen(['can', 'dev', 'iam:CreateUser', '*', '--home', home])
    assert.deepEqual([named.status, named.stderr], [1, ''])
    assert.equal(
      (await omen(['can', 'dev', 'iam:CreateUser', '--home', home, '--expect', 'denied'])).status,
      0,
    )
    assert.equal((await omen(['can', 'admin', 'iam:CreateUser', '--home', home])).status, 0)
    assert.equal((await omen(['can', 'dev', 'iam:ListUsers', '--chain', 'lister', '--home', home])).status, 0)
    assert.equal((await omen(['can', 'dev', 'iam:ListRoles', '--chain', 'lister', '--home', home])).status, 1)
    assert.equal((await omen(['can', 'nobody', 'iam:ListRoles', '--home', home])).status, 254)
    const typo = await omen(['can', 'dve', 'iam:ListRoles', '--home', home])
    assert.match(typo.stderr, /no role dve in account 123456789012; did you mean dev\?\n$/)
  })

  test('RSN-14 can asks as the call would', async () => {
    const ask = (...words: readonly string[]) => omen(['can', ...words, '--home', home])
    assert.equal((await ask('dev', 'sts:GetCallerIdentity')).status, 0)
    const tagged = { Effect: 'Allow', Action: ['iam:DeleteRole', 'iam:PassRole'], Resource: '*' }
    const Condition = { StringEquals: { 'iam:ResourceTag/team': 'red' } }
    await admin.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'tagged',
        PolicyDocument: policyText({ ...tagged, Condition }),
      }),
    )
    await admin.send(new TagRoleCommand({ RoleName: 'lister', Tags: [{ Key: 'team', Value: 'red' }] }))
    const lister = 'arn:aws:iam::123456789012:role/lister'
    assert.equal((await ask('dev', 'iam:DeleteRole', lister)).status, 0)
    assert.equal((await ask('dev', 'iam:PassRole', lister)).status, 1)
    const typo = await ask('admin', 'iam:ListUser')
    assert.deepEqual(
      [typo.status, typo.stdout, typo.stderr],
      [252, '', 'omen: The action iam:ListUser does not exist. Did you mean iam:ListUsers?\n'],
    )
    assert.equal((await ask('dev', 'iam:GetUser', 'user/dev')).status, 252)
    const both = await ask('dev', 'iam:DeleteRole,iam:CreateUser', lister, `${lister}x`)
    assert.equal(both.status, 1)
    assert.match(
      both.stdout,
      /^✓ iam:DeleteRole {2}arn:.*\/lister\n {4}inline policy tagged of user dev, statement 1\n/,
    )
    assert.match(
      both.stdout,
      /\n✗ iam:CreateUser {2}arn:.*\n {4}nothing in the identity policies allows it\n1 of 4 allowed\n$/,
    )
    const file = join(home, 'questions')
    writeFileSync(file, `# what dev needs\n\niam:DeleteRole ${lister} # a role\nsts:GetCallerIdentity\n`)
    const asked = await ask('dev', '--file', file, '--output', 'json')
    assert.deepEqual(
      [
        asked.status,
        JSON.parse(asked.stdout).map((each: { answer: { allowed: boolean } }) => each.answer.allowed),
      ],
      [0, [true, true]],
    )
    writeFileSync(file, 'sts:GetCallerIdentity\niam:Nonsense\n')
    const wrong = await ask('dev', '--file', file)
    assert.equal(wrong.status, 252)
    assert.match(wrong.stderr, /questions:2: The action iam:Nonsense does not exist\./)
    assert.equal((await ask('dev', 'iam:GetUser', '--file', file)).status, 252)
    assert.match((await ask('admin', 'iam:Get*Login*')).stdout, /^✓ allowed {2}iam:GetLoginProfile/)
    const { stdout } = await ask('dev', 'iam:ListRoles', '--chain', 'lister')
    assert.match(
      stdout,
      /^✗ DENIED {2}iam:ListRoles .*\n {2}as arn:aws:sts::123456789012:assumed-role\/lister\/hypothetical\n/,
    )
    assert.match(stdout, /\n {2}\(sts:AssumeRole on .*role\/lister\s+is allowed\s+as arn:.*:user\/dev\)\n/)
    const elsewhere = await ask('arn:aws:iam::999999999999:user/x', 'iam:ListRoles')
    assert.deepEqual(
      [elsewhere.status, elsewhere.stderr],
      [254, 'omen: There is no account 999999999999 here.\n'],
    )
    const none = await ask('admin', 'sts:AssumeRole', 'arn:aws:iam::123456789012:role/none')
    assert.match(
      none.stdout,
      /trust policy: there is no such resource\n {2}No edit of a policy would allow it\.\n/,
    )
  })

  test('RSN-14 can knows the tags and the policy of a function', async () => {
    const lambda = new Lambda({ endpoint: served.url, region: 'eu-west-1', credentials: served.keys.admin })
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }
    const AssumeRolePolicyDocument = policyText(Statement)
    await admin.send(new CreateRoleCommand({ RoleName: 'fn', AssumeRolePolicyDocument }))
    const FunctionName = 'f'
    await lambda.createFunction({
      FunctionName,
      Role: 'arn:aws:iam::123456789012:role/fn',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ 'index.js': '' }) },
      Tags: { team: 'red' },
    })
    const [Action, Principal] = ['lambda:InvokeFunction', 'arn:aws:iam::123456789012:user/dev']
    const f = 'arn:aws:lambda:eu-west-1:123456789012:function:f'
    const invoke = (resource: string) => omen(['can', 'dev', Action, resource, '--home', home])
    assert.equal((await invoke(f)).status, 1)
    await lambda.addPermission({ FunctionName, StatementId: 's', Action, Principal })
    assert.equal((await invoke(f)).status, 0)
    assert.equal((await invoke(`${f}x`)).status, 1)
    await admin.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'red',
        PolicyDocument: policyText(
          deny('lambda:*', '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } } }),
        ),
      }),
    )
    assert.equal((await invoke(f)).status, 1)
    lambda.destroy()
  })

  test('RSN-13 a call without a decision is explained by its event', async () => {
    const sts = new STS({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.root })
    const RoleArn = 'arn:aws:iam::123456789012:role/lister'
    await assert.rejects(sts.assumeRole({ RoleArn, RoleSessionName: 'run' }))
    sts.destroy()
    const listed = await omen([
      'events',
      '--action',
      'AssumeRole',
      '--errors',
      '--output',
      'json',
      '--home',
      home,
    ])
    const id = /"eventID":\s*"([\w-]+)"/.exec(listed.stdout)?.[1] ?? ''
    const { status, stderr } = await omen(['why', id, '--home', home])
    assert.equal(status, 254)
    assert.match(
      stderr,
      /No policy was asked about this AssumeRole: it ended with AccessDenied, Roles may not be/,
    )
  })

  test('the statement is laid out and what decided is marked, also of a document on one line', async () => {
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
    const trust = {
      Sid: 'Mfa',
      Effect: 'Allow',
      Principal: { AWS: '123456789012' },
      Action: 'sts:AssumeRole',
    }
    const document = { Version: '2012-10-17', Statement: [{ ...trust, Condition: condition }] }
    await admin.send(
      new CreateRoleCommand({ RoleName: 'careful', AssumeRolePolicyDocument: JSON.stringify(document) }),
    )
    await admin.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'wear',
        PolicyDocument: allow('sts:AssumeRole', 'arn:aws:iam::123456789012:role/*'),
      }),
    )
    const keys = await dev.config.credentials()
    const environment = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }
    const refused = await omen(['exec', 'careful', '--home', home, '--', 'true'], environment)
    assert.equal(refused.status, 254)
    const [, decision = ''] = /\n {2}say why: omen why (d-\w+)\n$/.exec(refused.stderr) ?? []
    const { stdout } = await omen(['why', decision, '--home', home])
    assert.match(
      stdout,
      /✓ identity policies: allowed by inline policy wear of user dev, statement 1\n {2}– trust policy: nothing in it allows it\n {6}trust policy of role careful, Sid Mfa\n {8}\{\n {10}"Sid": "Mfa",/,
    )
    assert.match(
      stdout,
      /\n {6}▶ {7}"aws:MultiFactorAuthPresent": "true"\n +\^ the request has no aws:MultiFactorAuthPresent\n/,
    )
    assert.match(stdout, /\n {2}1\. Change the call: give MFA: omen assume careful --mfa CODE\n/)
    assert.match(stdout, /\n {2}3\. Weaken a guardrail \(MFA condition\): remove Bool aws:Multi/)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
  })

  test('the cause is named: a variable without a value, an action that does not exist', async () => {
    const put = (PolicyName: string, Statement: object) =>
      admin.send(
        new PutUserPolicyCommand({
          UserName: 'dev',
          PolicyName,
          PolicyDocument: policyText(Statement),
        }),
      )
    const Resource = 'arn:aws:iam::123456789012:group/${aws:PrincipalTag/home}'
    await put('own', { Effect: 'Allow', Action: 'iam:GetGroup', Resource })
    await put('typo', { Effect: 'Allow', Action: 'iam:ListGroup', Resource: '*' })
    const own = await omen([
      'can',
      'dev',
      'iam:GetGroup',
      'arn:aws:iam::123456789012:group/x',
      '--home',
      home,
    ])
    assert.match(own.stdout, /\^ \$\{aws:PrincipalTag\/home\} has no value: the caller has no tag home\n/)
    const typo = await omen(['can', 'dev', 'iam:ListGroups', '--home', home])
    assert.match(
      typo.stdout,
      /▶ {3}"Action": "iam:ListGroup",\n +\^ AWS has no action iam:ListGroup: iam:ListGroups is meant\?\n/,
    )
  })

  test('RSN-18 a call that failed before any decision is explained', async () => {
    const options = { endpoint: served.url, region: 'us-east-1' }
    const why = async (accessKeyId: string, secretAccessKey: string) => {
      const client = new IAMClient({ ...options, credentials: { accessKeyId, secretAccessKey } })
      await assert.rejects(client.send(new ListUsersCommand({})))
      client.destroy()
      return (await omen(['why', '--home', home])).stdout
    }
    const unknown = await why('AKIAIOSFODNN7EXAMPLE', 'abc')
    assert.match(unknown, /^✗ FAILED {2}iam:ListUsers {2}InvalidClientTokenId\n/)
    assert.match(unknown, /\n {2}This server has no active key AKIAIOSFODNN7EXAMPLE:/)
    const mismatch = await why(served.keys.admin.accessKeyId, 'abc')
    assert.match(mismatch, /^✗ FAILED {2}iam:ListUsers {2}SignatureDoesNotMatch\n {2}as arn:.*:user\/admin\n/)
    assert.ok(!mismatch.includes(served.keys.admin.secretAccessKey))
    const id = /\n {2}([0-9a-f-]{36}) /.exec(mismatch)?.[1] ?? ''
    assert.equal((await omen(['why', id, '--home', home])).stdout, mismatch)
    await dev.send(new ListUsersCommand({})).catch(() => {})
    const { Users } = await admin.send(new ListUsersCommand({}))
    assert.ok(Users)
    await assert.rejects(dev.send(new TagRoleCommand({ RoleName: 'lister', Tags: [] })))
    assert.match((await omen(['why', '--home', home])).stdout, /^✗ DENIED {2}iam:TagRole/)
  })

  test('what nobody knows any more is said so', async () => {
    const { status, stderr } = await omen(['why', 'd-unknown', '--home', home])
    assert.equal(status, 254)
    assert.match(stderr, /There is no decision d-unknown, or it is no longer kept/)
    assert.equal((await omen(['why', 'a/../b', '--home', home])).status, 252)
    assert.equal((await omen(['why', 'd-unknown', '--last', '--home', home])).status, 252)
  })
})
