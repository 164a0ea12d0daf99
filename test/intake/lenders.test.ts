import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOmen, type RunningOmen, type Seed } from 'omen-iam/testing'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import {
  applyImage,
  compareImage,
  dumpFiles,
  type Image,
  imageOfAccount,
  lossesOf,
  readImage,
  readPart,
  seedOf,
} from '../../packages/server/src/intake/index.ts'
import { partsOf } from '../../packages/server/src/services/omen/index.ts'
import { makeX509 } from '../support/index.ts'

const imageOf = ({ omen }: RunningOmen): Image => {
  const { directory, firstAccount } = omen.deps
  const own = imageOfAccount(directory.loaded(firstAccount)!, directory)
  return { accounts: [own], notTaken: [], findings: [] }
}

const certificate = makeX509({ subject: [['CN', 'ca']], isAuthority: true }, Date.now()).pem

test('a seed has what gives roles to pods, identity pools and certificates (POD-25)', async () => {
  const service = (name: string) => ({ trust: [`${name}.amazonaws.com`] })
  const seed = {
    roles: { web: service('pods.eks'), server: service('rolesanywhere'), member: service('ec2') },
    pods: [
      ...[{ cluster: 'prod', namespace: 'shop', serviceAccount: 'web', role: 'web', region: 'eu-west-1' }],
      ...[{ cluster: 'dev', namespace: 'shop', serviceAccount: 'web', role: 'web', tags: { team: 'core' } }],
    ],
    identityPools: {
      phones: { guests: true, classic: true, authenticated: 'member', unauthenticated: 'member' },
    },
    trustAnchors: { ca: { certificate } },
    certificateProfiles: { servers: { roles: ['server'], session: 1_800 } },
  } satisfies Seed
  const members = ['pods', 'identityPools', 'trustAnchors', 'certificateProfiles'] as const
  const lenders = (from: Seed) => members.map((name) => from[name])
  await using one = await createOmen({ seed, port: false })
  const written = seedOf(imageOf(one)) as Seed
  const pods = (from: Seed) => from.pods?.toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1))
  assert.deepEqual(pods(written), pods(seed))
  assert.deepEqual(lenders(written).slice(1), lenders(seed).slice(1))
  await using other = await createOmen({ seed: written, port: false })
  assert.deepEqual(lenders(seedOf(imageOf(other)) as Seed).slice(1), lenders(written).slice(1))
  const lost = lossesOf(imageOf(one), 'terraform').find(({ what }) => what.startsWith('associations'))
  assert.equal(lost?.count, 5)
})

const account = '111122223333'
const pool = 'eu-west-1:3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const anywhere = `arn:aws:rolesanywhere:eu-west-1:${account}:`
const anchorId = '3f2504e0-4f89-41d3-9a0c-0305e82c3302'
const profileId = '3f2504e0-4f89-41d3-9a0c-0305e82c3303'
const arnOf = (role: string) => `arn:aws:iam::${account}:role/${role}`
const asked = (call: string, answer: object, input: object = {}) => ({
  request: { account, partition: 'aws', region: 'eu-west-1', call, input },
  answer,
})
const roleAnswer = (name: string, id: string) => ({
  ...{ Path: '/', RoleName: name, RoleId: id, Arn: arnOf(name) },
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  },
})

/** What the AWS CLI prints of associations, pools, anchors and profiles. */
const answers = [
  asked('eks list-clusters', { clusters: ['prod'] }),
  asked('eks list-pod-identity-associations', {
    associations: [
      {
        ...{ clusterName: 'prod', namespace: 'shop', serviceAccount: 'web', associationId: 'a-12' },
        associationArn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/a-12`,
      },
    ],
  }),
  asked('eks describe-pod-identity-association', {
    association: {
      ...{ clusterName: 'prod', namespace: 'shop', serviceAccount: 'web', associationId: 'a-12' },
      associationArn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/a-12`,
      ...{ roleArn: arnOf('web'), tags: { team: 'core' }, createdAt: '2026-01-02T03:04:05+00:00' },
      ...{ modifiedAt: 1767323045.5, disableSessionTags: false },
    },
  }),
  asked('cognito-identity list-identity-pools', {
    IdentityPools: [{ IdentityPoolId: pool, IdentityPoolName: 'app' }],
  }),
  asked('cognito-identity describe-identity-pool', {
    ...{ IdentityPoolId: pool, IdentityPoolName: 'app', AllowUnauthenticatedIdentities: true },
    ...{ AllowClassicFlow: true, IdentityPoolTags: {} },
    CognitoIdentityProviders: [
      { ProviderName: 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A', ClientId: 'c' },
    ],
  }),
  asked('cognito-identity get-identity-pool-roles', {
    IdentityPoolId: pool,
    Roles: { authenticated: arnOf('member'), unauthenticated: arnOf('guest') },
    RoleMappings: {
      'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A:c': {
        ...{ Type: 'Rules', AmbiguousRoleResolution: 'Deny' },
        RulesConfiguration: {
          Rules: [{ Claim: 'team', MatchType: 'Equals', Value: 'core', RoleARN: arnOf('web') }],
        },
      },
    },
  }),
  ...['one', 'two'].map((IdentityProviderName) =>
    asked('cognito-identity get-principal-tag-attribute-map', {
      ...{ IdentityPoolId: pool, IdentityProviderName, UseDefaults: false },
      PrincipalTags: { team: IdentityProviderName },
    }),
  ),
  asked('rolesanywhere list-trust-anchors', {
    trustAnchors: [
      {
        ...{ trustAnchorId: anchorId, trustAnchorArn: `${anywhere}trust-anchor/${anchorId}` },
        ...{ name: 'ca', enabled: true, createdAt: '2026-01-02T03:04:05.123456+00:00' },
        source: { sourceType: 'CERTIFICATE_BUNDLE', sourceData: { x509CertificateData: certificate } },
      },
      {
        ...{ trustAnchorId: profileId, trustAnchorArn: `${anywhere}trust-anchor/${profileId}` },
        ...{ name: 'private', enabled: true },
        source: { sourceType: 'AWS_ACM_PCA', sourceData: { acmPcaArn: 'arn:aws:acm-pca:::x' } },
      },
    ],
  }),
  asked('rolesanywhere list-profiles', {
    profiles: [
      {
        ...{ profileId, profileArn: `${anywhere}profile/${profileId}`, name: 'servers', enabled: true },
        ...{ roleArns: [arnOf('server'), arnOf('gone')], durationSeconds: 1800 },
        attributeMappings: [{ certificateField: 'x509Subject', mappingRules: [{ specifier: 'CN' }] }],
      },
    ],
  }),
  asked(
    'rolesanywhere list-tags-for-resource',
    { tags: [{ key: 'team', value: 'core' }] },
    { resourceArn: `${anywhere}profile/${profileId}` },
  ),
]
const roleAnswers = {
  Roles: ['web', 'member', 'guest', 'server'].map((name, index) =>
    roleAnswer(name, `AROAQEXAMPLEAAAAAAAA${'ABCD'[index]}`),
  ),
}
const fileOf = (list: readonly object[]) => ({
  name: `${account}/eu-west-1/answers.json`,
  text: JSON.stringify(list),
})

test('answers of the AWS CLI give roles to pods, pools and certificates, with their ids, in an account of their own (POD-31, COG-39, COG-40, RAN-26)', async () => {
  await using server = await createOmen({ port: 0 })
  const { deps } = server.omen
  const image = readImage([fileOf([...answers, roleAnswers])])
  assert.deepEqual(
    image.notTaken.map(({ kind, name }) => `${kind} ${name}`),
    ['file 111122223333/eu-west-1/answers.json', 'trust anchor private'],
  )
  const { findings } = await applyImage(image, deps)
  assert.deepEqual(
    findings.map(({ code, message }) => [code, /role\/gone/.test(message)]),
    [['no-role', true]],
  )
  const own = (await deps.directory.find(account as AccountId))!
  const { inventory } = partsOf(own, deps)
  const lent = (inventory as { lent: { to: string; roles: string[]; tags?: object }[] }).lent
  const expected = [
    ['pod/prod/shop/web', [arnOf('web')]],
    [`pool/${pool}`, [arnOf('member'), arnOf('web')]],
    [`guest/${pool}`, [arnOf('guest')]],
    ['certificate/servers', [arnOf('server'), arnOf('gone')]],
  ]
  assert.deepEqual(
    lent.map(({ to, roles }) => [to, roles]),
    expected,
  )
  const again = await compareImage(image, deps)
  assert.deepEqual(
    again.things.filter(({ outcome }) => outcome !== 'unchanged'),
    [],
  )
  // an app finds the pool by its id alone, which AWS has made
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityService.GetId',
    },
    body: JSON.stringify({ IdentityPoolId: pool }),
  })
  assert.match(JSON.stringify(await response.json()), /"IdentityId":"eu-west-1:/)
  // and an export as answers says the same
  const exported: Image = { accounts: [imageOfAccount(own, deps.directory)], notTaken: [], findings: [] }
  await using other = await createOmen({ port: false })
  const files = dumpFiles(exported).map(({ name, content }) => ({
    name,
    text: typeof content === 'string' ? content : JSON.stringify(content),
  }))
  await applyImage(readImage(files), other.omen.deps)
  const copy = imageOfAccount(
    (await other.omen.deps.directory.find(account as AccountId))!,
    other.omen.deps.directory,
  )
  for (const list of ['podAssociations', 'identityPools', 'trustAnchors', 'certificateProfiles'] as const) {
    assert.deepEqual(seconds(copy[list]), seconds(exported.accounts[0]![list]), list)
    const part = { account: { at: copy.at, account, partition: 'aws' }, list, things: copy[list] }
    assert.equal(typeof readPart(JSON.parse(JSON.stringify(part))), 'object', list)
  }
})

/** Dates of answers have whole seconds. */
function seconds(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, each: unknown) =>
      typeof each === 'number' && name.endsWith('At')
        ? Math.floor(each / 1000)
        : name === 'at'
          ? undefined
          : each,
    ),
  )
}

test('what no answer says of a pool, a profile or an anchor is named (COG-39)', async () => {
  await using server = await createOmen({ account, port: false })
  const parts = [5, 10].map((index) => answers[index]!)
  const { notTaken } = await compareImage(readImage([fileOf(parts)]), server.omen.deps)
  assert.deepEqual(
    notTaken.map(({ kind, reason }) => `${kind}: ${reason}`),
    [
      'identity pool: the answer of describe-identity-pool is missing',
      'profile: the answer of list-profiles is missing',
    ],
  )
})
