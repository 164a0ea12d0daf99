import { account, administratorAccess, allow, deny, roleArn, type Statement } from './account-file.ts'
import { describeKinds, dev, type Kind } from './kinds.ts'

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${account}:${rest}`
const group = arn(
  'autoscaling',
  'autoScalingGroup:12345678-1234-1234-1234-123456789012:autoScalingGroupName/web',
)
const template = arn('ec2', 'launch-template/lt-0123456789abcdef0')
const profile = (name: string) => `arn:aws:iam::${account}:instance-profile/${name}`
const ec2 = { Service: 'ec2.amazonaws.com' }
const roles = {
  adm: { trust: ec2, attached: [administratorAccess], profiles: ['adm'] },
  web: { trust: ec2, profiles: ['web'] },
}

interface Sizes {
  readonly minSize?: number
  readonly maxSize?: number
  readonly desiredCapacity?: number
}
/** A template with the role of the web servers, and a group that launches its latest version but does not scale out. */
const scaling = (
  calls: readonly string[],
  sizes: Sizes,
  more: readonly Statement[] = [],
  launcher: object = {},
) => ({
  file: dev([allow(['ec2:CreateLaunchTemplateVersion', ...calls]), ...more], {}, { roles }),
  resources: [
    {
      type: 'AWS::EC2::LaunchTemplate',
      arn: template,
      instanceProfile: profile('web'),
      role: roleArn('web'),
      launchedBy: [
        {
          type: 'AWS::AutoScaling::AutoScalingGroup',
          arn: group,
          version: '$Latest',
          scalesOut: false,
          ...launcher,
        },
      ],
    },
    { type: 'AWS::AutoScaling::AutoScalingGroup', arn: group, ...sizes },
  ],
})
const grows = { minSize: 1, maxSize: 3, desiredCapacity: 1 }
const still = { minSize: 2, maxSize: 2, desiredCapacity: 2 }
const none = { minSize: 0, maxSize: 0, desiredCapacity: 0 }
const sets = ['autoscaling:SetDesiredCapacity']
const updates = ['autoscaling:UpdateAutoScalingGroup', 'ec2:RunInstances']
const passes = allow('iam:PassRole', roleArn('web'))

const told: readonly Kind[] = [
  { name: 'GRD-736 a group that nobody may change', ...scaling([], grows), expect: 'no' },
  {
    name: 'GRD-736 a group that gets another size',
    ...scaling(sets, grows),
    expect: 'proven',
    requests: ['ec2:CreateLaunchTemplateVersion', 'autoscaling:SetDesiredCapacity', 'sts:AssumeRole'],
  },
  { name: 'GRD-736 a group of one size only', ...scaling(sets, still), expect: 'no' },
  {
    name: 'GRD-736 another group may get another size',
    ...scaling([], grows, [allow(sets, group.replace(/web$/, 'lab'))]),
    expect: 'no',
  },
  {
    name: 'GRD-736 a group that launches by the number of a version',
    ...scaling(sets, grows, [], { version: '3' }),
    expect: 'no',
  },
  {
    name: 'GRD-736 the instances of a group are replaced',
    ...scaling(['autoscaling:StartInstanceRefresh'], still),
    expect: 'proven',
  },
  {
    name: 'GRD-736 an instance of a group is terminated, and another one takes its place',
    ...scaling(['autoscaling:TerminateInstanceInAutoScalingGroup'], still),
    expect: 'proven',
  },
  {
    name: 'GRD-736 a group without instances has none to replace',
    ...scaling(['autoscaling:StartInstanceRefresh'], none),
    expect: 'no',
  },
  { name: 'GRD-736 a group whose sizes are in no file', ...scaling(sets, {}), expect: 'undecided' },
  {
    name: 'GRD-736 a group that the inventory does not name',
    ...scaling(sets, grows, [], { arn: undefined }),
    expect: 'undecided',
  },
  {
    name: 'GRD-736 a fleet is no Auto Scaling group',
    ...scaling(sets, grows, [], { type: 'AWS::EC2::EC2Fleet' }),
    expect: 'no',
  },
]

const strong = scaling(sets, grows)
const ofWorkloads: readonly Kind[] = [
  {
    name: 'GRD-736 a group whose template has the strong role',
    file: strong.file,
    resources: strong.resources.map((each) =>
      'role' in each ? { ...each, role: roleArn('adm'), instanceProfile: profile('adm') } : each,
    ),
    expect: 'proven',
  },
]

const updated: readonly Kind[] = [
  {
    name: 'GRD-737 a group of size 0 is updated by who may launch from its template and pass the role before',
    ...scaling(updates, none, [passes]),
    expect: 'proven',
  },
  { name: 'GRD-737 the role before may not be passed', ...scaling(updates, none), expect: 'no' },
  {
    name: 'GRD-737 nothing may be launched',
    ...scaling(updates, none, [passes, deny('ec2:RunInstances')]),
    expect: 'no',
  },
  {
    name: 'GRD-737 a launch from another template',
    ...scaling(updates.slice(0, 1), none, [
      passes,
      allow('ec2:RunInstances', '*', {
        ArnLike: { 'ec2:LaunchTemplate': arn('ec2', 'launch-template/lt-1') },
      }),
    ]),
    expect: 'no',
  },
]

describeKinds({
  'groups that are told to launch': [...told, ...ofWorkloads],
  'groups that are updated': updated,
})
