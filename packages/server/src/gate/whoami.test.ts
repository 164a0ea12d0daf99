import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import type { SignedCaller } from '../session/index.ts'
import { whoAmI } from './whoami.ts'

const provider = `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`
const callerOf = (role: string, chain: readonly string[]) =>
  ({
    ...{ kind: 'role', account, accessKeyId: 'ASIAEXAMPLE', role: { id: 'AROAEXAMPLE' } },
    arn: `arn:aws:sts::${account}:assumed-role/x/alice`,
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    session: { sessionName: 'alice', issuedAt: 0, expiresAt: 1, chain },
  }) as unknown as SignedCaller

test('SSO-115: whoami names the person behind a role of IAM Identity Center, and in roles after it', () => {
  const chain = [`${provider}:alice@example.com`]
  const reserved = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Read_Only_0123456789abcdef'
  const { person, permissionSet } = whoAmI(callerOf(reserved, chain), 0)
  assert.deepEqual([person, permissionSet], ['alice@example.com', 'Read_Only'])
  const next = whoAmI(callerOf('deployer', [...chain, 'arn:aws:sts::123456789012:assumed-role/x/alice']), 0)
  assert.deepEqual([next.person, next.permissionSet], ['alice@example.com', undefined])
  const other = [`arn:aws:iam::${account}:saml-provider/corp:alice`]
  assert.equal(whoAmI(callerOf('deployer', other), 0).person, undefined)
})
