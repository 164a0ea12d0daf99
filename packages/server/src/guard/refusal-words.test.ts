import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AccessRequest, Call } from '../authorization/index.ts'
import { type AccountId, Fault, fault } from '../base/index.ts'
import { inCode, inWords, refuse } from './refusal-words.ts'

const own = '111122223333' as AccountId
const other = '444455556666' as AccountId

const callOf = (parts: object) =>
  ({
    account: { id: own },
    caller: { kind: 'user' },
    service: { id: 's3', protocol: 'restXml' },
    mode: 'enforce',
    ...parts,
  }) as unknown as Call

describe('the words of a refusal behind the guard', () => {
  const access: AccessRequest = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }

  it('are S3’s: a quoted ARN, and no details for who is of another account (GRD-72)', () => {
    const quoted = { ...access, resourceInSentence: '"arn:aws:s3:::b/k"' }
    assert.deepEqual(inWords(access, callOf({})), quoted)
    assert.deepEqual(inWords({ ...access, resourceAccount: own }, callOf({})), {
      ...quoted,
      resourceAccount: own,
    })
    const foreign = { ...access, resourceAccount: other }
    assert.deepEqual(inWords(foreign, callOf({})), { ...foreign, refusal: 'Access Denied' })
    assert.deepEqual(inWords(access, callOf({ caller: { kind: 'anonymous' } })), {
      ...access,
      refusal: 'Access Denied',
    })
  })

  it('are those of the policies for every other service', () => {
    for (const action of ['s3express:CreateSession', 'sqs:SendMessage', 'xs3:GetObject']) {
      const asked = { ...access, action, resourceAccount: other }
      assert.equal(inWords(asked, callOf({ caller: { kind: 'anonymous' } })), asked)
    }
  })

  it('have the code of SNS for SNS (GRD-73)', () => {
    const refused = fault('AccessDenied', 'no', 403)
    const { code, message, status } = inCode(
      refused,
      callOf({ service: { id: 'sns', protocol: 'awsQuery' } }),
    )
    assert.deepEqual([code, message, status], ['AuthorizationError', 'no', 403])
    assert.equal(inCode(refused, callOf({ service: { id: 'sqs', protocol: 'awsJson1_0' } })), refused)
  })
})

describe('a refusal for a reason outside policies', () => {
  const outcome = (mode: string, service: object) => {
    try {
      return refuse('because', callOf({ mode, service }))
    } catch (error) {
      assert.ok(error instanceof Fault)
      return `${error.code} ${error.status} ${error.message}`
    }
  }

  it('refuses in enforce mode and in one that nobody knows, and is the reason in audit mode', () => {
    const s3 = { id: 's3', protocol: 'restXml' }
    assert.equal(outcome('enforce', s3), 'AccessDenied 403 because')
    assert.equal(outcome('Enforce', s3), 'AccessDenied 403 because')
    assert.equal(outcome('audit', s3), 'because')
  })

  it('has the code of the service’s protocol', () => {
    assert.equal(outcome('enforce', { id: 'sns', protocol: 'awsQuery' }), 'AuthorizationError 403 because')
    assert.equal(
      outcome('enforce', { id: 'dynamodb', protocol: 'awsJson1_0' }),
      'AccessDeniedException 400 because',
    )
    assert.equal(
      outcome('enforce', { id: 'lambda', protocol: 'restJson' }),
      'AccessDeniedException 403 because',
    )
    assert.equal(outcome('enforce', { id: 'ec2', protocol: 'ec2Query' }), 'UnauthorizedOperation 403 because')
  })
})
