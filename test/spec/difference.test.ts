import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type CompiledSet,
  compile,
  difference,
  evaluate,
  isInRow,
  type Policy,
  policyFromJson,
} from '@omen-iam/policy'
import fc from 'fast-check'
import { requestOf } from './ask.ts'
import type { CasePrincipal, Document } from './case.ts'
import {
  condition,
  context,
  HERE,
  identityDocument,
  principals,
  resourceDocument,
  subjects,
  user,
} from './documents.ts'
import { families, pick } from './families.ts'

const subject = fc.oneof(
  ...subjects.map(({ actions, resources }) =>
    fc.record({ action: pick(actions), resource: pick(resources) }),
  ),
)

/** Two documents that have statements in common, as two versions of one policy have. */
const versions = (document: fc.Arbitrary<Document>) =>
  fc
    .tuple(document, document, document, fc.nat(), fc.nat())
    .map(([shared, before, after, some, others]): [Document, Document] => [
      joined(shared, before, some),
      joined(shared, after, others),
    ])

/** The statements of `extra` and, by the bits of `some`, of `shared`. */
function joined(shared: Document, extra: Document, some: number): Document {
  const list = ({ Statement: all }: Document) => [all].flat()
  const kept = list(shared).filter((_, index) => (some >> index) & 1)
  return { ...shared, Statement: [...list(extra), ...kept].map(({ Sid: _, ...rest }) => rest) }
}

function policyOf(document: Document, kind: 'identity' | 'resource'): Policy {
  const parsed = policyFromJson(document, kind, { lenient: true })
  assert.ok(parsed.ok)
  return parsed.policy
}

const everything = policyOf(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  'identity',
)
const source = { type: 'none' } as const

/** The document as all that decides: alone, or beside an identity policy that allows everything. */
function deciding(policy: Policy, kind: 'identity' | 'resource'): CompiledSet {
  if (kind === 'identity') return compile({ identity: [{ policy, source }] })
  return compile({
    identity: [{ policy: everything, source }],
    resource: { source: { policy, source }, grant: 'explicit' },
  })
}

/** A soak has ten times as many cases as a run has. */
const times = process.env.OMEN_SOAK === undefined ? 1 : 10

/**
 * `least`: how many requests must be newly allowed, or the test shows little. Runs have some 73 and 25 of them,
 * give or take 8: no run comes near the bound by chance.
 */
const doors = [
  {
    kind: 'identity',
    documents: versions(identityDocument),
    callers: fc.constant<CasePrincipal>(user),
    least: 20,
  },
  { kind: 'resource', documents: versions(resourceDocument), callers: pick(principals), least: 3 },
] as const

describe('what one version of a policy allows and another did not', () => {
  for (const { kind, documents, callers, least } of doors) {
    it(`is in a row, and what examples say is so: ${kind}`, () => {
      let grown = 0
      fc.assert(
        fc.property(documents, callers, subject, context, ([from, to], principal, asked, keys) => {
          const [before, after] = [policyOf(from, kind), policyOf(to, kind)]
          const allows = (policy: Policy, of: Parameters<typeof evaluate>[0]) =>
            evaluate(of, deciding(policy, kind)).outcome === 'allowed'
          const request = requestOf({ principal, ...asked, resourceAccount: HERE, context: keys })
          const rows = difference(before, after)
          if (allows(after, request) && !allows(before, request)) {
            grown++
            const of = rows.filter((row) => isInRow(row, request, row.kind === 'lifted' ? before : after))
            assert.ok(of.length > 0, 'no row holds the request')
          }
          if (kind === 'resource') return
          for (const { example } of rows) {
            if (example === undefined) continue
            assert.ok(allows(after, example) && !allows(before, example), 'an example is none')
          }
        }),
        { numRuns: 500 * times },
      )
      assert.ok(grown > least, `${grown} requests were newly allowed`)
    })
  }

  it('is in a row where only a condition has changed', () => {
    let covered = 0
    const pairs = fc.oneof(...families.map((family) => fc.tuple(condition(family), condition(family))))
    const under = ([operator, values]: readonly [string, object], Effect: 'Allow' | 'Deny') =>
      policyFromJson(
        {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: '*', Resource: '*' },
            { Effect, Action: '*', Resource: '*', Condition: { [operator]: values } },
          ].slice(Effect === 'Allow' ? 1 : 0),
        },
        'identity',
        { lenient: true },
      )
    fc.assert(
      fc.property(
        pairs,
        fc.array(context, { minLength: 8, maxLength: 8 }),
        pick(['Allow', 'Deny'] as const),
        (pair, contexts, effect) => {
          const [from, to] = [under(pair[0], effect), under(pair[1], effect)]
          assert.ok(from.ok && to.ok)
          const rows = difference(from.policy, to.policy)
          if (rows.length === 0) covered++
          for (const keys of contexts) {
            const request = requestOf({
              principal: user,
              action: 's3:GetObject',
              resource: 'arn:aws:s3:::a/x',
              context: keys,
            })
            const allows = (policy: Policy) =>
              evaluate(request, deciding(policy, 'identity')).outcome === 'allowed'
            if (!allows(to.policy) || allows(from.policy)) continue
            assert.ok(
              rows.some((row) => isInRow(row, request, row.kind === 'lifted' ? from.policy : to.policy)),
            )
          }
        },
      ),
      { numRuns: 1_500 * times },
    )
    // some 94, give or take 9
    assert.ok(covered > 30, `${covered} conditions followed from each other`)
  })
})
