import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fault, type RequestHead } from '../base/index.ts'
import type { CallProtocol } from './catalogue/index.ts'
import { writeFault } from './faults.ts'

describe('faults of the guard (GRD-71)', () => {
  const written = (
    protocol: CallProtocol,
    service: string | undefined,
    { code = 'AccessDeniedException', status = 400, headers = {} } = {},
  ) => {
    const head = { headers } as unknown as RequestHead // nothing else of it is read
    const response = writeFault({ protocol, service, head }, fault(code, 'no', status), 'r-1')
    return { ...response, text: Buffer.from(response.body).toString('utf8') }
  }

  it('have the old code for clients of the query protocol, of a service that has moved on', () => {
    const queryMode = { 'x-amzn-query-mode': 'true' }
    const error = (more: object, headers: object = queryMode) =>
      written('awsJson1_0', 'sqs', { ...more, headers }).headers['x-amzn-query-error']
    assert.equal(error({}), 'AccessDenied;Sender')
    assert.equal(error({ code: 'InternalFailure', status: 500 }), 'InternalFailure;Receiver')
    assert.equal(error({}, {}), undefined)
    assert.equal(error({}, { 'x-amzn-query-mode': 'false' }), undefined)
  })

  it('are a bare Error of S3 with its second id, and wrapped for others of its protocol', () => {
    const s3 = written('restXml', 's3', { code: 'AccessDenied', status: 403 })
    assert.match(s3.text, /^<\?xml [^>]*>\s*<Error>/)
    assert.equal(s3.headers['x-amz-id-2'], 'r-1')
    const route53 = written('restXml', 'route-53', { code: 'AccessDenied', status: 403 })
    assert.match(route53.text, /<ErrorResponse[ >]/)
    assert.equal(route53.headers['x-amz-id-2'], undefined)
    assert.equal(route53.status, 403)
  })
})
