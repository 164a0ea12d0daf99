import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyText } from '../../../../../test/kit/index.ts'
import { sarif } from '../../report/index.ts'
import { lintFile } from './check.ts'
import { ignoring, unreadCode } from './config.ts'
import { lintReport } from './report.ts'

const linted = (name: string, content: unknown) =>
  lintFile({ name, text: JSON.stringify(content), isFound: false }, undefined)

test('LNT-25 the statement of a bus policy is no document', () => {
  const { policies, findings } = linted('bus.json', {
    Resources: {
      P: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: {
          StatementId: 'a',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: '123456789012' },
            Action: 'events:PutEvents',
            Resource: 'arn:aws:events:us-east-1:123456789012:event-bus/b',
          },
        },
      },
    },
  })
  assert.deepEqual([policies, findings.map(({ code }) => code)], [1, []])
})

test('TPL-32 a policy of a plan that is known only after apply is not looked at', () => {
  const address = 'aws_iam_role_policy.p'
  const { unread } = linted('plan.json', {
    format_version: '1.2',
    planned_values: {
      root_module: { resources: [{ address, mode: 'managed', type: 'aws_iam_role_policy', values: {} }] },
    },
    resource_changes: [{ address, change: { after: {}, after_unknown: { policy: true } } }],
  })
  assert.deepEqual(unread, ['aws_iam_role_policy aws_iam_role_policy.p'])
})

test('LNT-52 a document of a template that comes from a parameter without a value is not looked at', () => {
  const trust = { Version: '2012-10-17', Statement: [] }
  const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }
  const unreadOf = (Type: string, Properties: object, parameter: object = {}) =>
    linted('template.json', {
      Parameters: { Doc: { Type: 'String', ...parameter } },
      Resources: { R: { Type, Properties } },
    }).unread
  const Doc = { Ref: 'Doc' }
  const of = (elements: object) => ({ PolicyDocument: { Statement: { ...statement, ...elements } } })
  const named = (PolicyDocument: unknown) => ({ Policies: [{ PolicyName: 'p', PolicyDocument }] })
  const found: readonly (readonly [string, object, readonly string[]])[] = [
    ['AWS::IAM::ManagedPolicy', { PolicyDocument: Doc }, ['PolicyDocument']],
    ['AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: [statement, Doc] } }, ['PolicyDocument']],
    ['AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: Doc } }, ['PolicyDocument']],
    ['AWS::IAM::ManagedPolicy', { PolicyDocument: { 'Fn::Sub': '${Doc}' } }, ['PolicyDocument']],
    [
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: Doc, ...named(Doc) },
      ['AssumeRolePolicyDocument', 'Policies[0].PolicyDocument'],
    ],
    ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust, Policies: Doc }, ['Policies']],
    ['AWS::IAM::Role', { AssumeRolePolicyDocument: trust, Policies: [Doc] }, ['Policies']],
    ['AWS::SQS::QueuePolicy', { PolicyDocument: { 'Fn::ImportValue': 'doc' } }, ['PolicyDocument']],
    ['AWS::Organizations::Policy', { Type: 'SERVICE_CONTROL_POLICY', Content: Doc }, ['Content']],
    ['AWS::Organizations::Policy', { Type: 'TAG_POLICY', Content: Doc }, []],
    ['AWS::IAM::ManagedPolicy', of({ Resource: Doc }), ['PolicyDocument Resource']],
    [
      'AWS::IAM::ManagedPolicy',
      of({ Resource: ['*', Doc], Action: Doc }),
      ['PolicyDocument Action', 'PolicyDocument Resource'],
    ],
    ['AWS::IAM::ManagedPolicy', of({ Resource: { 'Fn::Sub': '${Doc}/*' } }), []],
    ['AWS::IAM::ManagedPolicy', of({ Resource: { 'Fn::GetAtt': ['R', 'Other'] } }), []],
    ['AWS::SQS::QueuePolicy', of({ Principal: { AWS: Doc } }), ['PolicyDocument Principal']],
    ['AWS::Serverless::Function', { Policies: [Doc] }, ['Policies']],
    ['AWS::Serverless::Function', { Policies: Doc }, ['Policies']],
    [
      'AWS::Serverless::StateMachine',
      { Policies: [{ Statement: [{ ...statement, Action: Doc }] }] },
      ['Policies[0] Action'],
    ],
    ['AWS::Serverless::Function', { Policies: ['AWSLambdaExecute'] }, []],
  ]
  for (const [type, properties, places] of found)
    assert.deepEqual(
      unreadOf(type, properties),
      places.map((place) => `${type} R ${place}`),
    )
  const text = policyText(statement)
  assert.deepEqual(unreadOf('AWS::IAM::ManagedPolicy', { PolicyDocument: Doc }, { Default: text }), [])
})

test('LNT-24 a file fails in JUnit as the exit code does, and SARIF says why there is no result', () => {
  const { findings } = linted('a.json', {
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  })
  const result = { files: ['a.json'], findings, ignored: [] }
  assert.equal(findings.length > 0, true)
  assert.match(lintReport(result, 'junit', 'error'), /failures="0"/)
  assert.match(lintReport(result, 'junit', 'warning'), /failures="1"/)
  assert.match(
    sarif({ name: 'omen', version: '0', failure: 'no such file' }, [], '/'),
    /"executionSuccessful": false[\s\S]*no such file/,
  )
})

test('LNT-60 an entry with the code UNREAD accepts what is not looked at', () => {
  const entry = { at: 'c:1:1', code: unreadCode, sid: undefined, reason: 'r', until: 'never' }
  const config = {
    folder: process.cwd(),
    paths: [],
    failOn: undefined,
    kinds: [],
    ignore: [{ ...entry, path: 'infra', owner: 'P' }],
  }
  const accepts = (file: string, owner: string, code = unreadCode) =>
    ignoring({ code, file, owner }, config, '2026-12-01') !== undefined
  assert.equal(accepts('infra/a.yaml', 'AWS::IAM::Policy P'), true)
  assert.equal(accepts('other/a.yaml', 'AWS::IAM::Policy P'), false)
  assert.equal(accepts('infra/a.yaml', 'AWS::IAM::Policy Q'), false)
  assert.equal(accepts('infra/a.yaml', 'AWS::IAM::Policy P', 'INVALID_ACTION'), false)
})
