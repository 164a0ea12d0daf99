import assert from 'node:assert/strict'
import { createHash, sign } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { basicDate, x509Signer } from '../../packages/server/src/wire/sigv4/index.ts'
import { needs, python } from '../support/index.ts'
import { type AnyAnswer, type Signed, signed } from './signed.ts'
import { eventsNamed, stsHouse, trusting } from './sts-house.ts'
import { type MadeX509, makeCrl, makeX509 } from './x509-maker.ts'

const service = 'rolesanywhere.amazonaws.com'
const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
const house = await stsHouse()
const { omen } = house
after(() => house.close())
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

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

interface Wish {
  readonly holder?: MadeX509
  readonly key?: MadeX509
  readonly chain?: readonly MadeX509[]
  readonly query: Readonly<Record<string, string>>
  readonly body?: object
  readonly at?: number
  readonly tamper?: (headers: Record<string, string>) => void
}

/** CreateSession as aws_signing_helper sends it: names in the query, the rest in the body. */
async function create({
  holder = leaf,
  key = holder,
  chain,
  query,
  body = {},
  at = now(),
  tamper,
}: Wish): Promise<AnyAnswer> {
  const url = new URL('/sessions', omen.endpoint)
  const pairs = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))
  const rawQuery = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const text = JSON.stringify(body)
  const date = basicDate(at)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: url.host,
    'x-amz-date': date,
    'x-amz-x509': holder.der.toString('base64'),
    ...(chain && { 'x-amz-x509-chain': chain.map(({ der }) => der.toString('base64')).join(',') }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    'POST',
    '/sessions',
    rawQuery,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(text),
  ].join('\n')
  const scope = `${date.slice(0, 8)}/us-east-1/rolesanywhere/aws4_request`
  const kind = key.key.asymmetricKeyType === 'rsa' ? 'RSA' : 'ECDSA'
  const algorithm = `AWS4-X509-${kind}-SHA256`
  const signature = sign(
    'sha256',
    Buffer.from([algorithm, date, scope, sha256(canonical)].join('\n')),
    key.key,
  )
  const { host: _, ...sent } = headers
  sent.authorization = `${algorithm} Credential=${holder.serial}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`
  tamper?.(sent)
  const response = await fetch(`${url}?${rawQuery}`, { method: 'POST', headers: sent, body: text })
  const error = response.headers.get('x-amzn-errortype')
  return { status: response.status, ...(error && { error }), ...JSON.parse((await response.text()) || '{}') }
}

const keysOf = ({ credentialSet }: AnyAnswer): ClientCredentials => {
  const { expiration: _, ...keys } = credentialSet[0].credentials
  return keys
}

let count = 0
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})
const role = (condition?: object, policy = everything, more: object = {}) =>
  house.role(`anywhere${++count}`, trusting({ Service: service }, actions, condition), policy, more)

/** An anchor, a profile and a role that fit. */
async function fitting(more: object = {}, condition?: object) {
  const roleArn = await role(condition)
  const { trustAnchorArn } = await anchorOf(root)
  const { profileArn, profileId } = await profileOf([roleArn], more)
  return { query: { roleArn, trustAnchorArn, profileArn }, profileId, roleArn }
}

describe('IAM Roles Anywhere', () => {
  test('anchors, profiles and their tags are made, listed, changed and deleted (RAN-1, RAN-2)', async () => {
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
    const profile = await profileOf([await role()], { durationSeconds: 900 })
    assert.deepEqual(
      profile.attributeMappings.map(({ certificateField }: AnyAnswer) => certificateField),
      ['x509Issuer', 'x509SAN', 'x509Subject'],
    )
    const changed = await anywhere(
      `/profile/${profile.profileId}`,
      { durationSeconds: 1_800 },
      { method: 'PATCH' },
    )
    assert.equal(changed.profile.durationSeconds, 1_800)
  })

  test('whoever makes a profile passes its roles (RAN-3)', async () => {
    const roleArn = await role()
    const policy = everything.replace('"Action":"*"', '"Action":"rolesanywhere:*"')
    const who = await house.user('builder', policy)
    const refused = await anywhere('/profiles', { name: 'x', roleArns: [roleArn] }, { who })
    assert.match(
      refused.message ?? refused.Message,
      /iam:PassRole on resource: arn:aws:iam::123456789012:role\/anywhere/,
    )
  })

  test('a certificate gets the session of AWS: name, source identity, tags and events (RAN-10, RAN-12, RAN-14, RAN-17)', async () => {
    const { query } = await fitting()
    const worn = await create({ query, body: { durationSeconds: 900 } })
    assert.equal(worn.status, 201, JSON.stringify(worn))
    const [{ assumedRoleUser, sourceIdentity, credentials }] = worn.credentialSet
    assert.match(assumedRoleUser.arn, /:assumed-role\/anywhere\d+\/15$/)
    assert.equal(sourceIdentity, 'server-1')
    assert.equal(Date.parse(credentials.expiration), Math.floor((now() + 900_000) / 1000) * 1000)
    assert.match(worn.subjectArn, /:subject\/[0-9a-f-]{36}$/)
    const { Arn } = await house.sts(keysOf(worn)).getCallerIdentity({})
    assert.equal(Arn, assumedRoleUser.arn)
    const inner: AnyAnswer = (await eventsNamed(house, 'AssumeRole')).at(-1)
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
    const outer: AnyAnswer = (await eventsNamed(house, 'CreateSession')).at(-1)
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
    const bare = await house.role('bare', trusting({ Service: service }))
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
    const stranger = makeX509({ subject: [['C', 'JP'], ['CN', 'Root']], isAuthority: true }, now())
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
    await assert.rejects(house.iamAs(limited).listUsers({}), /no session policy allows/)
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
    const inner: AnyAnswer = (await eventsNamed(house, 'AssumeRole')).at(-1)
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

  test('a request of aws_signing_helper that was published is signed as it says (RAN-10)', () => {
    const date = Date.UTC(2024, 6, 6, 14, 30, 4)
    const rawQuery = [
      'profile/6f4943fb-13d4-4242-89c4-be367595c380',
      'iam',
      'trust-anchor/1cb4e36e-e4ad-4bbb-9b37-fdafb2cbe4fe',
    ]
      .map((part, index) => {
        const name = ['profileArn', 'roleArn', 'trustAnchorArn'][index]
        const arn =
          part === 'iam'
            ? 'arn:aws:iam::291738886548:role/rolesanywhere1'
            : `arn:aws:rolesanywhere:us-east-2:291738886548:${part}`
        return `${name}=${encodeURIComponent(arn)}`
      })
      .join('&')
    const headers = {
      host: '127.0.0.1:8080',
      'content-type': 'application/json',
      'x-amz-date': '20240706T143004Z',
      'x-amz-x509': publishedCertificate,
      authorization: `AWS4-X509-ECDSA-SHA256 Credential=3/20240706/us-east-2/rolesanywhere/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=${publishedSignature}`,
    }
    const bodies = [
      '{"durationSeconds":3600}',
      '{"durationSeconds":900}',
      '{}',
      '',
      '{"durationSeconds":3600,"roleSessionName":null}',
    ]
    const results = bodies.map((body) =>
      x509Signer(
        {
          method: 'POST',
          rawPath: '/sessions',
          rawQuery,
          headers,
          body: Buffer.from(body),
          remoteAddress: '',
          secure: false,
        },
        date,
      ),
    )
    assert.ok(
      results.some((result) => typeof result !== 'string'),
      JSON.stringify(results),
    )
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

const publishedCertificate =
  'MIICxjCCAkygAwIBAgIBAzAKBggqhkjOPQQDAjBQMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMRswGQYDVQQDDBJFbnRlcnByaXNlIFJvb3QgQ0EwHhcNMjQwNzA2MTM1NDM4WhcNMzQwNzA2MTM1NDM4WjBTMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMR4wHAYDVQQDDBVhbGljZS1jZXJ0LmRvbWFpbi5jb20wdjAQBgcqhkjOPQIBBgUrgQQAIgNiAAQyphA+fjw2izjBi/1DbhmdU7GdlwH8kAsnmsnz6ZAEI1SmGHPq+p+GU5B6kxxEUV9HIK9NKrUHmgq57nMK8hURUNgvZO1g4lm3NCOmwxiWdhpUVwebj9EIkXo5hGjAq0yjgfYwgfMwDgYDVR0PAQH/BAQDAgeAMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFIgAM2YwMfgPo08j4fO4HSjxtLkDMB8GA1UdIwQYMBaAFDbwo13LgAyeM5VcrAzwf+Bvt4C5MEUGCCsGAQUFBwEBBDkwNzA1BggrBgEFBQcwAoYpaHR0cDovL3BraS5lc29kZW1vYXBwMi5jb20vY2Evcm9vdC1jYS5jZXIwOgYDVR0fBDMwMTAvoC2gK4YpaHR0cDovL3BraS5lc29kZW1vYXBwMi5jb20vY2Evcm9vdC1jYS5jcmwwCgYIKoZIzj0EAwIDaAAwZQIwZt7SNQq5I5NaWRSetokyWveXDoJXP+Qy51aUtR92NGBTFDMdJ+Kav5Ak+A9JaukwAjEAz/f5gpyVDsHFOpIgA+ebloEoUHOJgYQTB/BBMksRg5aPssVHvSEWcXymhXH0NBh6'
const publishedSignature =
  '3065023100cacc4b06cc8de2a5a11daf3e0a03423da6b7ad17dc4f54cbafe0102824f36c65ed6c04554e5864f31eea0f4b0d2c496d02302f600f65512e17a454a9b10b5b0aaf2882a37cc4bab3e14c0ee3c627b5f02bbe457126471c186712e4650e2bbe6db273'
