import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Announced, banner } from './banner.ts'
import { contextOf } from './context-option.ts'
import { writtenCredentials } from './credential-format.ts'
import { parseDuration, spokenDuration } from './duration.ts'
import { handedOut, type SessionRecord } from './handed-out.ts'
import { instantOf } from './instant.ts'
import { nodeTermsOf, parsePort } from './node-options.ts'
import { questionsOf } from './questions.ts'
import { parseSize } from './size.ts'
import { readTrust } from './trust.ts'

/** What a function makes of each text, or the message of its refusal. */
function said(make: (text: string) => unknown, texts: readonly string[]): readonly unknown[] {
  return texts.map((text) => {
    try {
      return make(text)
    } catch (error) {
      return (error as Error).message
    }
  })
}

test('sizes, durations and instants are read', () => {
  assert.deepEqual(
    said(parseSize, [
      '1KB',
      '2 kib',
      '1.5MB',
      '1MiB',
      '3gb',
      '1GiB',
      '1TB',
      '1TiB',
      '1',
      '1XB',
      '-1KB',
      '1KBs',
      'a1KB',
    ]),
    [1e3, 2048, 1.5e6, 1_048_576, 3e9, 1_073_741_824, 1e12, 1_099_511_627_776, ...Array(5).fill(undefined)],
  )
  const no = (text: string) => `${text} is not a duration: use seconds, or for example 90m or 12h`
  assert.deepEqual(
    said(parseDuration, [
      '0',
      '3600',
      '90m',
      '1h30m',
      '2h5s',
      '1m1s',
      '',
      'h',
      '1d',
      '1234567',
      'x1',
      '1s1m',
    ]),
    [...[0, 3_600, 5_400, 5_400, 7_205, 61], ...['', 'h', '1d', '1234567', 'x1', '1s1m'].map(no)],
  )
  assert.deepEqual([-1, 0, 59.6, 45, 60, 3_599, 3_600, 5_400, 43_200, 86_460].map(spokenDuration), [
    '0 s',
    '0 s',
    '1 min',
    '45 s',
    '1 min',
    '59 min',
    '1 h',
    '1 h 30 min',
    '12 h',
    '24 h 1 min',
  ])
  assert.deepEqual(said(instantOf, ['2026-01-02', '2026-01-02T03:04:05+01:00', '2026-13-02', 'yesterday']), [
    '2026-01-02T00:00:00.000Z',
    '2026-01-02T02:04:05.000Z',
    '2026-13-02 is no instant',
    no('yesterday'),
  ])
})

test('condition keys and questions are read', () => {
  assert.deepEqual(contextOf(['a=1', 'b=x=y', 'a=2', 'a=3', 'c=']), { a: ['1', '2', '3'], b: 'x=y', c: '' })
  for (const pair of ['a', '=a', ''])
    assert.throws(() => contextOf([pair]), { message: `--context takes key=value, not ${pair}` })
  const arns = ['arn:aws:s3:::a', '*']
  assert.deepEqual(questionsOf('s3:GetObject,s3:PutObject', arns), [
    ...arns.map((resource) => ({ action: 's3:GetObject', resource })),
    ...arns.map((resource) => ({ action: 's3:PutObject', resource })),
  ])
  assert.deepEqual(questionsOf('sqs:SendMessage', []), [{ action: 'sqs:SendMessage', resource: '*' }])
  assert.deepEqual(
    questionsOf('sqs:Send?essage', []).map(({ action }) => action),
    ['sqs:SendMessage'],
  )
  assert.deepEqual(
    said(
      (text) => questionsOf(text, text === 's3:ListBucket' ? ['a'] : []),
      ['GetUser', 's3:ListBucket', 's3:*,ec2:*,iam:*'],
    ),
    [
      'an action begins with its service: iam:GetUser, not GetUser',
      'a resource is an ARN or *, not a',
      `these are ${questionsOf('s3:*,iam:*', []).length + questionsOf('ec2:*', []).length} questions; at most 1000 are asked at once`,
    ],
  )
})

test('the options of a node are read', () => {
  const flags = { drainSeconds: '0', finishSeconds: '8', metricsHost: 'h' }
  const { onFull: _, ...directory } = nodeTermsOf(
    { ...flags, nodeName: 'n', fresh: '2s', memoryForAccounts: '16MB' },
    1,
  ).directory
  assert.deepEqual(directory, { fresh: { milliseconds: 2_000 }, size: 16e6 })
  const { name, headers, drainSeconds, finishSeconds, lines, metrics } = nodeTermsOf(
    { ...flags, nodeName: 'n', nodeHeader: true, drainSeconds: '3600', metricsPort: '0' },
    1,
  )
  assert.deepEqual(
    [name, headers, drainSeconds, finishSeconds, lines, metrics],
    ['n', { 'x-omen-node': 'n' }, 3_600, 8, undefined, { host: 'h', port: 0 }],
  )
  const of = (more: object) => nodeTermsOf({ ...flags, nodeName: 'n', ...more }, 1)
  assert.deepEqual([of({}).headers, of({}).metrics], [{}, undefined])
  const fresh = (text: string) => of({ fresh: text }).directory.fresh?.milliseconds
  const time = (text: string) => `--fresh takes a time of at most a minute, such as 500ms or 2s, not ${text}`
  assert.deepEqual(said(fresh, ['0', '5ms', '60s', '61s', '60001ms', '5', '-1s']), [
    0,
    5,
    60_000,
    ...['61s', '60001ms', '5', '-1s'].map(time),
  ])
  assert.deepEqual(
    said((text) => parsePort('--p', text), ['0', '65535', '65536', '-1', '1x', '']),
    [
      ...[0, 65_535],
      ...['65536', '-1', '1x', ''].map((text) => `--p takes a number from 0 to 65535, not ${text}`),
    ],
  )
  assert.throws(() => of({ memoryForAccounts: '15MB' }), /takes a size from 16MB/)
  assert.throws(
    () => of({ finishSeconds: '3601' }),
    /--finish-seconds takes a number from 0 to 3600, not 3601/,
  )
  for (const nodeName of ['', 'é', 'a b', 'x'.repeat(65)])
    assert.throws(() => of({ nodeName }), /--node-name takes up to 64/)
})

test('a server says how it was started', () => {
  const least: Announced = {
    ...{ url: 'URL', account: '1', partition: 'aws', store: 's', mode: 'enforce', home: 'h' },
    ...{ upstream: undefined, console: undefined, runFunctions: 'confined', learns: false },
  } as never
  const lines = (more: Partial<Announced>) =>
    banner({ ...least, ...more })
      .split('\n')
      .slice(1)
  const all = lines({})
  assert.deepEqual(all.slice(0, 2), [
    '  account 1 · store s · home h',
    '  MODE enforce: every call needs a valid signature and permission',
  ])
  assert.equal(all.length, 5)
  const added = (more: Partial<Announced>) => lines(more).filter((line) => !all.includes(line))
  const learn = all.at(-2)!.replace('tour', 'learn').replace('shows how roles work', '')
  assert.deepEqual(
    [
      added({ partition: 'aws-cn' }),
      added({ workers: 2 }),
      added({ upstream: 'u' }),
      added({ mode: 'audit' }),
      added({ mode: 'off' }),
      added({ clockAhead: 90_000 }),
      added({ runFunctions: 'unconfined' }),
      added({ console: { link: 'L' } }),
    ],
    [
      ['  account 1 · partition aws-cn · store s · home h'],
      ['  2 workers, each a node of its own'],
      ['  in front of u: what is allowed and not served here goes there'],
      ['  MODE audit: signatures are checked; denials are recorded and let through'],
      ['  MODE off: NOTHING IS ENFORCED: unknown keys count as root, permissions are not asked'],
      ['  TEST CLOCK: its owner moves it by omen clock; now it is 1 min ahead'],
      ['  FUNCTIONS UNCONFINED: anyone who may create a Lambda function can do what this process can do'],
      ['  console (link valid once, for ten minutes): L'],
    ],
  )
  assert.match(added({ console: 'page' }).join(), /^ {2}console: .* prints a link that signs you in$/)
  assert.ok(added({ learns: true })[0]!.startsWith(learn.trimEnd()))
  assert.match(added({ learns: true, console: 'page' }).join(), /five minutes \(in the console: Practice\)$/)
})

test('credentials are found in the event of the call that issued them', () => {
  const credentials = { accessKeyId: 'ASIA1', expiration: '2026-01-02T04:00:00Z' }
  const of = (response: object, identity: object = {}, more: Partial<SessionRecord> = {}) =>
    handedOut({
      ...{
        eventTime: 't',
        eventName: 'AssumeRole',
        recipientAccountId: '123456789012',
        requestParameters: null,
      },
      ...{ userIdentity: { type: 'IAMUser', ...identity } },
      ...{ responseElements: response as Record<string, unknown>, ...more },
    })
  const known = {
    operation: 'AssumeRole',
    accessKeyId: 'ASIA1',
    issuedAt: 't',
    expiresAt: '2026-01-02T04:00:00Z',
  }
  const resources = [{ ARN: 'arn:aws:iam::123456789012:role/ops/web' }]
  const requestParameters = { roleSessionName: 'i-1' }
  const cases: readonly (readonly [ReturnType<typeof of>, arn: string, by: string])[] = [
    [of({ credentials, assumedRoleUser: { arn: 'A' } }, { arn: 'ann' }), 'A', 'ann'],
    [of({ credentials, federatedUser: { arn: 'F' } }, { invokedBy: 'ec2' }), 'F', 'ec2'],
    [
      of({ credentials, sessionInfo: { arn: 'S' } }, { type: 'SAMLUser', principalId: 'p', userName: 'u' }),
      'S',
      'u',
    ],
    [of({ credentials }, { principalId: 'p', userName: 'u' }), 'p', 'p'],
    [of({ credentials }), 'IAMUser', 'IAMUser'],
    [
      of({ credentials }, {}, { resources, requestParameters }),
      'arn:aws:sts::123456789012:assumed-role/web/i-1',
      'IAMUser',
    ],
    [of({ credentials }, {}, { resources }), 'IAMUser', 'IAMUser'],
    [of({ credentials: { ...credentials, expiration: 'Jan 2, 2026, 4:00:00 AM' } }), 'IAMUser', 'IAMUser'],
  ]
  for (const [found, arn, by] of cases) assert.deepEqual(found, { ...known, arn, by })
  assert.deepEqual(
    [of({}), of({ credentials: { accessKeyId: 'a' } }), of({ credentials: { expiration: 'Z' } })],
    Array(3).fill(undefined),
  )
})

test('a trust policy says whom a role lets in, and under which conditions', () => {
  const of = (...Statement: readonly object[]) =>
    readTrust(JSON.stringify({ Version: '2012-10-17', Statement }))
  const lets = { Effect: 'Allow', Principal: { AWS: ['a', 'b'] }, Action: 'sts:AssumeRole' }
  const nobody = { principals: [], externalId: undefined, mfa: false }
  assert.deepEqual(of(lets, { ...lets, Principal: { AWS: 'a', Service: 's' } }), {
    ...nobody,
    principals: ['a', 'b'],
  })
  for (const Action of ['STS:*', '*', 'sts:Assume*', ['sts:TagSession', 'sts:assumerole']])
    assert.deepEqual(of({ ...lets, Action }).principals, ['a', 'b'])
  for (const other of [
    { ...lets, Effect: 'Deny' },
    { ...lets, Action: 'sts:TagSession' },
    { Effect: 'Allow', Principal: { AWS: 'a' }, NotAction: 'sts:AssumeRole' },
    { Effect: 'Allow', NotPrincipal: { AWS: 'a' }, Action: 'sts:AssumeRole' },
  ])
    assert.deepEqual(of(other), nobody)
  assert.deepEqual(readTrust('none'), nobody)
  const Condition = {
    StringEquals: { 'sts:externalid': ['x', 'y'], 'aws:username': 'u' },
    Bool: { 'AWS:MultiFactorAuthPresent': 'true', 'aws:SecureTransport': 'true' },
  }
  assert.deepEqual(of({ ...lets, Condition }), { principals: ['a', 'b'], externalId: 'x', mfa: true })
  const others = { StringLike: { 'sts:ExternalId': 'x' }, Bool: { 'aws:MultiFactorAuthPresent': 'false' } }
  assert.deepEqual(of({ ...lets, Condition: others }), {
    principals: ['a', 'b'],
    externalId: undefined,
    mfa: false,
  })
})

test('credentials are written for each shell', () => {
  const session = {
    keys: { accessKeyId: 'A', secretAccessKey: 's/+=', sessionToken: 'T' },
    ...{
      expiration: '2026-01-02T03:04:05Z',
      assumedRoleId: 'R:s',
      arn: 'arn',
      packedPolicySize: 1,
      sourceIdentity: 'i',
      chain: ['c'],
    },
  } as never
  const names = [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_CREDENTIAL_EXPIRATION',
  ]
  const values = ['A', 's/+=', 'T', '2026-01-02T03:04:05Z']
  const lines = (line: (name: string, value: string) => string) =>
    names.map((name, i) => `${line(name, values[i]!)}\n`).join('')
  assert.equal(
    writtenCredentials(session, 'env'),
    lines((name, value) => `export ${name}=${value}`),
  )
  assert.equal(
    writtenCredentials(session, 'env-no-export'),
    lines((name, value) => `${name}=${value}`),
  )
  assert.equal(
    writtenCredentials(session, 'fish'),
    lines((name, value) => `set -gx ${name} "${value}"`),
  )
  assert.equal(
    writtenCredentials(session, 'powershell'),
    lines((name, value) => `$Env:${name}="${value}"`),
  )
  const Credentials = { AccessKeyId: 'A', SecretAccessKey: 's/+=', SessionToken: 'T', Expiration: values[3] }
  assert.deepEqual(JSON.parse(writtenCredentials(session, 'process')), { Version: 1, ...Credentials })
  assert.deepEqual(JSON.parse(writtenCredentials(session, 'json')), {
    ...{ Credentials, AssumedRoleUser: { AssumedRoleId: 'R:s', Arn: 'arn' }, PackedPolicySize: 1 },
    ...{ SourceIdentity: 'i', Chain: ['c'] },
  })
})
