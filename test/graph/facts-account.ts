import {
  type AccountFile,
  account,
  administratorAccess,
  allow,
  deny,
  policyArn,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'
import { many } from './kinds.ts'
import { numbersFrom } from './replay/random-account.ts'

/** An account, and what its inventory has. */
export interface FactsAccount {
  readonly file: AccountFile
  readonly inventory: object
}

const region = `eu-west-1:${account}`
const keyArn = (name: string): string => `arn:aws:kms:${region}:key/${name}`
const functionArn = (name: string): string => `arn:aws:lambda:${region}:function:${name}`
const instanceArn = (name: string): string => `arn:aws:ec2:${region}:instance/${name}`

/** What several starts have in common: calls whose steps rest on facts of the target. */
const common: readonly (readonly string[])[] = [
  ['iam:CreateAccessKey'],
  ['iam:CreateLoginProfile'],
  ['iam:UpdateLoginProfile'],
  ['iam:AttachUserPolicy'],
  ['iam:AddUserToGroup'],
  ['iam:CreatePolicyVersion'],
  ['iam:EnableMFADevice', 'iam:CreateVirtualMFADevice'],
  ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
  ['lambda:CreateFunction', 'lambda:CreateEventSourceMapping', 'iam:PassRole'],
  ['ec2:ReplaceIamInstanceProfileAssociation', 'iam:PassRole'],
  ['ec2:RunInstances', 'iam:PassRole'],
  ['ssm:SendCommand'],
  ['iam:PutUserPolicy', 'iam:DeleteUserPermissionsBoundary'],
]

/** Of these a start has one by itself: further calls that only a fact asks for. */
const own: readonly string[] = [
  'iam:DeleteAccessKey',
  'iam:DeleteLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:DeactivateMFADevice',
  'iam:DetachUserPolicy',
  'iam:RemoveUserFromGroup',
  'iam:DeletePolicyVersion',
  'lambda:DeleteFunctionCodeSigningConfig',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'ssm:StartSession',
  'ssm:SendCommand',
  'ec2:StartInstances',
  'sqs:CreateQueue',
  'sqs:SendMessage',
  'iam:AddRoleToInstanceProfile',
  'iam:RemoveRoleFromInstanceProfile',
  'iam:CreateInstanceProfile',
]

/**
 * An account in which starts differ in one call, and targets in one fact: how many keys, policies and groups a user has, whether
 * a function is signed or under a key, whether an instance runs.
 */
export function factsAccount(seed: number): FactsAccount {
  const number = numbersFrom(seed)
  const pick = <Each>(all: readonly Each[]): Each => all[number(all.length)]!
  const isOne = (of: number): boolean => number(of) === 0
  const targets = ['t0', 't1', 't2']
  const fillers = Array.from({ length: 10 }, (_, place) => `full-${place}`)
  const resource = (call: string): string => {
    if (call.startsWith('iam:') && call.includes('User')) return userArn(pick([...targets, 't*']))
    if (/Key$|LoginProfile|MFADevice$/.test(call) && call.startsWith('iam:')) return userArn(pick(targets))
    if (call.startsWith('lambda:')) return functionArn(pick(['f0', 'f1', '*']))
    if (call.startsWith('kms:')) return keyArn(pick(['k0', 'k1', '*']))
    return '*'
  }
  const statements = (calls: readonly string[]): readonly Statement[] =>
    calls.flatMap((call) => {
      const given = allow(call, isOne(2) ? '*' : resource(call))
      return isOne(2) ? [given, deny(call, resource(call))] : [given]
    })
  const shared = [statements(pick(common)), statements(pick(common))]
  const policies: Record<string, readonly Statement[]> = {
    ...Object.fromEntries(fillers.map((name) => [name, [allow('s3:GetObject')]])),
    ...Object.fromEntries(shared.map((each, place) => [`common-${place}`, each])),
    versioned: [allow('s3:ListBucket')],
  }
  const attached = shared.map((_, place) => policyArn(`common-${place}`))
  const starts = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [
      name,
      {
        attached: isOne(4) ? attached.slice(1) : attached,
        statements: statements(isOne(3) ? [] : Array.from({ length: 1 + number(2) }, () => pick(own))),
        ...(isOne(8) ? { boundary: policyArn('common-0') } : {}),
      },
    ]),
  )
  const users = Object.fromEntries(
    targets.map((name) => [
      name,
      {
        attached: [
          ...(isOne(2) ? [administratorAccess] : [policyArn('versioned')]),
          ...(isOne(3) ? fillers.slice(0, 9).map(policyArn) : []),
        ],
        ...(isOne(4) ? { groups: many(10, (place) => `g${place}`) } : {}),
        ...(isOne(4) ? { tags: { team: 'red' } } : {}),
      },
    ]),
  )
  const groups = Object.fromEntries(
    many(10, (place) => `g${place}`).map((name, place) => [
      name,
      place === 0 ? { statements: [allow('iam:PutUserPolicy')] } : {},
    ]),
  )
  const service = (name: string) => ({
    trust: { Service: `${name}.amazonaws.com` },
    statements: isOne(2)
      ? [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'ssmmessages:*'])]
      : [],
  })
  const roles = {
    run: service('lambda'),
    other: service('lambda'),
    web: { ...service('ec2'), profiles: ['web'] },
    idle: { ...service('ec2'), ...(isOne(2) ? { profiles: ['idle'] } : {}) },
  }
  const functions = ['f0', 'f1', 'f2'].map((name) => ({
    type: 'AWS::Lambda::Function',
    arn: functionArn(name),
    role: roleArn(pick(['run', 'other'])),
    tags: isOne(3) ? { team: 'red' } : {},
    invokedBy: isOne(2) ? 'a schedule' : '',
    url: '',
    ...(isOne(2) ? { codeSigningConfig: true } : {}),
    kmsKey: isOne(2) ? keyArn(pick(['k0', 'k1'])) : null,
  }))
  const keys = ['k0', 'k1'].map((name) => ({
    type: 'AWS::KMS::Key',
    arn: keyArn(name),
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    },
  }))
  const instances = ['i-0', 'i-1'].map((name) => ({
    type: 'AWS::EC2::Instance',
    arn: instanceArn(name),
    role: roleArn('web'),
    instanceProfile: `arn:aws:iam::${account}:instance-profile/web`,
    state: pick(['running', 'stopped']),
    ssmAgent: isOne(3) ? 'offline' : 'online',
  }))
  const some = (of: number): Record<string, number> =>
    Object.fromEntries([...targets, ...Object.keys(starts)].map((name) => [name, number(of)]))
  return {
    file: { users: { ...starts, ...users }, groups, roles, policies },
    inventory: {
      resources: [...functions, ...keys, ...instances],
      ...(isOne(4) ? {} : { accessKeys: some(3) }),
      ...(isOne(4) ? {} : { loginProfiles: targets.filter(() => isOne(2)) }),
      ...(isOne(4) ? {} : { mfaDevices: some(2) }),
    },
  }
}
