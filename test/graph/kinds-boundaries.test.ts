import { allow, deny, policyArn, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, root, when } from './kinds.ts'

const bounded = (name: string, operator = 'StringEquals') =>
  when(operator, 'iam:PermissionsBoundary', policyArn(name))
const app = roleArn('app')
const puts = (condition?: object) => allow('iam:PutRolePermissionsBoundary', app, condition)
const writes = (condition?: object) => allow('iam:PutRolePolicy', app, condition)
const policies = {
  wide: [allow('*')],
  narrow: [allow('s3:*')],
  assuming: [allow('sts:AssumeRole', roleArn('adm'))],
}
/** dev may assume a role without a boundary, and has some statements about it. */
const about = (statements: readonly Statement[], role: object = {}, roles: object = {}) =>
  dev(
    [allow('sts:AssumeRole', app), ...statements],
    {},
    { roles: { app: { trust: { AWS: root }, ...role }, ...roles }, policies },
  )
/** dev writes its own policy if it has a boundary, which it may set. */
const own = (name: string, more: readonly Statement[] = []) =>
  dev(
    [
      allow('iam:PutUserPermissionsBoundary', userArn('dev'), bounded(name)),
      allow('iam:PutUserPolicy', userArn('dev'), bounded(name)),
      ...more,
    ],
    {},
    { policies },
  )

const asked: readonly Kind[] = [
  {
    name: 'a boundary that allows everything',
    expect: 'proven',
    file: about([puts(bounded('wide')), writes(bounded('wide'))]),
    requests: ['sts:AssumeRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
  },
  {
    name: 'a boundary that allows little',
    expect: 'no',
    file: about([puts(bounded('narrow')), writes(bounded('narrow'))]),
  },
  { name: 'a boundary that may not be set', expect: 'no', file: about([writes(bounded('wide'))]) },
  {
    name: 'a boundary that is not the one which may be set',
    expect: 'no',
    file: about([puts(bounded('narrow')), writes(bounded('wide'))]),
  },
  {
    name: 'a Deny of everything but one boundary',
    expect: 'proven',
    file: about([puts(), writes(), deny('iam:PutRolePolicy', '*', bounded('wide', 'StringNotEquals'))]),
  },
  {
    name: 'a Deny of everything but a narrow one',
    expect: 'no',
    file: about([
      puts(),
      writes(),
      deny(
        ['iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'],
        '*',
        bounded('narrow', 'StringNotEquals'),
      ),
    ]),
  },
  {
    name: 'a Deny without any boundary',
    expect: 'proven',
    file: about([
      puts(),
      writes(),
      deny('iam:PutRolePolicy', '*', when('Null', 'iam:PermissionsBoundary', 'true')),
    ]),
  },
  {
    name: 'a Deny without any boundary, where none but a narrow one may be set',
    expect: 'no',
    file: about([
      puts(bounded('narrow')),
      writes(),
      deny('iam:PutRolePolicy', '*', when('Null', 'iam:PermissionsBoundary', 'true')),
    ]),
  },
  {
    name: 'a narrow boundary that is removed afterwards',
    expect: 'proven',
    file: about([
      puts(bounded('narrow')),
      writes(bounded('narrow')),
      allow('iam:DeleteRolePermissionsBoundary', app),
    ]),
  },
  {
    name: 'a narrow boundary that may be removed only as such',
    expect: 'proven',
    file: about([
      puts(bounded('narrow')),
      writes(bounded('narrow')),
      allow('iam:DeleteRolePermissionsBoundary', app, bounded('narrow')),
    ]),
  },
  {
    name: 'a narrow boundary that may be replaced',
    expect: 'proven',
    file: about([puts(bounded('narrow')), puts(bounded('wide')), writes(bounded('narrow'))]),
  },
  {
    name: 'a boundary within which another role can be assumed',
    expect: 'proven',
    file: about([puts(bounded('assuming')), writes(bounded('assuming'))], {}, adm({ AWS: root })),
  },
  {
    name: 'a boundary that replaces a narrow one',
    expect: 'proven',
    file: about([puts(bounded('wide')), writes(bounded('wide'))], { boundary: policyArn('narrow') }),
  },
  {
    name: 'a boundary with a policy that is attached',
    expect: 'proven',
    file: about([
      puts(bounded('w*', 'StringLike')),
      allow('iam:AttachRolePolicy', app, {
        ...bounded('w*', 'ArnLike'),
        ArnNotEquals: { 'iam:PolicyARN': policyArn('none') },
      }),
    ]),
  },
  {
    name: 'a boundary that another principal sets',
    expect: 'proven',
    file: about(
      [writes(bounded('wide')), allow('sts:AssumeRole', roleArn('helper'))],
      {},
      {
        helper: { trust: { AWS: root }, statements: [puts()] },
      },
    ),
  },
  { name: 'a boundary of oneself', expect: 'proven', file: own('wide') },
  { name: 'a narrow boundary of oneself', expect: 'no', file: own('narrow') },
]

describeKinds({ 'a boundary that a principal gets because a condition asks for it [POL-111, IAM-56]': asked })
