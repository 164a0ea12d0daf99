import { EC2 } from '@aws-sdk/client-ec2'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { STS } from '@aws-sdk/client-sts'
import type { RunningOmen } from 'omen-iam'

/** A zip with an empty index.js. */
const code = Buffer.from(
  'UEsDBBQAAAAIAAAAAAD8WP8nCwAAAAkAAAAIAAAAaW5kZXguanNLrSjILypRqK4FAFBLAQIUAxQAAAAIAAAAAAD8WP8nCwAAAAkAAAAIAAAAAAAAAAAAAACkgQAAAABpbmRleC5qc1BLBQYAAAAAAQABADYAAAAxAAAAAAA=',
  'base64',
)

const account = '123456789012'

/** Furnishes a server so that every part of the picture has something in it: roles, machines, sessions, a chain, a refusal. */
export async function furnish(omen: RunningOmen): Promise<void> {
  const iam = omen.client(IAM, 'admin')
  await makeRoles(iam)
  await iam.createUser({ UserName: 'alice' })
  await iam.createLoginProfile({ UserName: 'alice', Password: 'Correct-Horse-7' })
  await iam.putUserPolicy({
    UserName: 'alice',
    PolicyName: 'everyday',
    PolicyDocument: policy(
      allow(['iam:List*', 'iam:Get*', 'ec2:Describe*', 'lambda:List*', 'cloudtrail:LookupEvents']),
      allow('sts:DecodeAuthorizationMessage'),
      allow('sts:AssumeRole', ['deployer', 'pay-reader', 'break-glass'].map(arnOf)),
    ),
  })
  await startMachines(omen, iam)
  await wear(omen)
}

async function makeRoles(iam: IAM): Promise<void> {
  const root = { AWS: `arn:aws:iam::${account}:root` }
  const make = (RoleName: string, principal: object, more: object = {}) =>
    iam.createRole({
      RoleName,
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: principal,
        Action: 'Federated' in principal ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
        ...more,
      }),
    })
  for (const name of ['deployer', 'pay-reader', 'auditor']) await make(name, root)
  await make('break-glass', root)
  await iam.attachRolePolicy({
    RoleName: 'break-glass',
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  await make('lambda-exec', { Service: 'lambda.amazonaws.com' })
  await make('ec2-web', { Service: 'ec2.amazonaws.com' })
  await make('partner-audit', { AWS: '210987654321' })
  const issuer = 'token.actions.githubusercontent.com'
  await iam.createOpenIDConnectProvider({ Url: `https://${issuer}`, ClientIDList: ['sts.amazonaws.com'] })
  await make(
    'github-deploy',
    { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
    {
      Condition: {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${issuer}:sub`]: 'repo:example/app:*' },
      },
    },
  )
  await iam.putRolePolicy({
    RoleName: 'deployer',
    PolicyName: 'deploy',
    PolicyDocument: policy(
      allow(['lambda:*', 'ec2:Describe*', 'iam:ListRoles', 'cloudtrail:LookupEvents']),
      allow('sts:AssumeRole', arnOf('auditor')),
      allow('iam:PassRole', arnOf('lambda-exec')),
    ),
  })
}

async function startMachines(omen: RunningOmen, iam: IAM): Promise<void> {
  await iam.createInstanceProfile({ InstanceProfileName: 'ec2-web' })
  await iam.addRoleToInstanceProfile({ InstanceProfileName: 'ec2-web', RoleName: 'ec2-web' })
  const ec2 = omen.client(EC2, 'admin')
  const { Images = [] } = await ec2.describeImages({ Owners: ['amazon'] })
  const image = Images.find(({ Architecture }) => Architecture === 'x86_64')
  await ec2.runInstances({
    InstanceType: 't3.micro',
    ImageId: image?.ImageId,
    MinCount: 1,
    MaxCount: 1,
    IamInstanceProfile: { Name: 'ec2-web' },
  })
  const lambda = omen.client(Lambda, 'admin')
  await lambda.createFunction({
    FunctionName: 'thumbnails',
    Role: arnOf('lambda-exec'),
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: code },
  })
}

/** Sessions that are out: a person's, a chained one, and what a person is refused. */
async function wear(omen: RunningOmen): Promise<void> {
  const alice = omen.as('user/alice').credentials
  const { Credentials } = await omen
    .client(STS, alice)
    .assumeRole({ RoleArn: arnOf('deployer'), RoleSessionName: 'alice' })
  const deployer = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  }
  await omen.client(STS, deployer).assumeRole({ RoleArn: arnOf('auditor'), RoleSessionName: 'alice' })
  const refused = [
    omen.client(IAM, alice).createUser({ UserName: 'mallory' }),
    omen.client(STS, alice).assumeRole({ RoleArn: arnOf('auditor'), RoleSessionName: 'alice' }),
  ]
  await Promise.allSettled(refused)
}

const arnOf = (name: string) => `arn:aws:iam::${account}:role/${name}`
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
})
