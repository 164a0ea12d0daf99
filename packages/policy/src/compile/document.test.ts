import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { policyOf } from '../fixture.ts'
import { compileAction } from '../match/action.ts'
import { emptyContext } from '../request/context.ts'
import { compileDocument } from './document.ts'

const someActions = [
  '*',
  's3:*',
  's3:Get*',
  's3:GetObject',
  'S3:PUTOBJECT',
  's3:?etObject',
  '*:GetObject',
  'ec2:*',
  's*:*',
  'getobject',
  '?etobject',
  'iam:GetUser',
  'iam:*',
  ':*',
]

describe('CompiledDocument', () => {
  test('POL-080, POL-082 finds by its index what trying every statement finds', () => {
    const actions = fc.array(fc.constantFrom(...someActions), { minLength: 1, maxLength: 4 })
    const statement = fc.record({ negated: fc.boolean(), actions })
    const asked = fc.constantFrom(
      's3:getobject',
      's3:putobject',
      'ec2:runinstances',
      'iam:getuser',
      'getobject',
      ':getobject',
      's?:getobject',
    )
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 6 }), asked, (statements, action) => {
        const inputs = statements.map((each) => ({
          Effect: 'Allow',
          [each.negated ? 'NotAction' : 'Action']: each.actions,
          Resource: '*',
        }))
        const found = compileDocument(policyOf('identity', ...inputs)).covering(action)
        const wanted = statements.flatMap((each, index) => {
          const listed = each.actions.some((pattern) => compileAction(pattern)(action, emptyContext))
          return listed === each.negated ? [] : [index]
        })
        assert.deepEqual(
          found.map(({ statement: { index } }) => index),
          wanted,
        )
      }),
    )
  })

  test('POL-082 says of which services it may cover an action', () => {
    const covered = (element: 'Action' | 'NotAction', ...actions: readonly string[]) => {
      const document = compileDocument(
        policyOf('identity', { Effect: 'Allow', [element]: actions, Resource: '*' }),
      )
      return ['s3', 'iam', ''].filter((vendor) => document.mayCover(vendor))
    }
    assert.deepEqual(covered('Action', 'S3:Get*'), ['s3'])
    assert.deepEqual(covered('Action', 's3:GetObject', 'iam:?'), ['s3', 'iam'])
    assert.deepEqual(covered('Action', ':a'), [''])
    for (const action of ['*', 's?:a', '*:a']) assert.deepEqual(covered('Action', action), ['s3', 'iam', ''])
    assert.deepEqual(covered('NotAction', 's3:*'), ['s3', 'iam', ''])
  })

  test('finds every statement that names an action', () => {
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
    for (const count of [1, 2, 3, 4]) {
      const document = compileDocument(
        policyOf('identity', ...Array.from({ length: count }, () => statement)),
      )
      assert.deepEqual(document.indexes('s3:getobject'), [0, 1, 2, 3].slice(0, count))
    }
  })

  test('a policy is compiled once', () => {
    const policy = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' })
    assert.equal(compileDocument(policy), compileDocument(policy))
  })
})
