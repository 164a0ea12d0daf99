import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseAccountId } from '../../../packages/server/src/base/index.ts'
import { users } from '../../../packages/server/src/directory/index.ts'
import { faultOf, openHouse } from './house.ts'

const { omen, iam, close } = await openHouse()
after(close)

test('what was stored before a rule was known is still obeyed (POL-156)', async () => {
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' },
      { Effect: 'Allow', Action: 's3:s3:GetObject', Resource: '*' },
    ],
  })
  assert.match(
    await faultOf(iam.putUserPolicy({ UserName: 'admin', PolicyName: 'old', PolicyDocument })),
    /^MalformedPolicyDocument 400/,
  )
  await iam.listUsers({})
  const { directory } = omen.omen.house
  const account = directory.loaded(parseAccountId('123456789012') ?? assert.fail())
  const admin = account?.table(users).findBy('name', 'admin') ?? assert.fail()
  account?.table(users).put({ ...admin, inline: { old: PolicyDocument } })
  await directory.commit([])
  assert.match(
    await faultOf(iam.listUsers({})),
    /^AccessDenied 403: .* with an explicit deny in an identity-based policy/,
  )
})
