import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Policy, parsePolicy } from '@omen-iam/policy'
import { newAccess } from './narrow.ts'
import { policyPairs } from './pairs.ts'

function policy(...statements: readonly object[]): Policy {
  const Statement = statements.map((each) => ({ Effect: 'Allow', Resource: 'arn:aws:s3:::a/*', ...each }))
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
  return parsed.ok ? parsed.policy : assert.fail(parsed.message)
}

const told = (before: Policy, after: Policy) =>
  newAccess(before, after).map(({ kind, actions, resources, partOf }) => [kind, actions, resources, partOf])

test('of actions on several resources only those that are new are named (LNT-3)', () => {
  const both = ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']
  const before = policy(
    { Action: 's3:GetObject', Resource: both },
    { Action: 's3:DeleteObject', Resource: both[1] },
  )
  const after = policy({ Action: ['s3:GetObject', 's3:DeleteObject'], Resource: both })
  assert.deepEqual(told(before, after), [['new', ['s3:DeleteObject'], [both[0]], []]])
  assert.deepEqual(told(after, before), [])
})

test('of a wildcard that was widened only the actions that are new are named (LNT-3)', () => {
  const before = policy({ Action: ['sqs:Get*', 'sqs:List*'], Resource: '*' })
  const after = policy({ Action: 'sqs:*', Resource: '*' })
  const [[kind, actions, , partOf] = []] = told(before, after)
  assert.deepEqual([kind, partOf], ['new', ['sqs:*']])
  assert.ok(Array.isArray(actions) && actions.includes('sqs:SendMessage'))
  assert.ok(!actions.includes('sqs:GetQueueUrl') && !actions.includes('sqs:ListQueues'))
})

test('what is new as it is written stands before parts of wildcards, each with an example of its own (LNT-3)', () => {
  const before = policy({ Action: 's3:GetObject' })
  const after = policy({ Action: ['s3:Get*', 'iam:PassRole', 'ec2:RunInstances'], Resource: '*' })
  const rows = newAccess(before, after).filter(({ kind }) => kind === 'new')
  assert.deepEqual(
    rows.map(({ actions, partOf, example }) => [actions.slice(0, 2), partOf, example?.action]),
    [
      [['iam:PassRole', 'ec2:RunInstances'], [], 'iam:PassRole'],
      [['s3:GetAccelerateConfiguration', 's3:GetAccessGrant'], ['s3:Get*'], 's3:GetAccelerateConfiguration'],
    ],
  )
})

test('actions that do not apply to the resource are not named (LNT-3)', () => {
  const [[, actions] = []] = told(policy({ Action: 's3:Get*' }), policy({ Action: 's3:*' }))
  assert.ok(Array.isArray(actions) && actions.includes('s3:PutObject'))
  assert.ok(!actions.includes('s3:ListBucket') && !actions.includes('s3:PutBucketPolicy'))
})

test('what is new and what is allowed under other conditions are distinguished (LNT-3)', () => {
  const equals = (values: unknown) => ({ Condition: { StringEquals: { 'aws:username': values } } })
  const before = policy({ Action: ['s3:GetObject', 's3:PutObject'], ...equals('ann') })
  const after = policy({
    Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    ...equals(['ann', 'bob']),
  })
  const on = ['arn:aws:s3:::a/*']
  assert.deepEqual(told(before, after), [
    ['conditions', ['s3:GetObject', 's3:PutObject'], on, []],
    ['new', ['s3:DeleteObject'], on, []],
  ])
})

test('of a Deny that is gone only what something allows now is named (LNT-3)', () => {
  const allow = { Action: ['s3:GetObject', 'sqs:*'], Resource: '*' }
  const before = policy(allow, { Effect: 'Deny', Action: 's3:*', Resource: '*' })
  assert.deepEqual(told(before, policy(allow)), [['lifted', ['s3:GetObject'], ['*'], ['s3:*']]])
})

test('wildcards that match too much are shown as they are, and so are names that AWS lacks (LNT-3)', () => {
  const before = policy({ Action: 's3:GetObject' })
  assert.deepEqual(told(before, policy({ Action: '*' })), [['wider', ['*'], ['arn:aws:s3:::a/*'], []]])
  assert.deepEqual(told(before, policy({ Action: ['s3:GetObject', 'made:Up'] })), [
    ['new', ['made:Up'], ['arn:aws:s3:::a/*'], []],
  ])
})

test('an action that is written out is not named on a resource that it does not apply to (LNT-3)', () => {
  const before = policy({ Action: 's3:GetObject' })
  const adding = (...more: readonly string[]) => policy({ Action: ['s3:GetObject', ...more] })
  assert.deepEqual(told(before, adding('s3:ListAllMyBuckets')), [])
  assert.deepEqual(told(before, adding('s3:ListAll*', 's3:ListBucket')), [])
  assert.deepEqual(told(before, adding('s3:ListAllMyBuckets', 's3:PutObject', 'made:Up')), [
    ['new', ['s3:PutObject', 'made:Up'], ['arn:aws:s3:::a/*'], []],
  ])
  assert.deepEqual(told(before, policy({ Action: 's3:ListAllMyBuckets', Resource: '*' })), [
    ['new', ['s3:ListAllMyBuckets'], ['*'], []],
  ])
})

test('what is proven to allow nothing new is left out, and only that (LNT-51)', () => {
  const on = (operator: string, value: unknown) => ({
    Condition: { [operator]: { 'aws:RequestTag/team': value } },
  })
  const Action = ['sqs:Get*', 'sqs:CreateQueue']
  const before = policy({ Action, Resource: '*', ...on('StringEquals', 'a') })
  const guarded = (values: unknown, ...more: readonly object[]) =>
    policy(
      { Action, Resource: '*' },
      { Effect: 'Deny', Action: '*', Resource: '*', ...on('Null', 'true') },
      { Effect: 'Deny', Action: '*', Resource: '*', ...on('StringNotEquals', values) },
      ...more,
    )
  assert.deepEqual(told(before, guarded('a')), [])
  assert.deepEqual(told(guarded('a'), before), [])
  assert.deepEqual(told(before, guarded('a', { Action: 'sqs:TagQueue', Resource: '*' })), [
    ['new', ['sqs:TagQueue'], ['*'], []],
  ])
  const [row] = newAccess(before, guarded(['a', 'b']))
  assert.deepEqual(row?.actions, Action)
  const open = policy({ Action, Resource: '*', ...on('StringEquals', '${aws:username}') })
  const [unclear] = newAccess(
    policy(
      { Action, Resource: '*', ...on('StringEquals', '${aws:username}') },
      { Action, Resource: '*', ...on('StringNotEquals', '${aws:username}') },
    ),
    policy({ Action, Resource: '*' }),
  )
  assert.ok(unclear)
  assert.deepEqual(told(open, open), [])
})

test('LNT-61 a policy that only one file has is compared with nothing, also one in a template', () => {
  const Statement = { Effect: 'Allow', Action: 'sqs:CreateQueue', Resource: '*' }
  const template = (Resources: object) => ({ name: 't.json', text: JSON.stringify({ Resources }) })
  const queue = { Q: { Type: 'AWS::SQS::Queue' } }
  const made = { P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement } } } }
  const added = (before: string, after: { readonly name: string; readonly text: string }) =>
    policyPairs({ name: '-', text: before }, after, undefined).map((pair) => [
      pair.name,
      newAccess(pair.before.policy, pair.after.policy).length,
      newAccess(pair.after.policy, pair.before.policy).length,
    ])
  assert.deepEqual(added('', { name: 'p.json', text: JSON.stringify({ Statement }) }), [['', 1, 0]])
  const one = [['AWS::IAM::ManagedPolicy P PolicyDocument', 1, 0]]
  assert.deepEqual(added('', template({ ...queue, ...made })), one)
  assert.deepEqual(added(template(queue).text, template({ ...queue, ...made })), one)
  assert.deepEqual(added(template(queue).text, { name: 'x.yaml', text: 'a: b' }), [])
})
