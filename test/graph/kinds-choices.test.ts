import { allow, policyArn, roleArn, type Statement, userArn } from './account-file.ts'
import { describeKinds, dev, type Kind, root, team, when } from './kinds.ts'

const p = policyArn('p')
const sets = allow('iam:SetDefaultPolicyVersion', p)
const assumes = allow('sts:AssumeRole', roleArn('hub'))
const writes = allow('iam:PutRolePolicy', roleArn('hub'))
const hub = (statements: readonly Statement[] = []) => ({ hub: { trust: { AWS: root }, statements } })
/** dev has a policy of three versions: it may assume a role by one, and write the policy of that by another one. */
const three = (
  second: readonly Statement[],
  third: readonly Statement[],
  roles: object = hub(),
  more: readonly Statement[] = [],
) =>
  dev(
    more,
    { attached: [p] },
    {
      policies: { p: { versions: { v1: [sets], v2: second, v3: third }, default: 'v1' } },
      roles: roles as ReturnType<typeof hub>,
    },
  )
const versions: readonly Kind[] = [
  { name: 'neither of which lets another one be set', expect: 'no', file: three([assumes], [writes]) },
  {
    name: 'the first of which lets the other one be set',
    expect: 'proven',
    file: three([sets, assumes], [writes]),
  },
  {
    name: 'the second of which lets the other one be set',
    expect: 'proven',
    file: three([assumes], [sets, writes]),
  },
  {
    name: 'of which the role sets the other one',
    expect: 'proven',
    file: three([assumes], [writes], hub([sets])),
  },
  {
    name: 'of which another policy lets each be set',
    expect: 'proven',
    file: three([assumes], [writes], hub(), [sets]),
  },
]

const tagged = (condition?: object, more: readonly Statement[] = []) =>
  dev(
    [
      allow('iam:TagUser', userArn('dev'), condition),
      allow('sts:AssumeRole', roleArn('hub'), when('StringEquals', team, 'red')),
      allow('iam:PutRolePolicy', roleArn('hub'), when('StringEquals', team, 'blue')),
      ...more,
    ],
    {},
    { roles: hub() },
  )
const once = when('Null', team, 'true')
const tags: readonly Kind[] = [
  { name: 'that is given once', expect: 'no', file: tagged(once) },
  { name: 'that is given again', expect: 'proven', file: tagged() },
  {
    name: 'that is given once, and may be taken away',
    expect: 'proven',
    file: tagged(once, [allow('iam:UntagUser', userArn('dev'))]),
  },
]

/** dev may do anything within a boundary, and may have two others. */
const within = (x: readonly Statement[], y: readonly Statement[]) =>
  dev(
    [allow('*')],
    { boundary: policyArn('b') },
    {
      policies: {
        b: [replaces],
        'only-x': x,
        'only-y': y,
      },
      roles: hub(),
    },
  )
const replaces = allow(
  'iam:PutUserPermissionsBoundary',
  userArn('dev'),
  when('ArnLike', 'iam:PermissionsBoundary', policyArn('only-*')),
)
const boundaries: readonly Kind[] = [
  { name: 'neither of which may be replaced', expect: 'no', file: within([assumes], [writes]) },
  { name: 'one of which may be replaced', expect: 'proven', file: within([assumes, replaces], [writes]) },
]

describeKinds({
  'two versions of one policy, one after the other': versions,
  'two values of one tag, one after the other': tags,
  'two boundaries, one after the other': boundaries,
})
