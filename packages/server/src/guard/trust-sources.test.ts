import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { Call } from '../authorization/index.ts'
import { Fault } from '../base/index.ts'
import { untrusting } from './trust-sources.ts'

const role = 'arn:aws:iam::111122223333:role/r'
const rule = 'arn:aws:events:us-east-1:111122223333:rule/mine'

/** A service's refusal of a role whose trust is known, or not. */
function refusalOf(
  operation: string,
  trusts: boolean | undefined,
  service = 'events',
  { own = rule, passed = role, to = service }: { own?: string; passed?: string; to?: string } = {},
) {
  const asked = [
    { action: `${service}:${operation}`, resource: own },
    { action: 'iam:PassRole', resource: passed, context: { 'iam:PassedToService': `${to}.amazonaws.com` } },
  ]
  const call = {
    service: { id: service },
    operation: { name: operation },
    account: { id: '111122223333', partition: 'aws' },
    region: 'us-east-1',
  }
  let sources: Readonly<Record<string, string>> | undefined
  // a test: no more than this is looked at
  const refused = untrusting(asked, call as unknown as Call, (_role, _service, _call, given) => {
    sources = given
    return trusts
  })
  return { refused: refused instanceof Fault ? `${refused.code} ${refused.message}` : refused, sources }
}

// SERVICE OPERATION [to SERVICE] RESOURCE: the keys with which the service tries a role, and its words where it cannot assume it,
// where its trust is not known, and where no role of the account is meant
test('the keys of each service and its words for a role that it cannot assume', () => {
  checkCorpus(join(import.meta.dirname, 'trust-sources.txt'), (line) => {
    const [, service = '', operation = '', to, own] = /^(\S+) (\S+)(?: to (\S+))? (\S+)$/.exec(line) ?? []
    const more = { ...(to && { to }), ...(own && { own }) }
    const refusals = [
      refusalOf(operation, false, service, more).refused,
      refusalOf(operation, undefined, service, more).refused,
      refusalOf(operation, undefined, service, { ...more, passed: 'arn:aws:iam::111122223333:role/*' })
        .refused,
    ]
    const { sources, refused } = refusalOf(operation, true, service, more)
    return [JSON.stringify(sources ?? 'not tried'), ...[...refusals, refused].map((each) => each ?? '-')]
  })
})

test('a rule’s role is tried with the rule as its source, a target’s is not (GRD-207, GRD-477)', () => {
  const words = `ValidationException Provided role '${role}' cannot be assumed by principal 'events.amazonaws.com'.`
  for (const trusts of [false, undefined])
    assert.equal(refusalOf('PutRule', trusts).refused, words, String(trusts))
  const { refused, sources } = refusalOf('PutRule', true)
  assert.equal(refused, undefined)
  assert.deepEqual(sources, { 'aws:SourceAccount': '111122223333', 'aws:SourceArn': rule })
  assert.equal(refusalOf('PutTargets', false).refused, undefined)
})

test('Amazon Data Firehose brings the account as sts:ExternalId (GRD-587)', () => {
  assert.deepEqual(refusalOf('CreateDeliveryStream', true, 'firehose').sources, {
    'aws:SourceAccount': '111122223333',
    'sts:ExternalId': '111122223333',
  })
})

test('a task definition is taken with any role, for the start of its tasks tries it (GRD-305)', () => {
  assert.equal(refusalOf('RegisterTaskDefinition', false, 'ecs').refused, undefined)
  assert.match(String(refusalOf('CreateService', false, 'ecs').refused), /cannot be assumed by ecs/)
  assert.match(String(refusalOf('RegisterTaskDefinition', false, 'other').refused), /cannot be assumed by/)
})
