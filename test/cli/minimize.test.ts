import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { compile, evaluate, policyFromJson } from '@omen-iam/policy'
import fc from 'fast-check'
import { minimize } from '../../packages/server/src/cli/index.ts'
import { policyText } from '../kit/index.ts'
import { requestOf } from '../spec/ask.ts'
import { context, identityDocument, subjects, user } from '../spec/documents.ts'
import { pick } from '../spec/families.ts'
import { omen, temporaryHome } from './process.ts'

const subject = fc.oneof(
  ...subjects.map(({ actions, resources }) =>
    fc.record({ action: pick(actions), resource: pick(resources) }),
  ),
)
const source = { type: 'none' } as const

/** The document as all that decides. */
function deciding(document: unknown) {
  const parsed = policyFromJson(document, 'identity', { lenient: true })
  assert.ok(parsed.ok)
  return compile({ identity: [{ policy: parsed.policy, source }] })
}

/** Documents that say some things twice. */
const wordy = fc.tuple(identityDocument, identityDocument).map(([one, other]) => ({
  ...one,
  Statement: [one, other, one].flatMap(({ Statement: all }) => all).map(({ Sid: _, ...rest }) => rest),
}))

describe('a minimized policy', () => {
  it('decides on every request as the whole one does', () => {
    let fewer = 0
    fc.assert(
      fc.property(wordy, subject, context, (document, { action, resource }, keys) => {
        const minimized = minimize(JSON.stringify(document), 'identity')
        fewer += minimized.statements + minimized.values
        const asked = requestOf({ principal: user, action, resource, context: keys })
        const [whole, least] = [deciding(document), deciding(minimized.document)]
        assert.equal(evaluate(asked, least).outcome, evaluate(asked, whole).outcome)
      }),
      { numRuns: 150 },
    )
    // some 285, give or take 15
    assert.ok(fewer > 120, `${fewer}`)
  })

  it('keeps a Deny that denies what the policy itself does not allow', () => {
    const deny = { Effect: 'Deny', Action: ['iam:Delete*', 'iam:DeleteUser'], Resource: '*' }
    const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
    const { document, statements, values } = minimize(policyText(allow, deny, allow), 'identity')
    assert.deepEqual(document.Statement, [allow, { ...deny, Action: ['iam:Delete*'] }])
    assert.deepEqual([statements, values], [1, 1])
  })

  it('joins lists of which one has a value twice', () => {
    const twice = { Effect: 'Allow', Action: ['kms:*', 'kms:*', 's3:Get*'], Resource: '*' }
    const { document } = minimize(policyText(twice, { ...twice, Action: 'sqs:*' }), 'identity')
    assert.deepEqual(document.Statement, [{ ...twice, Action: ['kms:*', 's3:Get*', 'sqs:*'] }])
  })

  it('keeps a Deny with a variable that has no end: it denies everything (POL-182)', () => {
    const deny = { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::a/${aws:username' }
    const other = { Effect: 'Deny', NotAction: 's3:Get*', Resource: 'arn:aws:s3:::b/*' }
    const { document } = minimize(policyText(deny, other, deny), 'identity')
    assert.deepEqual(document.Statement, [deny])
  })

  it('is written to standard output, and what was removed is reported', async (t) => {
    const file = join(temporaryHome(t), 'policy.json')
    const allow = { Effect: 'Allow', Action: ['s3:Get*', 's3:GetObject'], Resource: '*' }
    writeFileSync(file, policyText(allow, allow))
    const { status, stdout, stderr } = await omen(['policy', 'minimize', file])
    assert.equal(status, 0, stderr)
    const [least, ...more] = JSON.parse(stdout).Statement
    assert.deepEqual([least.Action, more], [['s3:Get*'], []])
    assert.equal(stderr, '1 statement and 1 value fewer\n')
    assert.equal((await omen(['policy', 'minimize', `${file}x`])).status, 252)
  })
})
