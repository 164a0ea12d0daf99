import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { factIn } from '../../graph/index.ts'
import { notInLists } from '../../intake/index.ts'
import { waitingOf } from './waiting.ts'

describe('the undecided rows of a list', () => {
  test('that wait for several facts are decided by all of them', () => {
    const row = (...values: readonly string[]) => {
      const facts = values.map((value) => ({ fact: value, name: value, value, known: 'unknown' as const }))
      return { principal: 'p', verdict: 'undecided', steps: 0, facts }
    }
    const { rows, facts } = waitingOf([row('x'), row('x', 'y'), row('x', 'y'), row('z')])
    assert.equal(rows, 4)
    assert.deepEqual(
      facts.map(({ fact, decided }) => [fact.value, decided]),
      [
        ['x', 1],
        ['y', 2],
        ['z', 1],
      ],
    )
  })
})

describe('the command that has a fact', () => {
  const commandOf = (fact: string, says: string, of: Readonly<Record<string, string>> = {}) => {
    const { readBy, isUnreadable } = factIn({ fact, says, of, known: 'unknown' })
    return isUnreadable === true ? 'no call' : readBy
  }

  test('is a list of the type, for every type that a technique asks for and that can be listed', () => {
    const types = techniqueTable().techniques.flatMap(({ effect, workloads = [] }) =>
      effect === 'none' ? [] : workloads,
    )
    assert.ok(types.length > 40)
    for (const type of types) {
      const read = commandOf(`exists ${type}`, 'notListed', { type })
      if (notInLists[type] === undefined) assert.match(read ?? '', /^aws [a-z0-9-]+ [a-z0-9-]+$/, type)
      else assert.equal(read, 'no call', type)
    }
    const queues = {
      fact: 'x',
      says: 'notListed',
      of: { type: 'AWS::Deadline::Queue' },
      known: 'unknown',
    } as const
    assert.match(factIn(queues).value, /: queues are listed by farm$/)
  })

  test('is one for what the inventory does not say of a resource, or none (GRD-725)', () => {
    assert.equal(
      commandOf('launchedByDefault', 'notSaid', { member: 'launchedBy' }),
      'aws autoscaling describe-auto-scaling-groups',
    )
    const policyOf = (resource: string) => commandOf('policy', 'ofResource', { resource })
    const lambda = 'arn:aws:lambda:eu-west-1:1:function:'
    const read = 'aws lambda get-policy --function-name'
    assert.equal(policyOf(`${lambda}pay`), `${read} ${lambda}pay`)
    // what a shell would read something into is in quotes (GRD-624)
    assert.equal(policyOf(`${lambda}$(id);\`id\`'$&`), `${read} '${lambda}$(id);\`id\`'\\''$&'`)
    assert.equal(policyOf('arn:aws:s3:::pay'), 'aws s3api get-bucket-policy --bucket pay')
    // the options without which it does not run
    assert.equal(
      policyOf('arn:aws:sqs:eu-west-1:1:orders'),
      'aws sqs get-queue-attributes --attribute-names Policy --queue-url QUEUE_URL',
    )
    assert.equal(policyOf('arn:aws:moon:eu-west-1:1:orders'), undefined)
    assert.equal(commandOf('agentObeys', '0'), 'no call')
    // two sentences of one fact
    assert.equal(commandOf('managementAccount', '0'), 'aws organizations describe-organization')
    assert.equal(commandOf('managementAccount', '2'), 'aws organizations list-delegated-administrators')
  })
})
