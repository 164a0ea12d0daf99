import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  compile,
  type Edit,
  evaluate,
  type LayerName,
  openCase,
  type PolicyKind,
  type PolicySet,
  type PolicySource,
  parsePolicy,
  type Request,
  type Source,
  suggest,
  suggestTogether,
} from '@omen-iam/policy'
import fc from 'fast-check'
import { policyText } from '../kit/index.ts'
import { type Case, readCases } from './case.ts'
import { edited } from './edited.ts'
import { freshDocuments, request, world } from './worlds.ts'

/** Denials that no edit of a policy can lift, by what the case is about. */
const hopeless = /POL-120 |POL-060 the root user cannot/

/** A soak has ten times as many cases as a run has. */
const times = process.env.OMEN_SOAK === undefined ? 1 : 10

describe('edits that a denial suggests', () => {
  it('RSN-6 allow every case that is denied, made by hand in the documents, and few have none', () => {
    const without: string[] = []
    for (const { case: each } of readCases()) {
      if (each.expect === 'allowed') continue
      if (check(each) === 0) without.push(each.name)
    }
    assert.deepEqual(
      without.filter((name) => !hopeless.test(name)),
      [],
    )
  })

  it('RSN-6 allow every random world that is denied', () => {
    fc.assert(
      fc.property(world(freshDocuments), (each) => {
        check({ name: 'a random world', ...each, expect: 'explicitDeny' })
      }),
      { numRuns: 500 * times },
    )
  })

  it('RSN-12 allow together all that is asked of one resource', () => {
    let several = 0
    const asked = fc.property(
      world(freshDocuments),
      fc.array(request, { maxLength: 12 }),
      (first, others) => {
        const { resource, principal } = first.request
        const actions = new Set(
          [first.request, ...others.filter((each) => each.resource === resource)].map(({ action }) => action),
        )
        const opened = [...actions]
          .filter((action) => action.slice(0, 3) === first.request.action.slice(0, 3))
          .map((action) =>
            openCase({
              name: 'one of several',
              expect: 'allowed',
              policies: first.policies,
              request: { ...first.request, principal, action },
            }),
          )
          .filter((each) => each.ok)
        const edits = suggestTogether(
          opened.map(({ request: question, policies }) => ({
            request: question,
            compiled: compile(policies),
          })),
        )
        if (edits === undefined || edits.length === 0) return
        if (opened.length > 1) several++
        for (const { request: question, policies } of opened) {
          const after = evaluate(question, compile(madeByHand(policies, edits, question)))
          assert.equal(after.outcome, 'allowed', JSON.stringify(edits))
        }
      },
    )
    fc.assert(asked, { numRuns: 1_500 * times })
    // some 65, give or take 8
    assert.ok(several > 20, `${several}`)
  })
})

/** Makes each suggestion of a case by hand, and asks again; returns how many there are. */
function check(each: Case): number {
  const opened = openCase(each)
  assert.ok(opened.ok, each.name)
  const { request, policies } = opened
  const suggestions = suggest(request, compile(policies))
  for (const { edits } of suggestions) {
    const after = evaluate(request, compile(madeByHand(policies, edits, request)))
    assert.equal(after.outcome, 'allowed', `${each.name}: ${JSON.stringify(edits)}`)
  }
  return suggestions.length
}

/** A document of a layer, or of a level of one. */
interface Written {
  readonly layer: LayerName
  readonly level: number
  readonly kind: PolicyKind
  readonly source: Source
  readonly text: string
}

const layers = ['identity', 'boundary', 'session', 'resource', 'scp', 'rcp', 'endpoint'] as const

function madeByHand(set: PolicySet, edits: readonly Edit[], { action }: Request): PolicySet {
  let documents = layers.flatMap((layer) =>
    levelsOf(set, layer).flatMap((list, level) =>
      list.map(
        ({ policy, source }): Written => ({ layer, level, kind: policy.kind, source, text: policy.text }),
      ),
    ),
  )
  for (const edit of edits) documents = change(documents, edit, action)
  const read = (layer: LayerName, level: number): PolicySource[] =>
    documents
      .filter((each) => each.layer === layer && each.level === level)
      .map(({ text, kind, source }) => {
        const parsed = parsePolicy(text, kind, { lenient: true })
        assert.ok(parsed.ok, text)
        return { policy: parsed.policy, source }
      })
  // an edit may add the first policy of a layer
  const layer = (name: 'boundary' | 'session' | 'endpoint') =>
    set[name] || documents.some((each) => each.layer === name) ? read(name, 0) : undefined
  const [resource] = read('resource', 0)
  const { grant } = set.resource ?? {}
  return {
    identity: read('identity', 0),
    boundary: layer('boundary'),
    session: layer('session'),
    resource:
      set.resource || resource
        ? { ...(grant === undefined ? {} : { grant }), ...(resource && { source: resource }) }
        : undefined,
    scp: set.scp?.map((_, level) => read('scp', level)),
    rcp: set.rcp?.map((_, level) => read('rcp', level)),
    endpoint: layer('endpoint'),
  }
}

function levelsOf(set: PolicySet, layer: LayerName): readonly (readonly PolicySource[])[] {
  if (layer === 'scp' || layer === 'rcp') return set[layer] ?? []
  if (layer === 'resource') return [set.resource?.source === undefined ? [] : [set.resource.source]]
  return [set[layer] ?? []]
}

function change(documents: readonly Written[], edit: Edit, action: string): Written[] {
  const { layer, level = 0, policy } = edit
  if (policy === undefined) {
    const text = policyText(edit.statement)
    const kind = layer !== 'resource' ? layer : action.startsWith('sts:') ? 'trust' : 'resource'
    return [...documents, { layer, level, kind, source: { type: 'none', name: 'a new policy' }, text }]
  }
  const at = documents.findIndex(
    (each) =>
      each.layer === layer &&
      each.level === level &&
      plain(each.text) === plain(policy.policy.text) &&
      JSON.stringify(each.source) === JSON.stringify(policy.source),
  )
  const found = documents[at]
  assert.ok(found, `no ${layer} has ${policy.policy.text}`)
  const text = edited(found.text, edit)
  return documents.toSpliced(at, 1, ...(text === '' ? [] : [{ ...found, text }]))
}

function plain(text: string): string {
  return JSON.stringify(JSON.parse(text))
}
