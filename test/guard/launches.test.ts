import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { form as contentType } from './ambiguous-bodies.ts'
import { asked, form, requestsOf } from './asked.ts'
import { type GuardHouse, guardHouse, send } from './house.ts'

type Fields = Readonly<Record<string, string>>

const called = (Action: string, fields: Fields = {}) => ({ Action, Version: '2016-11-15', ...fields })
const run = (fields: Fields = {}) =>
  form('ec2', called('RunInstances', { ImageId: 'ami-1', MinCount: '1', MaxCount: '1', ...fields }))
const root = 'BlockDeviceMapping.1.'
const rootVolume = (more: Fields) => ({ [`${root}DeviceName`]: '/dev/xvda', ...more })

/** What is asked beside the instance and the image. */
const besides = (fields: Fields) =>
  asked(run(fields))
    .filter((line) => !/:(?:instance\/\*|image\/ami-1)$/.test(line))
    .map((line) => line.replace(/^ec2:RunInstances ec2:/, ''))
const network = ['network-interface/*', 'subnet/*', 'security-group/*']

describe('what a launch asks about', () => {
  test('is the instance, the image, the network and the root volume (GRD-460)', () => {
    assert.deepEqual(
      asked(run()).filter((line) => !besides({}).some((one) => line.endsWith(one))),
      ['ec2:RunInstances ec2:instance/*', 'ec2:RunInstances ec2:image/ami-1'],
    )
    assert.deepEqual(besides({}), [...network, 'volume/*'])
    assert.deepEqual(
      besides({ SubnetId: 'subnet-1', 'SecurityGroupId.1': 'sg-1', 'SecurityGroup.1': 'web' }),
      ['network-interface/*', 'subnet/subnet-1', 'security-group/sg-1', 'security-group/*', 'volume/*'],
    )
  })

  test('is each network interface with its own subnet and groups (GRD-460)', () => {
    const fields = {
      'NetworkInterface.1.SubnetId': 'subnet-1',
      'NetworkInterface.1.SecurityGroupId.1': 'sg-1',
      'NetworkInterface.1.SecurityGroupId.2': 'sg-2',
      'NetworkInterface.1.AssociatePublicIpAddress': 'true',
      'NetworkInterface.2.NetworkInterfaceId': 'eni-2',
    }
    assert.deepEqual(besides(fields), [
      'network-interface/*',
      'network-interface/eni-2',
      'subnet/subnet-1',
      'subnet/*',
      'security-group/sg-1',
      'security-group/sg-2',
      'security-group/*',
      'volume/*',
    ])
    const [made] = requestsOf(run(fields)).filter(({ resource }) => resource.endsWith(':network-interface/*'))
    assert.partialDeepStrictEqual(made?.context, {
      'ec2:AssociatePublicIpAddress': 'true',
      'ec2:Subnet': 'arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1',
    })
  })

  test('is each volume with its own keys, and its snapshot (GRD-460)', () => {
    const fields = rootVolume({
      [`${root}Ebs.Encrypted`]: 'true',
      [`${root}Ebs.VolumeType`]: 'gp3',
      'BlockDeviceMapping.2.DeviceName': '/dev/sdf',
      'BlockDeviceMapping.2.Ebs.SnapshotId': 'snap-1',
      'BlockDeviceMapping.2.Ebs.VolumeSize': '9',
      'BlockDeviceMapping.3.DeviceName': '/dev/sdg',
      'BlockDeviceMapping.3.NoDevice': '',
      'BlockDeviceMapping.4.DeviceName': '/dev/sdh',
      'BlockDeviceMapping.4.VirtualName': 'ephemeral0',
    })
    assert.deepEqual(besides(fields), [...network, 'volume/*', 'volume/*', 'snapshot/snap-1'])
    const volumes = requestsOf(run(fields)).filter(({ resource }) => resource.endsWith(':volume/*'))
    assert.deepEqual(
      volumes.map(({ context }) => context),
      [
        { 'ec2:ImageID': 'ami-1', 'ec2:Encrypted': 'true', 'ec2:VolumeType': 'gp3' },
        {
          'ec2:ImageID': 'ami-1',
          'ec2:ParentSnapshot': 'arn:aws:ec2:eu-west-1::snapshot/snap-1',
          'ec2:VolumeSize': '9',
        },
      ],
    )
  })

  test('is whatever else the request names (GRD-460)', () => {
    const group = 'arn:aws:resource-groups:eu-west-1:111122223333:group/g'
    const licence = 'arn:aws:license-manager:eu-west-1:111122223333:license-configuration:lic-1'
    const target = 'CapacityReservationSpecification.CapacityReservationTarget.CapacityReservation'
    for (const [fields, expected] of [
      [{ KeyName: 'k' }, 'ec2:key-pair/k'],
      [{ 'LaunchTemplate.LaunchTemplateId': 'lt-1' }, 'ec2:launch-template/lt-1'],
      [{ 'Placement.GroupName': 'p' }, 'ec2:placement-group/p'],
      [{ 'Placement.GroupId': 'pg-1' }, 'ec2:placement-group/*'],
      [{ [`${target}Id`]: 'cr-1' }, 'ec2:capacity-reservation/cr-1'],
      [{ [`${target}ResourceGroupArn`]: group }, 'resource-groups:group/g'],
      [
        { 'LicenseSpecification.1.LicenseConfigurationArn': licence },
        'license-manager:license-configuration:lic-1',
      ],
      [{ 'InstanceMarketOptions.MarketType': 'spot' }, 'ec2:spot-instances-request/*'],
      [{ 'SecondaryInterface.1.SecondarySubnetId': 'ss-1' }, 'ec2:secondary-subnet/ss-1'],
    ] as const)
      assert.ok(asked(run(fields)).includes(`ec2:RunInstances ${expected}`), expected)
  })
})

describe('what is made has no id yet (GRD-462)', () => {
  for (const [action, fields, thing] of [
    ['CreateLaunchTemplate', { LaunchTemplateName: 'n' }, 'launch-template/*'],
    ['CreateManagedPrefixList', { PrefixListName: 'n' }, 'prefix-list/*'],
    ['CreateInstanceEventWindow', { Name: 'n' }, 'instance-event-window/*'],
    ['CreateFpgaImage', { Name: 'n' }, 'fpga-image/*'],
    ['RegisterImage', { Name: 'n' }, 'image/*'],
  ] as const)
    test(action, () =>
      assert.equal(asked(form('ec2', called(action, fields)))[0], `ec2:${action} ec2:${thing}`),
    )
})

describe('a Deny on what a launch is made of', () => {
  let upstream: UpstreamServer
  let house: GuardHouse
  let user: ClientCredentials

  before(async () => {
    upstream = await startReader((_, _question, outgoing) => outgoing.writeHead(200).end('passed'))
    house = await guardHouse({ upstream, forward: ['ec2'] })
    user = await house.user('user')
  })
  after(async () => {
    await house?.close()
    await upstream?.close()
  })

  /** Makes the user's policy: everything is allowed but what a Deny says. */
  const denied = (Action: string, kind: string, Condition: object) =>
    house.allow(
      'user',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action, Resource: kind === '*' ? '*' : `arn:aws:ec2:*:*:${kind}/*`, Condition },
        ],
      }),
    )
  const status = async ({ body }: { readonly body?: string }) => {
    const request = { method: 'POST', service: 'ec2', as: user, headers: { 'content-type': contentType } }
    return (await send(house.omen.endpoint, { ...request, body: body! })).status
  }
  const encrypted = (value: string) => rootVolume({ [`${root}Ebs.Encrypted`]: value })

  test('refuses a volume that is not encrypted, and one of which nothing is known (GRD-460, GRD-461)', async () => {
    for (const kind of ['volume', '*']) {
      await denied('ec2:RunInstances', kind, { Bool: { 'ec2:Encrypted': 'false' } })
      assert.equal(await status(run(encrypted('true'))), 200, kind)
      assert.equal(await status(run(encrypted('false'))), 403, kind)
      assert.equal(await status(run(rootVolume({ [`${root}Ebs.VolumeSize`]: '9' }))), 403, kind)
      assert.equal(await status(run()), 403, kind)
    }
  })

  test('refuses other types of volumes (GRD-460)', async () => {
    await denied('ec2:RunInstances', 'volume', { StringNotEquals: { 'ec2:VolumeType': 'gp3' } })
    assert.equal(await status(run(rootVolume({ [`${root}Ebs.VolumeType`]: 'gp3' }))), 200)
    assert.equal(await status(run(rootVolume({ [`${root}Ebs.VolumeType`]: 'io2' }))), 403)
  })

  test('knows how an instance answers about itself (GRD-460), and not what its template says (GRD-461)', async () => {
    await denied('ec2:RunInstances', 'instance', {
      StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' },
    })
    assert.equal(await status(run({ 'MetadataOptions.HttpTokens': 'required' })), 200)
    assert.equal(await status(run({ 'MetadataOptions.HttpTokens': 'optional' })), 403)
    await denied('ec2:RunInstances', 'instance', { StringEquals: { 'ec2:InstanceType': 'p5.48xlarge' } })
    assert.equal(await status(run({ InstanceType: 't3.micro' })), 200)
    assert.equal(await status(run({ 'LaunchTemplate.LaunchTemplateId': 'lt-1' })), 403)
  })

  test('takes a volume that says nothing for one that is not encrypted (GRD-463)', async () => {
    await denied('ec2:CreateVolume', 'volume', { Bool: { 'ec2:Encrypted': 'false' } })
    const create = (fields: Fields) =>
      form('ec2', called('CreateVolume', { AvailabilityZone: 'a', ...fields }))
    assert.equal(await status(create({ Encrypted: 'true' })), 200)
    assert.equal(await status(create({})), 403)
    await denied('ec2:CreateVolume', 'volume', { NumericGreaterThan: { 'ec2:VolumeSize': '10' } })
    assert.equal(await status(create({ Size: '9' })), 200)
    assert.equal(await status(create({ Size: '11' })), 403)
  })
})
