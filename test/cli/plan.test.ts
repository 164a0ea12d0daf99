import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { allow, policyText, trustPolicy } from '../kit/index.ts'
import { sarifProblems } from '../report/schema.ts'
import { omen } from './process.ts'

const trust = (principal: string, more = '') =>
  `{ Effect: Allow, Action: 'sts:AssumeRole', Principal: ${principal}${more} }`
const old = `
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [${trust('{ Service: ec2.amazonaws.com }')}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{ Effect: Allow, Action: ['s3:GetObject', 'sqs:SendMessage'], Resource: '*' }]
  Gone: { Type: AWS::IAM::User, Properties: { UserName: gone, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] } }
`
const next = `
Parameters: { Team: { Type: String } }
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - ${trust('{ Service: [ec2.amazonaws.com, lambda.amazonaws.com] }')}
          - ${trust('{ AWS: !Ref AWS::AccountId }', ", Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }")}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Action: ['s3:GetObject'], Resource: '*' }
              - { Effect: Allow, Action: ['sns:Publish'], Resource: !Sub 'arn:aws:sns:*:*:\${Team}' }
  Ops:
    Type: AWS::IAM::User
    Properties:
      UserName: ops
      PermissionsBoundary: arn:aws:iam::aws:policy/IAMFullAccess
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Action: ['iam:PassRole', 'iam:GetUser'], Resource: '*' }
              - { Effect: Allow, Action: 'lambda:CreateFunction', Resource: '*' }
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: b } }
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }]
`

describe('omen plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-plan-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const plan = (...args: readonly string[]) => omen(['plan', ...args], {}, folder)
  write('old.yaml', old)
  write('new.yaml', next)

  test('for people: what is new and lost, with examples and places; boundaries, wearers, findings, what is unknown', async () => {
    const { status, stdout, stderr } = await plan('new.yaml', '--against', 'old.yaml')
    assert.equal(status, 1)
    const text = stdout.replaceAll(/new-Worker-[A-Z0-9]{12}/g, 'new-Worker-X')
    const lines = [
      'user/gone, removed  old.yaml:14:9',
      '  - s3:Get*, s3:List*, s3:Describe*, s3-object-lambda:Get*, s3-object-lambda:List* on * (of AmazonS3ReadOnlyAccess)  old.yaml:14:9',
      'role/new-Worker-X  new.yaml:5:5',
      '  - sqs:SendMessage on *  old.yaml:13:25',
      'role/new-Worker-X (who may assume it)  new.yaml:5:5',
      '  + sts:AssumeRole by lambda.amazonaws.com  new.yaml:10:13',
      '      For example sts:AssumeRole on arn:aws:iam::123456789012:role/new-Worker-X, where aws:MultiFactorAuthPresent is true.',
      '  + iam:PassRole, iam:GetUser on *  new.yaml:29:17',
      '  ! lambda:CreateFunction on *  new.yaml:30:17',
      '      The permissions boundary does not let it through.',
      'arn:aws:s3:::b (its policy), new  new.yaml:37:9',
      '  + s3:GetObject on arn:aws:s3:::b/* by *  new.yaml:38:21',
      '  role/new-Worker-X can be assumed by lambda.amazonaws.com',
      '  role/new-Worker-X can be passed to lambda.amazonaws.com by user/ops',
      '  new.yaml:18:17  AWS::IAM::Role Worker: own is taken without what depends on parameter Team.',
    ]
    for (const line of lines) assert.ok(text.split('\n').includes(line), `${line}\n--- in ---\n${text}`)
    assert.match(text, /^ {2}new\.yaml:29:\d+ {2}security warning .*PASS_ROLE_WITH_STAR_IN_RESOURCE$/m)
    assert.match(
      stderr,
      /^NOT LOOKED AT, though it may give access: 1 \(AWS::IAM::Role Worker\)\n4 new permissions, 2 removed, 0 of those seen used, 3 new ways to a role, 0 paths opened, \d findings/,
    )
  })

  test('TPL-180 roles under a boundary that no file has: one line, named first, exit code 3', async () => {
    const lines = ['Resources:']
    for (const name of ['A', 'B', 'C'])
      lines.push(
        `  ${name}:`,
        '    Type: AWS::IAM::Role',
        '    Properties:',
        `      RoleName: ${name}`,
        '      PermissionsBoundary: arn:aws:iam::123456789012:policy/org',
        "      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }] }",
        "      Policies: [{ PolicyName: p, PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 'iam:*', Resource: '*' }] } }]",
      )
    write('bounded.yaml', lines.join('\n'))
    const { status, stdout, stderr } = await plan('bounded.yaml', '--fail-on', 'paths')
    assert.equal(status, 3)
    assert.match(
      stderr,
      /^NOT LOOKED AT, .*policy\/org, the boundary of 3\)\n3 new permissions, 3 undecided, /,
    )
    assert.match(
      stdout,
      /^ {2}\+ 3 principals → administrator: undecided; policy: .*policy\/org is in no file; role\/A, role\/B, role\/C$/m,
    )
    assert.equal(stdout.match(/→/g)?.length, 1)
  })

  test('the same template changes nothing; parameters and --fail-on', async () => {
    const same = await plan('old.yaml', '--against', 'old.yaml')
    assert.deepEqual([same.status, same.stdout], [0, 'Nothing changes.\n'])
    const given = await plan(
      'new.yaml',
      '--against',
      'old.yaml',
      '--parameter',
      'Team=red',
      '--output',
      'json',
    )
    const { access, notTaken, unknown } = JSON.parse(given.stdout) as {
      access: { arn: string; added: { actions: string[]; resources: string[]; at: { line: number } }[] }[]
      notTaken: unknown[]
      unknown: unknown[]
    }
    const worker = access.find(({ arn }) => arn.includes('new-Worker'))
    assert.deepEqual(
      worker?.added.map(({ actions, resources, at }) => [actions, resources, at.line]),
      [[['sns:Publish'], ['arn:aws:sns:*:*:red'], 18]],
    )
    assert.deepEqual([notTaken, unknown], [[], []])
    const lost = await plan('new.yaml', '--against', 'old.yaml', '--fail-on', 'lost')
    assert.equal(lost.status, 3, 'TPL-32 a part of an Allow is not known')
    const unread = await plan('new.yaml', '--against', 'old.yaml', '--fail-on', 'unread')
    assert.equal(unread.status, 1)
  })

  test('SARIF and GitHub annotations are at the statements', async () => {
    const { stdout } = await plan('new.yaml', '--against', 'old.yaml', '--output', 'sarif')
    assert.deepEqual(sarifProblems(stdout), [])
    const { stdout: annotations } = await plan('new.yaml', '--against', 'old.yaml', '--output', 'github')
    assert.match(
      annotations,
      /^::warning file=new\.yaml,line=29,.*title=new-access::user\/ops: newly allowed: iam:PassRole/m,
    )
    assert.match(annotations, /title=new-wearer::role\/new-Worker-\w+ can newly be assumed by lambda/)
  })

  test('a plan of Terraform is compared with the state that it carries', async () => {
    const role = (actions: readonly string[]) => ({
      address: 'aws_iam_role.r',
      mode: 'managed',
      type: 'aws_iam_role',
      values: {
        name: 'r',
        assume_role_policy: trustPolicy({ Service: 'ec2.amazonaws.com' }),
        inline_policy: [
          {
            name: 'p',
            policy: policyText(allow(actions)),
          },
        ],
      },
    })
    write(
      'plan.json',
      JSON.stringify({
        format_version: '1.2',
        planned_values: { root_module: { resources: [role(['sqs:SendMessage', 'sqs:PurgeQueue'])] } },
        prior_state: { values: { root_module: { resources: [role(['sqs:SendMessage'])] } } },
      }),
    )
    const { stdout } = await plan('plan.json', '--output', 'json')
    const { access } = JSON.parse(stdout) as { access: { arn: string; added: { actions: string[] }[] }[] }
    assert.deepEqual(
      access.map(({ arn, added }) => [arn, added.map(({ actions }) => actions)]),
      [['arn:aws:iam::123456789012:role/r', [[['sqs:PurgeQueue']]].flat()]],
    )
    // TPL-147: what is imported was there before, and what is forgotten stays
    const { values, ...imported } = role(['sqs:SendMessage'])
    const change = (address: string, before: unknown, after: unknown, more: Record<string, unknown>) => ({
      ...imported,
      address,
      change: { before, after, after_unknown: {}, ...more },
    })
    const other = { ...values, name: 'other' }
    write(
      'import.json',
      JSON.stringify({
        format_version: '1.2',
        planned_values: { root_module: { resources: [role(['sqs:SendMessage'])] } },
        resource_changes: [
          change(imported.address, values, values, { actions: ['no-op'], importing: { id: 'r' } }),
          change('aws_iam_role.other', other, null, { actions: ['forget'] }),
        ],
      }),
    )
    const same = await plan('import.json', '--fail-on', 'access', 'lost', 'roles', 'paths')
    assert.equal(same.status, 0, same.stdout)
    assert.match(same.stdout, /^Nothing changes\.\n/)
  })

  test('TPL-184 a user and a group that a plan renames are compared as the same', async () => {
    const user = (name: string) => ({
      address: 'aws_iam_user.u',
      mode: 'managed',
      type: 'aws_iam_user',
      values: { name },
    })
    const group = (name: string) => ({
      address: 'aws_iam_group.g',
      mode: 'managed',
      type: 'aws_iam_group',
      values: { name },
    })
    const policy = (group: string, Action: string) => ({
      address: 'aws_iam_group_policy.p',
      mode: 'managed',
      type: 'aws_iam_group_policy',
      values: {
        name: 'p',
        group,
        policy: policyText(allow(Action)),
      },
    })
    const member = (user: string, group: string) => ({
      address: 'aws_iam_user_group_membership.m',
      mode: 'managed',
      type: 'aws_iam_user_group_membership',
      values: { user, groups: [group] },
    })
    const change = (from: ReturnType<typeof user>, to: ReturnType<typeof user>) => ({
      ...from,
      change: {
        actions: ['update'],
        before: { ...from.values, path: '/' },
        after: { ...to.values, path: '/' },
      },
    })
    write(
      'renames.json',
      JSON.stringify({
        format_version: '1.2',
        planned_values: {
          root_module: {
            resources: [user('new'), group('newer'), policy('newer', 'iam:*'), member('new', 'newer')],
          },
        },
        prior_state: {
          values: {
            root_module: {
              resources: [user('old'), group('older'), policy('older', 'iam:*'), member('old', 'older')],
            },
          },
        },
        resource_changes: [change(user('old'), user('new')), change(group('older'), group('newer'))],
      }),
    )
    const { status, stdout, stderr } = await plan('renames.json')
    assert.equal(status, 0, stdout)
    assert.match(stderr, /^0 new permissions, 0 removed, .*0 paths opened/)
    assert.match(stdout, /user\/old is renamed user\/new, and compared as the same/)
    assert.match(stdout, /group\/older is renamed group\/newer/)
    assert.doesNotMatch(stdout, /administrator/)
  })

  test('what cannot be planned says where', async () => {
    write('cycle.yaml', 'Resources:\n  A: { Type: AWS::SQS::Queue, DependsOn: A }\n')
    const cycle = await plan('cycle.yaml')
    assert.equal(cycle.status, 253)
    assert.match(cycle.stderr, /cycle\.yaml:2:\d+: Circular dependency between resources: A → A/)
    assert.equal((await plan('new.yaml', '--parameter', 'x')).status, 252)
    assert.equal((await plan('nowhere.yaml')).status, 252)
  })
})
