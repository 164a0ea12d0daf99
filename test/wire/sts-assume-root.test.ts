import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Organizations } from '@aws-sdk/client-organizations'
import { managedPolicies } from '../../packages/server/src/authorization/catalogue/index.ts'
import { allow, faultOf } from './iam/house.ts'
import { account, arn, credentialsOf, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts, user } = server
after(server.close)
const organizations = omen.client(Organizations)
const task = (name: string) => ({ arn: `arn:aws:iam::aws:policy/root-task/${name}` })

await organizations.createOrganization({})

/** A new member of the organization. */
async function newMember(AccountName: string): Promise<string> {
  await organizations.createAccount({ AccountName, Email: `${AccountName}@example.com` })
  const { Accounts } = await organizations.listAccounts({})
  return Accounts!.find(({ Name }) => Name === AccountName)!.Id!
}

const member = await newMember('member')
const assumeRoot = (who: Parameters<typeof sts>[0] = 'admin', TargetPrincipal = member) =>
  sts(who).assumeRoot({ TargetPrincipal, TaskPolicyArn: task('IAMAuditRootUserCredentials') })

describe('AssumeRoot', () => {
  test('only once root sessions are turned on (STS-111)', async () => {
    const denied = `AccessDenied 403: User: ${arn('user/admin')} is not authorized to perform: sts:AssumeRoot on resource: ${arn('root', member)}`
    assert.equal(await faultOf(assumeRoot()), denied)
    await organizations.enableAWSServiceAccess({ ServicePrincipal: 'iam.amazonaws.com' })
    await iam.enableOrganizationsRootSessions({})
    await assumeRoot()
    await assumeRoot('admin', arn('root', member))
  })

  test('is root of the member, for the task alone and a quarter of an hour (POL-068, STS-113, STS-114)', async () => {
    const { Credentials } = await assumeRoot()
    const worn = credentialsOf(Credentials)
    const left = Credentials!.Expiration!.getTime() - omen.clock.now()
    assert.ok(Math.abs(left - 900_000) < 5_000)
    assert.equal((await sts(worn).getCallerIdentity({})).Arn, arn('root', member))
    const there = server.iamAs(worn)
    const { $metadata } = await there.getAccountSummary({})
    const decided = omen.omen.deps.decisions.find($metadata.requestId ?? '')
    assert.equal(String(decided?.judged[0]?.request.context.get('aws:AssumedRoot')), 'true')
    assert.match(
      await faultOf(there.createUser({ UserName: 'x' })),
      /iam:CreateUser on resource: .* in a session policy/,
    )
    assert.match(await faultOf(sts(worn).getSessionToken({})), /Cannot call GetSessionToken/)
    assert.match(
      await faultOf(
        sts().assumeRoot({
          TargetPrincipal: member,
          TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        }),
      ),
      /^ValidationError 400/,
    )
  })

  test('may what its task policy does not deny: AWS’s only deny (POL-160)', async () => {
    const tasks = managedPolicies()
      .list()
      .filter((policy) => policy.arn.startsWith('arn:aws:iam::aws:policy/root-task/'))
    assert.ok(tasks.length > 0)
    for (const { name, document } of tasks) {
      const { Statement } = JSON.parse(document) as { Statement: { Effect: string } | { Effect: string }[] }
      for (const { Effect } of [Statement].flat()) assert.equal(Effect, 'Deny', name)
    }
    const there = server.iamAs(credentialsOf((await assumeRoot()).Credentials))
    await there.listMFADevices({})
    assert.match(await faultOf(there.listUsers({})), /explicit deny in a session policy/)
  })

  test('not into the management account, not elsewhere, not by root, not without permission (STS-110, STS-112)', async () => {
    const attempts = [
      ['admin', account],
      ['admin', '999999999999'],
      ['root', member],
    ] as const
    for (const [who, target] of attempts) {
      assert.match(await faultOf(assumeRoot(who, target)), /^AccessDenied 403: .*sts:AssumeRoot/)
    }
    assert.match(await faultOf(assumeRoot(await user('plain'))), /sts:AssumeRoot on resource/)
    const only = allow('sts:AssumeRoot', '*', {
      ArnEquals: { 'sts:TaskPolicyArn': task('S3UnlockBucketPolicy').arn },
    })
    const unlocker = await user('unlocker', only)
    assert.match(await faultOf(assumeRoot(unlocker)), /^AccessDenied/)
    await sts(unlocker).assumeRoot({ TargetPrincipal: member, TaskPolicyArn: task('S3UnlockBucketPolicy') })
  })

  test('by a delegated administrator, too (STS-110)', async () => {
    const security = await newMember('security')
    const inside = await server.assume('admin', arn('role/OrganizationAccountAccessRole', security))
    assert.match(await faultOf(assumeRoot(inside)), /^AccessDenied/)
    await organizations.registerDelegatedAdministrator({
      AccountId: security,
      ServicePrincipal: 'iam.amazonaws.com',
    })
    await assumeRoot(inside)
  })

  test('a source identity goes along', async () => {
    const RoleArn = await server.role(
      'rooter',
      trusting({ AWS: account }, ['sts:AssumeRole', 'sts:SetSourceIdentity']),
      allow('sts:AssumeRoot'),
    )
    const worn = await server.assume('admin', RoleArn, { SourceIdentity: 'Me' })
    assert.equal((await assumeRoot(worn)).SourceIdentity, 'Me')
  })
})
