import {
  account,
  administratorAccess,
  allow,
  deny,
  denyAllBut,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'
import {
  adm,
  assumes,
  describeKinds,
  dev,
  type Kind,
  lambda,
  mfa,
  root,
  self,
  tag,
  team,
  trusted,
  when,
} from './kinds.ts'

const conditions: readonly Kind[] = [
  {
    name: 'two operators, one of them known',
    expect: 'conditional',
    keys: ['aws:SourceIp'],
    file: assumes(
      { ...when('StringEquals', team, 'red'), ...when('IpAddress', 'aws:SourceIp', '10.0.0.0/8') },
      tag('red'),
    ),
  },
  // Requests that assume a role have no sts:DurationSeconds. [POL-046]
  {
    name: 'a duration of sessions',
    expect: 'no',
    file: trusted(when('NumericLessThanEquals', 'sts:DurationSeconds', '3600')),
  },
  {
    name: 'a duration of sessions, if there is one',
    expect: 'proven',
    file: trusted(when('NumericGreaterThanIfExists', 'sts:DurationSeconds', '43200')),
  },
  {
    name: 'two operators, one of them not met',
    expect: 'no',
    file: assumes(
      { ...when('StringEquals', team, 'red'), ...when('IpAddress', 'aws:SourceIp', '10.0.0.0/8') },
      tag('blue'),
    ),
  },
  {
    name: 'one of several values',
    expect: 'proven',
    file: assumes(when('StringEquals', team, ['red', 'blue']), tag('blue')),
  },
  {
    name: 'two keys of one operator',
    expect: 'conditional',
    keys: ['sts:ExternalId'],
    file: trusted({ StringEquals: { [team]: 'red', 'sts:ExternalId': 'x7' } }, tag('red')),
  },
  {
    name: 'one key in two spellings [POL-098]',
    expect: 'conditional',
    keys: [mfa, 'sts:ExternalId'],
    file: dev(
      [allow('sts:AssumeRole', roleArn('adm'), when('Bool', 'aws:multifactorauthpresent', 'true'))],
      {},
      {
        roles: {
          adm: {
            trust: [
              {
                Effect: 'Allow',
                Principal: { AWS: root },
                Action: 'sts:AssumeRole',
                Condition: { Bool: { [mfa]: 'true' }, StringEquals: { 'STS:externalid': 'x7' } },
              },
            ],
            attached: [administratorAccess],
          },
        },
      },
    ),
  },
  {
    name: 'none of several values',
    expect: 'proven',
    file: assumes(when('StringNotEquals', team, ['red', 'blue']), tag('green')),
  },
  {
    name: 'none of several values, but one is had',
    expect: 'no',
    file: assumes(when('StringNotEquals', team, ['red', 'blue']), tag('red')),
  },
  {
    name: 'none of several values, and the key is absent',
    expect: 'proven',
    file: assumes(when('StringNotEquals', team, ['red', 'blue'])),
  },
  {
    name: 'a value if the key exists, and it does not',
    expect: 'proven',
    file: assumes(when('StringEqualsIfExists', team, 'red')),
  },
  {
    name: 'a value if the key exists, and it has another one',
    expect: 'no',
    file: assumes(when('StringEqualsIfExists', team, 'red'), tag('blue')),
  },
  { name: 'a key that must be there', expect: 'no', file: assumes(when('Null', team, 'false')) },
  {
    name: 'a key that must not be there',
    expect: 'no',
    file: assumes(when('Null', team, 'true'), tag('red')),
  },
  {
    name: 'all of no tag keys',
    expect: 'proven',
    file: assumes(when('ForAllValues:StringEquals', 'aws:TagKeys', ['team'])),
  },
  {
    name: 'any of no tag keys',
    expect: 'no',
    file: assumes(when('ForAnyValue:StringEquals', 'aws:TagKeys', ['team'])),
  },
  { name: 'MFA must be there', expect: 'conditional', keys: [mfa], file: self(when('Null', mfa, 'false')) },
  {
    name: 'MFA must be fresh',
    expect: 'conditional',
    keys: ['aws:MultiFactorAuthAge'],
    file: self(when('NumericLessThan', 'aws:MultiFactorAuthAge', '3600')),
  },
  {
    name: 'a time that is past',
    expect: 'proven',
    file: self(when('DateGreaterThan', 'aws:CurrentTime', '2020-01-01T00:00:00Z')),
  },
  {
    name: 'a pattern of the ARN of the caller',
    expect: 'proven',
    file: self(when('ArnLike', 'aws:PrincipalArn', userArn('d*'))),
  },
  {
    name: 'a type of principal',
    expect: 'proven',
    file: self(when('StringEquals', 'aws:PrincipalType', 'User')),
  },
  {
    name: 'another type of principal',
    expect: 'no',
    file: self(when('StringEquals', 'aws:PrincipalType', 'AssumedRole')),
  },
  {
    name: 'a call through a service, by one that makes it itself',
    expect: 'no',
    file: self(when('Bool', 'aws:ViaAWSService', 'true')),
  },
  {
    name: 'a name of the caller in a resource',
    expect: 'proven',
    file: dev([allow('iam:PutUserPolicy', `arn:aws:iam::${account}:user/\${aws:username}`)]),
  },
  {
    name: 'a tag of the caller in a resource',
    expect: 'proven',
    file: dev([allow('sts:AssumeRole', `arn:aws:iam::${account}:role/\${${team}}`)], tag('adm'), {
      roles: adm({ AWS: root }),
    }),
  },
  {
    name: 'a tag of the caller in a resource, of another name',
    expect: 'no',
    file: dev([allow('sts:AssumeRole', `arn:aws:iam::${account}:role/\${${team}}`)], tag('ops'), {
      roles: adm({ AWS: root }),
    }),
  },
  {
    name: 'the name of the session is that of the user',
    expect: 'proven',
    file: trusted(when('StringEquals', 'sts:RoleSessionName', '${aws:username}')),
  },
  {
    name: 'everyone, if of this account',
    expect: 'proven',
    file: dev(
      [],
      {},
      {
        roles: {
          adm: {
            trust: [
              {
                Effect: 'Allow',
                Principal: '*',
                Action: 'sts:AssumeRole',
                Condition: when('StringEquals', 'aws:PrincipalAccount', account),
              },
            ],
            attached: [administratorAccess],
          },
        },
      },
    ),
  },
  {
    name: 'a network of AWS',
    expect: 'conditional',
    keys: ['aws:SourceVpc'],
    file: trusted(when('StringEquals', 'aws:SourceVpc', 'vpc-1')),
  },
  {
    name: 'a Deny of everyone but one',
    expect: 'no',
    file: dev(
      [allow('sts:AssumeRole')],
      {},
      {
        roles: {
          adm: {
            trust: [
              { Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' },
              { Effect: 'Deny', NotPrincipal: { AWS: [userArn('boss'), root] }, Action: 'sts:AssumeRole' },
            ],
            attached: [administratorAccess],
          },
        },
      },
    ),
  },
]

const negated: readonly Kind[] = [
  {
    name: 'everything but S3',
    expect: 'proven',
    file: dev([{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }]),
  },
  {
    name: 'everything but IAM, without a role to assume',
    expect: 'no',
    file: dev([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
  },
  {
    name: 'everything but IAM, with a role to assume',
    expect: 'proven',
    file: dev([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], {}, { roles: adm({ AWS: root }) }),
  },
  {
    name: 'a Deny of everything but sts:AssumeRole',
    expect: 'proven',
    file: dev([allow('*'), denyAllBut('sts:AssumeRole')], {}, { roles: adm({ AWS: root }) }),
  },
  {
    name: 'a Deny of everything but sts:AssumeRole, of a role that trusts another one',
    expect: 'no',
    file: dev(
      [allow('*'), denyAllBut('sts:AssumeRole')],
      {},
      { users: { boss: {} }, roles: adm({ AWS: userArn('boss') }) },
    ),
  },
  {
    name: 'any user but itself',
    expect: 'no',
    file: dev(
      [{ Effect: 'Allow', Action: 'iam:PutUserPolicy', NotResource: userArn('dev') }],
      {},
      { users: { bob: {} } },
    ),
  },
  {
    name: 'a Deny of IAM but for some roles',
    expect: 'proven',
    file: dev(
      [allow('iam:*'), { Effect: 'Deny', Action: 'iam:*', NotResource: roleArn('app-*') }],
      {},
      { roles: { 'app-x': { trust: lambda } } },
    ),
  },
  {
    name: 'a Deny of IAM but for some roles, of which none exists',
    expect: 'proven',
    file: dev([allow('iam:*'), { Effect: 'Deny', Action: 'iam:*', NotResource: roleArn('app-*') }]),
  },
  {
    name: 'a Deny of IAM but for groups',
    expect: 'no',
    file: dev(
      [allow('iam:*'), { Effect: 'Deny', Action: 'iam:*', NotResource: `arn:aws:iam::${account}:group/*` }],
      {},
      { groups: { devs: {} } },
    ),
  },
  {
    name: 'an action in other letters',
    expect: 'proven',
    file: dev([allow('IAM:putuserPOLICY', userArn('dev'))]),
  },
  {
    name: 'a wildcard in an action',
    expect: 'proven',
    file: dev([allow('iam:Put???rPolicy', userArn('dev'))]),
  },
]

/** dev may assume a role that has a policy about a user of the name of the caller. */
const ofNobody = (...statements: readonly Statement[]) =>
  dev(
    [allow('sts:AssumeRole', roleArn('hub'))],
    {},
    { roles: { hub: { trust: { AWS: root }, statements } }, users: { hub: {}, omen: {} } },
  )
const likeNamed = userArn('${aws:username}')
const unnamed: readonly Kind[] = [
  {
    name: 'a role that may do everything, and nothing to the user of its name',
    expect: 'proven',
    requests: ['sts:AssumeRole'],
    file: ofNobody(allow('*'), deny('iam:*', likeNamed)),
  },
  {
    name: 'a role that may do everything but to the user of its name',
    expect: 'proven',
    requests: ['sts:AssumeRole'],
    file: ofNobody({ Effect: 'Allow', Action: '*', NotResource: likeNamed }),
  },
  {
    name: 'a role that may do everything to the user of its name',
    expect: 'no',
    file: ofNobody(allow('*', likeNamed)),
  },
  {
    name: 'a role that may do everything if a user calls',
    expect: 'no',
    file: ofNobody(allow('*', '*', when('StringLike', 'aws:username', '*'))),
  },
  {
    name: 'a role that may do everything if no user calls',
    expect: 'proven',
    requests: ['sts:AssumeRole'],
    file: ofNobody(allow('*', '*', when('Null', 'aws:username', 'true'))),
  },
]

describeKinds({ conditions, negated, 'names of users in policies of roles': unnamed })
