import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Context, compile, evaluate, policyFromJson, type Request } from '@omen-iam/policy'
import { accessDenied, refusalSentence } from './refusal.ts'
import type { Judged } from './verdict.ts'

const arn = 'arn:aws:organizations::111122223333:policy/o-aaaaaaaaaa/resource_control_policy/p-1'
const resource = 'arn:aws:s3:::pay/x'
const denied =
  'is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::pay/x with an explicit deny in a'

/** The message of a denial by an RCP, for a caller of this organization or of none. */
function told(organization: string | undefined): string {
  const parsed = policyFromJson(
    {
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' },
    },
    'rcp',
  )
  assert.ok(parsed.ok)
  const policies = compile({ rcp: [[{ policy: parsed.policy, source: { type: 'rcp', arn } }]] })
  const context = new Context({ 'aws:PrincipalOrgID': organization, 'aws:ResourceOrgID': 'o-aaaaaaaaaa' })
  const request: Request = { principal: { type: 'anonymous' }, action: 's3:GetObject', resource, context }
  const decision = evaluate(request, policies)
  const judged: Judged = { access: { action: request.action, resource }, request, decision, policies }
  return refusalSentence(judged)
}

test('callers of other accounts do not learn which RCP refused them (POL-136)', () => {
  assert.equal(told('o-aaaaaaaaaa'), `User: anonymous ${denied} resource control policy: ${arn}`)
  for (const stranger of ['o-bbbbbbbbbb', undefined])
    assert.equal(told(stranger), `User: anonymous ${denied} resource control policy`)
})

test('a refusal has the code and the status of its protocol (EC2-18)', () => {
  const protocols = ['ec2Query', 'awsQuery', 'restXml', 'awsJson1_0', 'awsJson1_1', 'restJson'] as const
  assert.deepEqual(
    protocols.map((protocol) => {
      const { code, status, message } = accessDenied('no', protocol)
      return `${code} ${status} ${message}`
    }),
    [
      'UnauthorizedOperation 403 no',
      'AccessDenied 403 no',
      'AccessDenied 403 no',
      'AccessDeniedException 400 no',
      'AccessDeniedException 400 no',
      'AccessDeniedException 403 no',
    ],
  )
})
