import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { allow, deny, policyText } from '../kit/index.ts'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { form as contentType } from './ambiguous-bodies.ts'
import { asked, form, requestsOf } from './asked.ts'
import { type GuardServer, guardServer, send } from './house.ts'

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
  test('is the instance, the image and the network (GRD-460)', () => {
    assert.deepEqual(
      asked(run()).filter((line) => !besides({}).some((one) => line.endsWith(one))),
      ['ec2:RunInstances ec2:instance/*', 'ec2:RunInstances ec2:image/ami-1'],
    )
    assert.deepEqual(besides({}), network)
    assert.deepEqual(
      besides({ SubnetId: 'subnet-1', 'SecurityGroupId.1': 'sg-1', 'SecurityGroup.1': 'web' }),
      ['network-interface/*', 'subnet/subnet-1', 'security-group/sg-1', 'security-group/*'],
    )
  })

  test('of a role, any instance is what it is for (GRD-227, PSR-7)', () => {
    const profile = { 'IamInstanceProfile.Name': 'p' }
    for (const sent of [
      form('ec2', called('AssociateIamInstanceProfile', { InstanceId: 'i-1', ...profile })),
      form('ec2', called('ReplaceIamInstanceProfileAssociation', { AssociationId: 'a', ...profile })),
      run(profile),
      run({ 'LaunchTemplate.LaunchTemplateId': 'lt-1' }),
    ]) {
      const passed = requestsOf(sent).find(({ action }) => action === 'iam:PassRole')
      const near = passed?.context?.['iam:AssociatedResourceArn']
      assert.equal(near, 'arn:aws:ec2:eu-west-1:111122223333:instance/*', sent.body)
    }
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
        { 'ec2:Encrypted': 'true', 'ec2:VolumeType': 'gp3' },
        {
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

/** A device of an image or of a template, as EC2 writes it. */
const device = (name: string, ebs: string) => `<item><deviceName>${name}</deviceName><ebs>${ebs}</ebs></item>`
const image = (id: string, ...devices: readonly string[]) =>
  `<R><imagesSet><item><imageId>${id}</imageId><blockDeviceMapping>${devices.join('')}</blockDeviceMapping></item></imagesSet></R>`
const open = '<encrypted>false</encrypted><volumeType>gp2</volumeType>'
const closed = '<encrypted>True</encrypted><volumeType>gp3</volumeType>'
const images: Readonly<Record<string, string>> = {
  'ami-1': image('ami-1', device('/dev/xvda', open)),
  'ami-other': image('ami-closed', device('/dev/xvda', closed)),
  'ami-sda': image('ami-sda', device('/dev/sda1', open)),
  'ami-closed': image('ami-closed', device('/dev/sda1', closed)),
  'ami-two': image('ami-two', device('/dev/xvda', closed), device('/dev/sdf', open)),
}
const templates: Readonly<Record<string, string>> = {
  'lt-closed': `<imageId>ami-1</imageId><blockDeviceMappingSet>${device('/dev/xvda', closed)}</blockDeviceMappingSet>`,
  'lt-open': '<imageId>ami-sda</imageId><instanceType>p5.48xlarge</instanceType><keyName>k</keyName>',
  'lt-net':
    '<imageId>ami-closed</imageId><networkInterfaceSet><item><subnetId>subnet-9</subnetId><groupSet><groupId>sg-9</groupId></groupSet></item></networkInterfaceSet>',
}
const versions = (data: string) =>
  `<R><launchTemplateVersionSet><item><launchTemplateData>${data}</launchTemplateData></item></launchTemplateVersionSet></R>`
/** What the upstream says when it is asked; the empty text is a refusal. */
const answers: Readonly<Record<string, (asked: URLSearchParams) => string>> = {
  DescribeImages: (asked) => images[asked.get('ImageId.1') ?? ''] ?? '',
  DescribeLaunchTemplateVersions: (asked) => {
    const data = templates[asked.get('LaunchTemplateId') ?? '']
    return data === undefined ? '' : versions(data)
  },
}

describe('a Deny on what a launch is made of', () => {
  const asks: string[] = []
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials

  before(async () => {
    upstream = await startReader((_, question, outgoing) => {
      const asked = new URLSearchParams(question.toString())
      const answer = answers[asked.get('Action') ?? '']?.(asked)
      if (answer !== undefined) asks.push(asked.get('Action') ?? '')
      outgoing.writeHead(answer === '' ? 400 : 200).end(answer ?? 'passed')
    })
    server = await guardServer({ upstream, forward: ['ec2'] })
    user = await server.user('user')
  })
  after(async () => {
    await server?.close()
    await upstream?.close()
  })

  /** Makes the user's policy: everything is allowed but what a Deny says. */
  const denied = (Action: string, kind: string, Condition: object) =>
    server.allow(
      'user',
      policyText(allow('*'), deny(Action, kind === '*' ? '*' : `arn:aws:ec2:*:*:${kind}/*`, { Condition })),
    )
  const status = async ({ body }: { readonly body?: string }) => {
    const request = { method: 'POST', service: 'ec2', as: user, headers: { 'content-type': contentType } }
    return (await send(server.omen.endpoint, { ...request, body: body! })).status
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

  test('refuses the volumes of the image that the request does not name (GRD-472)', async () => {
    await denied('ec2:RunInstances', 'volume', { Bool: { 'ec2:Encrypted': 'false' } })
    const of = (ImageId: string, fields: Fields = encrypted('true')) => status(run({ ...fields, ImageId }))
    // the root has another name than the device that is encrypted
    assert.equal(await of('ami-sda'), 403)
    assert.equal(await of('ami-two'), 403)
    assert.equal(await of('ami-closed'), 200)
    assert.equal(await of('ami-closed', {}), 200)
    const both = {
      'BlockDeviceMapping.2.DeviceName': '/dev/sdf',
      'BlockDeviceMapping.2.Ebs.Encrypted': 'true',
    }
    assert.equal(await of('ami-two', { ...encrypted('true'), ...both }), 200)
    const without = { 'BlockDeviceMapping.2.DeviceName': '/dev/sdf', 'BlockDeviceMapping.2.NoDevice': '' }
    assert.equal(await of('ami-two', { ...encrypted('true'), ...without }), 200)
    // what the request says of a device in part, the image completes
    assert.equal(await of('ami-two', { ...without, ...rootVolume({ [`${root}Ebs.VolumeSize`]: '9' }) }), 200)
    // an image that the upstream does not describe
    assert.equal(await of('ami-none'), 403)
    assert.equal(await of('ami-other'), 403)
    assert.equal(await of('resolve:ssm:/golden'), 403)
  })

  test('asks for an image once, and not for one that no launch names (GRD-472)', async () => {
    await denied('ec2:RunInstances', 'volume', { Bool: { 'ec2:Encrypted': 'false' } })
    asks.length = 0
    const again = run({ ...encrypted('true'), ImageId: 'ami-closed' })
    for (let count = 0; count < 3; count++) assert.equal(await status(again), 200)
    assert.ok(asks.length <= 1, asks.join())
  })

  test('takes from a launch template what the request leaves out (GRD-472)', async () => {
    const of = (template: string, fields: Fields = {}) => {
      const { ImageId: _, ...own } = { ImageId: '', ...fields }
      const named = { 'LaunchTemplate.LaunchTemplateId': template, ...own }
      return status(form('ec2', called('RunInstances', { MinCount: '1', MaxCount: '1', ...named })))
    }
    await denied('ec2:RunInstances', 'volume', { Bool: { 'ec2:Encrypted': 'false' } })
    assert.equal(await of('lt-closed'), 200)
    assert.equal(await of('lt-closed', encrypted('false')), 403)
    assert.equal(await of('lt-open'), 403)
    assert.equal(await of('lt-none'), 403)
    await denied('ec2:RunInstances', 'instance', { StringEquals: { 'ec2:InstanceType': 'p5.48xlarge' } })
    assert.equal(await of('lt-open'), 403)
    assert.equal(await of('lt-open', { InstanceType: 't3.micro' }), 200)
    // the subnet, the groups and the key pair of a template are asked about as those of a request
    for (const kind of ['subnet', 'security-group']) {
      await denied('ec2:RunInstances', kind, {})
      assert.equal(await of('lt-net'), 403, kind)
    }
    await denied('ec2:RunInstances', 'key-pair', {})
    assert.equal(await of('lt-open'), 403)
    assert.equal(await of('lt-net'), 200)
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
