import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { callers, type Spelling, spell, spellings, subjects, words } from './alphabet.ts'
import { ask } from './ask.ts'
import type { CasePolicies, Document, Expectation, Statement, World } from './case.ts'
import { identityDocument, resourceDocument, statement } from './documents.ts'
import { decide } from './twin.ts'
import { freshDocuments, world } from './worlds.ts'

/** The laws hold for both, or one of them is wrong. */
const judges: readonly (readonly [name: string, judge: (asked: World) => Expectation])[] = [
  ['the engine', (asked) => ask(asked).outcome],
  ['the twin', (asked) => decide(asked).decision],
]

/** Every abstract world there is. */
const all = [...spellings()]
const spelled = all.map(spell)

/** What each word of each letter adds to the number of a spelling: hundreds of thousands of them are found by numbers. */
const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = weightsOf({
  caller: Object.keys(callers),
  subject: Object.keys(subjects),
  ...words,
})

/** How many random worlds each law is tried on. */
const runs = process.env.OMEN_SOAK === undefined ? 50 : 10_000

const rank: Readonly<Record<Expectation, number>> = { explicitDeny: 0, implicitDeny: 1, allowed: 2 }

for (const [name, judge] of judges) {
  describe(`laws of all abstract worlds, by ${name}`, () => {
    const answers = new Map(spelled.map((each, index) => [keyOf(all[index]!), judge(each)]))
    const answer = (spelling: Spelling): Expectation | undefined => answers.get(keyOf(spelling))

    it('a deny in any layer that binds the caller is final', () => {
      for (const each of all) {
        const scp = each.scp === 'deny' && !['service', 'anonymous', 'serviceLinked'].includes(each.caller)
        const rcp = each.rcp === 'deny' && each.caller !== 'serviceLinked'
        const denied =
          scp ||
          rcp ||
          [each.identity, each.boundary, each.session, each.resource, each.endpoint].includes('deny')
        holds((answer(each) === 'explicitDeny') === denied, each)
      }
    })

    // Each layer's words are in order: a stronger word never takes away.
    for (const layer of ['identity', 'boundary', 'session', 'scp', 'rcp', 'endpoint'] as const) {
      it(`a stronger ${layer} layer never takes away, a weaker one never gives`, () => {
        for (const each of all) {
          const list: readonly string[] = words[layer]
          const stronger = list[list.indexOf(each[layer]) + 1]
          if (stronger === undefined) continue
          // The word comes from the layer's own alphabet.
          const other = answer({ ...each, [layer]: stronger } as Spelling)
          // Not every caller has every layer, and without session policies a federated user has nothing. [POL-063]
          if (
            other === undefined ||
            (layer === 'session' && /ederated/.test(each.caller) && stronger === 'absent')
          ) {
            continue
          }
          holds(rank[other] >= rank[answer(each) ?? 'allowed'], each, `${stronger}: `)
        }
      })
    }

    it('a stronger naming in the resource policy never takes away', () => {
      for (const each of all) {
        const stronger = words.resource[words.resource.indexOf(each.resource) + 1]
        // Only sessions are named by a role; the others are not named at all then.
        if (stronger === undefined || each.resource === 'deny' || stronger === 'role') continue
        const other = answer({ ...each, resource: stronger }) ?? 'allowed'
        holds(rank[other] >= rank[answer(each) ?? 'allowed'], each, `${stronger}: `)
      }
    })

    it('across accounts both sides must allow', () => {
      for (const each of all) {
        if (!each.caller.startsWith('stranger') || answer(each) !== 'allowed') continue
        holds(each.identity === 'allow' || each.caller === 'strangersRoot', each)
        holds(['account', 'role', 'itself', 'everyone'].includes(each.resource), each)
        holds(['allow', 'absent'].includes(each.boundary), each)
      }
    })

    it('roles and keys are never reached without their own policy', () => {
      for (const each of all) {
        if (each.subject === 'object' || answer(each) !== 'allowed') continue
        holds(['account', 'role', 'itself', 'everyone'].includes(each.resource), each)
      }
    })

    it('only a grant to the caller itself or to everyone passes a silent boundary or session policy', () => {
      for (const each of all) {
        if (answer(each) !== 'allowed' || ![each.boundary, each.session].includes('silent')) continue
        holds(['itself', 'everyone'].includes(each.resource), each)
      }
    })
  })

  describe(`laws of random worlds, by ${name}`, () => {
    const worlds = world(freshDocuments)
    const law = (title: string, property: fc.IRawProperty<unknown>): void => {
      it(title, () => fc.assert(property, { numRuns: runs }))
    }
    const never = (worse: Expectation, better: Expectation): void => assert.ok(rank[better] >= rank[worse])

    law(
      'a world is decided the same way every time',
      fc.property(worlds, (each) => assert.equal(judge(each), judge(structuredClone(each)))),
    )
    law(
      'the order of policies, statements and values does not matter',
      fc.property(worlds, (each) => assert.equal(judge(reversed(each)), judge(each))),
    )
    law(
      'duplicates do not matter',
      fc.property(worlds, (each) =>
        assert.equal(judge(mapStatements(each, (one) => [one, one])), judge(each)),
      ),
    )
    law(
      'one document or one for each statement is the same',
      fc.property(worlds, (each) => assert.equal(judge(split(each)), judge(each))),
    )
    law(
      'Sids do not matter',
      fc.property(worlds, fc.stringMatching(/^[0-9A-Za-z]{1,8}$/), (each, Sid) => {
        let count = 0
        const renamed = mapStatements(each, (one) => [{ ...one, Sid: `${Sid}${count++}` }])
        assert.equal(judge(renamed), judge(each))
      }),
    )
    law(
      'the case of action names does not matter',
      fc.property(worlds, (each) => {
        const request = { ...each.request, action: each.request.action.toUpperCase() }
        assert.equal(judge({ ...each, request }), judge(each))
      }),
    )
    law(
      'a context key that no policy asks for does not matter',
      fc.property(worlds, (each) => {
        const request = { ...each.request, context: { ...each.request.context, 'example:unasked': 'a' } }
        assert.equal(judge({ ...each, request }), judge(each))
      }),
    )
    law(
      'a policy without a statement about the request does not matter in identity policies',
      fc.property(worlds, (each) => {
        const other = { Statement: { Effect: 'Deny', Action: 'other:Action', Resource: '*' } }
        assert.equal(judge(withIdentity(each, other)), judge(each))
      }),
    )
    law(
      'an Allow more in the identity policies never denies',
      fc.property(worlds, statement({ principal: false, resource: true }), (each, one) => {
        never(judge(each), judge(withIdentity(each, { Statement: { ...one, Effect: 'Allow' } })))
      }),
    )
    law(
      'an Allow more in the resource policy never denies',
      fc.property(worlds, statement({ principal: true, resource: true }), (each, one) => {
        const { resource } = each.policies
        if (resource === undefined) return
        const more = { ...resource, Statement: [resource.Statement, { ...one, Effect: 'Allow' }].flat() }
        never(judge(each), judge(withPolicies(each, { resource: more })))
      }),
    )
    law(
      'a Deny more never allows, and where it applies the world is denied',
      fc.property(worlds, identityDocument, (each, one) => {
        const denies: Document = {
          ...one,
          Statement: [one.Statement].flat().map((s) => ({ ...s, Effect: 'Deny' })),
        }
        never(judge(withIdentity(each, denies)), judge(each))
      }),
    )
    law(
      'a Deny more in the resource policy never allows',
      fc.property(worlds, resourceDocument, (each, one) => {
        const { resource = { Statement: [] } } = each.policies
        const denying = [one.Statement].flat().map((s) => ({ ...s, Effect: 'Deny' }))
        const more = { ...resource, Statement: [resource.Statement, denying].flat() }
        never(judge(withPolicies(each, { resource: more })), judge(each))
      }),
    )
    for (const layer of ['boundary', 'scp', 'rcp', 'endpoint'] as const) {
      law(
        `the ${layer} layer never grants: without it nothing less is allowed`,
        fc.property(worlds, (each) => never(judge(each), judge(without(each, layer)))),
      )
    }
    law(
      'a session policy never widens: with one that allows all nothing less is allowed',
      fc.property(worlds, (each) => {
        if (each.policies.session === undefined) return
        const all: Document = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
        never(judge(each), judge(withPolicies(each, { session: [all] })))
      }),
    )
    law(
      'an SCP level more never grants',
      fc.property(worlds, identityDocument, (each, one) => {
        never(judge(withPolicies(each, { scp: [...(each.policies.scp ?? []), [one]] })), judge(each))
      }),
    )
    law(
      'nobody is allowed by no policy but the root user and the exempt',
      fc.property(worlds, (each) => {
        const { principal } = each.request
        if (typeof principal === 'string' && principal.endsWith(':root')) return
        assert.equal(judge({ ...each, policies: {} }), 'implicitDeny')
      }),
    )
  })
}

function weightsOf(letters: Readonly<Record<string, readonly string[]>>) {
  let weight = 1
  const byLetter: Record<string, Record<string, number>> = {}
  for (const [letter, list] of Object.entries(letters)) {
    byLetter[letter] = Object.fromEntries(list.map((word, place) => [word, place * weight]))
    weight *= list.length
  }
  return byLetter
}

function keyOf(spelling: Spelling): number {
  let key = 0
  for (const letter in weights) key += weights[letter]![spelling[letter as keyof Spelling]]! // its letters are these
  return key
}

/** The world is put into words only where the law does not hold. */
function holds(isSo: boolean, each: Spelling, words = ''): void {
  if (!isSo) assert.fail(`${words}${JSON.stringify(each)}`)
}

function withPolicies(asked: World, more: CasePolicies): World {
  return { ...asked, policies: { ...asked.policies, ...more } }
}

function withIdentity(asked: World, document: Document): World {
  return withPolicies(asked, { identity: [...(asked.policies.identity ?? []), document] })
}

function without(asked: World, layer: keyof CasePolicies): World {
  const { [layer]: _, ...policies } = asked.policies
  return { ...asked, policies }
}

function mapDocuments(asked: World, map: (document: Document) => Document[]): World {
  const { policies } = asked
  const levels = (list: readonly (readonly Document[])[]): Document[][] =>
    list.map((level) => level.flatMap(map))
  const [resource] = policies.resource === undefined ? [] : map(policies.resource)
  return withPolicies(asked, {
    ...(policies.identity && { identity: policies.identity.flatMap(map) }),
    ...(policies.boundary && { boundary: policies.boundary.flatMap(map) }),
    ...(policies.session && { session: policies.session.flatMap(map) }),
    ...(resource && { resource }),
    ...(policies.scp && { scp: levels(policies.scp) }),
    ...(policies.rcp && { rcp: levels(policies.rcp) }),
    ...(policies.endpoint && { endpoint: policies.endpoint.flatMap(map) }),
  })
}

function mapStatements(asked: World, map: (statement: Statement) => Statement[]): World {
  return mapDocuments(asked, (each) => [{ ...each, Statement: [each.Statement].flat().flatMap(map) }])
}

/** The resource policy is one document and stays one. */
function split(asked: World): World {
  const parts = mapDocuments(asked, (each) =>
    [each.Statement].flat().map((Statement) => ({ ...each, Statement })),
  )
  return asked.policies.resource === undefined
    ? parts
    : withPolicies(parts, { resource: asked.policies.resource })
}

/** Every list of policies, statements and values from behind; the levels of SCPs and RCPs too, for all must agree. */
function reversed(asked: World): World {
  return { request: asked.request, policies: reverse(asked.policies) as CasePolicies } // Reversed JSON of its shape.
}

function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverse).reverse()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, reverse(item)] as const)
      .reverse(),
  )
}
