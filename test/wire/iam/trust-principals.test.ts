import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { decoded, faultOf, openHouse, trust } from './house.ts'

const { iam, close } = await openHouse()
after(close)

test('a role trusts somebody: neither the bare star nor nobody (IAM-99)', async () => {
  const create = (principal: object | string) =>
    iam.createRole({ RoleName: 'open', AssumeRolePolicyDocument: trust(principal) })
  assert.equal(
    await faultOf(create('*')),
    'MalformedPolicyDocument 400: AssumeRolepolicy contained an invalid principal: "STAR":"*".',
  )
  assert.equal(
    await faultOf(create({ AWS: [] })),
    'MalformedPolicyDocument 400: Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!',
  )
  const { Role } = await create({ AWS: '*' })
  assert.deepEqual(decoded(Role?.AssumeRolePolicyDocument), JSON.parse(trust({ AWS: '*' })))
})
