import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { sarifProblems } from '../report/schema.ts'
import { omen } from './process.ts'

describe('omen policy diff, where policies are written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-diff-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const diff = (...args: readonly string[]) => omen(['policy', 'diff', ...args], {}, folder)
  const template = (roles: Readonly<Record<string, string>>) =>
    `Resources:\n${Object.entries(roles)
      .map(
        ([id, action]) => `  ${id}:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: ${action}
            Resource: '*'
`,
      )
      .join('')}`
  const statement = (more: object) => ({ Effect: 'Allow', Action: 'sqs:GetQueueUrl', Resource: '*', ...more })
  const policy = (...Statement: readonly object[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement }, null, 2)
  write('old.json', policy(statement({}), statement({ Effect: 'Deny', Action: 'sqs:PurgeQueue' })))
  write(
    'new.json',
    policy(statement({ Sid: 'Queues', Action: ['sqs:GetQueueUrl', 'sqs:PurgeQueue', 'sqs:SendMessage'] })),
  )

  test('for people: what is new, by what, and what was before (RSN-3)', async () => {
    const { status, stdout } = await diff('old.json', 'new.json')
    assert.equal(status, 1)
    assert.equal(
      stdout,
      [
        '+  sqs:PurgeQueue, sqs:SendMessage on *',
        '    Sid Queues (line 4) allows it. Before, no statement did.',
        '    For example sqs:PurgeQueue on arn:aws:sqs:us-east-1:123456789012:example.',
        '+  sqs:PurgeQueue on *',
        '    Before, statement 2 (line 9) denied it.',
        '    For example sqs:PurgeQueue on arn:aws:sqs:us-east-1:123456789012:example.',
        '',
      ].join('\n'),
    )
  })

  test('says which paths to an administrator open and close, of an account and of a template', async () => {
    const tools = (...actions: readonly string[]) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
    })
    const owner = { GroupList: [], AttachedManagedPolicies: [] }
    write(
      'account.json',
      JSON.stringify({
        UserDetailList: [
          {
            UserName: 'dev',
            Arn: 'arn:aws:iam::111122223333:user/dev',
            UserPolicyList: [{ PolicyName: 'tools', PolicyDocument: tools('iam:GetUser') }],
            ...owner,
          },
        ],
      }),
    )
    write('tools.json', JSON.stringify(tools('iam:GetUser'), null, 2))
    write('more-tools.json', JSON.stringify(tools('iam:GetUser', 'iam:AttachUserPolicy')))
    const opened = await diff('tools.json', 'more-tools.json', '--from', 'account.json')
    assert.equal(opened.status, 1)
    assert.match(
      opened.stdout,
      /\nPaths that open \(\+\) and close \(-\):\n {2}\+ user\/dev → administrator: proven, 1 step; iam:AttachUserPolicy by user\/dev \(tools of dev, [^\n)]*:1:\d+\)\n$/,
    )
    const other = await diff('old.json', 'new.json', '--from', 'account.json')
    assert.deepEqual(
      [other.status, other.stderr],
      [253, 'omen: account.json has no policy that is equal to the first file, so it cannot be replaced\n'],
    )
    const role = (action: string) => `Resources:
  Ci:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ci
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: ec2.amazonaws.com } }] }
      Policies: [{ PolicyName: own, PolicyDocument: ${JSON.stringify(tools('sqs:GetQueueUrl', action))} }]
`
    write('ci-before.yaml', role('iam:PutRolePolicy'))
    write('ci-after.yaml', role('sqs:PurgeQueue'))
    const closed = await diff('ci-before.yaml', 'ci-after.yaml', '--both', '--output', 'json')
    const { paths } = JSON.parse(closed.stdout)
    assert.deepEqual(paths.opened, [])
    const [{ from, to, before, after: now, path }] = paths.closed
    assert.deepEqual(
      [from, to, before, now, path.steps[0].technique],
      ['arn:aws:iam::123456789012:role/ci', 'administrator', 'proven', 'none', 'empower.put-role-policy'],
    )
  })

  test('says which paths open and close between two folders with several accounts', async () => {
    const allow = (Action: string, more: object) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, ...more }],
    })
    const all = { Resource: '*' }
    const own = {
      UserDetailList: [
        {
          UserName: 'dev',
          Arn: 'arn:aws:iam::111122223333:user/dev',
          UserPolicyList: [{ PolicyName: 'tools', PolicyDocument: allow('sts:AssumeRole', all) }],
          GroupList: [],
          AttachedManagedPolicies: [],
        },
      ],
    }
    const vault = (trusted: string) => ({
      RoleDetailList: [
        {
          RoleName: 'vault',
          Arn: 'arn:aws:iam::444455556666:role/vault',
          AssumeRolePolicyDocument: allow('sts:AssumeRole', { Principal: { AWS: trusted } }),
          RolePolicyList: [{ PolicyName: 'all', PolicyDocument: allow('*', all) }],
          InstanceProfileList: [],
          AttachedManagedPolicies: [],
        },
      ],
    })
    for (const [name, trusted] of [
      ['before', '444455556666'],
      ['after', '111122223333'],
    ] as const) {
      mkdirSync(join(folder, name))
      write(`${name}/first.json`, JSON.stringify(own))
      write(`${name}/second.json`, JSON.stringify(vault(trusted)))
    }
    const { status, stdout, stderr } = await diff('before', 'after')
    assert.deepEqual([status, stderr], [1, ''])
    assert.match(stdout, /\+ user\/dev → administrator: proven, 1 step; sts:AssumeRole/)
    assert.equal((await diff('before', 'old.json')).status, 252)
  })

  test('for GitHub and code scanning: at the statement in the second file', async () => {
    const github = await diff('old.json', 'new.json', '--output', 'github')
    assert.match(
      github.stdout,
      /^::warning file=new\.json,line=4,endLine=13,title=new-access::Newly allowed: sqs:PurgeQueue, sqs:SendMessage on \*\. Sid Queues/,
    )
    const sarif = await diff('new.json', 'old.json', '--both', '--output', 'sarif')
    assert.deepEqual(sarifProblems(sarif.stdout), [])
    const { results } = (
      JSON.parse(sarif.stdout) as { runs: [{ results: { ruleId: string; level: string }[] }] }
    ).runs[0]
    assert.deepEqual(
      results.map(({ ruleId, level }) => [ruleId, level]),
      [
        ['removed-access', 'note'],
        ['removed-access', 'note'],
      ],
    )
  })

  test('templates: policies side by side by their resources, at their own lines', async () => {
    write('old.yaml', template({ Reader: 'sqs:GetQueueUrl', Same: 'sqs:*' }))
    write(
      'new.yaml',
      template({ Reader: '[sqs:GetQueueUrl, sqs:DeleteQueue]', Same: 'sqs:*', Added: 'sqs:SendMessage' }),
    )
    const { status, stdout } = await diff('old.yaml', 'new.yaml')
    assert.equal(status, 1)
    assert.deepEqual(
      stdout.split('\n').filter((line) => !line.startsWith('    For')),
      [
        'AWS::IAM::RolePolicy Reader PolicyDocument',
        '+  sqs:DeleteQueue on *',
        '    Statement 1 (line 8) allows it. Before, no statement did.',
        '',
        'AWS::IAM::RolePolicy Added PolicyDocument',
        '+  sqs:SendMessage on *',
        '    Statement 1 (line 26) allows it. Before, no statement did.',
        '',
      ],
    )
    const same = await diff('new.yaml', 'new.yaml', '--both')
    assert.deepEqual([same.status, same.stdout], [0, 'They allow the same.\n'])
  })
})
