import { administratorAccess, allow, roleArn, userArn } from './account-file.ts'
import { describeKinds, dev, type Kind, ofOther, organization, root, when } from './kinds.ts'

const same = when('StringEquals', 'aws:ResourceTag/tier', '${aws:PrincipalTag/tier}')
const session = ['sts:AssumeRole', 'sts:TagSession']

/** A role of another account with a tag, which the caller's must equal. */
const beside = (Condition?: object) => ({
  roles: {
    spoke: {
      trust: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::OWN:root' },
          Action: 'sts:AssumeRole',
          ...(Condition === undefined ? {} : { Condition }),
        },
      ],
      tags: { tier: 'gold' },
      attached: [administratorAccess],
    },
  },
})
/** A role whose sessions dev may tag. */
const tags = (condition?: object, asked?: object) =>
  dev(
    [allow(session, roleArn('hub'))],
    {},
    {
      roles: {
        hub: {
          trust: [
            {
              Effect: 'Allow',
              Principal: { AWS: root },
              Action: session,
              ...(asked === undefined ? {} : { Condition: asked }),
            },
          ],
          statements: [allow('sts:AssumeRole', '*', condition)],
        },
      },
    },
  )
const compared: readonly Kind[] = [
  { name: 'by the trust policy, in a session', expect: 'proven', file: tags(), beside: beside(same) },
  { name: 'by the policy of the caller, in a session', expect: 'proven', file: tags(same), beside: beside() },
  {
    name: 'in a session that may not have this tag',
    expect: 'no',
    file: tags(undefined, when('StringEquals', 'aws:RequestTag/tier', 'iron')),
    beside: beside(same),
  },
  {
    name: 'by the policy of a user, who may tag itself',
    expect: 'proven',
    file: dev([allow('iam:TagUser', userArn('dev')), allow('sts:AssumeRole', '*', same)]),
    beside: beside(),
  },
]

const stranger = '999988887777'
const id = 'o-a1b2c3d4e5'
/** The administrator role lets in everyone who meets conditions; the organization has the stranger or not. */
const comes = (condition: object, tree: object = organization()): Omit<Kind, 'name' | 'expect'> => ({
  file: open(condition),
  organization: tree,
  from: stranger,
})
const open = (Condition: object) => ({
  roles: {
    adm: {
      trust: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Condition }],
      attached: [administratorAccess],
    },
  },
})
/** The organization with the stranger in a unit that has an SCP. */
const withMember = (scp: object = allow('*')) => ({
  ...organization(),
  units: [
    {
      id: 'ou-ab12-11112222',
      name: 'labs',
      scps: [{ name: 'unit', document: { Version: '2012-10-17', Statement: [scp] } }],
      accounts: [stranger],
    },
  ],
})
const orgId = (value: string, operator = 'StringEquals') => when(operator, 'aws:PrincipalOrgID', value)
const paths = (value: string) => when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', value)
const own = ['sts:AssumeRole']
const strangers: readonly Kind[] = [
  { name: 'an account that the tree does not have', expect: 'no', ...comes(orgId(id)) },
  {
    name: 'an account that may be of another organization',
    expect: 'conditional',
    keys: ['aws:PrincipalOrgID', ...own],
    ...comes(orgId('o-partner123')),
  },
  {
    name: 'an account of any other organization',
    expect: 'conditional',
    keys: own,
    ...comes(orgId(id, 'StringNotEquals')),
  },
  { name: 'a path of the organization', expect: 'no', ...comes(paths(`${id}/r-ab12/*`)) },
  {
    name: 'a path of another organization',
    expect: 'conditional',
    keys: ['aws:PrincipalOrgPaths', ...own],
    ...comes(paths('o-partner123/*')),
  },
  { name: 'a member', expect: 'conditional', keys: own, ...comes(orgId(id), withMember()) },
  {
    name: 'a member of a unit',
    expect: 'conditional',
    keys: own,
    ...comes(paths(`${id}/r-ab12/ou-ab12-11112222/*`), withMember()),
  },
  {
    name: 'a member of another unit',
    expect: 'no',
    ...comes(paths(`${id}/r-ab12/ou-ab12-99998888/*`), withMember()),
  },
  { name: 'a member whose SCP lets it not', expect: 'no', ...comes(orgId(id), withMember(allow('s3:*'))) },
  {
    name: 'an organization of which no tree is known',
    expect: 'conditional',
    keys: ['aws:PrincipalOrgID', ...own],
    ...comes(orgId(id), { id }),
  },
]

describeKinds({
  'an account that is not in view, and the tree of the organization [POL-109]': strangers,
  'a tag of a role of another account that is compared with one of the caller': compared.map((kind) => ({
    ...kind,
    to: ofOther('spoke'),
  })),
})
