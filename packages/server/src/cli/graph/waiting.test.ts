import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { notInLists } from '../../intake/index.ts'
import { callFor, waitingOf } from './waiting.ts'

describe('the undecided rows of a list', () => {
  test('that wait for several facts are decided by all of them', () => {
    const row = (...facts: readonly string[]) => ({ principal: 'p', verdict: 'undecided', steps: 0, facts })
    assert.deepEqual(waitingOf([row('x'), row('x', 'y'), row('x', 'y'), row('z')]), {
      rows: 4,
      facts: [
        { fact: 'x', decided: 1 },
        { fact: 'y', decided: 2 },
        { fact: 'z', decided: 1 },
      ],
    })
  })
})

describe('the call that has a fact', () => {
  test('is a list of the type, for every type that a technique asks for and that can be listed', () => {
    const types = techniqueTable().techniques.flatMap(({ effect, wornBy = [] }) =>
      effect === 'none' ? [] : wornBy,
    )
    assert.ok(types.length > 40)
    for (const type of types) {
      const call = callFor(`the inventory has no list of ${type}`)
      if (notInLists[type] === undefined) assert.match(call ?? '', /^aws [a-z0-9-]+ [a-z0-9-]+$/, type)
    }
  })

  test('is one for what the inventory does not say of a resource', () => {
    assert.equal(
      callFor('the inventory does not say launchedBy'),
      'aws autoscaling describe-auto-scaling-groups',
    )
    const policyOf = (name: string) =>
      callFor(`the policy of arn:aws:lambda:eu-west-1:1:function:${name} is not known`)
    const read = 'aws lambda get-policy --function-name'
    assert.equal(policyOf('pay'), `${read} arn:aws:lambda:eu-west-1:1:function:pay`)
    // what a shell would read something into is in quotes (GRD-624)
    assert.equal(
      policyOf("$(id);`id`'$&"),
      `${read} 'arn:aws:lambda:eu-west-1:1:function:$(id);\`id\`'\\''$&'`,
    )
    assert.equal(callFor('it depends on what IAM does not see'), undefined)
  })

  test('has the options without which it does not run (GRD-725)', () => {
    assert.equal(
      callFor('the policy of arn:aws:sqs:eu-west-1:1:orders is in no file'),
      'aws sqs get-queue-attributes --attribute-names Policy --queue-url QUEUE_URL',
    )
  })
})
