import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../compile/set.ts'
import { principalContext } from '../evaluate/principal-context.ts'
import { allow, deny, layerOf, user } from '../fixture.ts'
import type { Answer } from './answer.ts'
import { findWitness } from './find-witness.ts'
import type { OpenRequest } from './question.ts'

/** Asks one request of a user. */
function ask(policies: PolicySet, request: Partial<OpenRequest> = {}): Answer {
  return findWitness([
    {
      request: {
        principal: user,
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::pay/x',
        context: principalContext(user),
        ...request,
      },
      policies: compile(policies),
    },
  ])
}

suite('findWitness', () => {
  test('a request without open parts is decided as evaluate decides it', () => {
    const proven = ask({ identity: layerOf('identity', allow()) })
    assert.equal(proven.verdict, 'proven')
    assert.equal(proven.decisions[0]?.by[0]?.layer, 'identity')
    const blocked = ask({ identity: layerOf('identity', allow(), deny()) })
    assert.equal(blocked.verdict, 'blocked')
    assert.deepEqual([blocked.layer, blocked.deny?.statement.index], ['identity', 1])
    const nothing = ask({ identity: [] })
    assert.equal(nothing.verdict, 'blocked')
    assert.deepEqual([nothing.layer, nothing.deny, nothing.isGranted], ['identity', undefined, false])
  })
})
