import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  IAM,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { type ClientCredentials, createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { account, allow, roleArn as role, userArn as user } from './account-file.ts'
import { ask } from './api-client.ts'

const policy = (...Statement: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement }, null, 2)

/** The root user's key is the owner's: it may ask everything. */
describe('the API of the graph', () => {
  let omen: RunningOmen
  const keys = new Map<string, ClientCredentials>()

  const makeUser = async (UserName: string, ...statements: readonly object[]) => {
    const admin = omen.client(IAMClient)
    await admin.send(new CreateUserCommand({ UserName }))
    if (statements.length > 0)
      await admin.send(
        new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policy(...statements) }),
      )
    const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName }))
    keys.set(UserName, { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! })
  }
  const makeRole = (RoleName: string, Principal: object) =>
    omen.client(IAMClient).send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
      }),
    )
  const key = (name: string) => keys.get(name)!

  before(async () => {
    omen = await createOmen()
    const admin = omen.client(IAMClient)
    await makeUser(
      'dev',
      allow('iam:PassRole', role('ci')),
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
    )
    await makeUser('idle')
    await makeUser('auditor', allow(['omen:*', 'iam:GetAccountAuthorizationDetails']))
    await makeUser('half', allow('omen:*'))
    await makeUser('other', allow('iam:GetAccountAuthorizationDetails'))
    await makeRole('ci', { Service: 'lambda.amazonaws.com' })
    await admin.send(
      new PutRolePolicyCommand({
        RoleName: 'ci',
        PolicyName: 'deploy',
        PolicyDocument: policy(allow('sts:AssumeRole', role('prod'))),
      }),
    )
    await makeRole('prod', { AWS: role('ci') })
    await admin.send(
      new AttachRolePolicyCommand({
        RoleName: 'prod',
        PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      }),
    )
  })
  after(() => omen.close())

  it('lists the paths to an administrator, with the statements of every half', async () => {
    const { status, body } = await ask(omen, key('auditor'), 'ListPaths', { from: 'dev' })
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.verdict, 'proven')
    const steps = body.paths[0]?.steps ?? []
    assert.deepEqual(
      steps.map(({ from, to, technique }) => [from, to, technique]),
      [
        [user('dev'), role('ci'), 'pass.lambda'],
        [role('ci'), role('prod'), 'trust.assume-role'],
        [role('prod'), role('prod'), 'administrator'],
      ],
    )
    const places = steps[0]?.requests.flatMap(({ decision }) => decision.map(({ policy: name }) => name))
    assert.deepEqual([...new Set(places)], ['own of dev', 'trust of role/ci'])
    assert.match(
      body.paths[0]?.breaks ?? '',
      /^remove iam:PassRole from statement 1 of own of dev:\d+:\d+, and with it the whole statement$/,
    )
    assert.equal(steps[0]?.label, 'PassRole to lambda')
    const { body: idle } = await ask(omen, key('auditor'), 'ListPaths', { from: 'user/idle' })
    assert.equal(idle.verdict, 'none')
  })

  it('names in one member what only derived techniques reach (GRD-700)', async () => {
    await makeUser('fleet', allow('iam:PassRole', role('hybrid')), allow('ssm:CreateActivation'))
    await makeRole('hybrid', { Service: 'ssm.amazonaws.com' })
    const ways = async (input: Parameters<typeof ask<'GetReach'>>[3]) =>
      (await ask(omen, key('auditor'), 'GetReach', input)).body.onlyDerived
    const found = ['user/fleet (proven: PassRole to ssm)']
    const paths = { from: 'fleet', to: 'role/hybrid' }
    const { body } = await ask(omen, key('auditor'), 'ListPaths', paths)
    assert.deepEqual([body.verdict, body.onlyDerived], ['none', found])
    assert.deepEqual(await ways({ who: 'role/hybrid', direction: 'to' }), found)
    assert.deepEqual(await ways({ who: 'fleet' }), ['role/hybrid (proven)'])
    const PolicyDocument = policy(allow('sqs:PurgeQueue'))
    const own = { RoleName: 'hybrid', PolicyName: 'own', PolicyDocument }
    await omen.client(IAMClient).send(new PutRolePolicyCommand(own))
    const queue = `arn:aws:sqs:eu-west-1:${account}:jobs`
    assert.deepEqual(await ways({ action: 'sqs:PurgeQueue', resource: queue }), found)
    const cut = await ask(omen, key('auditor'), 'ProposeCut', { from: 'fleet', to: 'role/hybrid' })
    assert.deepEqual([cut.body.paths, cut.body.onlyDerived], [0, found])
    const drawings = [{ ...paths }, { to: paths.to }, { around: 'fleet' }, { ...paths, derived: true }].map(
      async (input) =>
        (await ask(omen, key('auditor'), 'ExportGraph', { ...input, format: 'dot' })).body.onlyDerived,
    )
    assert.deepEqual(await Promise.all(drawings), [found, found, undefined, undefined])
    const open = await ask(omen, key('auditor'), 'ProposeCut', { ...paths, derived: true })
    assert.deepEqual([open.body.paths > 0, open.body.onlyDerived], [true, undefined])
    const asked = await ask(omen, key('auditor'), 'ListPaths', { ...paths, derived: true })
    assert.deepEqual([asked.body.verdict, asked.body.onlyDerived], ['proven', undefined])
  })

  it('pages, and refuses a token of another revision', async () => {
    const first = await ask(omen, key('auditor'), 'GetReach', {
      who: 'administrator',
      direction: 'to',
      maxResults: 2,
    })
    assert.equal(first.body.reached.length, 2, JSON.stringify(first.body))
    assert.ok(first.body.nextToken)
    const again = {
      who: 'administrator',
      direction: 'to',
      maxResults: 2,
      nextToken: first.body.nextToken,
    } as const
    const second = await ask(omen, key('auditor'), 'GetReach', again)
    assert.equal(second.status, 200)
    const seen = [...first.body.reached, ...second.body.reached].map(({ principal }) => principal)
    assert.equal(new Set(seen).size, seen.length)
    await omen.client(IAMClient).send(new CreateUserCommand({ UserName: 'later' }))
    const stale = await ask(omen, key('auditor'), 'GetReach', again)
    assert.deepEqual([stale.status, stale.error], [400, 'ValidationException'])
    assert.match(stale.body.message ?? '', /has changed/)
  })

  it('says who can become a role, whom a user can become, and who can make a call', async () => {
    const to = await ask(omen, key('auditor'), 'GetReach', { who: 'role/prod', direction: 'to' })
    const comers = to.body.reached.map(({ principal, steps }) => [principal, steps])
    assert.ok(
      comers.some(([arn, steps]) => arn === user('dev') && steps === 2),
      JSON.stringify(comers),
    )
    assert.ok(!comers.some(([arn]) => arn === user('idle')))
    const from = await ask(omen, key('auditor'), 'GetReach', { who: 'dev' })
    assert.deepEqual(
      from.body.reached.map(({ name, isAdministrator }) => [name, isAdministrator]),
      [
        ['ci', false],
        ['prod', true],
      ],
    )
    const call = { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::pay' }
    const powers = await ask(omen, key('auditor'), 'GetReach', call)
    assert.ok(powers.body.reached.some(({ name, steps }) => name === 'dev' && steps === 2))
    assert.ok(!powers.body.reached.some(({ name }) => name === 'idle'))
    const both = await ask(omen, key('auditor'), 'GetReach', { who: 'dev', ...call })
    assert.equal(both.error, 'ValidationException')
  })

  it('opens an edge: the policies of both halves as they are written, and the places in them', async () => {
    const { body } = await ask(omen, key('auditor'), 'GetEdge', { from: 'dev', to: 'role/ci' })
    assert.equal(body.verdict, 'proven', JSON.stringify(body))
    const [way] = body.ways
    assert.equal(way?.steps.length, 1)
    let opened = 0
    for (const { action, decision } of way?.steps[0]?.requests ?? []) {
      for (const place of decision) {
        const document = body.documents.find(
          ({ policy: name, layer }) => name === place.policy && layer === place.layer,
        )
        const line = document?.text.split('\n')[place.line - document.line] ?? ''
        const column = place.line === document?.line ? place.column - document.column : place.column - 1
        assert.ok(
          line.slice(column).startsWith(`"${action}"`),
          `${action} is not at ${JSON.stringify(place)}`,
        )
        opened++
      }
    }
    assert.ok(opened >= 4, String(opened))
    const none = await ask(omen, key('auditor'), 'GetEdge', { from: 'idle', to: 'role/ci' })
    assert.deepEqual([none.body.verdict, none.body.ways], ['none', []])
  })

  it('exports the graph as a drawing and as data', async () => {
    const json = await ask(omen, key('auditor'), 'ExportGraph', { format: 'json' })
    assert.equal(json.status, 200, JSON.stringify(json.body))
    const labels = json.body.graph?.nodes.map(({ label }) => label) ?? []
    for (const label of ['user/dev', 'role/ci', 'role/prod', 'administrator'])
      assert.ok(labels.includes(label), label)
    assert.deepEqual(JSON.parse(json.body.text), json.body.graph)
    const svg = await ask(omen, key('auditor'), 'ExportGraph', { format: 'svg', around: 'role/ci', depth: 1 })
    assert.equal(svg.body.contentType, 'image/svg+xml')
    assert.match(svg.body.text, /^<svg /)
    const both = await ask(omen, key('auditor'), 'ExportGraph', { format: 'svg', around: 'dev', from: 'dev' })
    assert.equal(both.error, 'ValidationException')
    const many = await ask(omen, key('auditor'), 'ExportGraph', { format: 'svg', maxNodes: 1_000 })
    assert.equal(many.status, 400)
  })

  it('asks for an action of its own and for the right to read the account', async () => {
    for (const name of ['half', 'other', 'idle']) {
      const { status, error } = await ask(omen, key(name), 'ListPaths', { from: 'dev' })
      assert.deepEqual([status, error], [403, 'AccessDeniedException'], name)
    }
    const foreign = await ask(omen, key('auditor'), 'ListPaths', { from: 'dev', accountId: '210987654321' })
    assert.deepEqual([foreign.status, foreign.error], [403, 'AccessDeniedException'])
    const unknown = await ask(omen, key('auditor'), 'ListPaths', { from: 'nobody' })
    assert.deepEqual([unknown.status, unknown.error], [404, 'ResourceNotFoundException'])
  })

  it('records every question in the trail, those that are refused too', async () => {
    const trail = omen.client(CloudTrailClient)
    await ask(omen, key('half'), 'GetEdge', { from: 'half', to: 'role/ci' })
    await ask(omen, key('auditor'), 'GetEdge', { from: 'auditor', to: 'role/ci' })
    const { Events = [] } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'omen' }],
      }),
    )
    const events = Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? '{}'))
    const edges = events.filter(({ eventName }) => eventName === 'GetEdge')
    const denied = edges.find(({ userIdentity }) => userIdentity.userName === 'half')
    assert.equal(denied?.errorCode, 'AccessDenied')
    const asked = edges.find(({ requestParameters }) => requestParameters?.from === 'auditor')
    assert.deepEqual(asked?.requestParameters, { from: 'auditor', to: 'role/ci' })
    assert.equal(asked?.readOnly, true)
  })

  it('answers each house of a process about its own account', async () => {
    await using other = await createOmen()
    const { status, error } = await ask(other, other.keys.admin, 'ListPaths', { from: 'dev' })
    assert.deepEqual([status, error], [404, 'ResourceNotFoundException'])
  })

  it('names who comes from outside, and takes an outsider as a start', async () => {
    await makeRole('guest', { AWS: 'arn:aws:iam::999988887777:root' })
    const reach = await ask(omen, key('auditor'), 'GetReach', { who: 'role/guest', direction: 'to' })
    const [outside] = reach.body.outside ?? []
    assert.deepEqual(
      [outside?.principal, outside?.kind, outside?.title, outside?.verdict],
      ['arn:aws:iam::999988887777:root', 'account', 'account 999988887777 (not in view)', 'conditional'],
    )
    assert.match(outside?.residual[0]?.who ?? '', /policies of its account allow it the call/)
    const from = { from: '999988887777', to: 'role/guest' }
    const paths = await ask(omen, key('auditor'), 'ListPaths', from)
    assert.deepEqual([paths.body.verdict, paths.body.residual.length], ['conditional', 1])
    const service = await ask(omen, key('auditor'), 'GetReach', { who: 'role/ci', direction: 'to' })
    assert.deepEqual(
      service.body.outside?.map(({ principal, kind }) => [principal, kind]),
      [['lambda.amazonaws.com', 'service']],
    )
    assert.deepEqual(
      [outside?.labels, service.body.outside?.map(({ labels }) => labels)],
      [['AssumeRole'], [['a service that the trust policy names']]],
    )
  })

  it('has the accounts of the organization in view for its management account', async () => {
    const organizations = omen.client(OrganizationsClient)
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
    await organizations.send(new CreateAccountCommand({ AccountName: 'member', Email: 'member@example.com' }))
    const { Accounts = [] } = await organizations.send(new ListAccountsCommand({}))
    const member = Accounts.find(({ Id }) => Id !== account)?.Id ?? ''
    await makeUser('boss', allow('sts:AssumeRole', `arn:aws:iam::${member}:role/*`))
    const paths = async (to: string) => {
      const { body } = await ask(omen, key('auditor'), 'ListPaths', { from: 'boss', to })
      assert.ok(body.paths, JSON.stringify(body))
      return [body.verdict, body.paths[0]?.steps.at(-1)?.from, body.accounts?.length]
    }
    const administrator = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
    assert.deepEqual(await paths(`${member}/administrator`), ['proven', administrator, 2])
    const first = await ask(omen, key('auditor'), 'GetAccountDetails', {})
    assert.deepEqual([first.body.accountId, first.body.nextToken], [account, member])
    const { nextToken } = first.body
    const second = await ask(omen, key('auditor'), 'GetAccountDetails', { nextToken: nextToken! })
    assert.match(second.body.image, /OrganizationAccountAccessRole/)
    assert.equal(JSON.parse(second.body.organization).managementAccount, account)
    const refused = await ask(omen, key('idle'), 'GetAccountDetails', {})
    assert.equal(refused.status, 403)
  })

  it('prices an edit by the calls of the trail that it would refuse', async () => {
    await makeUser('worker', allow('sts:AssumeRole', role('desk')))
    await makeRole('desk', { AWS: user('worker') })
    await makeRole('vault', { AWS: role('desk') })
    const admin = omen.client(IAMClient)
    const PolicyDocument = policy(allow('iam:PutRolePolicy', role('vault')))
    await admin.send(new PutRolePolicyCommand({ RoleName: 'vault', PolicyName: 'self', PolicyDocument }))
    const assume = async (as: ClientCredentials, name: string): Promise<ClientCredentials> => {
      const { Credentials: made } = await omen
        .client(STSClient, as)
        .send(new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: 'day' }))
      return {
        accessKeyId: made!.AccessKeyId!,
        secretAccessKey: made!.SecretAccessKey!,
        sessionToken: made!.SessionToken!,
      }
    }
    await assume(await assume(key('worker'), 'desk'), 'vault')
    const kept = await ask(omen, key('auditor'), 'ProposeCut', { from: 'worker' })
    const [cut] = kept.body.cuts
    // of the three steps only the last one was never made
    assert.deepEqual(
      [cut?.cost, cut?.edits.map(({ owner }) => owner)],
      [1, [role('vault')]],
      JSON.stringify(kept.body),
    )
    const PolicyName = 'self'
    await assume(await assume(key('worker'), 'desk'), 'vault')
    await admin.send(new DeleteRolePolicyCommand({ RoleName: 'vault', PolicyName }))
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await admin.send(new AttachRolePolicyCommand({ RoleName: 'vault', PolicyArn }))
    const used = await ask(omen, key('auditor'), 'ProposeCut', { from: 'worker' })
    const [dear] = used.body.cuts
    assert.equal(dear?.cost, 11, JSON.stringify(used.body))
    assert.deepEqual(
      dear?.edits.map(({ seen }) => seen.calls),
      [2],
    )
    const free = await ask(omen, key('auditor'), 'ProposeCut', { from: 'worker', keepSeenDays: 0 })
    assert.equal(free.body.cuts[0]?.cost, 1)
  })

  it('proposes a cut, spares what the trail has seen, and its calls end the paths', async () => {
    const made = await ask(omen, key('auditor'), 'ProposeCut', { from: 'dev' })
    assert.equal(made.status, 200, JSON.stringify(made.body))
    const [cut] = made.body.cuts
    assert.deepEqual([made.body.paths, cut?.cost, made.body.isMinimal], [1, 1, true])
    const edits = cut?.edits ?? []
    for (const { policy: name, line, column, text } of edits) assert.ok(name && line && column && text)
    const iam = omen.client(IAM)
    for (const { operation, input } of edits.flatMap(({ calls }) => calls)) {
      const method = `${operation[0]?.toLowerCase()}${operation.slice(1)}`
      await Reflect.get(iam, method).call(iam, input)
    }
    const after = await ask(omen, key('auditor'), 'ProposeCut', { from: 'dev' })
    assert.deepEqual([after.body.paths, after.body.cuts], [0, []])
    const paths = await ask(omen, key('auditor'), 'ListPaths', { from: 'dev' })
    assert.equal(paths.body.verdict, cut?.verdictAfter)
  })
  it('says who makes a call of a step of another principal', async () => {
    await makeUser('invoker', allow('sts:AssumeRole', role('maker')), allow('lambda:InvokeFunction'))
    await makeRole('maker', { AWS: user('invoker') })
    await makeRole('worn', { Service: 'lambda.amazonaws.com' })
    await omen.client(IAMClient).send(
      new PutRolePolicyCommand({
        RoleName: 'maker',
        PolicyName: 'make',
        PolicyDocument: policy(allow('iam:PassRole', role('worn')), allow('lambda:CreateFunction')),
      }),
    )
    const { body } = await ask(omen, key('auditor'), 'ListPaths', { from: 'invoker', to: 'role/worn' })
    assert.deepEqual(
      body.paths[0]?.steps.at(-1)?.requests.map(({ action, by }) => [action, by]),
      [
        ['iam:PassRole', undefined],
        ['lambda:CreateFunction', undefined],
        ['lambda:InvokeFunction', user('invoker')],
        ['sts:AssumeRole', undefined],
      ],
    )
  })
})
