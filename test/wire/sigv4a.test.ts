import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { asymmetricKeyOf, readClaim, regionOf } from '../../packages/server/src/wire/sigv4/index.ts'
import { needs, program } from '../support/index.ts'
import { claimOf, httpRequest, problemOf, verify } from './sigv4-check.ts'

const algorithm = 'AWS4-ECDSA-P256-SHA256'
const credential = 'AKIDEXAMPLE/20150830/sts/aws4_request'
const at = Date.parse('2015-08-30T12:36:00Z')

/** The headers that the signers of these requests signed, besides their own. */
const common = {
  host: 'example.amazonaws.com',
  'x-amz-date': '20150830T123600Z',
  'x-amz-region-set': 'us-east-1',
}

const query = 'Param-3=Value3&Param=Value2&%E1%88%B4=Value1'

/** Signatures of AWS's Common Runtime (aws-c-auth, v4a/get-vanilla-query-order-encoded). */
const published = {
  header: httpRequest({
    rawQuery: query,
    headers: {
      ...common,
      authorization: `${algorithm} Credential=AKIDEXAMPLE/20150830/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=3044022041ffa05b60e2cc9bac499a22148bb69825873b913cabdcf8b3f97c75ba28f81a0220492937cb6eccb784d5fcf1969e4493ad9417ac3409496ef74f281aa13e279739`,
    },
  }),
  presigned: httpRequest({
    rawQuery: `${query}&X-Amz-Algorithm=${algorithm}&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Region-Set=us-east-1&X-Amz-Signature=3046022100e25504f18aab11f2f511664a9e6b98f522b9c8bd95ad0c7502b56ff4248d2dba022100c00ee21af060180bac879294598c03ba8523367daf1edf88688923a21f26e0df`,
    headers: { host: common.host },
  }),
}

describe('signatures by ECDSA', () => {
  test('SIG-51 the key is derived from the access key as published', () => {
    const key = asymmetricKeyOf('AKISORANDOMAASORANDOM', 'q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom')
    const { x, y } = key.export({ format: 'jwk' })
    assert.equal(
      Buffer.from(x!, 'base64url').toString('hex'),
      '15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb',
    )
    assert.equal(
      Buffer.from(y!, 'base64url').toString('hex'),
      '0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0',
    )
  })

  test('SIG-51 published signatures count for the services whose models name sigv4a, and for no others', () => {
    for (const [name, request] of Object.entries(published)) {
      const claim = claimOf(request)
      assert.deepEqual(claim.regionSet, ['us-east-1'], name)
      assert.equal(verify(claim, request, 'sts', at), undefined, name)
      assert.equal(verify(claim, request, 'events', at), undefined, name)
      for (const service of ['iam', 's3'])
        assert.deepEqual(verify(claim, request, service, at), {
          kind: 'incomplete',
          message: `Unsupported AWS 'algorithm': '${algorithm}' (only AWS4-HMAC-SHA256 for now). `,
        })
      const later = { ...request, method: 'PUT' }
      assert.equal(verify(claim, later, 'sts', at)?.kind, 'mismatch', name)
      assert.equal(verify(claim, request, 'sts', at + 4_000_000)?.kind, 'expired', name)
      const other = { ...claim, accessKeyId: 'AKIDEXAMPLF' }
      assert.equal(verify(other, request, 'sts', at)?.kind, 'mismatch', 'the key depends on its id')
    }
  })

  test('SIG-51 what is no signature in DER is a mismatch, whatever its length', () => {
    const claim = claimOf(published.header)
    for (const signature of [
      '',
      '00',
      claim.signature.toUpperCase(),
      `${claim.signature}00`,
      'x'.repeat(140),
      '30'.repeat(40),
      '0'.repeat(64),
    ])
      assert.equal(verify({ ...claim, signature }, published.header, 'sts', at)?.kind, 'mismatch', signature)
  })

  test('SIG-52 the set of regions must be there, be signed and name a region of the partition', () => {
    const { headers } = published.header
    const { 'x-amz-region-set': _, ...without } = headers
    const problem = readClaim(httpRequest({ headers: without }))
    assert.deepEqual(problem, {
      kind: 'incomplete',
      message: `${algorithm} requires existence of a 'X-Amz-Region-Set' header or parameter. `,
    })
    const claim = claimOf(published.header)
    const unsigned = { ...claim, signedHeaders: ['host', 'x-amz-date'] }
    assert.deepEqual(verify(unsigned, published.header, 'sts', at), {
      kind: 'unsignedHeaders',
      names: ['x-amz-region-set'],
    })
    const scoped = (set: string) =>
      problemOf(
        httpRequest({
          headers: {
            ...headers,
            'x-amz-region-set': set,
            authorization: headers.authorization!.replace(
              'AKIDEXAMPLE/20150830/service',
              'AKIAIOSFODNN7EXAMPLE/20150830/sts',
            ),
          },
        }),
        'sts',
        at,
      )?.kind
    assert.deepEqual(
      [
        'us-east-1',
        'cn-north-1, eu-west-1',
        '*',
        'eu-*',
        'eu-north-*',
        'cn-*',
        'us-gov-west-1',
        'x*',
        '*-1',
        'a,,b',
        Array(70).fill('us-east-1').join(','),
      ].map(scoped),
      [
        'mismatch',
        'mismatch',
        'mismatch',
        'mismatch',
        'mismatch',
        'scope',
        'scope',
        'scope',
        'scope',
        'incomplete',
        'incomplete',
      ],
    )
    const region = (...regionSet: readonly string[]) => regionOf({ ...claim, regionSet }, 'sts', 'aws')
    assert.deepEqual(
      [
        region('eu-west-3', 'us-east-1'),
        region('*'),
        region('us-*'),
        region('eu-*'),
        region('eu-north-*'),
        region('aws-global'),
      ],
      ['eu-west-3', 'us-east-1', 'us-east-1', 'eu-west-1', 'eu-north-1', 'us-east-1'],
    )
  })

  test('SIG-51 a Credential has four parts', () => {
    const authorization = `${algorithm} Credential=${credential.replace('/sts', '/us-east-1/sts')}, SignedHeaders=host, Signature=00`
    const problem = readClaim(httpRequest({ headers: { ...common, authorization } }))
    assert.match(
      'message' in problem ? problem.message : '',
      /^Credential must have exactly 4 slash-delimited elements/,
    )
  })
})

const signer = `
import datetime, io, json, sys
from awscrt import auth, http
key, cases = json.loads(sys.argv[1])
provider = auth.AwsCredentialsProvider.new_static(key['accessKeyId'], key['secretAccessKey'], key.get('sessionToken'))
answers = []
for case in cases:
    body = case.get('body')
    fields = [('host', case['host'])] + ([('content-type', 'application/x-www-form-urlencoded')] if body else [])
    stream = io.BytesIO(body.encode()) if body else None
    request = http.HttpRequest('POST' if body else 'GET', case['path'], http.HttpHeaders(fields), stream)
    presigned = case['type'] == 'HTTP_REQUEST_QUERY_PARAMS'
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4_ASYMMETRIC,
        signature_type=getattr(auth.AwsSignatureType, case['type']),
        credentials_provider=provider, region=case['regions'], service=case['service'],
        date=datetime.datetime.now(datetime.timezone.utc),
        expiration_in_seconds=60 if presigned else None)
    done = auth.aws_sign_request(request, config).result(20)
    answers.append({'path': done.path, 'headers': dict(done.headers)})
print(json.dumps(answers))
`

interface Case {
  readonly host: string
  readonly service: string
  readonly regions: string
  readonly type: 'HTTP_REQUEST_HEADERS' | 'HTTP_REQUEST_QUERY_PARAMS'
  readonly path: string
  readonly body?: string
}

describe('awscrt', needs('awscrt'), () => {
  test('SIG-51 signs calls by ECDSA that STS answers, with a session too, and that IAM refuses', async () => {
    await using omen = await createOmen()
    const endpoint = await omen.listen()
    const host = new URL(endpoint).host
    const body = 'Action=GetCallerIdentity&Version=2011-06-15'
    const inHeaders = { host, type: 'HTTP_REQUEST_HEADERS', path: '/' } as const
    const inQuery = { host, type: 'HTTP_REQUEST_QUERY_PARAMS', path: `/?${body}` } as const
    const cases: readonly Case[] = [
      { ...inHeaders, service: 'sts', regions: '*', body },
      { ...inHeaders, service: 'sts', regions: 'eu-west-1,us-east-1', body },
      { ...inQuery, service: 'sts', regions: 'us-east-1' },
      { ...inHeaders, service: 'sts', regions: 'cn-north-1', body },
      { ...inHeaders, service: 'iam', regions: '*', body: 'Action=ListUsers&Version=2010-05-08' },
    ]
    const session = await omen.client(STS, 'admin').getSessionToken({})
    const { AccessKeyId, SecretAccessKey, SessionToken } = session.Credentials!
    const keys = [
      { ...omen.keys.admin },
      { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
    ]
    for (const key of keys) {
      const { stdout, stderr } = await program('awscrt', ['-c', signer, JSON.stringify([key, cases])], {
        endpoint,
      })
      assert.notEqual(stdout, '', stderr)
      const signed: readonly { path: string; headers: Record<string, string> }[] = JSON.parse(stdout)
      const answers = await Promise.all(
        signed.map(async ({ path, headers: { host: _, Host: __, ...headers } }, i) => {
          const sent = cases[i]!.body
          const answer = await fetch(
            endpoint + path,
            sent === undefined ? { headers } : { method: 'POST', headers, body: sent },
          )
          return /<Arn>.*:(.*)<\/Arn>|<Code>(.*)<\/Code>/
            .exec(await answer.text())
            ?.slice(1)
            .join('')
        }),
      )
      assert.deepEqual(answers, [
        'user/admin',
        'user/admin',
        'user/admin',
        'SignatureDoesNotMatch',
        'IncompleteSignature',
      ])
    }
  })
})
