import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ListAttachedUserPoliciesCommandOutput } from '@aws-sdk/client-iam'
import { allow, bare, faultOf, openServer, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

const awsPolicy = (name: string) => `arn:aws:iam::aws:policy/${name}`
const ownPolicy = (name: string) => `arn:aws:iam::123456789012:policy/${name}`

interface IamIdentity {
  readonly word: 'user' | 'group' | 'role'
  readonly size: number
  make(name: string): Promise<unknown>
  put(name: string, policy: string, document: string): Promise<unknown>
  get(name: string, policy: string): Promise<object>
  remove(name: string, policy: string): Promise<unknown>
  inline(name: string): Promise<readonly string[] | undefined>
  attach(name: string, arn: string): Promise<unknown>
  detach(name: string, arn: string): Promise<unknown>
  attached(name: string, PathPrefix?: string): Promise<ListAttachedUserPoliciesCommandOutput>
}

const bearers: readonly IamIdentity[] = [
  {
    word: 'user',
    size: 2_048,
    make: (UserName) => iam.createUser({ UserName }),
    put: (UserName, PolicyName, PolicyDocument) =>
      iam.putUserPolicy({ UserName, PolicyName, PolicyDocument }),
    get: async (UserName, PolicyName) => bare(await iam.getUserPolicy({ UserName, PolicyName })),
    remove: (UserName, PolicyName) => iam.deleteUserPolicy({ UserName, PolicyName }),
    inline: async (UserName) => (await iam.listUserPolicies({ UserName })).PolicyNames,
    attach: (UserName, PolicyArn) => iam.attachUserPolicy({ UserName, PolicyArn }),
    detach: (UserName, PolicyArn) => iam.detachUserPolicy({ UserName, PolicyArn }),
    attached: (UserName, PathPrefix) => iam.listAttachedUserPolicies({ UserName, PathPrefix }),
  },
  {
    word: 'group',
    size: 5_120,
    make: (GroupName) => iam.createGroup({ GroupName }),
    put: (GroupName, PolicyName, PolicyDocument) =>
      iam.putGroupPolicy({ GroupName, PolicyName, PolicyDocument }),
    get: async (GroupName, PolicyName) => bare(await iam.getGroupPolicy({ GroupName, PolicyName })),
    remove: (GroupName, PolicyName) => iam.deleteGroupPolicy({ GroupName, PolicyName }),
    inline: async (GroupName) => (await iam.listGroupPolicies({ GroupName })).PolicyNames,
    attach: (GroupName, PolicyArn) => iam.attachGroupPolicy({ GroupName, PolicyArn }),
    detach: (GroupName, PolicyArn) => iam.detachGroupPolicy({ GroupName, PolicyArn }),
    attached: (GroupName, PathPrefix) => iam.listAttachedGroupPolicies({ GroupName, PathPrefix }),
  },
  {
    word: 'role',
    size: 10_240,
    make: (RoleName) => iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 }),
    put: (RoleName, PolicyName, PolicyDocument) =>
      iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument }),
    get: async (RoleName, PolicyName) => bare(await iam.getRolePolicy({ RoleName, PolicyName })),
    remove: (RoleName, PolicyName) => iam.deleteRolePolicy({ RoleName, PolicyName }),
    inline: async (RoleName) => (await iam.listRolePolicies({ RoleName })).PolicyNames,
    attach: (RoleName, PolicyArn) => iam.attachRolePolicy({ RoleName, PolicyArn }),
    detach: (RoleName, PolicyArn) => iam.detachRolePolicy({ RoleName, PolicyArn }),
    attached: (RoleName, PathPrefix) => iam.listAttachedRolePolicies({ RoleName, PathPrefix }),
  },
]

for (const bearer of bearers) {
  const { word } = bearer
  const name = `a-${word}`

  describe(`inline policies of a ${word}`, () => {
    test('put, shown encoded, listed, replaced, deleted (IAM-4, IAM-10)', async () => {
      await bearer.make(name)
      const document = `${allow('s3:*').slice(0, -1)} }`
      await bearer.put(name, 'two', document)
      await bearer.put(name, 'One', allow('ec2:*'))
      await bearer.put(name, 'one', allow('sqs:*')) // replaces One
      assert.deepEqual(await bearer.get(name, 'ONE'), {
        [`${word.charAt(0).toUpperCase()}${word.slice(1)}Name`]: name,
        PolicyName: 'ONE',
        PolicyDocument: encodeURIComponent(allow('sqs:*')).replaceAll('*', '%2A'),
      })
      await bearer.put(name, '__proto__', allow('ec2:*'))
      const named = `${word.charAt(0).toUpperCase()}${word.slice(1)}Name`
      assert.deepEqual(await bearer.get(name, 'two'), {
        [named]: name,
        PolicyName: 'two',
        PolicyDocument: encodeURIComponent(document).replaceAll('*', '%2A'),
      })
      assert.deepEqual(await bearer.inline(name), ['__proto__', 'One', 'two'])
      await bearer.remove(name, 'two')
      await bearer.remove(name, '__proto__')
      assert.deepEqual(await bearer.inline(name), ['One'])
      const gone = `NoSuchEntity 404: The ${word} policy with name two cannot be found.`
      assert.equal(await faultOf(bearer.get(name, 'two')), gone)
      assert.equal(await faultOf(bearer.remove(name, 'two')), gone)
      assert.equal(await faultOf(bearer.get(name, 'constructor')), gone.replace('two', 'constructor'))
    })

    test('what is no policy is refused, and what is too much together (IAM-32)', async () => {
      assert.equal(
        await faultOf(bearer.put(name, 'bad', '[]')),
        'MalformedPolicyDocument 400: Syntax errors in policy.',
      )
      const half = allow(`s3:${'x'.repeat(bearer.size / 2)}*`)
      await bearer.put(name, 'half', half)
      assert.equal(
        await faultOf(bearer.put(name, 'other', half)),
        `LimitExceeded 409: Maximum policy size of ${bearer.size} bytes exceeded for ${word} ${name}`,
      )
      await bearer.put(name, 'half', half)
      assert.deepEqual(await bearer.inline(name), ['half', 'One'])
    })
  })

  describe(`managed policies of a ${word}`, () => {
    test('attached, listed by path, detached (IAM-72)', async () => {
      await bearer.attach(name, awsPolicy('ReadOnlyAccess'))
      await bearer.attach(name, awsPolicy('ReadOnlyAccess'))
      await bearer.attach(name, awsPolicy('service-role/AWSLambdaBasicExecutionRole'))
      const all = await bearer.attached(name)
      assert.deepEqual(all.AttachedPolicies, [
        {
          PolicyName: 'AWSLambdaBasicExecutionRole',
          PolicyArn: awsPolicy('service-role/AWSLambdaBasicExecutionRole'),
        },
        { PolicyName: 'ReadOnlyAccess', PolicyArn: awsPolicy('ReadOnlyAccess') },
      ])
      assert.equal((await bearer.attached(name, '/service-role/')).AttachedPolicies?.length, 1)
      await bearer.detach(name, awsPolicy('ReadOnlyAccess'))
      assert.equal(
        await faultOf(bearer.detach(name, awsPolicy('ReadOnlyAccess'))),
        `NoSuchEntity 404: Policy ${awsPolicy('ReadOnlyAccess')} was not found.`,
      )
    })

    test('what cannot be attached (IAM-70, IAM-71)', async () => {
      assert.equal(
        await faultOf(bearer.attach(name, 'longpolicynamebutnoarn')),
        'ValidationError 400: Invalid ARN:  Could not be parsed!',
      )
      assert.equal(
        await faultOf(bearer.attach(name, ownPolicy('none'))),
        `NoSuchEntity 404: Policy ${ownPolicy('none')} does not exist or is not attachable.`,
      )
      assert.equal(
        await faultOf(bearer.attach(name, awsPolicy('aws-service-role/AutoScalingServiceRolePolicy'))),
        'PolicyNotAttachable 400: Cannot attach a Service Role Policy to a Customer Role.',
      )
    })

    test('ten at most (IAM-31)', async () => {
      const full = `full-${word}`
      await bearer.make(full)
      for (let n = 0; n <= 10; n++) {
        await iam.createPolicy({ PolicyName: `${word}${n}`, PolicyDocument: allow('s3:*') })
        if (n < 10) await bearer.attach(full, ownPolicy(`${word}${n}`))
      }
      const noun = `${word.charAt(0).toUpperCase()}${word.slice(1)}`
      assert.equal(
        await faultOf(bearer.attach(full, ownPolicy(`${word}10`))),
        `LimitExceeded 409: Cannot exceed quota for PoliciesPer${noun}: 10`,
      )
    })
  })
}

describe('permissions boundaries', () => {
  test('put, shown, taken away (IAM-75 to IAM-77)', async () => {
    const boundary = awsPolicy('ReadOnlyAccess')
    const shown = { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary }
    await iam.putUserPermissionsBoundary({ UserName: 'a-user', PermissionsBoundary: boundary })
    await iam.putRolePermissionsBoundary({ RoleName: 'a-role', PermissionsBoundary: boundary })
    assert.deepEqual((await iam.getUser({ UserName: 'a-user' })).User?.PermissionsBoundary, shown)
    assert.deepEqual((await iam.getRole({ RoleName: 'a-role' })).Role?.PermissionsBoundary, shown)
    await iam.deleteUserPermissionsBoundary({ UserName: 'a-user' })
    await iam.deleteRolePermissionsBoundary({ RoleName: 'a-role' })
    assert.equal((await iam.getUser({ UserName: 'a-user' })).User?.PermissionsBoundary, undefined)
    assert.equal((await iam.getRole({ RoleName: 'a-role' })).Role?.PermissionsBoundary, undefined)
    assert.match(
      await faultOf(iam.deleteUserPermissionsBoundary({ UserName: 'a-user' })),
      /^NoSuchEntity 404/,
    )
    assert.equal(
      await faultOf(
        iam.putRolePermissionsBoundary({ RoleName: 'a-role', PermissionsBoundary: ownPolicy('none') }),
      ),
      `NoSuchEntity 404: Scope ARN: ${ownPolicy('none')} does not exist or is not attachable.`,
    )
  })
})
