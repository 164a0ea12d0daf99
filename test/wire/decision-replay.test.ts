import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type CompiledSet,
  Context,
  compile,
  evaluate,
  type PolicySet,
  type PolicySource,
  parsePolicy,
  type Request,
  suggest,
} from '@omen-iam/policy'
import fc from 'fast-check'
import {
  type DecisionRecord,
  recallDecision,
  reviveDenial,
} from '../../packages/server/src/authorization/index.ts'
import { viewDecision, wholeSight } from '../../packages/server/src/gate/index.ts'
import { policyText } from '../kit/index.ts'
import { edited } from '../spec/edited.ts'
import { DecisionServer, type World, world } from './decision-run.ts'

/** A soak has twenty times as many cases as a run has. */
const times = process.env.OMEN_SOAK === undefined ? 1 : 20

/** The policies again from their texts: nothing of what the record was judged by is used but what it keeps. */
function reread(
  { identity, boundary, session, resource, grant, scp, rcp }: CompiledSet,
  edit = (source: PolicySource) => source.policy.text,
): PolicySet {
  const again = (source: PolicySource): PolicySource[] => {
    const text = edit(source)
    if (text === '') return []
    const parsed = parsePolicy(text, source.policy.kind, { lenient: true })
    assert.ok(parsed.ok, text)
    return [{ policy: parsed.policy, source: source.source }]
  }
  const all = (layer: typeof identity) => layer?.policies.flatMap(again)
  const [source] = all(resource) ?? []
  return {
    identity: all(identity),
    boundary: all(boundary),
    session: all(session),
    ...(resource === undefined ? {} : { resource: { grant, ...(source && { source }) } }),
    scp: scp?.map((level) => level.policies.flatMap(again)),
    rcp: rcp?.map((level) => level.policies.flatMap(again)),
  }
}

function requestAgain(request: Request): Request {
  return { ...request, context: new Context(Object.fromEntries(request.context.entries())) }
}

/** Tries everything in a world; returns the decisions that were made, and how the events end. */
async function run(server: DecisionServer, furniture: World) {
  const { omen } = server
  const { deps: inner } = omen.omen
  await server.furnish(furniture)
  await inner.recorder.flush()
  const attribute = { key: 'Username', value: 'dev' } as const
  const query = { account: inner.firstAccount, attribute, limit: 50 }
  const before = new Set((await inner.recorder.lookUp(query)).events.map(({ id }) => id))
  for (const deed of furniture.deeds) await server.try(deed)
  await inner.recorder.flush()
  const { events } = await inner.recorder.lookUp(query)
  return Promise.all(
    events
      .filter(({ id }) => !before.has(id))
      .map(async (event) => {
        const { requestID } = JSON.parse(event.json) as { requestID: string }
        const decision = await recallDecision(requestID, inner)
        assert.ok(decision, `no decision on ${event.name}`)
        return { event, decision }
      }),
  )
}

describe('the trail of any run', () => {
  it('RSN-5 replayed against the recorded policies gives the same verdicts', async () => {
    await using server = await DecisionServer.open()
    const counts = { allowed: 0, denied: 0 }
    await fc.assert(
      fc.asyncProperty(world, async (furniture) => {
        for (const { event, decision } of await run(server, furniture)) {
          counts[decision.allowed ? 'allowed' : 'denied']++
          assert.equal(event.errorCode === 'AccessDenied', !decision.allowed, event.name)
          const asked = decision.judged.map(({ request: { action, resource } }) => ({ action, resource }))
          // behind a denial nothing more was judged
          const kept = event.asked
            ?.slice(0, asked.length)
            .map(({ action, resource }) => ({ action, resource }))
          assert.deepEqual(kept, asked)
          for (const { request, policies, decision: kept } of decision.judged) {
            const again = evaluate(requestAgain(request), compile(reread(policies)))
            assert.equal(again.outcome, kept.outcome)
            assert.deepEqual(
              again.by.map(({ layer, source, statement }) => [layer, source, statement.index]),
              kept.by.map(({ layer, source, statement }) => [layer, source, statement.index]),
            )
          }
        }
      }),
      { numRuns: 20 * times },
    )
    // some 70 and 200, give or take 15
    assert.ok(counts.allowed > 3 && counts.denied > 20, JSON.stringify(counts))
  })

  it('RSN-10 a stored denial says what the one in memory says', async () => {
    await using server = await DecisionServer.open()
    const inner = server.omen.omen.deps
    let kept = 0
    await fc.assert(
      fc.asyncProperty(world, async (furniture) => {
        for (const { event, decision } of await run(server, furniture)) {
          const stored = await inner.directory.store.findDenial(event.decision ?? decision.id)
          assert.equal(stored !== undefined, !decision.allowed)
          if (stored === undefined) continue
          const revived = await reviveDenial(stored, inner)
          assert.deepEqual(viewDecision(revived!, wholeSight), viewDecision(decision, wholeSight))
          kept++
        }
      }),
      { numRuns: 15 * times },
    )
    // some 145, give or take 12
    assert.ok(kept > 20, String(kept))
  })

  it('RSN-6 every denial has an edit that allows the call, or says that there is none', async () => {
    await using server = await DecisionServer.open()
    const counts = { denials: 0, edits: 0, none: 0 }
    await fc.assert(
      fc.asyncProperty(world, async (furniture) => {
        for (const { decision } of await run(server, furniture)) {
          if (decision.allowed) continue
          counts.denials++
          const edits = checkWhy(decision)
          if (edits === 0) counts.none++
          else counts.edits += edits
        }
      }),
      { numRuns: 20 * times },
    )
    // some 200, give or take 15
    assert.ok(counts.denials > 40 && counts.edits >= counts.denials - counts.none, JSON.stringify(counts))
    assert.equal(counts.none, 0, JSON.stringify(counts))
  })

  it('RSN-6 an edit of the caller’s own policy, made through IAM, lets the call through', async () => {
    await using server = await DecisionServer.open()
    let made = 0
    await fc.assert(
      fc.asyncProperty(world, async (furniture) => {
        await server.furnish(furniture)
        for (const deed of furniture.deeds) {
          if (deed === 'listAsRole' || (await server.try(deed)) !== 'denied') continue
          const denied = server.omen.omen.deps.decisions.lastDenial()!.judged.at(-1)!
          const [edit, ...more] = suggest(denied.request, denied.policies)[0]!.edits
          const own = edit?.policy?.source.type === 'user' && edit.policy.source.name === 'user_dev_inline'
          if (edit === undefined || more.length > 0 || edit.layer !== 'identity' || !own) continue
          const text = edited(edit.policy.policy.text, edit)
          if (text === '') continue
          await server.putInline(text)
          assert.notEqual(await server.try(deed), 'denied', JSON.stringify([deed, edit]))
          made++
          // what the edit allows may let the next deed through, too
          await server.furnish(furniture)
        }
      }),
      { numRuns: 30 * times },
    )
    // about every second world has one
    assert.ok(made > 2, `${made} edits were made`)
  })
})

/** Each suggestion of `omen why` for a denial, made by hand in the documents' JSON, allows it. */
function checkWhy(decision: DecisionRecord): number {
  const denied = decision.judged.at(-1)!
  const view = viewDecision(decision, wholeSight).asked.at(-1)!
  assert.notEqual(view.outcome, 'allowed')
  assert.match(view.sentence, /is not authorized to perform/)
  const suggestions = suggest(denied.request, denied.policies)
  assert.equal(view.suggestions.length, suggestions.length)
  for (const { edits } of suggestions) {
    const texts = new Map<unknown, string>()
    const added: { readonly layer: string; readonly made: PolicySource }[] = []
    for (const edit of edits) {
      if (edit.policy !== undefined) {
        const key = keyOf(edit.policy)
        texts.set(key, edited(texts.get(key) ?? edit.policy.policy.text, edit))
        continue
      }
      const { layer } = edit
      assert.ok(layer === 'identity' || layer === 'boundary' || layer === 'resource')
      const text = policyText(edit.statement)
      const parsed = parsePolicy(text, layer === 'resource' ? 'trust' : layer)
      assert.ok(parsed.ok)
      added.push({ layer, made: { policy: parsed.policy, source: { type: 'none' } } })
    }
    const set = reread(denied.policies, (source) => texts.get(keyOf(source)) ?? source.policy.text)
    const madeFor = (layer: string) => added.filter((each) => each.layer === layer).map(({ made }) => made)
    const [trust] = madeFor('resource')
    const changed: PolicySet = {
      ...set,
      identity: [...(set.identity ?? []), ...madeFor('identity')],
      boundary: set.boundary && [...set.boundary, ...madeFor('boundary')],
      ...(trust && set.resource && { resource: { ...set.resource, source: trust } }),
    }
    const after = evaluate(requestAgain(denied.request), compile(changed))
    assert.equal(
      after.outcome,
      'allowed',
      JSON.stringify([denied.request.action, denied.request.resource, edits]),
    )
  }
  return suggestions.length
}

/** Edits of one policy apply one after the other; its source identifies it. */
function keyOf({ source, policy: { kind } }: PolicySource): string {
  return JSON.stringify([source, kind])
}
