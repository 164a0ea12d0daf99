/** What `omen why` shows for calls that ask several questions, of resources that are not there, and of other accounts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EC2, type RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { STS } from '@aws-sdk/client-sts'
import { suggestTogether } from '@omen-iam/policy'
import { keepDenial, recallLastDenial, reviveDenial } from '../../packages/server/src/authorization/index.ts'
import { viewDecision, wholeSight } from '../../packages/server/src/gate/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { edited } from '../spec/edited.ts'
import { ec2Server, failure } from './ec2-house.ts'
import { openOrganizationServer, policy, refused } from './organizations-house.ts'

const launch: RunInstancesCommandInput = {
  ImageId: 'ami-12345678',
  InstanceType: 't3.micro',
  MinCount: 1,
  MaxCount: 1,
}

async function lastDenial({ omen: { deps } }: RunningOmen) {
  const record = await recallLastDenial(deps)
  assert.ok(record)
  return { record, view: viewDecision(record, wholeSight) }
}

describe('what a denied call shows', () => {
  test('RSN-12 its change allows all that the call asks', async () => {
    await using server = await ec2Server()
    await server.profile('web', await server.role('web'))
    const instances = { Action: 'ec2:RunInstances', Resource: 'arn:aws:ec2:*:*:instance/*' }
    const asDev = { ...launch, IamInstanceProfile: { Name: 'web' } }
    await failure(server.omen.client(EC2, await server.user('dev', instances)).runInstances(asDev))
    const { record, view } = await lastDenial(server.omen)
    assert.deepEqual(
      view.asked.map(({ action, outcome }) => [action, outcome]),
      [
        ['ec2:RunInstances', 'allowed'],
        ['ec2:RunInstances', 'implicitDeny'],
      ],
    )
    assert.deepEqual([view.behind?.length, view.behind?.at(-1)?.action], [5, 'iam:PassRole'])
    const edits = suggestTogether(
      [...record.judged, ...record.behind].map((one) => ({ request: one.request, compiled: one.policies })),
    )
    assert.equal(edits?.length, view.change?.edits.length)
    let text = JSON.stringify({ Statement: [{ Effect: 'Allow', ...instances }] })
    for (const edit of edits ?? []) {
      assert.equal(edit.policy?.source.name, 'user_dev_own')
      text = edited(text, edit)
    }
    const { Statement } = JSON.parse(text)
    await server.omen.client(EC2, await server.user('dev', ...Statement)).runInstances(asDev)
  })

  test('RSN-12 a role that allows the whole call is shown, one that allows a part is not', async () => {
    await using server = await ec2Server()
    const trust = policy({
      Effect: 'Allow',
      Principal: { AWS: server.account.id },
      Action: 'sts:AssumeRole',
    })

    const iam = server.omen.client(IAM)
    for (const [RoleName, Resource] of [
      ['launcher', '*'],
      ['half', 'arn:aws:ec2:*:*:instance/*'],
    ] as const) {
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust })
      const PolicyDocument = policy({ Effect: 'Allow', Action: 'ec2:RunInstances', Resource })
      await iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument })
    }
    const key = await server.user('dev', { Action: 'sts:AssumeRole' })
    await failure(server.omen.client(EC2, key).runInstances(launch))
    const { view } = await lastDenial(server.omen)
    assert.deepEqual(view.otherRoles, [`arn:aws:iam::${server.account.id}:role/launcher`])
  })

  test('RSN-12 of very many questions the first are looked at, and the record is kept', async () => {
    await using server = await ec2Server()
    const InstanceIds = Array.from({ length: 1_000 }, (_, n) => `i-${String(n).padStart(17, '0')}`)
    await failure(server.omen.client(EC2, await server.user('dev')).terminateInstances({ InstanceIds }))
    const { record, view } = await lastDenial(server.omen)
    assert.deepEqual([view.behind.length, view.beyond], [50, 949])
    assert.ok(await server.omen.omen.deps.directory.store.findDenial(record.id))
    // what is behind a denial costs its record no place in the store
    const behind = Array.from({ length: 2_000 }, () => record.behind[0]!)
    const kept = JSON.parse(keepDenial({ ...record, behind })?.json ?? '{}')
    assert.deepEqual([kept.judged.length, kept.behind, kept.beyond], [1, [], 2_949])
    // a record of a version that wrote neither what is behind a denial nor the mode
    const { behind: _, beyond: __, letThrough: ___, ...older } = kept
    const stored = { ...keepDenial({ ...record, behind })!, json: JSON.stringify(older) }
    const revived = await reviveDenial(stored, server.omen.omen.deps)
    assert.deepEqual([revived?.behind, revived?.beyond, revived?.letThrough], [[], 0, false])
  })

  test('RSN-13 of what is not there no policy can be edited', async () => {
    await using server = await ec2Server()

    const key = await server.user('dev', { Action: 'sts:*' })
    const RoleArn = `arn:aws:iam::${server.account.id}:role/none`
    await failure(server.omen.client(STS, key).assumeRole({ RoleArn, RoleSessionName: 'run' }))
    const { view } = await lastDenial(server.omen)
    assert.deepEqual([view.asked[0]?.missing, view.asked[0]?.suggestions, view.change], [true, [], null])
    await failure(server.omen.client(Lambda, key).invoke({ FunctionName: 'none' }))
    const invoked = (await lastDenial(server.omen)).view
    assert.deepEqual(
      invoked.change?.edits.map(({ layer }) => layer),
      ['identity'],
    )
  })

  test('RSN-12 the roles of the resource’s account are shown, RCPs that deny nothing allow', async () => {
    const server = await openOrganizationServer()
    const { organizations } = server.management
    await organizations.createOrganization({})
    const root = await server.rootId()
    await organizations.enablePolicyType({ RootId: root, PolicyType: 'RESOURCE_CONTROL_POLICY' })
    const account = await server.makeAccount()
    const { iam } = await server.enter(account)
    const AssumeRolePolicyDocument = policy({
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: 'sts:AssumeRole',
    })
    await iam.createRole({ RoleName: 'inner', AssumeRolePolicyDocument })
    const RoleArn = `arn:aws:iam::${account}:role/inner`
    await refused(server.management.sts.assumeRole({ RoleArn, RoleSessionName: 'run' }))
    const { view } = await lastDenial(server.omen)
    assert.deepEqual(view.otherRoles, [`arn:aws:iam::${account}:role/OrganizationAccountAccessRole`])
    const rcps = view.asked[0]?.layers.filter(({ layer }) => layer === 'rcp') ?? []
    assert.ok(rcps.length > 0 && rcps.every(({ verdict }) => verdict === 'allow'))
    await server.omen.close()
  })

  test('MSG-3 nobody of another account opens an encoded message', async () => {
    const server = await openOrganizationServer()
    await server.management.organizations.createOrganization({})
    const member = await server.enter(await server.makeAccount())
    const dev = server.omen.client(EC2, await server.makeUser('dev'))
    const { message } = await failure(dev.runInstances(launch))
    const EncodedMessage = message.split('Encoded authorization failure message: ')[1] ?? ''
    const { DecodedMessage } = await server.management.sts.decodeAuthorizationMessage({ EncodedMessage })
    assert.match(DecodedMessage ?? '', /"allowed":false/)
    assert.deepEqual(await refused(member.sts.decodeAuthorizationMessage({ EncodedMessage })), [
      'InvalidAuthorizationMessageException',
      'Message is not valid',
    ])
    await server.omen.close()
  })

  test('RSN-12 what mode audit allowed is shown as such', async () => {
    await using omen = await createOmen({ mode: 'audit' })
    const iam = omen.client(IAM)
    await iam.createUser({ UserName: 'dev' })
    const { AccessKey: key } = await iam.createAccessKey({ UserName: 'dev' })
    const dev = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
    await omen.client(IAM, dev).listUsers({})
    const { view } = await lastDenial(omen)
    assert.deepEqual([view.allowed, view.letThrough, view.change?.edits.length], [false, true, 1])
  })

  test('RSN-15 its JSON has these members', async () => {
    await using server = await ec2Server()
    const conditioned = { Action: 'ec2:*', Condition: { StringEquals: { 'ec2:InstanceType': 'm1.small' } } }
    await failure(server.omen.client(EC2, await server.user('dev', conditioned)).runInstances(launch))
    const { view } = await lastDenial(server.omen)
    const plain = JSON.parse(JSON.stringify(view))
    const membersOf = (value: object) => Object.keys(value).sort().join(' ')
    assert.equal(
      membersOf(plain),
      'allowed asked behind caller change id operation otherRoles requestId service sourceIp time ways',
    )
    const [asked] = plain.asked
    assert.equal(
      membersOf(asked),
      'action because caller context crossAccount layers outcome resource sentence story suggestions',
    )
    assert.equal(membersOf(asked.layers[0]), 'layer policies verdict')
    const [statement] = asked.layers[0].policies[0].statements
    assert.equal(membersOf(asked.layers[0].policies[0]), 'policy statements title')
    assert.equal(membersOf(statement), 'column document effect failed index line matched')
    assert.equal(membersOf(statement.failed), 'column element key line operator seen wanted')
    assert.equal(
      membersOf(asked.suggestions[0].edits[0]),
      'index key layer line operator policy title type value',
    )
    assert.equal(membersOf(plain.change.edits[0]), 'index key layer line operator policy title type value')
    assert.equal(membersOf(plain.behind[0]), 'action layer outcome resource')
    assert.equal(membersOf(plain.ways[0]), 'edits kind')
  })
})
