import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forwardingKeys } from './context.ts'

describe('requests that services make with a caller’s credentials', () => {
  it('name the services that support aws:CalledVia, in the order of the chain (POL-189)', () => {
    assert.equal(forwardingKeys([undefined, undefined]), undefined)
    assert.deepEqual(forwardingKeys(['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com']), {
      'aws:ViaAWSService': true,
      'aws:CalledVia': ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com'],
      'aws:CalledViaFirst': 'cloudformation.amazonaws.com',
      'aws:CalledViaLast': 'dynamodb.amazonaws.com',
    })
    assert.deepEqual(forwardingKeys(['cloudformation.amazonaws.com', 'secretsmanager.amazonaws.com']), {
      'aws:ViaAWSService': true,
      'aws:CalledVia': ['cloudformation.amazonaws.com'],
      'aws:CalledViaFirst': 'cloudformation.amazonaws.com',
      'aws:CalledViaLast': 'cloudformation.amazonaws.com',
    })
    for (const service of ['organizations.amazonaws.com', 'xkms.amazonaws.com'])
      assert.deepEqual(forwardingKeys([undefined, service]), { 'aws:ViaAWSService': true })
  })
})
