import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  AssociateIamInstanceProfileCommand,
  CreateLaunchTemplateCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DisassociateIamInstanceProfileCommand,
  EC2Client,
  type IamInstanceProfileSpecification,
  ReplaceIamInstanceProfileAssociationCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2'
import { DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts'
import { type Ec2Server, ec2Server, failure, type Statement } from './ec2-house.ts'

const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const allOfEc2: Statement = { Action: 'ec2:*' }

/** Each operation that hands an instance profile's role on, as one call of a client. */
const operations: Readonly<
  Record<
    string,
    (client: EC2Client, admin: EC2Client, profile: IamInstanceProfileSpecification) => Promise<unknown>
  >
> = {
  async RunInstances(client, _admin, IamInstanceProfile) {
    return client.send(new RunInstancesCommand({ ...launch, IamInstanceProfile }))
  },
  async 'RunInstances with a launch template'(client, admin, IamInstanceProfile) {
    const name = `t-${Math.floor(performance.now() * 1000)}`
    await admin.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        LaunchTemplateData: { IamInstanceProfile },
      }),
    )
    return client.send(new RunInstancesCommand({ ...launch, LaunchTemplate: { LaunchTemplateName: name } }))
  },
  async AssociateIamInstanceProfile(client, admin, IamInstanceProfile) {
    const InstanceId = await newInstance(admin)
    return client.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile }))
  },
  async ReplaceIamInstanceProfileAssociation(client, admin, IamInstanceProfile) {
    const InstanceId = await newInstance(admin)
    const made = await admin.send(
      new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'before' } }),
    )
    const AssociationId = made.IamInstanceProfileAssociation!.AssociationId!
    return client.send(new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile }))
  },
}

async function newInstance(admin: EC2Client): Promise<string> {
  return (await admin.send(new RunInstancesCommand(launch))).Instances![0]!.InstanceId!
}

async function serverWithProfiles(): Promise<Ec2Server> {
  const server = await ec2Server()
  await server.profile('web', await server.role('web'))
  await server.profile('before', await server.role('before'))
  await server.profile('empty')
  return server
}

const passes = (Resource: string, service: string): Statement => ({
  Action: 'iam:PassRole',
  Resource,
  Condition: { StringEquals: { 'iam:PassedToService': service } },
})

for (const [name, call] of Object.entries(operations)) {
  describe(`${name} hands on the role of a profile`, () => {
    it('is refused without iam:PassRole, and the decoded message names it (EC2-10, MSG-1, MSG-2)', async () => {
      await using server = await serverWithProfiles()
      const { omen } = server
      const dev = omen.client(EC2Client, await server.user('dev', allOfEc2))
      const refused = await failure(call(dev, omen.client(EC2Client), { Name: 'web' }))
      const role = 'arn:aws:iam::123456789012:role/web'
      assert.equal(refused.name, 'UnauthorizedOperation')
      assert.equal(refused.status, 403)
      const [said, encoded] = refused.message.split(' Encoded authorization failure message: ')
      assert.equal(
        said,
        `You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/dev is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows the iam:PassRole action.`,
      )
      assert.match(encoded!, /^[A-Za-z0-9_-]+$/)
      const sts = omen.client(STSClient)
      const decoded = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: encoded }))
      const { context, ...verdict } = JSON.parse(decoded.DecodedMessage!)
      assert.deepEqual(verdict, {
        allowed: false,
        explicitDeny: false,
        matchedStatements: { items: [] },
        failures: { items: [] },
      })
      assert.equal(context.action, 'iam:PassRole')
      assert.equal(context.resource, role)
      const keys = context.conditions.items.map(
        (item: { key: string; values: { items: { value: string }[] } }) => [
          item.key,
          item.values.items[0]!.value,
        ],
      )
      assert.deepEqual(keys, [
        ['aws:Region', 'us-east-1'],
        ['aws:Service', 'ec2'],
        ['aws:Resource', 'role/web'],
        ['iam:RoleName', 'web'],
        ['aws:Type', 'role'],
        ['aws:Account', '123456789012'],
        ['aws:ARN', role],
      ])
    })

    it('says for which instance (PSR-7)', async () => {
      await using server = await serverWithProfiles()
      const { omen } = server
      const admin = omen.client(EC2Client)
      const forInstances = (region: string): Statement => ({
        Action: 'iam:PassRole',
        Condition: {
          StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
          StringLike: { 'iam:AssociatedResourceARN': `arn:aws:ec2:${region}:123456789012:instance/*` },
        },
      })
      const here = omen.client(EC2Client, await server.user('dev', allOfEc2, forInstances('us-east-1')))
      await call(here, admin, { Name: 'web' })
      const there = omen.client(EC2Client, await server.user('dev', allOfEc2, forInstances('eu-west-1')))
      assert.equal((await failure(call(there, admin, { Name: 'web' }))).name, 'UnauthorizedOperation')
    })

    it('is allowed with exactly iam:PassRole on that role for EC2, by name and by ARN (EC2-10)', async () => {
      await using server = await serverWithProfiles()
      const { omen } = server
      const role = 'arn:aws:iam::123456789012:role/web'
      const dev = omen.client(
        EC2Client,
        await server.user('dev', allOfEc2, passes(role, 'ec2.amazonaws.com')),
      )
      const admin = omen.client(EC2Client)
      await call(dev, admin, { Name: 'web' })
      await call(dev, admin, { Arn: 'arn:aws:iam::123456789012:instance-profile/web' })
    })

    it('is refused for another service, another role, and a role of another account (EC2-10)', async () => {
      await using server = await serverWithProfiles()
      const { omen } = server
      const admin = omen.client(EC2Client)
      for (const [role, service] of [
        ['arn:aws:iam::123456789012:role/web', 'lambda.amazonaws.com'],
        ['arn:aws:iam::123456789012:role/other', 'ec2.amazonaws.com'],
        ['arn:aws:iam::210987654321:role/web', 'ec2.amazonaws.com'],
      ] as const) {
        const dev = omen.client(EC2Client, await server.user('dev', allOfEc2, passes(role, service)))
        const refused = await failure(call(dev, admin, { Name: 'web' }))
        assert.equal(refused.name, 'UnauthorizedOperation')
        assert.match(
          refused.message,
          /perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/web /,
        )
      }
    })

    it('lets a role session pass a role as a user may', async () => {
      await using server = await serverWithProfiles()
      const { omen, account } = server
      const role = await server.role('deployer', 'ec2.amazonaws.com', allOfEc2, {
        Action: 'iam:PassRole',
        Resource: 'arn:aws:iam::123456789012:role/web',
      })
      const name = { service: 'ec2.amazonaws.com', sessionName: 'i-0', lifetimeSeconds: 900 }
      const worn = await omen.omen.deps.assumeForService({ account, role, ...name })
      const session = omen.client(EC2Client, worn)
      await call(session, omen.client(EC2Client), { Name: 'web' })
      const refused = await failure(call(session, omen.client(EC2Client), { Name: 'before' }))
      assert.match(refused.message, /iam:PassRole on resource: arn:aws:iam::123456789012:role\/before /)
    })

    it('says what is wrong with the profile, to those who may call (EC2-11, EC2-12, EC2-13)', async () => {
      await using server = await serverWithProfiles()
      const { omen } = server
      const admin = omen.client(EC2Client)
      const dev = omen.client(EC2Client, await server.user('dev', allOfEc2))
      for (const [profile, code, message] of [
        [
          { Name: 'nothing' },
          'InvalidParameterValue',
          'Value (nothing) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
        ],
        [
          { Arn: 'arn:aws:iam::210987654321:instance-profile/web' },
          'InvalidParameterValue',
          'Value (arn:aws:iam::210987654321:instance-profile/web) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN',
        ],
        [
          { Name: 'empty' },
          'InvalidParameterValue',
          'IAM Instance Profile "arn:aws:iam::123456789012:instance-profile/empty" has no associated IAM Roles',
        ],
      ] as const) {
        assert.deepEqual(await failure(call(dev, admin, profile)), { name: code, message, status: 400 })
      }
    })
  })
}

describe('AmazonEC2FullAccess alone', () => {
  it('launches, but neither with a profile nor changes one', async () => {
    await using server = await serverWithProfiles()
    const { omen } = server
    const key = await server.user('dev')
    await server.attach('dev', 'arn:aws:iam::aws:policy/AmazonEC2FullAccess')
    const dev = omen.client(EC2Client, key)
    await dev.send(new RunInstancesCommand(launch))
    for (const call of Object.values(operations)) {
      const refused = await failure(call(dev, omen.client(EC2Client), { Name: 'web' }))
      assert.equal(refused.name, 'UnauthorizedOperation')
      assert.match(refused.message, /perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/web /)
    }
  })
})

describe('Instance profile associations', () => {
  it('show what an instance has, one at a time (EC2-14)', async () => {
    await using server = await serverWithProfiles()
    const ec2 = server.omen.client(EC2Client)
    const run = await ec2.send(new RunInstancesCommand({ ...launch, IamInstanceProfile: { Name: 'web' } }))
    const { InstanceId, IamInstanceProfile } = run.Instances![0]!
    const arn = 'arn:aws:iam::123456789012:instance-profile/web'
    assert.equal(IamInstanceProfile?.Arn, arn)
    assert.match(IamInstanceProfile?.Id ?? '', /^AIPA[A-Z2-7]{17}$/)
    const again = await failure(
      ec2.send(
        new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'before' } }),
      ),
    )
    assert.equal(again.name, 'IncorrectState')
    assert.equal(again.message, `There is an existing association for instance ${InstanceId}`)
    const filter = { Filters: [{ Name: 'instance-id', Values: [InstanceId!] }] }
    const listed = await ec2.send(new DescribeIamInstanceProfileAssociationsCommand(filter))
    const [one] = listed.IamInstanceProfileAssociations!
    assert.equal(one?.State, 'associated')
    assert.equal(one?.IamInstanceProfile?.Arn, arn)
    assert.match(one?.AssociationId ?? '', /^iip-assoc-0[0-9a-f]{16}$/)
    const AssociationId = one!.AssociationId!
    const replaced = await ec2.send(
      new ReplaceIamInstanceProfileAssociationCommand({
        AssociationId,
        IamInstanceProfile: { Name: 'before' },
      }),
    )
    const fresh = replaced.IamInstanceProfileAssociation!
    assert.notEqual(fresh.AssociationId, AssociationId)
    assert.equal(fresh.State, 'associating')
    const stale = await failure(ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId })))
    assert.equal(stale.name, 'InvalidAssociationID.NotFound')
    const taken = await ec2.send(
      new DisassociateIamInstanceProfileCommand({ AssociationId: fresh.AssociationId }),
    )
    assert.equal(taken.IamInstanceProfileAssociation?.State, 'disassociating')
    const after = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId!] }))
    assert.equal(after.Reservations![0]!.Instances![0]!.IamInstanceProfile, undefined)
  })

  it('of a stopped instance cannot be replaced (EC2-15)', async () => {
    await using server = await serverWithProfiles()
    const ec2 = server.omen.client(EC2Client)
    const InstanceId = await newInstance(ec2)
    const made = await ec2.send(
      new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'web' } }),
    )
    const AssociationId = made.IamInstanceProfileAssociation!.AssociationId!
    await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }))
    const refused = await failure(
      ec2.send(
        new ReplaceIamInstanceProfileAssociationCommand({
          AssociationId,
          IamInstanceProfile: { Name: 'before' },
        }),
      ),
    )
    assert.equal(refused.name, 'IncorrectState')
    assert.equal(refused.message, `The association ${AssociationId} is not the active association`)
  })
})
