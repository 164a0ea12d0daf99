import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ClientCredentials, createOmen } from 'omen-iam'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import { podAssociations, podAssociationsMost } from '../../packages/server/src/directory/index.ts'
import { allow, assertEnd, policyText } from '../kit/index.ts'
import { needs, python, startSink } from '../support/index.ts'
import { callServer } from './house-call.ts'
import { oidcIssuer } from './oidc-issuer.ts'
import { type AnyAnswer, type Signed, signed } from './signed.ts'
import { eventsNamed, stsServer, trusting } from './sts-house.ts'

const service = 'pods.eks.amazonaws.com'
const both = ['sts:AssumeRole', 'sts:TagSession']
const subject = { namespace: 'shop', serviceAccount: 'web' }
const everything = policyText(allow('*'))

const server = await stsServer()
const { omen } = server
after(() => server.close())

const eks = (path: string, body?: object, more: Partial<Signed> = {}) =>
  signed(omen, {
    service: 'eks',
    path: `/clusters/prod/pod-identity-associations${path}`,
    ...(body === undefined ? { method: 'GET' } : { body }),
    ...more,
  })

async function token(more: object = {}): Promise<string> {
  const target = { endpoint: omen.endpoint, now: omen.clock.now() }
  const answer = await callServer(target, 'POST', '/_omen/pods/tokens', omen.keys.root, 'us-east-1', {
    cluster: 'prod',
    ...subject,
    ...more,
  })
  return JSON.parse(await answer.text()).token
}

const assume = (text: string, cluster = 'prod', more: Partial<Signed> = {}) =>
  signed(omen, {
    service: 'eks-auth',
    path: `/clusters/${cluster}/assume-role-for-pod-identity`,
    body: { token: text },
    ...more,
  })

const keysOf = ({ credentials: { expiration: _, ...keys } }: AnyAnswer): ClientCredentials => keys

/** Associates a role anew. */
async function associate(roleArn: string, more: object = {}): Promise<AnyAnswer> {
  const { associations } = await eks('')
  for (const { associationId } of associations)
    await eks(`/${associationId}`, undefined, { method: 'DELETE' })
  const { association, ...rest } = await eks('', { ...subject, roleArn, ...more })
  assert.ok(association, JSON.stringify(rest))
  return association
}

describe('EKS Pod Identity', () => {
  let roleArn: string
  before(async () => {
    roleArn = await server.role('pod', trusting({ Service: service }, both), everything)
  })

  test('associations are made, listed, changed and deleted (POD-1, POD-5)', async () => {
    const made = await associate(roleArn, { tags: { team: 'shop' } })
    assert.match(
      made.associationArn,
      /^arn:aws:eks:us-east-1:123456789012:podidentityassociation\/prod\/a-[a-z0-9]{17}$/,
    )
    assert.deepEqual([made.roleArn, made.tags, made.disableSessionTags], [roleArn, { team: 'shop' }, false])
    const again = await eks('', { ...subject, roleArn })
    assert.deepEqual([again.status, again.error], [409, 'ResourceInUseException'])
    assert.equal((await eks('?namespace=other')).associations.length, 0)
    assert.equal((await eks('?namespace=shop&serviceAccount=web')).associations.length, 1)
    const id = made.associationId
    assert.equal((await eks(`/${id}`)).association.externalId, undefined)
    const changed = await eks(`/${id}`, { targetRoleArn: roleArn })
    assert.match(changed.association.externalId, /^us-east-1\/123456789012\/\w{36}$/)
    const same = await eks(`/${id}`, { targetRoleArn: roleArn, disableSessionTags: true })
    assert.equal(same.association.externalId, changed.association.externalId)
    assert.equal((await eks(`/${id}`, { targetRoleArn: '' })).association.externalId, undefined)
    assert.equal((await eks(`/${id}`, {})).error, 'InvalidParameterException')
    await eks(`/${id}`, undefined, { method: 'DELETE' })
    assert.equal((await eks(`/${id}`)).status, 404)
  })

  test('associations are tagged by their ARNs (POD-21)', async () => {
    const { associationArn, associationId } = await associate(roleArn, { tags: { team: 'shop' } })
    const path = `/tags/${encodeURIComponent(associationArn)}`
    const tags = (more: object) => signed(omen, { service: 'eks', path, ...more })
    assert.equal((await tags({ body: { tags: { tier: '1' } } })).status, 200)
    assert.deepEqual((await tags({ method: 'GET' })).tags, { team: 'shop', tier: '1' })
    await signed(omen, { service: 'eks', path: `${path}?tagKeys=team`, method: 'DELETE' })
    assert.deepEqual((await eks(`/${associationId}`)).association.tags, { tier: '1' })
    assert.equal((await tags({ body: { tags: { 'aws:x': '1' } } })).error, 'BadRequestException')
    const cluster = encodeURIComponent('arn:aws:eks:us-east-1:123456789012:cluster/prod')
    const unknown = await signed(omen, { service: 'eks', path: `/tags/${cluster}`, method: 'GET' })
    assert.deepEqual([unknown.status, unknown.error], [404, 'NotFoundException'])
    const policy = (tier: string) =>
      policyText(
        allow('eks:TagResource', '*', {
          Condition: { StringEquals: { 'aws:ResourceTag/tier': tier, 'aws:RequestTag/x': 'y' } },
        }),
      )
    const body = { tags: { x: 'y' } }
    for (const [name, tier, status] of [
      ['tagger', '1', 200],
      ['stranger', '2', 403],
    ] as const)
      assert.equal((await tags({ body, who: await server.user(name, policy(tier)) })).status, status)
  })

  test('whoever associates a role passes it to the pods (POD-2)', async () => {
    const allowing = (roles: string) =>
      policyText(
        allow('eks:*'),
        allow('iam:PassRole', roles, { Condition: { StringEquals: { 'iam:PassedToService': service } } }),
      )
    const other = await server.role('target', trusting({ AWS: roleArn }, both))
    const who = await server.user('dev', allowing(roleArn))
    await associate(roleArn)
    const { associationId } = (await eks('')).associations[0]
    assert.equal((await eks(`/${associationId}`, { roleArn }, { who })).status, 200)
    const refused = await eks(`/${associationId}`, { targetRoleArn: other }, { who })
    assert.match(refused.Message, /iam:PassRole on resource: arn:aws:iam::123456789012:role\/target/)
    const made = await eks('', { ...subject, serviceAccount: 'second', roleArn: other }, { who })
    assert.match(made.Message, /iam:PassRole on resource: arn:aws:iam::123456789012:role\/target/)
  })

  test('a role of another account, a wrong policy, or a policy beside tags is refused (POD-3, POD-4)', async () => {
    const foreign = await eks('', { ...subject, roleArn: 'arn:aws:iam::999999999999:role/pod' })
    assert.deepEqual([foreign.status, foreign.error], [403, 'AccessDeniedException'])
    const missing = await eks('', { ...subject, serviceAccount: 'other', roleArn: `${roleArn}-gone` })
    assert.deepEqual([missing.status, missing.error], [400, 'InvalidParameterException'])
    for (const more of [
      { policy: everything },
      { policy: '{', disableSessionTags: true },
      { targetRoleArn: 'arn:aws:iam::123456789012:user/pod' },
    ]) {
      const answer = await eks('', { ...subject, serviceAccount: 'other', roleArn, ...more })
      assert.equal(answer.error, 'InvalidParameterException', JSON.stringify(more))
    }
  })

  test('a token gets the session that AWS gives, with its tags and events (POD-10, POD-12, POD-15)', async () => {
    await associate(roleArn)
    const before = omen.clock.now()
    const worn = await assume(await token({ pod: 'web-7d9f-x2' }))
    assertEnd(worn.credentials.expiration * 1000, 21_600, before, omen.clock.now())
    assert.deepEqual(worn.subject, subject)
    assert.equal(worn.audience, service)
    assert.match(worn.assumedRoleUser.arn, /:assumed-role\/pod\/eks-prod-web-7d9f-x2-[0-9a-f-]{36}$/)
    const newest = async (name: string): Promise<AnyAnswer> => (await eventsNamed(server, name)).at(-1)
    const [inner, outer] = [await newest('AssumeRole'), await newest('AssumeRoleForPodIdentity')]
    assert.equal(inner.eventName, 'AssumeRole')
    assert.deepEqual(inner.userIdentity, { type: 'AWSService', invokedBy: service })
    assert.equal(inner.requestParameters.durationSeconds, 21_600)
    assert.deepEqual(
      inner.requestParameters.tags.map(({ key, value }: Record<string, string>) => [key, value]).slice(0, 5),
      [
        ['eks-cluster-arn', 'arn:aws:eks:us-east-1:123456789012:cluster/prod'],
        ['eks-cluster-name', 'prod'],
        ['kubernetes-namespace', 'shop'],
        ['kubernetes-service-account', 'web'],
        ['kubernetes-pod-name', 'web-7d9f-x2'],
      ],
    )
    assert.equal(inner.requestParameters.transitiveTagKeys.length, 6)
    assert.equal(outer.eventSource, 'eks-auth.amazonaws.com')
    assert.deepEqual(outer.requestParameters, {
      clusterName: 'prod',
      token: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    })
    assert.deepEqual([outer.responseElements, outer.readOnly], [null, true])
  })

  test('the trust decides, for tags as well, by cluster and namespace (POD-11, POD-13)', async () => {
    const words = 'Unauthorized Exception! EKS does not have permissions to assume the associated role.'
    for (const [name, trust, isAllowed] of [
      ['untagged', trusting({ Service: service }), false],
      ['other', trusting({ Service: 'ec2.amazonaws.com' }, both), false],
      [
        'here',
        trusting({ Service: service }, both, {
          StringEquals: {
            'aws:SourceAccount': '123456789012',
            'aws:SourceArn': 'arn:aws:eks:us-east-1:123456789012:cluster/prod',
            'aws:RequestTag/kubernetes-namespace': 'shop',
          },
        }),
        true,
      ],
      [
        'elsewhere',
        trusting({ Service: service }, both, {
          StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'other' },
        }),
        false,
      ],
    ] as const) {
      await associate(await server.role(name, trust))
      const worn = await assume(await token())
      if (isAllowed) assert.equal(worn.status, 200, name)
      else
        assert.deepEqual([worn.status, worn.error, worn.message], [400, 'AccessDeniedException', words], name)
    }
    await associate(await server.role('plain', trusting({ Service: service })), { disableSessionTags: true })
    assert.equal((await assume(await token())).status, 200)
  })

  test('policies see the tags, and a policy of the association limits its pod (POD-4, POD-12)', async () => {
    const own = policyText(
      allow('iam:GetUser', 'arn:aws:iam::*:user/${aws:PrincipalTag/kubernetes-namespace}'),
    )
    await server.iam.createUser({ UserName: 'shop' })
    await associate(await server.role('tagged', trusting({ Service: service }, both), own))
    const may = async (keys: ClientCredentials, UserName: string) =>
      server
        .iamAs(keys)
        .getUser({ UserName })
        .then(
          () => true,
          () => false,
        )
    const worn = keysOf(await assume(await token()))
    assert.deepEqual([await may(worn, 'shop'), await may(worn, 'dev')], [true, false])
    const policy = own.replace('${aws:PrincipalTag/kubernetes-namespace}', 'dev')
    await associate(roleArn, { policy, disableSessionTags: true })
    const limited = keysOf(await assume(await token()))
    assert.deepEqual([await may(limited, 'shop'), await may(limited, 'dev')], [false, true])
  })

  test('a target role is assumed by the first, with the external id of the association (POD-14)', async () => {
    const association = await associate(roleArn, { targetRoleArn: 'arn:aws:iam::123456789012:role/far' })
    assert.equal((await assume(await token())).error, 'AccessDeniedException')
    const trust = (id: string) => trusting({ AWS: roleArn }, both, { StringEquals: { 'sts:ExternalId': id } })
    const { externalId } = association
    const target = await server.role('far', trust('another'))
    assert.equal((await assume(await token())).error, 'AccessDeniedException')
    await server.iam.updateAssumeRolePolicy({ RoleName: 'far', PolicyDocument: trust(externalId) })
    assert.ok(target)
    const before = omen.clock.now()
    const worn = await assume(await token())
    assertEnd(worn.credentials.expiration * 1000, 3_600, before, omen.clock.now())
    assert.match(worn.assumedRoleUser.arn, /:assumed-role\/far\/eks-prod-/)
  })

  test('another issuer may sign the tokens of a cluster, and then this server does not (POD-16)', async () => {
    await associate(roleArn)
    const own = await token()
    const { iss, ...claims } = JSON.parse(Buffer.from(own.split('.')[1] ?? '', 'base64url').toString())
    assert.match(iss, /^https:\/\/oidc\.eks\.us-east-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/)
    await using other = await oidcIssuer('https://oidc.example.com/prod')
    await redirectIssuer(omen.omen.deps, other.issuer, other.base)
    const name = (issuer?: string) => {
      const target = { endpoint: omen.endpoint, now: omen.clock.now() }
      const body = { cluster: 'prod', ...(issuer !== undefined && { issuer }) }
      return callServer(target, 'POST', '/_omen/pods/clusters', omen.keys.root, 'us-east-1', body)
    }
    await name(other.issuer)
    const { iat: _, exp: __, nbf: ___, ...rest } = claims
    const foreign = await other.token(rest, { now: omen.clock.now() })
    assert.equal((await assume(foreign)).status, 200)
    assert.equal((await assume(own)).error, 'InvalidTokenException')
    await name()
    assert.equal((await assume(foreign)).error, 'InvalidTokenException')
    assert.equal((await assume(own)).status, 200)
  })

  test('an account has 5,000 associations at most (POD-7)', async () => {
    const { association } = await eks('', { ...subject, serviceAccount: 'last', roleArn })
    const { directory } = omen.omen.deps
    await directory.settle(async () => {
      const table = (await directory.find(omen.omen.deps.firstAccount))!.table(podAssociations)
      const like = table.find(association.associationId)!
      for (let n = table.size; n < podAssociationsMost; n++)
        table.put({ ...like, id: `a-${n}`, serviceAccount: `many-${n}`, region: 'eu-west-1' })
      await directory.commit([])
    })
    const more = await eks('', { ...subject, serviceAccount: 'more', roleArn })
    assert.equal(more.error, 'ResourceLimitExceededException')
    await directory.settle(async () => {
      const table = (await directory.find(omen.omen.deps.firstAccount))!.table(podAssociations)
      for (const { id, region } of [...table.values()]) if (region === 'eu-west-1') table.delete(id)
      await directory.commit([])
    })
  })

  test('with a guard the rest of EKS is the upstream’s (POD-8)', async () => {
    const asked: string[] = []
    await using sink = await startSink((incoming, outgoing) => {
      if (incoming.url?.startsWith('/clusters')) asked.push(incoming.url)
      outgoing.end('{"clusters":["up"]}')
    })
    const guarding = await createOmen({ upstream: { url: sink.url } })
    try {
      const clusters = await signed(guarding, { service: 'eks', path: '/clusters', method: 'GET' })
      assert.deepEqual([clusters.clusters, asked], [['up'], ['/clusters']])
      const path = '/clusters/prod/pod-identity-associations'
      const { associations } = await signed(guarding, { service: 'eks', path, method: 'GET' })
      assert.deepEqual([associations, asked.length], [[], 1])
      const tagsOf = (what: string) => {
        const named = encodeURIComponent(`arn:aws:eks:us-east-1:123456789012:${what}`)
        return signed(guarding, { service: 'eks', path: `/tags/${named}`, method: 'GET' })
      }
      assert.deepEqual((await tagsOf('cluster/prod')).clusters, ['up'])
      assert.equal((await tagsOf('podidentityassociation/prod/a-1')).error, 'NotFoundException')
    } finally {
      await guarding.close()
    }
  })

  test('boto3 manages associations and asks for credentials (POD-1, POD-10)', needs('boto3'), async () => {
    await associate(roleArn)
    const program = `
import boto3, sys
eks = boto3.client('eks')
ids = [a['associationId'] for p in eks.get_paginator('list_pod_identity_associations').paginate(clusterName='prod') for a in p['associations']]
a = eks.describe_pod_identity_association(clusterName='prod', associationId=ids[0])['association']
r = boto3.client('eks-auth').assume_role_for_pod_identity(clusterName='prod', token=sys.argv[1])
c = r['credentials']
s = boto3.client('sts', aws_access_key_id=c['accessKeyId'], aws_secret_access_key=c['secretAccessKey'], aws_session_token=c['sessionToken'])
print(a['serviceAccount'], c['expiration'].year > 2000, s.get_caller_identity()['Arn'].split('/')[1])
`
    const target = { endpoint: omen.endpoint, credentials: omen.keys.admin }
    const ended = await python(target, program, await token())
    assert.equal(ended.stdout.trim(), 'web True pod', ended.stderr)
  })

  test('tokens of others, of other clusters, old ones and altered ones get nothing (POD-10)', async () => {
    await associate(roleArn)
    const good = await token()
    assert.equal((await assume(good)).status, 200)
    const [head, body = '', signature] = good.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    const altered = { ...claims, 'kubernetes.io': { ...claims['kubernetes.io'], namespace: 'kube-system' } }
    const forged = `${head}.${Buffer.from(JSON.stringify(altered)).toString('base64url')}.${signature}`
    assert.equal((await assume(forged)).error, 'InvalidTokenException')
    assert.equal((await assume(good, 'other')).error, 'InvalidTokenException')
    assert.equal((await assume('a.b.c')).error, 'InvalidTokenException')
    assert.equal((await assume(await token({ serviceAccount: 'nobody' }))).error, 'ResourceNotFoundException')
    const who = await server.user(
      'node',
      trusting('*')
        .replace(/"Principal":"\*",/, '')
        .replace('}]', ',"Resource":"*"}]'),
    )
    assert.equal((await assume(good, 'prod', { who })).error, 'AccessDeniedException')
    omen.clock.advance(86_400_000 + 301_000)
    assert.equal((await assume(good)).error, 'ExpiredTokenException')
  })
})
