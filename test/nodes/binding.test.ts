import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Organizations } from '@aws-sdk/client-organizations'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import { policyText, trustPolicy } from '../kit/index.ts'
import { until } from '../store/fixture.ts'
import { chance } from './chance.ts'
import { account, openNodes } from './twins.ts'

const random = chance(7)
const line = { delay: () => (random() < 0.3 ? 0 : Math.floor(random() * 6)) }

describe('what one node acknowledged binds the next answer of the other', () => {
  let open: Awaited<ReturnType<typeof openNodes>>
  before(async () => {
    open = await openNodes([line, line])
  })
  after(() => open.close())
  const policy = (Effect: string, Action: string) => policyText({ Effect, Action, Resource: '*' })

  /** A user with a key, made by the first node. */
  const userWith = async (UserName: string) => {
    const iam = open.nodes[0]!.iam()
    await iam.createUser({ UserName })
    const { AccessKey } = await iam.createAccessKey({ UserName })
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  }

  test('a permission that is given, taken and given again', async () => {
    const [one, two] = open.nodes.map((node) => node.iam())
    const keys = await userWith('dev')
    const asDev = open.nodes.map((node) => node.iam(keys))
    for (let round = 0; round < 8; round++) {
      const [here, there] = round % 2 === 0 ? [one!, asDev[1]!] : [two!, asDev[0]!]
      await here.putUserPolicy({ UserName: 'dev', PolicyName: 'p', PolicyDocument: policy('Allow', 'iam:*') })
      await there.listUsers({})
      await there.createRole({ RoleName: `r${round}`, AssumeRolePolicyDocument: trust })
      await here.deleteUserPolicy({ UserName: 'dev', PolicyName: 'p' })
      await assert.rejects(there.listUsers({}), { name: /AccessDenied/ })
      await assert.rejects(there.createGroup({ GroupName: 'never' }), { name: /AccessDenied/ })
    }
  })

  test('a key that appears, is made inactive and is deleted', async () => {
    const keys = await userWith('bearer')
    const [one] = open.nodes.map((node) => node.iam())
    const sts = open.nodes[1]!.sts(keys)
    const AccessKeyId = keys.accessKeyId
    await sts.getCallerIdentity({})
    await one!.updateAccessKey({ UserName: 'bearer', AccessKeyId, Status: 'Inactive' })
    await assert.rejects(sts.getCallerIdentity({}), { name: /InvalidClientTokenId/ })
    await one!.updateAccessKey({ UserName: 'bearer', AccessKeyId, Status: 'Active' })
    await sts.getCallerIdentity({})
    await one!.deleteAccessKey({ UserName: 'bearer', AccessKeyId })
    await assert.rejects(sts.getCallerIdentity({}), { name: /InvalidClientTokenId/ })
  })

  test('an SCP of the management account binds its members, and a new account is known at once', async () => {
    const [here, there] = [open.nodes[0]!, open.nodes[1]!]
    const org = here.client(Organizations)
    await org.createOrganization({ FeatureSet: 'ALL' })
    const { Roots = [] } = await org.listRoots({})
    await org.enablePolicyType({ RootId: Roots[0]!.Id!, PolicyType: 'SERVICE_CONTROL_POLICY' })
    const { CreateAccountStatus: made } = await org.createAccount({
      AccountName: 'm',
      Email: 'm@example.com',
    })
    const { CreateAccountStatus: status } = await org.describeCreateAccountStatus({
      CreateAccountRequestId: made!.Id!,
    })
    const member = status!.AccountId!
    const RoleArn = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
    const { Credentials } = await there.sts().assumeRole({ RoleArn, RoleSessionName: 'session' })
    const session = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    }
    const { Policy } = await org.createPolicy({
      Name: 'deny',
      Description: '',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: policy('Deny', 'iam:ListUsers'),
    })
    const PolicyId = Policy!.PolicySummary!.Id!
    const inMember = there.iam(session)
    for (let round = 0; round < 4; round++) {
      await inMember.listUsers({})
      await org.attachPolicy({ PolicyId, TargetId: member })
      await assert.rejects(inMember.listUsers({}), { name: /AccessDenied/ })
      await org.detachPolicy({ PolicyId, TargetId: member })
    }
  })

  test('one code of an MFA device is taken once', async () => {
    const keys = await userWith('careful')
    const iam = open.nodes[0]!.iam()
    const { VirtualMFADevice } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'device' })
    const SerialNumber = VirtualMFADevice!.SerialNumber!
    const seed = fromBase32(Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString())
    const step = totpStep(Date.now())
    const code = (of: number) => totpCode(seed, of)
    await iam.enableMFADevice({
      UserName: 'careful',
      SerialNumber,
      AuthenticationCode1: code(step - 2),
      AuthenticationCode2: code(step - 1),
    })
    const TokenCode = code(step)
    const tries = [0, 1, 0, 1].map((node) =>
      open.nodes[node]!.sts(keys).getSessionToken({ SerialNumber, TokenCode }),
    )
    const outcomes = await Promise.allSettled(tries)
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  test('wrong passwords are counted over all nodes', async () => {
    const iam = open.nodes[0]!.iam()
    await userWith('guessed')
    await iam.createLoginProfile({ UserName: 'guessed', Password: 'Right-Password-1' })
    const signIn = (node: number, password: string) =>
      open.nodes[node]!.omen.answer({
        method: 'POST',
        rawPath: '/signin/login',
        rawQuery: '',
        headers: { host: 'localhost', 'content-type': 'application/json' },
        rawHeaders: [],
        body: Buffer.from(JSON.stringify({ account, userName: 'guessed', password })),
        remoteAddress: '127.0.0.1',
        secure: false,
      } as never)
    const statuses: number[] = []
    for (const node of [0, 1, 0, 1, 0, 1, 0]) statuses.push((await signIn(node, 'Wrong-Password-1')).status)
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
    assert.equal((await signIn(1, 'Right-Password-1')).status, 429)
  })

  test('after a reset at one node, the other forgets the decisions of before', async () => {
    const [here, there] = [open.nodes[0]!, open.nodes[1]!]
    const keys = await userWith('curious')
    await assert.rejects(there.iam(keys).listUsers({}), { name: /AccessDenied/ })
    const { decisions } = there.omen.deps
    assert.equal(decisions.denials(1).length, 1)
    // a rotation of the master key seals the first keys anew, and is no reset
    const { vault, directory } = there.omen.deps
    const sealed = (await directory.store.readSetting('first')) ?? ''
    const again = vault.sealText('first-keys', vault.openText('first-keys', sealed) ?? '')
    assert.ok(await directory.store.swapSetting('first', sealed, again))
    await sleep(1_200)
    assert.equal(decisions.denials(1).length, 1)
    await here.omen.reset()
    await until(async () => decisions.denials(1).length === 0)
    const { Users = [] } = await there.iam().listUsers({})
    assert.deepEqual(
      Users.map(({ UserName }) => UserName),
      ['admin'],
    )
  })

  const trust = trustPolicy({ AWS: '*' })
})

function fromBase32(text: string): Uint8Array {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
