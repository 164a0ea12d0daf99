import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { accountFiles, bashScript, fetchSteps } from '../../packages/server/src/cli/index.ts'
import { omen } from './process.ts'

const account = '111122223333'
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
const doc = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })

const oidc = `arn:aws:iam::${account}:oidc-provider/x.example.com`
const functionPolicy = JSON.stringify(
  doc({ Effect: 'Allow', Principal: { AWS: account }, Action: 'lambda:InvokeFunction', Resource: '*' }),
)
const bucketPolicy = JSON.stringify(doc({ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }))

/** What the AWS CLI answers, by service, operation, and the value of the option that names something. */
const answers: Readonly<Record<string, unknown>> = {
  'sts get-caller-identity': { Arn: `arn:aws:iam::${account}:user/auditor` },
  'iam get-account-authorization-details': {
    UserDetailList: [
      {
        UserName: 'dev',
        UserId: 'AIDADEV',
        Path: '/',
        Arn: `arn:aws:iam::${account}:user/dev`,
        UserPolicyList: [
          {
            PolicyName: 'tools',
            PolicyDocument: doc(
              { Effect: 'Allow', Action: ['lambda:UpdateFunctionCode', 'ecs:ExecuteCommand'], Resource: '*' },
              { Effect: 'Allow', Action: 'codebuild:StartBuild', Resource: '*' },
            ),
          },
        ],
        GroupList: [],
        AttachedManagedPolicies: [],
      },
    ],
    GroupDetailList: [],
    RoleDetailList: ['pay', 'build', 'task', 'web'].map((RoleName) => ({
      RoleName,
      RoleId: `AROA${RoleName.toUpperCase()}`,
      Path: '/',
      Arn: role(RoleName),
      AssumeRolePolicyDocument: doc({
        Effect: 'Allow',
        Principal: {
          Service: ['lambda', 'codebuild', 'ecs-tasks', 'ec2'].map((each) => `${each}.amazonaws.com`),
        },
        Action: 'sts:AssumeRole',
      }),
      InstanceProfileList:
        RoleName === 'web'
          ? [{ InstanceProfileName: 'web', Arn: `arn:aws:iam::${account}:instance-profile/web` }]
          : [],
      RolePolicyList: [
        { PolicyName: 'all', PolicyDocument: doc({ Effect: 'Allow', Action: '*', Resource: '*' }) },
      ],
      AttachedManagedPolicies: [],
    })),
    Policies: [],
  },
  'iam generate-credential-report': { State: 'COMPLETE' },
  'iam get-credential-report': {
    ReportFormat: 'text/csv',
    Content: Buffer.from(
      `user,arn,password_enabled,mfa_active,access_key_1_last_rotated,access_key_2_last_rotated
<root_account>,arn:aws:iam::${account}:root,not_supported,true,N/A,N/A
dev,arn:aws:iam::${account}:user/dev,true,false,2026-01-01T00:00:00+00:00,N/A`,
    ).toString('base64'),
  },
  'iam list-open-id-connect-providers': {
    OpenIDConnectProviderList: [{ Arn: oidc }],
  },
  [`iam get-open-id-connect-provider ${oidc}`]: { Url: 'x.example.com', ClientIDList: ['sts.amazonaws.com'] },
  'iam list-saml-providers': { SAMLProviderList: [{ Arn: `arn:aws:iam::${account}:saml-provider/corp` }] },
  'lambda list-functions': {
    Functions: [
      {
        FunctionName: 'pay',
        FunctionArn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
        Role: role('pay'),
      },
    ],
  },
  'lambda list-event-source-mappings': {
    EventSourceMappings: [
      {
        FunctionArn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
        EventSourceArn: `arn:aws:sqs:eu-west-1:${account}:jobs`,
        State: 'Enabled',
      },
    ],
  },
  'lambda list-function-url-configs pay': { FunctionUrlConfigs: [] },
  'lambda get-function-code-signing-config pay': { FunctionName: 'pay' },
  [`lambda get-policy arn:aws:lambda:eu-west-1:${account}:function:pay`]: { Policy: functionPolicy },
  's3api list-buckets': { Buckets: [{ Name: 'build' }] },
  's3api get-bucket-policy build': { Policy: bucketPolicy },
  'ecr describe-repositories': { repositories: [{ repositoryName: 'app' }] },
  'ecr get-repository-policy app': {
    registryId: account,
    repositoryName: 'app',
    policyText: bucketPolicy,
  },
  'ec2 describe-instances': {
    Reservations: [
      {
        Instances: [
          {
            InstanceId: 'i-0123456789abcdef0',
            IamInstanceProfile: { Arn: `arn:aws:iam::${account}:instance-profile/web` },
            State: { Name: 'running' },
            Tags: [{ Key: 'team', Value: 'web' }],
          },
        ],
      },
    ],
  },
  'ssm describe-instance-information': { InstanceInformationList: [] },
  'codebuild list-projects': { projects: ['build'] },
  'codebuild batch-get-projects build': {
    projects: [
      {
        name: 'build',
        arn: `arn:aws:codebuild:eu-west-1:${account}:project/build`,
        serviceRole: role('build'),
      },
    ],
  },
  'ecs list-clusters': { clusterArns: [`arn:aws:ecs:eu-west-1:${account}:cluster/main`] },
  [`ecs describe-clusters arn:aws:ecs:eu-west-1:${account}:cluster/main`]: {
    clusters: [
      { clusterArn: `arn:aws:ecs:eu-west-1:${account}:cluster/main`, registeredContainerInstancesCount: 0 },
    ],
  },
  [`ecs list-services arn:aws:ecs:eu-west-1:${account}:cluster/main`]: { serviceArns: [] },
  [`ecs list-tasks arn:aws:ecs:eu-west-1:${account}:cluster/main`]: {
    taskArns: [`arn:aws:ecs:eu-west-1:${account}:task/main/1`],
  },
  [`ecs describe-tasks arn:aws:ecs:eu-west-1:${account}:task/main/1`]: {
    tasks: [
      {
        taskArn: `arn:aws:ecs:eu-west-1:${account}:task/main/1`,
        taskDefinitionArn: `arn:aws:ecs:eu-west-1:${account}:task-definition/web:1`,
        enableExecuteCommand: true,
      },
    ],
  },
  'ecs list-task-definition-families': { families: ['web'] },
  'ecs describe-task-definition web': {
    taskDefinition: {
      taskDefinitionArn: `arn:aws:ecs:eu-west-1:${account}:task-definition/web:1`,
      taskRoleArn: role('task'),
    },
  },
  'resourcegroupstaggingapi get-resources': {
    ResourceTagMappingList: [
      {
        ResourceARN: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
        Tags: [{ Key: 'team', Value: 'pay' }],
      },
    ],
  },
  // refused: a list that is not there leaves its type unknown
  'codepipeline list-pipelines': undefined,
}

/** A program that answers like the AWS CLI, from files; what it has no file for is an empty answer. */
const program = `#!/usr/bin/env bash
key=$1_$2; shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --query) query=$2; shift ;;
    --output | --scope | --status | --filter | --state | --max-results | --versions | --policy-name) shift ;;
    --*=*) value=\${1#*=} ;;
    --*) value=$2; shift ;;
  esac
  shift
done
file=\${0%/*}/answers/$key\${value:+_}\${value//[^a-zA-Z0-9]/_}
if [ -e "$file.refused" ]; then echo AccessDenied >&2; exit 254; fi
if [ -n "$query" ]; then file=$file.\${query//[^a-zA-Z]/_}; else file=$file.json; fi
if [ -e "$file" ]; then printf '%s\\n' "$(<"$file")"; elif [ -z "$query" ]; then echo '{}'; fi
`

/** Writes the files of the program: answers, and the names that queries find in them. */
function writeAnswers(folder: string): void {
  const queries = new Set([
    'Arn',
    'State',
    'taskArns[]',
    ...fetchSteps.flatMap(({ each }) => each?.query ?? []),
  ])
  for (const [key, answer] of Object.entries(answers)) {
    const [service = '', operation = '', value] = key.split(' ')
    const file = join(
      folder,
      `${service}_${operation}${value === undefined ? '' : `_${value.replace(/[^a-zA-Z0-9]/g, '_')}`}`,
    )
    if (answer === undefined) {
      writeFileSync(`${file}.refused`, '')
      continue
    }
    writeFileSync(`${file}.json`, JSON.stringify(answer))
    for (const query of queries) {
      let found: unknown[] = [answer]
      for (const part of query.split('.'))
        found = found.flatMap((each) => Reflect.get(Object(each), part.replace('[]', '')) ?? [])
      if (found.length > 0) writeFileSync(`${file}.${query.replace(/[^a-zA-Z]/g, '_')}`, found.join('\t'))
    }
  }
}

describe('the script of omen import --how', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-how-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const out = join(folder, 'dump')

  test('every call reads', () => {
    for (const { call, each } of fetchSteps)
      for (const [service = '', operation = ''] of [call, ...(each === undefined ? [] : [each.of])]) {
        assert.match(service, /^[a-z][a-z0-9-]*$/)
        assert.match(operation, /^(?:get|list|describe|batch-get|search)-[a-z-]+$/)
      }
  })

  test('what it writes becomes details, an inventory and facts of credentials', () => {
    writeFileSync(join(folder, 'fetch.sh'), bashScript())
    mkdirSync(join(folder, 'answers'))
    writeAnswers(join(folder, 'answers'))
    writeFileSync(join(folder, 'aws'), program, { mode: 0o755 })
    execFileSync('bash', [join(folder, 'fetch.sh'), out], {
      env: {
        ...process.env,
        PATH: `${folder}:${process.env.PATH}`,
        PARTS: 'iam inventory policies',
        REGIONS: 'eu-west-1',
      },
      stdio: 'pipe',
    })
    const { inventories, organizations } = accountFiles([out])
    assert.deepEqual([inventories.length, organizations.length], [1, 0])
    const { account: own, ...inventory } = JSON.parse(inventories[0]!.text)
    assert.equal(own, account)
    const { resources, listed, ...facts } = inventory as {
      resources: { type: string }[]
      listed: string[]
    }
    assert.deepEqual(facts, {
      accessKeys: { dev: 1 },
      loginProfiles: ['dev'],
      mfaDevices: { dev: 0 },
      identityProviders: [
        { arn: oidc, clientIds: ['sts.amazonaws.com'] },
        `arn:aws:iam::${account}:saml-provider/corp`,
      ],
    })
    const of = (type: string) => resources.find((each) => each.type === type)
    assert.deepEqual(of('AWS::Lambda::Function'), {
      type: 'AWS::Lambda::Function',
      arn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
      role: role('pay'),
      invokedBy: `a mapping of arn:aws:sqs:eu-west-1:${account}:jobs`,
      url: false,
      codeSigningConfig: false,
      tags: { team: 'pay' },
      policy: functionPolicy,
    })
    assert.deepEqual(of('AWS::S3::Bucket'), {
      type: 'AWS::S3::Bucket',
      arn: 'arn:aws:s3:::build',
      policy: bucketPolicy,
    })
    assert.deepEqual(of('AWS::ECR::Repository'), {
      type: 'AWS::ECR::Repository',
      arn: `arn:aws:ecr:eu-west-1:${account}:repository/app`,
      policy: bucketPolicy,
      tags: {},
    })
    assert.deepEqual(of('AWS::EC2::Instance'), {
      type: 'AWS::EC2::Instance',
      arn: `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`,
      instanceProfile: `arn:aws:iam::${account}:instance-profile/web`,
      role: role('web'),
      state: 'running',
      tags: { team: 'web' },
      ssmAgent: 'offline',
    })
    assert.deepEqual(of('AWS::ECS::Task'), {
      type: 'AWS::ECS::Task',
      arn: `arn:aws:ecs:eu-west-1:${account}:task/main/1`,
      role: role('task'),
      taskDefinition: `arn:aws:ecs:eu-west-1:${account}:task-definition/web:1`,
      enableExecuteCommand: true,
      tags: {},
    })
    assert.ok(listed.includes('AWS::Lambda::Function') && listed.includes('AWS::ECS::Task'))
    assert.ok(!listed.includes('AWS::CodePipeline::Pipeline'), 'a list that was refused is not complete')
  })

  test('names in answers are one argument each, and no option, no file and no command (GRD-624)', () => {
    const place = join(folder, 'hostile')
    mkdirSync(place)
    const names = [
      '-x',
      '--debug',
      'file:///etc/passwd',
      'fileb://a',
      '$(touch pwned)',
      '`id`',
      "a'b",
      'a"b\\c',
    ]
    const fake = `#!/usr/bin/env bash
case "$*" in
  *get-caller-identity*) echo arn:aws:iam::${account}:user/dev ;;
  *generate-credential-report*) echo COMPLETE ;;
  *list-users*) cat "\${0%/*}/names" ;;
  *list-access-keys*) printf '%s\\n' "\${@: -3:1}" >>"\${0%/*}/asked"; echo '{}' ;;
  *) echo '{}' ;;
esac
`
    writeFileSync(join(place, 'names'), names.join('\t'))
    writeFileSync(join(place, 'aws'), fake, { mode: 0o755 })
    execFileSync('bash', [join(folder, 'fetch.sh'), join(place, 'out')], {
      cwd: place,
      env: { ...process.env, PATH: `${place}:${process.env.PATH}`, PARTS: 'iam', REGIONS: 'eu-west-1' },
      stdio: 'pipe',
    })
    const taken = names.filter((name) => !name.startsWith('file'))
    const asked = readFileSync(join(place, 'asked'), 'utf8').trimEnd().split('\n')
    assert.deepEqual(
      asked,
      taken.map((name) => `--user-name=${name}`),
    )
    const written = JSON.parse(readFileSync(join(place, 'out', account, 'access-keys.json'), 'utf8'))
    assert.deepEqual(
      written.map(({ request }: { request: { input: { UserName: string } } }) => request.input.UserName),
      taken,
    )
    assert.ok(!existsSync(join(place, 'pwned')))
  })

  test('omen paths takes the folder', async () => {
    const { status, stdout } = await omen(['what-can', 'dev', '--from', out, '--output', 'json'])
    const reached = JSON.parse(stdout).map(({ principal, verdict }: Record<string, string>) => [
      principal,
      verdict,
    ])
    assert.equal(status, 0)
    for (const name of ['pay', 'build', 'task'])
      assert.ok(
        reached.some(([who, verdict]: string[]) => who === role(name) && verdict === 'proven'),
        name,
      )
  })
})
