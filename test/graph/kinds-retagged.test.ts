import { account, allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, mfa, root, when } from './kinds.ts'

const instance = (tags: object) => [
  {
    type: 'AWS::EC2::Instance',
    arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
    role: roleArn('adm'),
    ssmAgent: 'online',
    tags,
  },
]
const web = when('StringEquals', 'aws:ResourceTag/team', 'web')
const documents = allow('ssm:SendCommand', 'arn:aws:ssm:*::document/*')
const commands = (condition?: object) => [
  documents,
  allow('ssm:SendCommand', 'arn:aws:ec2:*:*:instance/*', condition),
]
const guarded = deny(
  'ssm:SendCommand',
  'arn:aws:ec2:*:*:instance/*',
  when('StringEquals', 'aws:ResourceTag/guard', 'yes'),
)
/** dev, and the role ops that it may assume: an instance runs as the administrator role. */
const two = (own: readonly object[], ops: readonly object[], trusted: unknown = { AWS: root }) =>
  dev(
    [allow('sts:AssumeRole', roleArn('ops')), ...(own as never[])],
    {},
    {
      roles: {
        ...adm({ Service: 'ec2.amazonaws.com' }),
        ops: { trust: trusted as object, statements: ops as never[] },
      },
    },
  )
const alone = (...own: readonly object[]) =>
  dev(own as never[], {}, { roles: adm({ Service: 'ec2.amazonaws.com' }) })

const others: readonly Kind[] = [
  {
    name: 'GRD-560 dev writes a tag, and the role that it assumes uses the instance',
    file: two([allow('ec2:CreateTags')], commands(web)),
    resources: instance({}),
    expect: 'proven',
    requests: ['sts:AssumeRole', 'ec2:CreateTags', 'ssm:SendCommand', 'ssm:SendCommand'],
  },
  {
    name: 'GRD-560 a role that dev assumes writes the tag, and dev uses the instance',
    file: two(commands(web), [allow('ec2:CreateTags')]),
    resources: instance({ team: 'ops' }),
    expect: 'proven',
  },
  {
    name: 'GRD-560 a role that dev may not assume writes no tag',
    file: two(commands(web), [allow('ec2:CreateTags')], { AWS: userArn('none') }),
    resources: instance({}),
    expect: 'no',
  },
  {
    name: 'GRD-560 dev takes a tag away, and the role that it assumes uses the instance',
    file: two([allow('ec2:DeleteTags')], [...commands(), guarded]),
    resources: instance({ guard: 'yes' }),
    expect: 'proven',
  },
  {
    name: 'GRD-560 a role takes away the tag that stops dev',
    file: two([...commands(), guarded], [allow('ec2:DeleteTags')]),
    resources: instance({ guard: 'yes' }),
    expect: 'proven',
  },
  {
    name: 'GRD-560 a tag that may be written only where it is already',
    file: two([allow('ec2:CreateTags', '*', web)], commands(web)),
    resources: instance({}),
    expect: 'no',
  },
  {
    name: 'GRD-560 a tag that dev writes with MFA alone',
    file: two([allow('ec2:CreateTags', '*', when('Bool', mfa, 'true'))], commands(web)),
    resources: instance({}),
    expect: 'conditional',
    keys: [mfa],
  },
  {
    name: 'GRD-560 a tag of a function, which has another action',
    file: dev(
      [allow('lambda:TagResource'), allow('sts:AssumeRole', roleArn('ops'))],
      {},
      {
        roles: {
          ...adm({ Service: 'lambda.amazonaws.com' }),
          ops: {
            trust: { AWS: root },
            statements: [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'], '*', web)],
          },
        },
      },
    ),
    resources: [
      {
        type: 'AWS::Lambda::Function',
        arn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
        role: roleArn('adm'),
        tags: {},
      },
    ],
    expect: 'proven',
  },
  {
    name: 'GRD-560 a tag of a policy that another role writes',
    file: dev(
      [allow('sts:AssumeRole', roleArn('ops'))],
      { attached: [policyArn('own')] },
      {
        policies: { own: [allow('iam:CreatePolicyVersion', policyArn('own'), web)] },
        roles: { ops: { trust: { AWS: root }, statements: [allow('iam:TagPolicy')] } },
      },
    ),
    expect: 'proven',
  },
]

const together: readonly Kind[] = [
  {
    name: 'GRD-561 two tags that one statement asks for',
    file: alone(
      ...commands({ StringEquals: { 'aws:ResourceTag/team': 'web', 'aws:ResourceTag/env': 'dev' } }),
      allow('ec2:CreateTags'),
    ),
    resources: instance({}),
    expect: 'proven',
  },
  {
    name: 'GRD-561 two tags, of which one may not be written',
    file: alone(
      ...commands({ StringEquals: { 'aws:ResourceTag/team': 'web', 'aws:ResourceTag/env': 'dev' } }),
      allow('ec2:CreateTags', '*', when('ForAllValues:StringEquals', 'aws:TagKeys', 'team')),
    ),
    resources: instance({}),
    expect: 'no',
  },
  {
    name: 'GRD-561 a tag that an Allow asks for, and another one that a Deny spares',
    file: alone(
      ...commands(web),
      deny(
        'ssm:SendCommand',
        'arn:aws:ec2:*:*:instance/*',
        when('StringNotEquals', 'aws:ResourceTag/env', 'dev'),
      ),
      allow('ec2:CreateTags'),
    ),
    resources: instance({}),
    expect: 'proven',
  },
  {
    name: 'GRD-561 one tag is taken away and another one written',
    file: alone(
      ...commands(web),
      guarded,
      allow('ec2:CreateTags', '*', when('ForAllValues:StringEquals', 'aws:TagKeys', 'team')),
      allow('ec2:DeleteTags'),
    ),
    resources: instance({ guard: 'yes' }),
    expect: 'proven',
    requests: ['ec2:DeleteTags', 'ec2:CreateTags', 'ssm:SendCommand', 'ssm:SendCommand'],
  },
  {
    name: 'GRD-561 dev takes one tag away and its role writes another one',
    file: two([...commands(web), guarded, allow('ec2:DeleteTags')], [allow('ec2:CreateTags')]),
    resources: instance({ guard: 'yes' }),
    expect: 'proven',
  },
  {
    name: 'GRD-561 a tag that stays stops what the other one allows',
    file: alone(
      ...commands(web),
      guarded,
      allow('ec2:CreateTags', '*', when('StringEquals', 'aws:ResourceTag/guard', 'no')),
    ),
    resources: instance({ guard: 'yes' }),
    expect: 'no',
  },
]

const unknown = instance({}).map(({ tags: _, ...resource }) => resource)
const lock = (key: string) =>
  deny('ssm:SendCommand', 'arn:aws:ec2:*:*:instance/*', when('StringEquals', `aws:ResourceTag/${key}`, 'yes'))
const owned = (policy: readonly object[], ...own: readonly object[]) =>
  dev(own as never[], { attached: [policyArn('own')] }, { policies: { own: policy as never[] } })
const inNoFile: readonly Kind[] = [
  {
    name: 'GRD-750 a tag that no file has, and that dev writes',
    file: alone(...commands(web), allow('ec2:CreateTags')),
    resources: unknown,
    expect: 'proven',
    requests: ['ec2:CreateTags', 'ssm:SendCommand', 'ssm:SendCommand'],
  },
  {
    name: 'GRD-750 a tag that no file has, and that nobody writes',
    file: alone(...commands(web)),
    resources: unknown,
    expect: 'conditional',
    keys: ['aws:ResourceTag/team'],
  },
  {
    name: 'GRD-750 a tag that dev writes where it has its value already',
    file: alone(...commands(web), allow('ec2:CreateTags', '*', web)),
    resources: unknown,
    expect: 'conditional',
    keys: ['aws:ResourceTag/team'],
  },
  {
    name: 'GRD-750 two tags that no file has, of which dev writes one',
    file: alone(
      ...commands({ StringEquals: { 'aws:ResourceTag/team': 'web', 'aws:ResourceTag/env': 'dev' } }),
      allow('ec2:CreateTags', '*', when('ForAllValues:StringEquals', 'aws:TagKeys', 'team')),
    ),
    resources: unknown,
    expect: 'conditional',
    keys: ['aws:ResourceTag/env'],
  },
  {
    name: 'GRD-750 a role that dev assumes writes the tag',
    file: two(commands(web), [allow('ec2:CreateTags')]),
    resources: unknown,
    expect: 'proven',
  },
  {
    name: 'GRD-750 a tag that may be there is taken away',
    file: alone(...commands(), guarded, allow('ec2:DeleteTags')),
    resources: unknown,
    expect: 'proven',
    requests: ['ec2:DeleteTags', 'ssm:SendCommand', 'ssm:SendCommand'],
  },
  {
    name: 'GRD-750 two tags that may be there get other values in one call',
    file: alone(...commands(), lock('guard'), lock('lock'), allow('ec2:CreateTags')),
    resources: unknown,
    expect: 'proven',
  },
  {
    name: 'GRD-750 two tags that are there get other values in one call',
    file: alone(...commands(), lock('guard'), lock('lock'), allow('ec2:CreateTags')),
    resources: instance({ guard: 'yes', lock: 'yes' }),
    expect: 'proven',
  },
  {
    name: 'GRD-750 a tag by the key of the service',
    file: alone(
      ...commands(),
      guarded,
      allow('ec2:DeleteTags', '*', when('StringEquals', 'ec2:ResourceTag/team', 'web')),
    ),
    resources: instance({ guard: 'yes', team: 'web' }),
    expect: 'proven',
  },
  {
    name: 'GRD-750 a tag of a policy is taken away',
    file: owned(
      [allow('s3:ListAllMyBuckets')],
      allow('iam:UntagPolicy', policyArn('own')),
      allow('iam:CreatePolicyVersion', policyArn('own'), when('Null', 'aws:ResourceTag/lock', 'true')),
    ),
    expect: 'proven',
    requests: ['iam:UntagPolicy', 'iam:CreatePolicyVersion'],
  },
  {
    name: 'GRD-750 a tag of a policy is none of the user to whom it is attached',
    file: dev(
      [
        allow('iam:AttachUserPolicy', userArn('dev'), web),
        allow('iam:TagPolicy'),
        allow('ec2:DescribeInstances'),
      ],
      {},
      { policies: { own: [allow('*')] } },
    ),
    expect: 'no',
  },
]

const same = when('StringEquals', 'aws:ResourceTag/team', '${aws:PrincipalTag/team}')
const compared: readonly Kind[] = [
  {
    name: 'GRD-751 the own user, by a tag that nothing has yet',
    file: dev([allow('iam:PutUserPolicy', userArn('dev'), same), allow('iam:TagUser')]),
    expect: 'proven',
    requests: ['iam:TagUser', 'iam:PutUserPolicy'],
  },
  {
    name: 'GRD-751 an MFA device of the own user, by a tag that nothing has yet',
    file: dev(
      [
        allow('sts:AssumeRole', roleArn('adm'), when('Bool', mfa, 'true')),
        allow(['iam:CreateVirtualMFADevice', 'iam:TagUser']),
        allow('iam:EnableMFADevice', userArn('dev'), same),
      ],
      {},
      { roles: adm({ AWS: root }) },
    ),
    expect: 'proven',
  },
  {
    name: 'GRD-751 an instance and the own user get the same tag',
    file: alone(...commands(same), allow(['ec2:CreateTags', 'iam:TagUser'])),
    resources: instance({}),
    expect: 'proven',
  },
  {
    name: 'GRD-751 the instance alone gets the tag',
    file: alone(...commands(same), allow('ec2:CreateTags')),
    resources: instance({}),
    expect: 'no',
  },
]

describeKinds({ others, together, inNoFile, compared })
