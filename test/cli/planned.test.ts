import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { omen } from './process.ts'

const folder = mkdtempSync(join(tmpdir(), 'omen-planned-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const string = JSON.stringify
const document = (statement: Record<string, unknown>) =>
  string({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
const resource = (type: string, name: string, values: Record<string, unknown>) => ({
  address: `${type}.${name}`,
  mode: 'managed',
  type,
  name,
  values: { name, ...values },
})
const trusts = (Principal: Record<string, string>) => ({
  assume_role_policy: document({ Principal, Action: 'sts:AssumeRole' }),
})

/** dev may assume deploy, which attaches policies; lambda wears deploy too. One policy is not known. */
const plan = (isWhole: boolean) =>
  string({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          resource('aws_iam_user', 'dev', {}),
          resource('aws_iam_user_policy', 'own', {
            user: 'dev',
            policy: document({ Action: 'sts:AssumeRole', Resource: '*' }),
          }),
          resource('aws_iam_role', 'deploy', trusts({ AWS: 'arn:aws:iam::123456789012:root' })),
          resource('aws_iam_role', 'idle', trusts({ Service: 'lambda.amazonaws.com' })),
          resource('aws_iam_role_policy', 'up', {
            role: 'deploy',
            policy: document({ Action: 'iam:AttachRolePolicy', Resource: '*' }),
          }),
          ...(isWhole ? [] : [resource('aws_iam_organizations_features', 'f', {})]),
        ],
      },
    },
  })

describe('questions to a plan of Terraform', () => {
  test('TPL-145 paths, who-can, graph and why =ROLE take --from a plan, in UTF-16 too', async () => {
    writeFileSync(join(folder, 'plan.json'), plan(true))
    writeFileSync(join(folder, 'wide.json'), Buffer.from(`\ufeff${plan(true)}`, 'utf16le'))
    const paths = await omen(['paths', 'dev', '--from', 'plan.json'], {}, folder)
    assert.equal(paths.status, 1, paths.stderr)
    assert.match(paths.stdout, /role\/deploy/)
    const can = await omen(['who-can', 'iam:AttachRolePolicy', '*', '--from', 'wide.json'], {}, folder)
    assert.equal(can.status, 0, can.stderr)
    assert.match(can.stdout, /role\/deploy/)
    const graph = await omen(['graph', '--format', 'mermaid', '--from', 'plan.json'], {}, folder)
    assert.match(graph.stdout, /deploy/)
    const why = await omen(['why', '=role/deploy', '--from', 'plan.json'], {}, folder)
    assert.equal(why.status, 0, why.stderr)
    assert.match(why.stdout, /^user\/dev → role\/deploy {8}proven, one way\n/m)
  })

  test('TPL-215 an inventory names what in the files may give access and is not in it', async () => {
    const Policy = {
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' }],
    }
    const Api = { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api', Policy } }
    writeFileSync(join(folder, 'api.json'), string({ Resources: { Api } }))
    const { status, stderr } = await omen(['inventory', 'api.json'], {}, folder)
    assert.equal(status, 0)
    assert.match(stderr, /NOT LOOKED AT, though it may give access: 1 \(AWS::ApiGateway::RestApi Api\)/)
  })

  test('TPL-145 what is not looked at is named first, and then nothing is said to be well', async () => {
    writeFileSync(join(folder, 'part.json'), plan(false))
    const paths = await omen(['paths', 'role/idle', '--from', 'part.json'], {}, folder)
    assert.equal(paths.status, 3, paths.stderr)
    assert.match(
      paths.stderr,
      /^NOT LOOKED AT, though it may give access: 1 \(aws_iam_organizations_features /,
    )
  })

  test('statements have the places where they are written: in a template, in a plan, in a folder of templates', async () => {
    const template = [
      'Resources:',
      '  Dev:',
      '    Type: AWS::IAM::User',
      '    Properties:',
      '      UserName: dev',
      '      Policies:',
      '        - PolicyName: tools',
      '          PolicyDocument:',
      "            Version: '2012-10-17'",
      '            Statement:',
      '              - {Effect: Allow, Action: s3:ListAllMyBuckets, Resource: "*"}',
      '              - {Effect: Allow, Action: iam:AttachUserPolicy, Resource: "*"}',
      '',
    ].join('\n')
    mkdirSync(join(folder, 'stack'))
    writeFileSync(join(folder, 'stack/app.yaml'), template)
    writeFileSync(join(folder, 'plan.json'), plan(true))
    const statementsOf = async (from: string) => {
      const { stdout, stderr } = await omen(
        ['paths', 'dev', 'administrator', '--from', from, '--output', 'json'],
        {},
        folder,
      )
      assert.equal(stderr, '')
      const { paths } = JSON.parse(stdout) as {
        paths: {
          steps: { requests: { decision: { file?: string; line: number; resource?: string }[] }[] }[]
        }[]
      }
      return paths.flatMap(({ steps }) =>
        steps.flatMap(({ requests }) =>
          requests.flatMap(({ decision }) =>
            decision.map(({ file, line, resource }) => [file, line, resource]),
          ),
        ),
      )
    }
    assert.deepEqual(await statementsOf('stack/app.yaml'), [['stack/app.yaml', 12, undefined]])
    assert.deepEqual(await statementsOf('stack'), [['stack/app.yaml', 12, undefined]])
    assert.deepEqual(await statementsOf('plan.json'), [
      ['plan.json', 1, 'aws_iam_user_policy.own'],
      ['plan.json', 1, 'aws_iam_role.deploy'],
      ['plan.json', 1, 'aws_iam_role_policy.up'],
    ])
    const { stdout } = await omen(['paths', 'dev', '--from', 'stack'], {}, folder)
    assert.match(
      stdout,
      /iam:AttachUserPolicy on user\/dev \(iam:PolicyARN=policy\/AdministratorAccess\) {3}tools of dev \(stack\/app\.yaml:12:\d+\)/,
    )
  })
})
