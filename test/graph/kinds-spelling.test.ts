import { account, allow, deny, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, open, root, team, when } from './kinds.ts'

const keys = (value: string | readonly string[], operator = 'ForAnyValue:StringEquals') =>
  when(operator, 'aws:TagKeys', value)
const red = when('StringEquals', team, 'red')
/** dev may assume the administrator role once it has a tag. */
const tags = (more: readonly Statement[], user: object = {}) =>
  dev([allow('sts:AssumeRole', roleArn('adm')), ...more], user, { roles: open(red, { AWS: root }) })
const may = (condition?: object) => allow('iam:TagUser', userArn('dev'), condition)

const ofCallers: readonly Kind[] = [
  {
    name: 'a Deny of the key',
    expect: 'proven',
    file: tags([may(), deny('iam:TagUser', '*', keys('team'))]),
  },
  {
    name: 'a Deny of the key, which is there already',
    expect: 'proven',
    file: tags([may(), deny('iam:TagUser', '*', keys('team'))], { tags: { team: 'blue' } }),
  },
  {
    name: 'a Deny of the key in any case',
    expect: 'no',
    file: tags([may(), deny('iam:TagUser', '*', keys('team', 'ForAnyValue:StringEqualsIgnoreCase'))]),
  },
  {
    name: 'a Deny of some spellings of the key',
    expect: 'proven',
    file: tags([may(), deny('iam:TagUser', '*', keys(['team', 'Team', 'TEAM', 't*']))]),
  },
  {
    name: 'a Deny of every key',
    expect: 'no',
    file: tags([may(), deny('iam:TagUser', '*', keys('*', 'ForAnyValue:StringLike'))]),
  },
  {
    name: 'an Allow of the key in another case',
    expect: 'proven',
    file: tags([may(keys(['cost', 'Team'], 'ForAllValues:StringEquals'))]),
  },
  {
    name: 'an Allow of another key',
    expect: 'no',
    file: tags([may(keys(['cost', 'Teams'], 'ForAllValues:StringEquals'))]),
  },
  {
    name: 'a Deny of the tag, whose name ignores the case',
    expect: 'no',
    file: tags([may(), deny('iam:TagUser', '*', when('Null', 'aws:RequestTag/Team', 'false'))]),
  },
]

const sessions = ['sts:AssumeRole', 'sts:TagSession']
/** dev may tag sessions of a role, which needs a tag of a key. */
const tagsSession = (...more: readonly Statement[]) =>
  dev(
    [allow(sessions, roleArn('hub')), ...more],
    {},
    {
      roles: {
        hub: {
          trust: [{ Effect: 'Allow', Principal: { AWS: root }, Action: sessions }],
          statements: [allow('sts:AssumeRole', roleArn('adm'), red)],
        },
        ...adm({ AWS: root }),
      },
    },
  )
const ofSessions: readonly Kind[] = [
  {
    name: 'a Deny of the key',
    expect: 'proven',
    file: tagsSession(deny('sts:TagSession', '*', keys('team'))),
  },
  {
    name: 'a Deny of the key in any case',
    expect: 'no',
    file: tagsSession(deny('sts:TagSession', '*', keys('team', 'ForAnyValue:StringEqualsIgnoreCase'))),
  },
]

const pay = `arn:aws:lambda:eu-west-1:${account}:function:pay`
/** dev may change a function with a tag, and may tag it. */
const changes = (had: object): Omit<Kind, 'name' | 'expect'> => ({
  file: dev(
    [
      allow(
        ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
        pay,
        when('StringEquals', 'aws:ResourceTag/team', 'red'),
      ),
      allow('lambda:TagResource', pay),
      deny('lambda:TagResource', '*', keys('team')),
    ],
    {},
    { roles: adm(lambda) },
  ),
  resources: [{ type: 'AWS::Lambda::Function', arn: pay, role: roleArn('adm'), tags: had }],
})
const writes = (condition: object) => [
  allow('sts:AssumeRole', roleArn('app')),
  allow('iam:PutRolePolicy', roleArn('app'), when('StringEquals', 'aws:ResourceTag/team', 'red')),
  allow('iam:TagRole', roleArn('app')),
  deny('iam:TagRole', '*', condition),
]
const app = { roles: { app: { trust: { AWS: root }, tags: { team: 'blue' } } } }
const ofResources: readonly Kind[] = [
  { name: 'a Deny of the key of a role', expect: 'proven', file: dev(writes(keys('team')), {}, app) },
  {
    name: 'a Deny of the key of a role in any case',
    expect: 'no',
    file: dev(writes(keys('TEAM', 'ForAnyValue:StringEqualsIgnoreCase')), {}, app),
  },
  { name: 'a Deny of the key of a function', expect: 'proven', ...changes({}) },
  {
    name: 'a Deny of the key of a function that has it, and would have two',
    expect: 'no',
    ...changes({ team: 'blue' }),
  },
]

describeKinds({
  'the key of a tag of a principal in another case [POL-193, IAM-TAG-1]': ofCallers,
  'the key of a tag of a session in another case [POL-055]': ofSessions,
  'the key of a tag of a resource in another case [POL-178]': ofResources,
})
