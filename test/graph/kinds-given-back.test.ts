import { account, allow, deny, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, root, when } from './kinds.ts'

const group = (name: string) => `arn:aws:iam::${account}:group/${name}`
const equals = (key: string, value: string) => when('StringEquals', key, value)

/** A group keeps dev from writing tags, and lets it assume a role that has one. dev may leave it, and perhaps join it again. */
const rejoins = (...more: readonly Statement[]) =>
  dev(
    [allow('iam:TagRole', roleArn('adm')), allow('iam:RemoveUserFromGroup', group('team')), ...more],
    { groups: ['team'] },
    {
      groups: {
        team: {
          statements: [
            deny('iam:TagRole', '*'),
            allow('sts:AssumeRole', roleArn('adm'), equals('iam:ResourceTag/team', 'a')),
          ],
        },
      },
      roles: adm({ AWS: root }),
    },
  )
const givenBack: readonly Kind[] = [
  {
    name: 'a group is left, a role is tagged, the group is joined again',
    expect: 'proven',
    file: rejoins(allow('iam:AddUserToGroup', group('team'))),
  },
  {
    name: 'a group is left, a role is tagged, and the group cannot be joined again',
    expect: 'no',
    file: rejoins(),
  },
]

describeKinds({ 'what is taken and given back': givenBack })
