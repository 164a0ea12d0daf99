import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { defaultQuotas } from '../../../packages/server/src/directory/index.ts'
import { allow, faultOf, openHouse, trustEc2 } from './house.ts'

const { omen, iam, close } = await openHouse()
after(close)

const quotas = {
  ...defaultQuotas,
  UsersPerAccount: 2,
  GroupsPerAccount: 1,
  RolesPerAccount: 1,
  PoliciesPerAccount: 1,
  InstanceProfilesPerAccount: 1,
  PolicySize: 100,
}
Object.assign(omen.omen.house, { quotas })

const makers: readonly (readonly [string, (name: string) => Promise<unknown>])[] = [
  ['UsersPerAccount: 2', (UserName) => iam.createUser({ UserName })],
  ['GroupsPerAccount: 1', (GroupName) => iam.createGroup({ GroupName })],
  ['RolesPerAccount: 1', (RoleName) => iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })],
  ['PoliciesPerAccount: 1', (PolicyName) => iam.createPolicy({ PolicyName, PolicyDocument: allow('s3:*') })],
  [
    'InstanceProfilesPerAccount: 1',
    (InstanceProfileName) => iam.createInstanceProfile({ InstanceProfileName }),
  ],
]

suite("the house's own quotas take the place of AWS's (IAM-31)", () => {
  for (const [quota, make] of makers) {
    test(quota, async () => {
      await make('one')
      const refused = `LimitExceeded 409: Cannot exceed quota for ${quota}`
      assert.equal(await faultOf(make('two')), refused)
    })
  }

  test('a service-linked role is a role too', async () => {
    assert.match(
      await faultOf(iam.createServiceLinkedRole({ AWSServiceName: 'batch.amazonaws.com' })),
      /^LimitExceeded 409/,
    )
  })

  test('sizes, and the summary', async () => {
    const PolicyDocument = allow(`s3:${'x'.repeat(100)}`)
    const PolicyArn = 'arn:aws:iam::123456789012:policy/one'
    assert.equal(
      await faultOf(iam.createPolicyVersion({ PolicyArn, PolicyDocument })),
      'LimitExceeded 409: Cannot exceed quota for PolicySize: 100',
    )
    const { SummaryMap } = await iam.getAccountSummary({})
    assert.deepEqual([SummaryMap?.UsersQuota, SummaryMap?.RolesQuota], [2, 1])
  })
})
