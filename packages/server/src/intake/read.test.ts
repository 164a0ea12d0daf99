import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountLists } from './draft.ts'
import { IntakeProblem } from './problem.ts'
import { readImage } from './read.ts'

const account = '111122223333'
const date = '2023-04-05T06:07:08+00:00'
const iam = (resource: string) => `arn:aws:iam::${account}:${resource}`

/** What answers of AWS describe, by the names of their files. */
function read(files: Readonly<Record<string, unknown>>) {
  return readImage(
    Object.entries(files).map(([name, value]) => ({ name, text: JSON.stringify(value) })),
    { account },
  )
}

describe('a virtual MFA device', () => {
  const serial = iam('mfa/phone')
  const devices = (device: object) =>
    read({
      'devices.json': { VirtualMFADevices: [{ SerialNumber: serial, ...device }] },
    }).accounts[0]?.mfaDevices.map(({ at: _, ...each }) => each)
  const user = { UserName: 'ann', Arn: iam('user/ann'), UserId: 'AIDAQEXAMPLEAAAAAAAAA' }

  test('is its user’s once it is enabled, and nobody’s before', () => {
    assert.deepEqual(devices({ User: user, EnableDate: date }), [
      { serial, user: 'ann', enabledAt: Date.parse(date) },
    ])
    for (const unused of [{}, { User: user }, { EnableDate: date }])
      assert.deepEqual(devices(unused), [{ serial }])
  })

  test('of the root user has no name', () => {
    const root = { Arn: iam('root') }
    assert.deepEqual(devices({ User: root, EnableDate: date })?.[0]?.user, null)
  })
})

describe('the policy of a resource', () => {
  const statement = (more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', ...more }],
  })
  const document = statement({ Principal: '*', Resource: 'arn:aws:s3:::b/*' })
  const queue = `arn:aws:sqs:eu-west-1:${account}:q`
  const policiesOf = (answer: object) => {
    const { accounts, notTaken } = read({ 'answer.json': answer })
    return accounts[0]?.resourcePolicies.map(({ arn }) => arn) ?? notTaken.map(({ reason }) => reason)
  }
  const text = JSON.stringify(document)
  for (const [title, answer, expected] of [
    ['get-resource-policy of Secrets Manager', { ARN: queue, ResourcePolicy: text }, [queue]],
    ['get-resource-policy with ResourceArn', { ResourceArn: queue, ResourcePolicy: text }, [queue]],
    ['get-resource-policy with Policy', { ResourceArn: queue, Policy: text }, [queue]],
    ['get-resource-policy in small letters', { resourceArn: queue, policy: text }, [queue]],
    ['get-repository-policy', { repositoryArn: queue, policyText: text }, [queue]],
    ['get-bucket-policy', { Policy: text }, ['arn:aws:s3:::b']],
    ['a policy without the ARN', { ResourcePolicy: text }, ['arn:aws:s3:::b']],
    ['the document itself', document, ['arn:aws:s3:::b']],
    ['get-queue-attributes', { Attributes: { QueueArn: queue, Policy: text } }, [queue]],
    ['get-topic-attributes', { Attributes: { TopicArn: queue, Policy: text } }, [queue]],
    ['an encoded document', { ResourceArn: queue, Policy: encodeURIComponent(text) }, [queue]],
    [
      'a function with its versions',
      {
        Policy: JSON.stringify(
          statement({
            Principal: '*',
            Resource: [1, 2].map((n) => `arn:aws:lambda:eu-west-1:${account}:function:f:${n}`),
          }),
        ),
      },
      [`arn:aws:lambda:eu-west-1:${account}:function:f`],
    ],
  ] as const)
    test(`is that of the ARN beside it, or of all its statements: ${title}`, () => {
      assert.deepEqual(policiesOf(answer), expected)
    })

  for (const [title, more] of [
    ['two resources', { Principal: '*', Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'] }],
    ['every resource', { Principal: '*', Resource: '*' }],
    ['a pattern', { Principal: '*', Resource: 'arn:aws:s3:::b*' }],
    ['no principal', { Resource: 'arn:aws:s3:::b' }],
  ] as const)
    test(`is not taken if its statements show no one resource: ${title}`, () => {
      assert.deepEqual(policiesOf({ Policy: JSON.stringify(statement(more)) }), [
        'the policy does not show which resource it belongs to',
      ])
    })

  test('of a bucket is that of the call’s bucket, and NotPrincipal counts too', () => {
    const not = statement({ NotPrincipal: { AWS: '*' }, Resource: 'arn:aws:s3:::b/*' })
    assert.deepEqual(policiesOf({ Policy: JSON.stringify(not) }), ['arn:aws:s3:::b'])
  })
})

test('a provider of SAML is known by its ARN, and another ARN is refused', () => {
  const list = (Arn: string) => read({ 'saml.json': { SAMLProviderList: [{ Arn, CreateDate: date }] } })
  assert.equal(list(iam('saml-provider/corp')).accounts[0]?.samlProviders[0]?.name, 'corp')
  for (const arn of [iam('saml-provider/'), iam('role/corp'), 'arn:aws:iam::aws:saml-provider/corp'])
    assert.throws(() => list(arn), IntakeProblem, arn)
})

test('a page without content is nothing, and any other member makes it an unknown file', () => {
  const notTaken = (value: object) => read({ 'page.json': value }).notTaken.length
  for (const empty of [{}, { Things: [] }, { Things: [], IsTruncated: false, Marker: 'm', NextToken: 't' }])
    assert.equal(notTaken(empty), 0, JSON.stringify(empty))
  for (const other of [{ Things: [1] }, { Things: {} }, { Other: true }, { Other: 't' }])
    assert.equal(notTaken(other), 1, JSON.stringify(other))
})

test('IAM compares names without regard to case; ids, ARNs and URLs are compared as they are', () => {
  const thing = {
    ...{ name: 'A', user: 'A', serial: 'A', url: 'A', id: 'A', arn: 'A', group: 'A', account: 'A', set: 'A' },
    ...{ type: 'A', principal: 'A' },
  }
  const folded = Object.entries(accountLists).flatMap(([list, keyOf]) => {
    const key = keyOf(thing)
    return key === key.toLowerCase() ? [list] : []
  })
  assert.deepEqual(folded, [
    'users',
    'groups',
    'roles',
    'policies',
    'instanceProfiles',
    'samlProviders',
    'loginProfiles',
    'mfaDevices',
  ])
})
