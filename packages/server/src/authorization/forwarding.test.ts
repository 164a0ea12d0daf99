import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forwardingKeys } from './context.ts'

describe('requests that services make with a caller’s credentials', () => {
  it('name all services of the chain, in its order (POL-189, GRD-200)', () => {
    assert.equal(forwardingKeys([undefined, undefined]), undefined)
    assert.deepEqual(forwardingKeys(['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com']), {
      'aws:ViaAWSService': true,
      'aws:CalledVia': ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com'],
      'aws:CalledViaFirst': 'cloudformation.amazonaws.com',
      'aws:CalledViaLast': 'dynamodb.amazonaws.com',
    })
    for (const service of ['secretsmanager.amazonaws.com', 'sqs.amazonaws.com'])
      assert.deepEqual(forwardingKeys([undefined, service]), {
        'aws:ViaAWSService': true,
        'aws:CalledVia': [service],
        'aws:CalledViaFirst': service,
        'aws:CalledViaLast': service,
      })
  })
})
