import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { managedPolicies } from '../../../packages/server/src/authorization/catalogue/index.ts'
import { isServicePrincipal } from '../../../packages/server/src/authorization/index.ts'
import { decoded, faultOf, openServer, trust } from './house.ts'

const { iam, close } = await openServer()
after(close)

test('a role trusts a principal: neither the bare star nor none (IAM-99)', async () => {
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

test('a role trusts any service that AWS names, and none that it does not (IAM-61)', async () => {
  const Service = ['pinpoint.amazonaws.com', 'logs.eu-west-1.amazonaws.com', 'vpc-flow-logs.amazonaws.com']
  await iam.createRole({ RoleName: 'served', AssumeRolePolicyDocument: trust({ Service }) })
  assert.equal(
    await faultOf(
      iam.createRole({
        RoleName: 'unserved',
        AssumeRolePolicyDocument: trust({ Service: ['ec2.amazonaws.com', 'no-such.amazonaws.com'] }),
      }),
    ),
    'MalformedPolicyDocument 400: Invalid principal in policy: "SERVICE":"no-such.amazonaws.com"',
  )
  const unknown = new Set<string>()
  for (const { document } of managedPolicies().list()) {
    for (const [, alone, inPath] of document.matchAll(
      /"([a-z0-9.-]+\.amazonaws\.com)"|aws-service-role\/([a-z0-9.-]+\.amazonaws\.com)/g,
    )) {
      const name = alone ?? inPath ?? ''
      if (!isServicePrincipal(name)) unknown.add(name)
    }
  }
  assert.deepEqual([...unknown], [], "in AWS's own policies")
})
