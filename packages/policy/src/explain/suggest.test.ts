import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import {
  allow,
  deny,
  layerOf,
  ownAccount,
  policyOf,
  type RequestInput,
  requestOf,
  type StatementInput,
  sourceOf,
} from '../fixture.ts'
import { applyEdit } from './apply.ts'
import type { Edit } from './edit.ts'
import { editedPolicies } from './edited.ts'
import { isProgress, suggest } from './suggest.ts'
import { suggestTogether } from './together.ts'

function edits(set: PolicySet, input?: RequestInput): readonly (readonly Edit[])[] {
  const request = requestOf(input)
  const suggestions = suggest(request, compile(set))
  for (const suggestion of suggestions) {
    let compiled = compile(set)
    for (const edit of suggestion.edits) {
      const edited = applyEdit(compiled, edit)
      assert.ok(edited)
      compiled = edited
    }
    assert.equal(evaluate(request, compiled).outcome, 'allowed')
  }
  return suggestions.map((each) => each.edits)
}

function types(set: PolicySet, input?: RequestInput): readonly string[] {
  return edits(set, input).map((each) => each.map(({ type, layer }) => `${layer} ${type}`).join(', '))
}

const everything = layerOf('identity', allow())

test('progress is another denial, and never a permission or the loss of one', () => {
  const decided = (...statements: readonly StatementInput[]) =>
    evaluate(requestOf(), compile({ identity: layerOf('identity', ...statements) }))
  const [allowed, absent, denied] = [
    decided(allow()),
    decided(allow({ Action: 'ec2:*' })),
    decided(allow(), deny()),
  ]
  assert.equal(isProgress(absent, denied), true)
  const atLevel = (level: number) => {
    const scp = [0, 1].map((each) => layerOf('scp', allow({ Action: each === level ? 'ec2:*' : '*' })))
    return evaluate(requestOf(), compile({ identity: layerOf('identity', allow()), scp }))
  }
  assert.equal(isProgress(atLevel(0), atLevel(1)), true)
  assert.equal(isProgress(atLevel(0), atLevel(0)), false)
  assert.equal(isProgress(denied, denied), false)
  assert.equal(isProgress(allowed, denied), false)
  assert.equal(isProgress(denied, allowed), false)
})

describe('suggest', () => {
  test('nothing where the only boundary is one of AWS’s', () => {
    const [policy] = layerOf('boundary', allow({ Action: 's3:List*' }))
    const boundary = [sourceOf(policy!.policy, { type: 'aws-managed', arn: 'arn:aws:iam::aws:policy/X' })]
    assert.deepEqual(edits({ identity: everything, boundary }), [])
  })

  test('every Deny of a document goes, though the next one takes its place', () => {
    const identity = layerOf('identity', allow(), deny(), deny({ Action: 's3:*' }))
    const [first] = suggest(requestOf(), compile({ identity }))
    assert.deepEqual(
      first?.edits.map(({ type }) => type),
      ['removeStatement', 'removeStatement'],
    )
  })

  test('a trust policy is given no Resource, also where its last statement went', () => {
    const trust = sourceOf(policyOf('trust', { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }))
    const role = `arn:aws:iam::${ownAccount}:role/app`
    const [first] = edits(
      { identity: everything, resource: { source: trust, grant: 'trust' } },
      { action: 'sts:AssumeRole', resource: role },
    )
    const added = first?.find((edit) => edit.type === 'addStatement')
    assert.ok(added?.type === 'addStatement' && added.statement.Resource === undefined)
  })

  test('nothing for what is allowed', () => assert.deepEqual(edits({ identity: everything }), []))

  test('a missing action goes to the statement on the same service', () => {
    const identity = layerOf('identity', allow({ Action: 'ec2:*' }), allow({ Action: 's3:ListBucket' }))
    const [first] = edits({ identity })
    assert.equal(first?.[0]?.type, 'addAction')
    assert.ok(first?.[0]?.type === 'addAction' && first[0].statement.index === 1)
    assert.deepEqual(types({ identity }), ['identity addAction', 'identity addStatement'])
  })

  test('a resource that no pattern covers', () => {
    assert.deepEqual(types({ identity: layerOf('identity', allow({ Resource: 'arn:aws:s3:::other/*' })) }), [
      'identity addResource',
      'identity addStatement',
    ])
  })

  test('a resource whose name looks like a pattern', () => {
    const identity = layerOf('identity', allow({ Resource: 'arn:aws:s3:::other/*' }))
    const [first] = edits({ identity }, { resource: 'arn:aws:s3:::pay/${x}*' })
    assert.ok(first?.[0]?.type === 'addResource')
    assert.equal(first[0].resource, 'arn:aws:s3:::pay/${$}{x}${*}')
  })

  test('a value that a condition does not list', () => {
    const condition = { StringEquals: { 'aws:PrincipalTag/team': 'blue' } }
    const set = { identity: layerOf('identity', allow({ Condition: condition })) }
    assert.deepEqual(types(set, { context: { 'aws:PrincipalTag/team': 'red' } }), [
      'identity addConditionValue',
      'identity addStatement',
      'identity removeCondition',
    ])
  })

  test('an exception from a Deny before its removal', () => {
    const condition = { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }
    const set = { identity: everything, scp: [layerOf('scp', allow(), deny({ Condition: condition }))] }
    assert.deepEqual(types(set, { context: { 'aws:RequestedRegion': 'us-east-1' } }), [
      'scp addConditionValue',
      'scp removeStatement',
    ])
  })

  test('one edit for each layer that says no', () => {
    const nothing = layerOf('identity', allow({ Action: 'none:*' }))
    const [first] = types({ identity: nothing, boundary: nothing, scp: [everything, nothing] })
    assert.equal(first, 'scp addStatement, identity addStatement, boundary addStatement')
  })

  test('AWS managed policies are left alone', () => {
    const identity = [
      sourceOf(policyOf('identity', allow({ Action: 's3:ListBucket' })), { type: 'aws-managed' }),
    ]
    const [first] = edits({ identity })
    assert.ok(first?.[0]?.type === 'addStatement' && first[0].policy === undefined)
  })

  test('a principal that a key policy does not name', () => {
    const key = policyOf('key', allow({ Principal: { AWS: `arn:aws:iam::${ownAccount}:user/other` } }))
    const set: PolicySet = { identity: everything, resource: { source: sourceOf(key), grant: 'explicit' } }
    assert.deepEqual(types(set), ['resource addPrincipal', 'resource addStatement'])
  })

  test('POL-120 nothing helps across partitions', () => {
    assert.deepEqual(edits({ identity: everything }, { resource: 'arn:aws-cn:s3:::b' }), [])
  })

  test('RSN-6 of several values of a Deny the one that fits goes', () => {
    const several = deny({ Action: ['ec2:*', 's3:*'], Resource: ['arn:aws:s3:::pay/*', 'arn:aws:s3:::x'] })
    assert.deepEqual(types({ identity: layerOf('identity', allow(), several) }), [
      'identity removeValue',
      'identity removeValue',
      'identity removeStatement',
    ])
    const twice = deny({ Action: ['s3:Get*', 's3:*'] })
    assert.deepEqual(types({ identity: layerOf('identity', allow(), twice) }), ['identity removeStatement'])
  })

  test('RSN-6 of two policies of the same text an edit changes one', () => {
    const { policy } = layerOf('identity', deny())[0]!
    const identity = [
      ...everything,
      sourceOf(policy, { type: 'user', name: 'one' }),
      sourceOf(policy, { type: 'user', name: 'other' }),
    ]
    const [first] = edits({ identity })
    assert.deepEqual(
      first?.map((edit) => [edit.type, edit.policy?.source.name]),
      [
        ['removeStatement', 'one'],
        ['removeStatement', 'other'],
      ],
    )
  })

  test('RSN-6 a managed policy in two layers is edited once', () => {
    const source = { type: 'user-managed', arn: `arn:aws:iam::${ownAccount}:policy/both` } as const
    const set = {
      identity: [sourceOf(policyOf('identity', allow(), deny()), source)],
      boundary: [sourceOf(policyOf('boundary', allow(), deny()), source)],
    }
    assert.deepEqual(types(set), ['identity removeStatement'])
  })

  test('RSN-6 what is yet to get its name is named by a wildcard', () => {
    const [first] = edits(
      { identity: [] },
      { action: 'ec2:RunInstances', resource: `arn:aws:ec2:us-east-1:${ownAccount}:instance/*` },
    )
    assert.ok(first?.[0]?.type === 'addStatement')
    assert.equal(first[0].statement.Resource, `arn:aws:ec2:us-east-1:${ownAccount}:instance/*`)
  })

  test('RSN-6 a role may be handed to the one service', () => {
    const [first] = edits(
      { identity: [] },
      {
        action: 'iam:PassRole',
        resource: `arn:aws:iam::${ownAccount}:role/x`,
        context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
      },
    )
    assert.ok(first?.[0]?.type === 'addStatement')
    assert.deepEqual(first[0].statement.Condition, {
      StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    })
  })

  test('RSN-6 layers that nobody can edit are left alone', () => {
    const compiled = compile({ identity: everything, resource: { grant: 'explicit' } })
    assert.equal(suggest(requestOf(), compiled).length, 1)
    assert.deepEqual(suggest(requestOf(), compiled, { fixed: ['resource'] }), [])
  })

  test('RSN-6 edits for all that a call asks: what one has allowed needs no other', () => {
    const identity = layerOf('identity', allow({ Action: 's3:ListBucket' }), deny({ Action: 's3:Get*' }))
    const questions = ['pay/x', 'pay/y', 'other/z'].map((key) => ({
      request: requestOf({ resource: `arn:aws:s3:::${key}` }),
      compiled: compile({ identity }),
    }))
    const together = suggestTogether(questions)
    assert.deepEqual(
      together?.map(({ type }) => type),
      ['removeStatement', 'addAction'],
    )
    for (const { request, compiled } of questions) {
      let edited = compiled
      for (const edit of together ?? []) edited = applyEdit(edited, edit) ?? edited
      assert.equal(evaluate(request, edited).outcome, 'allowed')
    }
    const beyond = { request: requestOf({ resource: 'arn:aws-cn:s3:::b' }), compiled: compile({ identity }) }
    assert.equal(suggestTogether([...questions, beyond]), undefined)
    assert.deepEqual(suggestTogether([]), [])
  })

  test('RSN-12 what a later edit makes needless goes', () => {
    const compiled = compile({
      identity: layerOf('identity', allow({ Action: 'ec2:RunInstances', Resource: 'none' })),
    })
    const volumes = ['volume/vol-1', 'volume/*'].map((volume) => ({
      request: requestOf({
        action: 'ec2:RunInstances',
        resource: `arn:aws:ec2:us-east-1:${ownAccount}:${volume}`,
      }),
      compiled,
    }))
    assert.deepEqual(
      suggestTogether(volumes)?.map((edit) => edit.type === 'addResource' && edit.resource),
      [`arn:aws:ec2:us-east-1:${ownAccount}:volume/*`],
    )
  })

  test('RSN-6 one resource’s new policy is not another’s', () => {
    const compiled = compile({ identity: everything, resource: { grant: 'explicit' } })
    const questions = ['a', 'b'].map((key) => ({
      request: requestOf({
        action: 'kms:Decrypt',
        resource: `arn:aws:kms:us-east-1:${ownAccount}:key/${key}`,
      }),
      compiled,
    }))
    assert.deepEqual(
      suggestTogether(questions)?.map(({ type, policy }) => [type, policy]),
      [
        ['addStatement', undefined],
        ['addStatement', undefined],
      ],
    )
  })
})

describe('the policies that edits change', () => {
  test('have the text that they would have, each once', () => {
    const set = {
      identity: layerOf('identity', allow({ Action: 's3:ListBucket' })),
      boundary: layerOf('boundary', allow({ Action: 's3:Put*' })),
    }
    const [best] = edits(set)
    const changed = editedPolicies(compile(set), best ?? [])
    assert.deepEqual(
      changed?.map(({ layer, before, after }) => [
        layer,
        before === undefined,
        after?.policy.text.includes('s3:GetObject'),
      ]),
      [
        ['identity', false, true],
        ['boundary', false, true],
      ],
    )
  })
})
