import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const functions = 125
const rounds = 3
const cli = fileURLToPath(new URL('../../packages/server/bin/omen.mjs', import.meta.url))

/** What any planner must do at least: start, read both templates, parse them. */
const reader =
  "const fs = require('node:fs'); for (const name of ['old.json', 'new.json']) JSON.parse(fs.readFileSync(name, 'utf8'))"

/** `omen plan` of a template of 500 resources, half of them roles and policies, as a process beside one that only parses it. */
export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-bench-plan-'))
  try {
    writeFileSync(join(folder, 'old.json'), template(false))
    writeFileSync(join(folder, 'new.json'), template(true))
    const run = (args: readonly string[]) => {
      const begin = performance.now()
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 })
      if (status !== 0 && status !== 1) throw new Error(String(stderr))
      return performance.now() - begin
    }
    const omen = (...args: readonly string[]) => run(['--conditions=@omen/source', cli, ...args])
    const all = Array.from({ length: rounds }, () => [
      run(['-e', reader]),
      omen('plan', 'new.json'),
      omen('plan', 'new.json', '--against', 'old.json'),
      omen('--version'),
    ])
    const [read = 0, first = 0, second = 0, started = 0] = [0, 1, 2, 3].map((column) =>
      Math.min(...all.map((row) => row[column] ?? 0)),
    )
    process.stdout.write(
      `${functions * 4} resources: plan ${first.toFixed(0)} ms, against the last template ${second.toFixed(0)} ms, of which ` +
        `${started.toFixed(0)} are the start; reading and parsing alone ${read.toFixed(0)} ms; ratio ${(second / read).toFixed(1)}\n`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Functions with a role, an attached policy and a table each; every tenth may pass roles. */
function template(isNew: boolean): string {
  const resources: Record<string, unknown> = {}
  for (let index = 0; index < functions; index++) {
    const arn = { 'Fn::GetAtt': [`Table${index}`, 'Arn'] }
    const queue = {
      'Fn::Join': ['', ['arn:aws:sqs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':q-*']],
    }
    const statement = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource })
    const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement })
    resources[`Role${index}`] = {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: document({
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'lambda.amazonaws.com' },
        }),
        ManagedPolicyArns: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' },
        ],
      },
    }
    resources[`Policy${index}`] = {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: `p${index}`,
        Roles: [{ Ref: `Role${index}` }],
        PolicyDocument: document(
          statement(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], arn),
          statement('sqs:*', queue),
          ...(isNew ? [statement(index % 10 === 0 ? 'iam:PassRole' : 's3:Get*', '*')] : []),
        ),
      },
    }
    resources[`Table${index}`] = { Type: 'AWS::DynamoDB::Table', Properties: { KeySchema: [] } }
    resources[`Function${index}`] = {
      Type: 'AWS::Lambda::Function',
      Properties: { Role: { 'Fn::GetAtt': [`Role${index}`, 'Arn'] }, Code: {} },
    }
  }
  return JSON.stringify({ Resources: resources }, null, 1)
}
