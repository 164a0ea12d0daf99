import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow } from '../fixture.ts'
import type { Answer } from './answer.ts'
import { findWitness } from './find-witness.ts'
import { asked, identity } from './fixture.ts'
import type { ShapeVariable } from './question.ts'

const nameVariable: ShapeVariable = { variable: 'name', grammar: { characters: 'a-zA-Z0-9-', most: 64 } }

describe('findWitness: keys of several calls', () => {
  test('keys of several calls that share a variable hold one text', () => {
    const named = (made: string, executed: string): Answer => {
      const like = (pattern: string) => ({ StringLike: { 'cloudformation:ChangeSetName': pattern } })
      const set = identity(
        allow({ Action: 'cloudformation:CreateChangeSet', Condition: like(made) }),
        allow({ Action: 'cloudformation:ExecuteChangeSet', Condition: like(executed) }),
      )
      const chosen = { 'cloudformation:ChangeSetName': { shape: [nameVariable], mayBeAbsent: false } }
      const actions = ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet']
      return findWitness(actions.map((action) => asked(set, { action, chosen })))
    }
    assert.equal(named('dev-*', '*-approved').verdict, 'proven')
    assert.equal(named('dev-*', 'approved-*').verdict, 'blocked')
  })
})
