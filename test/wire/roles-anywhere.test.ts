import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { basicDate } from '../../packages/server/src/wire/sigv4/index.ts'
import { allow, assertEnd, policyText } from '../kit/index.ts'
import { type MadeX509, makeCrl, makeX509, needs, python } from '../support/index.ts'
import { createSession, type Wish } from './anywhere-client.ts'
import { type AnyAnswer, type Signed, signed } from './signed.ts'
import { eventsNamed, stsServer, trusting } from './sts-house.ts'

const service = 'rolesanywhere.amazonaws.com'
const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
const server = await stsServer()
const { omen } = server
after(() => server.close())
const now = () => omen.clock.now()

const root = makeX509(
  {
    subject: [
      ['C', 'JP'],
      ['CN', 'Root'],
    ],
    isAuthority: true,
    serial: 1n,
  },
  now(),
)
const middle = makeX509({ subject: [['CN', 'Middle']], isAuthority: true, serial: 2n }, now(), root)
const subject = [
  ['O', 'Example'],
  ['OU', 'shop'],
  ['OU', 'web'],
  ['CN', 'server-1'],
] as const
const leaf = makeX509(
  { subject, dns: ['a.example.com', 'b.example.com'], uri: 'spiffe://example/web' },
  now(),
  root,
)

const anywhere = (path: string, body?: object, more: Partial<Signed> = {}): Promise<AnyAnswer> =>
  signed(omen, {
    service: 'rolesanywhere',
    path,
    ...(body === undefined ? { method: 'GET' } : { body }),
    ...more,
  })

async function anchorOf(made: MadeX509, more: object = {}): Promise<AnyAnswer> {
  const { trustAnchor, ...rest } = await anywhere('/trustanchors', {
    name: 'anchor',
    enabled: true,
    source: { sourceType: 'CERTIFICATE_BUNDLE', sourceData: { x509CertificateData: made.pem } },
    ...more,
  })
  assert.ok(trustAnchor, JSON.stringify(rest))
  return trustAnchor
}

async function profileOf(roleArns: readonly string[], more: object = {}): Promise<AnyAnswer> {
  const { profile, ...rest } = await anywhere('/profiles', {
    name: 'profile',
    enabled: true,
    roleArns,
    ...more,
  })
  assert.ok(profile, JSON.stringify(rest))
  return profile
}

const create = (wish: Partial<Wish> & Pick<Wish, 'query'>) =>
  createSession(omen, { holder: leaf, at: now(), ...wish })

const keysOf = ({ credentialSet }: AnyAnswer): ClientCredentials => {
  const { expiration: _, ...keys } = credentialSet[0].credentials
  return keys
}

let count = 0
const everything = policyText(allow('*'))
const role = (condition?: object, policy = everything, more: object = {}) =>
  server.role(`anywhere${++count}`, trusting({ Service: service }, actions, condition), policy, more)

/** An anchor, a profile and a role that fit. */
async function fitting(more: object = {}, condition?: object) {
  const roleArn = await role(condition)
  const { trustAnchorArn } = await anchorOf(root)
  const { profileArn, profileId } = await profileOf([roleArn], more)
  return { query: { roleArn, trustAnchorArn, profileArn }, profileId, roleArn }
}

describe('IAM Roles Anywhere', () => {
  test('anchors, profiles and their tags are made, listed, changed and deleted (RAN-1, RAN-2, RAN-4, RAN-18)', async () => {
    const anchor = await anchorOf(root, { tags: [{ key: 'team', value: 'shop' }] })
    assert.match(
      anchor.trustAnchorArn,
      /^arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor\/[0-9a-f-]{36}$/,
    )
    const path = `/trustanchor/${anchor.trustAnchorId}`
    assert.equal((await anywhere(`${path}/disable`, {})).trustAnchor.enabled, false)
    assert.equal((await anywhere(path, { name: 'other' }, { method: 'PATCH' })).trustAnchor.name, 'other')
    const listing = `/ListTagsForResource?resourceArn=${encodeURIComponent(anchor.trustAnchorArn)}`
    assert.deepEqual((await anywhere(listing)).tags, [{ key: 'team', value: 'shop' }])
    const refused = await anywhere('/trustanchors', {
      name: 'leaf',
      source: { sourceType: 'CERTIFICATE_BUNDLE', sourceData: { x509CertificateData: leaf.pem } },
    })
    assert.deepEqual(
      [refused.error, refused.message],
      ['ValidationException', 'Incorrect basic constraints for CA certificate'],
    )
    await anywhere(path, undefined, { method: 'DELETE' })
    assert.equal((await anywhere(path)).status, 404)
    const most = []
    for (let n = 0; n < 50; n++) most.push(await anchorOf(root))
    const further = await anywhere('/trustanchors', { name: 'x', source: most[0].source })
    assert.equal(further.message, 'The account has too many trust anchors.')
    for (const { trustAnchorId } of most)
      await anywhere(`/trustanchor/${trustAnchorId}`, undefined, { method: 'DELETE' })
    const profile = await profileOf([await role()], { durationSeconds: 900 })
    assert.deepEqual(
      profile.attributeMappings.map(({ certificateField, mappingRules }: AnyAnswer) => [
        certificateField,
        ...mappingRules.map(({ specifier }: AnyAnswer) => specifier),
      ]),
      [
        ['x509Issuer', '*'],
        ['x509SAN', 'DNS', 'URI', 'Name/*'],
        ['x509Subject', '*'],
      ],
    )
    const changed = await anywhere(
      `/profile/${profile.profileId}`,
      { durationSeconds: 1_800 },
      { method: 'PATCH' },
    )
    assert.equal(changed.profile.durationSeconds, 1_800)
  })

  test('whoever makes, changes or enables a profile passes its roles (RAN-3)', async () => {
    const roleArns = [await role()]
    const policy = everything.replace('"Action":"*"', '"Action":"rolesanywhere:*"')
    const who = await server.user('builder', policy)
    const { profile } = await anywhere('/profiles', { name: 'own', roleArns })
    for (const refused of [
      await anywhere('/profiles', { name: 'x', roleArns }, { who }),
      await anywhere(`/profile/${profile.profileId}`, { roleArns }, { who, method: 'PATCH' }),
      await anywhere(`/profile/${profile.profileId}/enable`, {}, { who }),
    ])
      assert.match(
        refused.message ?? refused.Message ?? '',
        /iam:PassRole on resource: arn:aws:iam::123456789012:role\/anywhere/,
      )
  })

  test('a certificate gets the session of AWS: name, source identity, tags and events (RAN-10, RAN-12, RAN-14, RAN-17)', async () => {
    const { query } = await fitting()
    const before = now()
    const worn = await create({ query, body: { durationSeconds: 900 } })
    const after = now()
    assert.equal(worn.status, 201, JSON.stringify(worn))
    const [{ assumedRoleUser, sourceIdentity, credentials }] = worn.credentialSet
    assert.match(assumedRoleUser.arn, /:assumed-role\/anywhere\d+\/15$/)
    assert.equal(sourceIdentity, 'server-1')
    assertEnd(Date.parse(credentials.expiration), 900, before, after)
    assert.match(worn.subjectArn, /:subject\/[0-9a-f-]{36}$/)
    const { Arn } = await server.sts(keysOf(worn)).getCallerIdentity({})
    assert.equal(Arn, assumedRoleUser.arn)
    const inner: AnyAnswer = (await eventsNamed(server, 'AssumeRole')).at(-1)
    assert.deepEqual(inner.userIdentity, { type: 'AWSService', invokedBy: service })
    const tags = Object.fromEntries(
      inner.requestParameters.tags.map(({ key, value }: Record<string, string>) => [key, value]),
    )
    assert.deepEqual(tags, {
      'x509Issuer/C': 'JP',
      'x509Issuer/CN': 'Root',
      'x509SAN/DNS': 'a.example.com',
      'x509SAN/URI': 'spiffe://example/web',
      'x509Subject/O': 'Example',
      'x509Subject/OU': 'shop/web',
      'x509Subject/CN': 'server-1',
    })
    const outer: AnyAnswer = (await eventsNamed(server, 'CreateSession')).at(-1)
    assert.equal(outer.eventSource, 'rolesanywhere.amazonaws.com')
    assert.equal(outer.requestParameters.cert, leaf.der.toString('base64'))
    assert.equal(JSON.stringify(outer).includes(keysOf(worn).secretAccessKey), false)
    const { subjects } = await anywhere('/subjects')
    assert.deepEqual(
      subjects.map(({ x509Subject }: AnyAnswer) => x509Subject),
      ['O=Example,OU=shop,OU=web,CN=server-1'],
    )
  })

  test('the trust decides by anchor, account, tags and source identity (RAN-13)', async () => {
    for (const [condition, status] of [
      [
        {
          StringEquals: {
            'aws:PrincipalTag/x509Subject/CN': 'server-1',
            'aws:SourceAccount': '123456789012',
          },
        },
        201,
      ],
      [{ StringEquals: { 'aws:RequestTag/x509Issuer/CN': 'Root', 'sts:SourceIdentity': 'server-1' } }, 201],
      [{ StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'server-2' } }, 403],
      [
        { ArnEquals: { 'aws:SourceArn': 'arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/other' } },
        403,
      ],
    ] as const) {
      const { query } = await fitting({}, condition)
      assert.equal((await create({ query })).status, status, JSON.stringify(condition))
    }
    const { trustAnchorArn } = await anchorOf(root)
    const bare = await server.role('bare', trusting({ Service: service }))
    const { profileArn } = await profileOf([bare])
    const refused = await create({ query: { roleArn: bare, trustAnchorArn, profileArn } })
    assert.deepEqual([refused.status, refused.error], [403, 'AccessDeniedException'])
  })

  test('signatures that do not hold get nothing (RAN-10)', async () => {
    const { query } = await fitting()
    const other = makeX509({ subject }, now(), root)
    const wrong: readonly Partial<Wish>[] = [
      { key: other },
      { at: now() - 16 * 60_000 },
      { at: now() + 16 * 60_000 },
      {
        tamper: (headers) => {
          headers['x-amz-x509'] = other.der.toString('base64')
        },
      },
      {
        tamper: (headers) => {
          headers['x-amz-date'] = basicDate(now() - 60_000)
        },
      },
      {
        tamper: (headers) => {
          headers.authorization = headers.authorization!.replace('Credential=21/', 'Credential=22/')
        },
      },
      {
        tamper: (headers) => {
          headers.authorization = headers.authorization!.replace(';x-amz-x509', '')
        },
      },
      {
        tamper: (headers) => {
          headers.authorization = 'AWS4-X509-RSA-SHA256 nonsense'
        },
      },
      {
        tamper: (headers) => {
          headers['x-amz-x509'] = 'AAAA'
        },
      },
    ]
    for (const [index, each] of wrong.entries()) {
      const answer = await create({ query, ...each })
      assert.deepEqual([answer.status, answer.error], [403, 'AccessDeniedException'], `${index}`)
    }
    const bare = (headers: Record<string, string>) => {
      for (const name of Object.keys(headers)) if (name !== 'content-type') delete headers[name]
    }
    const unsigned = await create({ query, body: query, tamper: bare })
    assert.deepEqual([unsigned.status, unsigned.error], [403, 'AccessDeniedException'])
  })

  test('only fit certificates that the anchor vouches for count, now (RAN-11)', async () => {
    const { query } = await fitting()
    const stranger = makeX509(
      {
        subject: [
          ['C', 'JP'],
          ['CN', 'Root'],
        ],
        isAuthority: true,
      },
      now(),
    )
    const insufficient = 'Untrusted certificate. Insufficient certificate'
    for (const [holder, chain, words] of [
      [makeX509({ subject, usage: 0x20 }, now(), root), undefined, insufficient],
      [makeX509({ subject, isAuthority: true, usage: 0x84 }, now(), root), undefined, insufficient],
      [makeX509({ subject, until: now() - 1_000 }, now(), root), undefined, /expired/],
      [makeX509({ subject, from: now() + 60_000 }, now(), root), undefined, /not yet valid/],
      [makeX509({ subject }, now(), stranger), undefined, 'Untrusted signing certificate'],
      [makeX509({ subject }, now(), stranger), [stranger], 'Untrusted signing certificate'],
      [makeX509({ subject }, now(), middle), undefined, 'Untrusted signing certificate'],
      [makeX509({ subject }, now(), leaf), [leaf], 'Untrusted signing certificate'],
    ] as const) {
      const answer = await create({ query, holder, ...(chain && { chain }) })
      assert.equal(answer.status, 403)
      if (typeof words === 'string') assert.equal(answer.message, words)
      else assert.match(answer.message, words)
    }
    const below = makeX509({ subject, kind: 'rsa' }, now(), middle)
    const worn = await create({ query, holder: below, chain: [middle] })
    assert.equal(worn.status, 201, JSON.stringify(worn))
  })

  test('revoked certificates count no more while the list is enabled (RAN-16)', async () => {
    const { query } = await fitting()
    const crlData = makeCrl(root, [leaf.serial], now()).toString('base64')
    const foreign = await anywhere('/crls', {
      name: 'foreign',
      crlData: makeCrl(middle, [leaf.serial], now()).toString('base64'),
      trustAnchorArn: query.trustAnchorArn,
    })
    assert.equal(foreign.error, 'ValidationException')
    const { crl } = await anywhere('/crls', {
      name: 'crl',
      crlData,
      enabled: true,
      trustAnchorArn: query.trustAnchorArn,
    })
    const refused = await create({ query })
    assert.deepEqual(
      [refused.status, refused.message],
      [403, 'Untrusted certificate. Certificate is revoked'],
    )
    await anywhere(`/crl/${crl.crlId}/disable`, {})
    assert.equal((await create({ query })).status, 201)
  })

  test('the profile decides names, mappings, policies, roles and ends (RAN-12, RAN-14, RAN-15)', async () => {
    const policy = everything.replace('"Action":"*"', '"Action":"sts:GetCallerIdentity"')
    const { query, profileId } = await fitting({ sessionPolicy: policy })
    const limited = keysOf(await create({ query }))
    await assert.rejects(server.iamAs(limited).listUsers({}), /no session policy allows/)
    const named = { query, body: { roleSessionName: 'build-7' } }
    assert.equal((await create(named)).error, 'AccessDeniedException')
    await anywhere(`/profile/${profileId}`, { acceptRoleSessionName: true }, { method: 'PATCH' })
    assert.match((await create(named)).credentialSet[0].assumedRoleUser.arn, /\/build-7$/)
    await anywhere(
      `/profiles/${profileId}/mappings`,
      { certificateField: 'x509Subject', mappingRules: [{ specifier: 'CN' }] },
      { method: 'PUT' },
    )
    await anywhere(`/profiles/${profileId}/mappings?certificateField=x509SAN`, undefined, {
      method: 'DELETE',
    })
    await create({ query })
    const inner: AnyAnswer = (await eventsNamed(server, 'AssumeRole')).at(-1)
    assert.deepEqual(
      inner.requestParameters.tags.map(({ key }: AnyAnswer) => key),
      ['x509Issuer/C', 'x509Issuer/CN', 'x509Subject/CN'],
    )
    const another = await role()
    assert.equal((await create({ query: { ...query, roleArn: another } })).status, 403)
    const long = await create({ query, body: { durationSeconds: 7_200 } })
    assert.equal(long.error, 'ValidationException')
    const brief = makeX509({ subject, until: Math.floor(now() / 1000) * 1000 + 600_000 }, now(), root)
    const worn = await create({ query, holder: brief })
    assert.ok(Date.parse(worn.credentialSet[0].credentials.expiration) <= now() + 600_000)
    await anywhere(`/profile/${profileId}/disable`, {})
    assert.equal((await create({ query })).error, 'AccessDeniedException')
  })

  test('boto3 manages anchors, profiles and lists (RAN-1)', needs('boto3'), async () => {
    const roleArn = await role()
    const program = `
import boto3, sys
c = boto3.client('rolesanywhere')
a = c.create_trust_anchor(name='b', enabled=True, source={'sourceType': 'CERTIFICATE_BUNDLE', 'sourceData': {'x509CertificateData': sys.argv[1]}})['trustAnchor']
p = c.create_profile(name='b', roleArns=[sys.argv[2]], enabled=True)['profile']
r = c.import_crl(name='b', crlData=sys.argv[3].encode(), trustAnchorArn=a['trustAnchorArn'])['crl']
c.tag_resource(resourceArn=p['profileArn'], tags=[{'key': 'k', 'value': 'v'}])
print(a['enabled'], p['durationSeconds'], r['enabled'], c.get_crl(crlId=r['crlId'])['crl']['crlData'][:10], len(c.list_profiles()['profiles']) > 0)
`
    const target = { endpoint: omen.endpoint, credentials: omen.keys.admin }
    const ended = await python(target, program, root.pem, roleArn, makeCrl(root, [], now()).toString())
    assert.equal(ended.stdout.trim(), "True 3600 False b'-----BEGIN' True", ended.stderr)
  })
})
