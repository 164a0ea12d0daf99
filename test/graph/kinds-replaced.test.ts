import { account, allow, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind } from './kinds.ts'

const group = `arn:aws:iam::${account}:group/team`
const root = `arn:aws:iam::${account}:root`
const own = userArn('dev')
/** Nothing but calls of one action is left. */
const denyAllBut = (action: string): Statement => ({ Effect: 'Deny', NotAction: action, Resource: '*' })

const replaced: readonly Kind[] = [
  {
    name: 'an own policy that refuses everything else [GRD-810]',
    expect: 'proven',
    file: dev([allow('iam:PutUserPolicy', own), denyAllBut('iam:PutUserPolicy')]),
  },
  {
    name: 'an own policy that also refuses to write policies',
    expect: 'no',
    file: dev([allow('iam:PutUserPolicy', own), denyAllBut('iam:GetUser')]),
  },
  {
    name: 'the policy of a group that refuses everything else [GRD-810]',
    expect: 'proven',
    file: dev(
      [],
      { groups: ['team'] },
      {
        groups: {
          team: { statements: [allow('iam:PutGroupPolicy', group), denyAllBut('iam:PutGroupPolicy')] },
        },
      },
    ),
  },
  {
    name: 'the policy of a group, by who may write policies of its user alone',
    expect: 'no',
    file: dev(
      [allow('iam:PutUserPolicy', own)],
      { groups: ['team'] },
      {
        groups: { team: { statements: [denyAllBut('iam:PutUserPolicy')] } },
      },
    ),
  },
  {
    name: 'the policy of a role that refuses everything [GRD-810]',
    expect: 'proven',
    file: dev(
      [allow('iam:PutRolePolicy'), allow('sts:AssumeRole')],
      {},
      {
        roles: { app: { trust: { AWS: root }, statements: [denyAllBut('s3:GetObject')] } },
      },
    ),
  },
  {
    name: 'the policy of a role that refuses everything, by who may only attach others to it',
    expect: 'no',
    file: dev(
      [allow('iam:AttachRolePolicy', `arn:aws:iam::${account}:role/app`), allow('sts:AssumeRole')],
      {},
      {
        roles: {
          app: { trust: { AWS: root }, statements: [denyAllBut('s3:GetObject')] },
          ...adm({ Service: 'ec2.amazonaws.com' }),
        },
      },
    ),
  },
]

describeKinds({ 'policies that a policy of the same name replaces': replaced })
