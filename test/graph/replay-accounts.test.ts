import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListAccountsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import type { ClientCredentials } from '../../packages/server/src/index.ts'
import { policyText } from '../kit/index.ts'
import { allow } from '../wire/iam/house.ts'
import { oidcIssuer } from '../wire/oidc-issuer.ts'
import { account, credentialsOf, stsServer, trusting } from '../wire/sts-house.ts'
import { ask } from './api-client.ts'

/** Paths over two accounts and from tokens, as the graph finds them, walked by signed calls. */
const server = await stsServer()
const { omen, iam } = server
const issuer = await oidcIssuer('https://token.actions.githubusercontent.com')
await redirectIssuer(omen.omen.deps, issuer.issuer, issuer.base)
const clients: { destroy(): void }[] = []
after(async () => {
  for (const client of clients) client.destroy()
  await issuer[Symbol.asyncDispose]()
  await server.close()
})

const organizations = omen.client(OrganizationsClient)
await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
await organizations.send(new CreateAccountCommand({ AccountName: 'member', Email: 'member@example.com' }))
const { Accounts = [] } = await organizations.send(new ListAccountsCommand({}))
const member = Accounts.find(({ Id }) => Id !== account)?.Id ?? ''
const inMember = (name: string): string => `arn:aws:iam::${member}:role/${name}`
const dev = `arn:aws:iam::${account}:user/dev`

const boss = await server.user('boss', allow('sts:AssumeRole'))
const owner = await server.assume(boss, inMember('OrganizationAccountAccessRole'))
const iamOf = (credentials: ClientCredentials): IAM => {
  const client = new IAM({ endpoint: omen.endpoint, region: 'us-east-1', maxAttempts: 1, credentials })
  clients.push(client)
  return client
}
const stsOf = (credentials: ClientCredentials): STS => {
  const client = new STS({ endpoint: omen.endpoint, region: 'us-east-1', maxAttempts: 1, credentials })
  clients.push(client)
  return client
}
const theirs = iamOf(owner)
const roleOf = async (
  RoleName: string,
  AssumeRolePolicyDocument: string,
  policy?: string,
): Promise<string> => {
  await theirs.createRole({ RoleName, AssumeRolePolicyDocument })
  if (policy !== undefined)
    await theirs.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: policy })
  return inMember(RoleName)
}

const verdictOf = async (from: string, to: string) => {
  const { body, status } = await ask(omen, omen.keys.admin, 'ListPaths', { from, to })
  assert.equal(status, 200, JSON.stringify(body))
  return { verdict: body.verdict, keys: body.residual.map(({ key }) => key).sort(), path: body.paths[0] }
}

const assumes = async (as: ClientCredentials, RoleArn: string, more: object = {}): Promise<boolean> => {
  try {
    await stsOf(as).assumeRole({ RoleArn, RoleSessionName: 'walked', ...more })
    return true
  } catch (error) {
    assert.match(String(error), /AccessDenied/)
    return false
  }
}

describe('paths over two accounts, walked', () => {
  const trusts: Readonly<Record<string, readonly [principal: object | string, condition?: object]>> = {
    root: [{ AWS: `arn:aws:iam::${account}:root` }],
    named: [{ AWS: dev }],
    other: [{ AWS: `arn:aws:iam::${account}:user/boss` }],
    own: [{ AWS: `arn:aws:iam::${member}:root` }],
    anyone: [{ AWS: '*' }],
    id: [{ AWS: account }, { StringEquals: { 'sts:ExternalId': 'k7' } }],
    path: [{ AWS: '*' }, { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-*/r-*/' } }],
    elsewhere: [{ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-other12345' } }],
  }

  test('every role of the other account, for callers with and without a permission', async () => {
    const callers = new Map([
      // not the role of the organization: an administrator of the member comes to every role
      [
        'dev',
        await server.user('dev', allow('sts:AssumeRole', [...Object.keys(trusts), 'hop'].map(inMember))),
      ],
      ['few', await server.user('few', allow('sts:AssumeRole', inMember('named')))],
      ['idle', await server.user('idle')],
    ])
    for (const [name, [principal, condition]] of Object.entries(trusts))
      await roleOf(name, trusting(principal, 'sts:AssumeRole', condition))
    const seen = new Set<string>()
    for (const [caller, credentials] of callers) {
      for (const name of Object.keys(trusts)) {
        const { verdict, keys } = await verdictOf(caller, `${member}/role/${name}`)
        seen.add(verdict)
        const plain = await assumes(credentials, inMember(name))
        assert.equal(plain, verdict === 'proven', `${caller} → ${name}: ${verdict}`)
        if (verdict !== 'conditional') continue
        assert.deepEqual(keys, ['sts:ExternalId'])
        assert.ok(await assumes(credentials, inMember(name), { ExternalId: 'k7' }), name)
      }
    }
    assert.ok(seen.has('proven') && seen.has('conditional') && seen.has('none'), [...seen].join())
  })

  test('a chain of the other account and back, and an SCP that ends it', async () => {
    const back = `arn:aws:iam::${account}:role/back`
    const hop = await roleOf('hop', trusting({ AWS: dev }), allow('sts:AssumeRole', back))
    await iam.createRole({ RoleName: 'back', AssumeRolePolicyDocument: trusting({ AWS: hop }) })
    const key = await server.user('walker', allow('sts:AssumeRole', hop))
    const { verdict, path } = await verdictOf('dev', 'role/back')
    assert.deepEqual([verdict, path?.steps.length], ['proven', 2])
    assert.equal((await verdictOf('walker', 'role/back')).verdict, 'none')
    assert.equal(await assumes(key, hop), false)
    const { Roots = [] } = await organizations.send(new ListRootsCommand({}))
    await organizations.send(
      new EnablePolicyTypeCommand({ RootId: Roots[0]?.Id, PolicyType: 'SERVICE_CONTROL_POLICY' }),
    )
    const denied = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }
    const { Policy } = await organizations.send(
      new CreatePolicyCommand({
        Name: 'no-hop',
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: policyText(denied),
      }),
    )
    const devs = stsOf(await newKeyOf('dev'))
    const { Credentials } = await devs.assumeRole({ RoleArn: hop, RoleSessionName: 'walked' })
    const session = credentialsOf(Credentials)
    assert.ok(await assumes(session, back))
    await organizations.send(
      new AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId: member }),
    )
    // an administrator of the member might leave the organization: that is not known
    assert.match((await verdictOf('dev', 'role/back')).verdict, /^(?:blocked|undecided)$/)
    assert.equal(await assumes(session, back), false)
  })

  test('a chain that must pass a tag on [POL-056, POL-057]', async () => {
    const both = ['sts:AssumeRole', 'sts:TagSession']
    const asks = { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } }
    const key = await server.user('tagger')
    const tagger = `arn:aws:iam::${account}:user/tagger`
    const first = await server.role('first', trusting({ AWS: tagger }, both, asks))
    const red = { StringEquals: { 'aws:ResourceTag/team': 'red' } }
    const untagged = { Null: { 'aws:ResourceTag/team': 'true' } }
    await server.role('tagged', trusting({ AWS: first }, both))
    await server.role('plain', trusting({ AWS: first }))
    await server.role('untagged', trusting({ AWS: first }, both, untagged))
    await server.role('red', trusting({ AWS: first }, both, red))
    const ofWorkloads = async (value: string): Promise<ClientCredentials> => {
      const { Credentials } = await stsOf(key).assumeRole({
        RoleArn: first,
        RoleSessionName: 'walked',
        Tags: [{ Key: 'team', Value: value }],
        TransitiveTagKeys: ['team'],
      })
      return credentialsOf(Credentials)
    }
    assert.equal(await assumes(key, first), false)
    const session = await ofWorkloads('omen')
    for (const [name, verdict] of Object.entries({ tagged: 'proven', plain: 'none', untagged: 'none' })) {
      assert.equal((await verdictOf('tagger', `role/${name}`)).verdict, verdict, name)
      const walked = await assumes(session, `arn:aws:iam::${account}:role/${name}`)
      assert.equal(walked, verdict === 'proven', name)
    }
    assert.equal((await verdictOf('tagger', 'role/red')).verdict, 'proven')
    assert.equal(await assumes(session, `arn:aws:iam::${account}:role/red`), false)
    assert.ok(await assumes(await ofWorkloads('red'), `arn:aws:iam::${account}:role/red`))
  })

  test('a token that says what is left comes in, and another one does not', async () => {
    const name = 'token.actions.githubusercontent.com'
    await iam.createOpenIDConnectProvider({ Url: issuer.issuer, ClientIDList: ['sts.amazonaws.com'] })
    const ci = await server.role(
      'ci',
      trusting(
        { Federated: `arn:aws:iam::${account}:oidc-provider/${name}` },
        'sts:AssumeRoleWithWebIdentity',
        {
          StringEquals: { [`${name}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${name}:sub`]: 'repo:octo/app:*' },
        },
      ),
      allow('sts:AssumeRole', inMember('deploy')),
    )
    const deploy = await roleOf('deploy', trusting({ AWS: ci }))
    const { verdict, keys, path } = await verdictOf('federated:github', deploy)
    assert.deepEqual([verdict, path?.steps.length, keys], ['conditional', 2, [`${name}:aud`, `${name}:sub`]])
    assert.match(path?.residual.map(({ who }) => who).join() ?? '', /a workflow of the repository octo\/app/)
    const wear = (claims: object) =>
      issuer.token({ aud: 'sts.amazonaws.com', ...claims }).then((WebIdentityToken) =>
        stsOf({ accessKeyId: 'x', secretAccessKey: 'x' }).assumeRoleWithWebIdentity({
          RoleArn: ci,
          RoleSessionName: 'walked',
          WebIdentityToken,
        }),
      )
    const { Credentials } = await wear({ sub: 'repo:octo/app:pull_request' })
    assert.ok(await assumes(credentialsOf(Credentials), deploy))
    await assert.rejects(wear({ sub: 'repo:octo/other:pull_request' }), /AccessDenied/)
  })

  test('a token passes a transitive tag to the role after the next one [STS-88, POL-056]', async () => {
    const name = 'token.actions.githubusercontent.com'
    const Federated = `arn:aws:iam::${account}:oidc-provider/${name}`
    const both = ['sts:AssumeRole', 'sts:TagSession']
    const tagged = await server.role(
      'tagged-ci',
      trusting({ Federated }, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'], {
        StringEquals: { [`${name}:sub`]: 'repo:octo/app:environment:prod' },
      }),
    )
    // What the session itself passes does not count.
    const inherited = { Null: { 'aws:RequestTag/team': 'true' } }
    const release = await server.role('release', trusting({ AWS: tagged }, both, inherited))
    const asks = { StringEquals: { 'aws:PrincipalTag/team': 'red' } }
    const vault = await server.role('vault', trusting({ AWS: release }, both, asks))
    const { verdict, keys } = await verdictOf('federated:github', vault)
    const left = ['aws:RequestTag/team', 'sts:TransitiveTagKeys', `${name}:aud`, `${name}:sub`]
    assert.deepEqual([verdict, keys], ['conditional', left])
    const walk = async (principal_tags: object, transitive_tag_keys: readonly string[]): Promise<boolean> => {
      const WebIdentityToken = await issuer.token({
        aud: 'sts.amazonaws.com',
        sub: 'repo:octo/app:environment:prod',
        'https://aws.amazon.com/tags': { principal_tags, transitive_tag_keys },
      })
      const first = await stsOf({ accessKeyId: 'x', secretAccessKey: 'x' }).assumeRoleWithWebIdentity({
        RoleArn: tagged,
        RoleSessionName: 'walked',
        WebIdentityToken,
      })
      const second = await stsOf(credentialsOf(first.Credentials)).assumeRole({
        RoleArn: release,
        RoleSessionName: 'walked',
      })
      return assumes(credentialsOf(second.Credentials), vault)
    }
    assert.ok(await walk({ team: ['red'] }, ['team']))
    assert.equal(await walk({ team: ['red'] }, []), false)
    assert.equal(await walk({ team: ['blue'] }, ['team']), false)
  })
})

/** A further access key of a user. */
async function newKeyOf(UserName: string): Promise<ClientCredentials> {
  const { AccessKey: key } = await iam.createAccessKey({ UserName })
  assert.ok(key?.AccessKeyId && key.SecretAccessKey)
  return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
}
