import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fault } from '../base/index.ts'
import { FailedCalls } from './failed-call.ts'
import { isBoundByRcps } from './rcp-services.ts'

describe('failed calls', () => {
  const call = (number: number, more: object = {}) => ({
    time: number,
    service: 'iam',
    operation: 'ListUsers',
    fault: fault('AccessDenied', 'no', 403),
    requestId: `r-${number}`,
    ...more,
  })

  it('are kept until a hundred later ones', () => {
    const calls = new FailedCalls()
    for (let number = 0; number < 100; number++) calls.note(call(number))
    assert.equal(calls.find('r-0')?.time, 0)
    calls.note(call(100))
    assert.equal(calls.find('r-0'), undefined)
    assert.equal(calls.find('r-1')?.time, 1)
    assert.equal(calls.last()?.time, 100)
    calls.forgetAll()
    assert.equal(calls.last(), undefined)
  })

  it('get the id of their request later, by their fault, and stay in their place', () => {
    const calls = new FailedCalls()
    const { requestId: _, ...early } = call(1, { accessKeyId: 'A'.repeat(300) })
    calls.note(early)
    calls.note(call(2))
    calls.note({ ...early, time: 3, requestId: 'late' })
    assert.equal(calls.last()?.time, 2)
    assert.equal(calls.find('late')?.time, 1)
    assert.equal(calls.find('late')?.accessKeyId?.length, 256)
  })
})

describe('services that RCPs bind (ORG-42)', () => {
  it('are named before the first colon, ignoring case', () => {
    assert.deepEqual(
      ['sts:AssumeRole', 'S3:GetObject', 's3:a:b', 'iam:CreateRole', 's3', 'xs3:GetObject', ''].map(
        isBoundByRcps,
      ),
      [true, true, true, false, false, false, false],
    )
  })
})
