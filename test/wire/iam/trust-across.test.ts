import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { newId, parseAccountId } from '../../../packages/server/src/base/index.ts'
import { accessKeys, settings, users } from '../../../packages/server/src/directory/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey } from '../../../packages/server/src/session/index.ts'
import { allow, decoded, faultOf, openServer, trust } from './house.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const theirs = parseAccountId('210987654321') ?? assert.fail()
const their = (resource: string) => `arn:aws:iam::${theirs}:${resource}`
const ours = (resource: string) => `arn:aws:iam::123456789012:${resource}`

/** A second account with a root key and a user. */
async function secondAccount() {
  const { deps } = omen.omen
  const account = deps.directory.create(theirs)
  const createdAt = deps.clock.now()
  account.table(settings).put({ id: 'settings', name: 'theirs', email: 'a@example.com', createdAt })
  const user = { id: newId('AIDA', theirs, deps.random), name: 'Guest', path: '/', createdAt }
  account.table(users).put({ ...user, inline: {}, attached: [], groups: [], tags: [] })
  const key = {
    accessKeyId: newAccessKeyId(theirs, deps.random),
    secretAccessKey: newSecretKey(deps.random),
  }
  account.table(accessKeys).put({
    id: key.accessKeyId,
    owner: 'root',
    active: true,
    createdAt,
    sealedSecret: deps.vault.sealText(accessKeyPurpose, key.secretAccessKey),
  })
  await deps.directory.commit([])
  // it is loaded again only when a call needs it
  deps.directory.forgetAll()
  return { root: as(key), guestId: user.id }
}

async function principalOf(RoleName: string): Promise<unknown> {
  const { Role } = await iam.getRole({ RoleName })
  return (decoded(Role?.AssumeRolePolicyDocument) as { Statement: [{ Principal: unknown }] }).Statement[0]
    .Principal
}

const { root, guestId } = await secondAccount()

describe('trust across accounts of the house', () => {
  test('their users are looked up, shown by ARN, and by id once gone (POL-043, IAM-60)', async () => {
    const nobody = trust({ AWS: their('user/Nobody') })
    assert.equal(
      await faultOf(iam.createRole({ RoleName: 'open', AssumeRolePolicyDocument: nobody })),
      `MalformedPolicyDocument 400: Invalid principal in policy: "AWS":"${their('user/Nobody')}"`,
    )
    const session = their('assumed-role/Nobody/s').replace(':iam:', ':sts:')
    omen.omen.deps.directory.forgetAll()
    assert.match(
      await faultOf(iam.createRole({ RoleName: 'open', AssumeRolePolicyDocument: trust({ AWS: session }) })),
      /Invalid principal in policy/, // IAM-300
    )
    await iam.createRole({
      RoleName: 'open',
      AssumeRolePolicyDocument: trust({ AWS: [their('user/Guest'), theirs] }),
    })
    omen.omen.deps.directory.forgetAll()
    assert.deepEqual(await principalOf('open'), { AWS: [their('user/Guest'), their('root')] })
    omen.omen.deps.directory.forgetAll()
    const { Roles } = await iam.listRoles({})
    assert.deepEqual(
      (decoded(Roles?.[0]?.AssumeRolePolicyDocument) as { Statement: [{ Principal: unknown }] }).Statement[0]
        .Principal,
      { AWS: [their('user/Guest'), their('root')] },
    )
    const { AccessKey: key } = await root.createAccessKey({ UserName: 'Guest' })
    const credentials = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
    const sts = omen.client(STS, credentials)
    const put = () => sts.assumeRole({ RoleArn: ours('role/open'), RoleSessionName: 'guest' })
    assert.match(await faultOf(put()), /^AccessDenied 403/)
    await root.putUserPolicy({
      UserName: 'Guest',
      PolicyName: 'cross',
      PolicyDocument: allow('sts:AssumeRole', ours('role/open')),
    })
    await put()
    await iam.createRole({ RoleName: 'by-id', AssumeRolePolicyDocument: trust({ AWS: guestId }) })
    assert.deepEqual(await principalOf('by-id'), { AWS: their('user/Guest') })
    await root.deleteUserPolicy({ UserName: 'Guest', PolicyName: 'cross' })
    await root.deleteAccessKey({ UserName: 'Guest', AccessKeyId: credentials.accessKeyId })
    await root.deleteUser({ UserName: 'Guest' })
    await root.createUser({ UserName: 'Guest' })
    assert.deepEqual(await principalOf('open'), { AWS: [guestId, their('root')] })
  })

  test('an alias is unique in the whole house (IAM-100)', async () => {
    await root.createAccountAlias({ AccountAlias: 'taken' })
    assert.equal(
      await faultOf(iam.createAccountAlias({ AccountAlias: 'taken' })),
      'EntityAlreadyExists 409: The account alias taken already exists.',
    )
    await root.deleteAccountAlias({ AccountAlias: 'taken' })
    await iam.createAccountAlias({ AccountAlias: 'taken' })
  })

  test("another account's policies are out of reach", async () => {
    const { Policy } = await root.createPolicy({ PolicyName: 'private', PolicyDocument: allow('s3:*') })
    const PolicyArn = Policy?.Arn ?? ''
    assert.match(await faultOf(iam.getPolicy({ PolicyArn })), /^AccessDenied 403/)
    await iam.createUser({ UserName: 'u' })
    assert.equal(
      await faultOf(iam.attachUserPolicy({ UserName: 'u', PolicyArn })),
      `NoSuchEntity 404: Policy ${PolicyArn} does not exist or is not attachable.`,
    )
  })
})
