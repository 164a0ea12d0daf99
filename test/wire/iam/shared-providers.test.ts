import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { policyText } from '../../kit/index.ts'
import { faultOf, openServer } from './house.ts'

const { iam, close } = await openServer()
after(close)

const host = 'token.actions.githubusercontent.com'
const Federated = `arn:aws:iam::123456789012:oidc-provider/${host}`
await iam.createOpenIDConnectProvider({ Url: `https://${host}`, ClientIDList: ['sts.amazonaws.com'] })

function trusting(Condition?: object, Effect = 'Allow') {
  const statement = { Effect, Principal: { Federated }, Action: 'sts:AssumeRoleWithWebIdentity', Condition }
  return policyText(statement)
}

test('a trust policy must condition on the claim that distinguishes the tenants of a shared provider (IAM-98)', async () => {
  const refusal = `MalformedPolicyDocument 400: The trust policy must evaluate the condition key ${host}:sub of a shared identity provider.`
  const anybody = trusting({ StringEquals: { [`${host}:aud`]: 'sts.amazonaws.com' } })
  const RoleName = 'deploy'
  for (const document of [trusting(), anybody]) {
    assert.equal(await faultOf(iam.createRole({ RoleName, AssumeRolePolicyDocument: document })), refusal)
  }
  const somebody = trusting({ StringLike: { [`${host}:SUB`]: 'repo:octo/app:*' } })
  await iam.createRole({ RoleName, AssumeRolePolicyDocument: somebody })
  assert.equal(await faultOf(iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: anybody })), refusal)
  await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trusting(undefined, 'Deny') })
})
