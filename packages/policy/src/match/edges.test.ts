import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { combine, compile } from '../compile/compile.ts'
import { allow, layerOf, ownAccount, policyOf, root, session, sourceOf, user } from '../fixture.ts'
import { emptyContext } from '../request/context.ts'
import type { Principal } from '../request/principal.ts'
import { compileGlob } from './glob.ts'
import { Budget, metered, spend } from './meter.ts'
import {
  compilePrincipal,
  isSpared,
  mayBeNamed,
  namesCaller,
  namesRole,
  naming,
  notNamed,
} from './principal.ts'
import { Remembered } from './remembered.ts'

describe('edges', () => {
  test('POL-211 ? takes one unit of UTF-16: two of it take a character beyond the basic plane', () => {
    for (const character of ['\u{10000}', '\u{1f400}', '\u{1f3ff}', '\u{10ffff}', '\u{103ff}']) {
      for (const pattern of ['a??b', '*?b', 'a?*', '*a??b*', '????'])
        assert.ok(compileGlob(pattern, { wildcards: true, variables: false })(`a${character}b`, emptyContext))
      for (const pattern of ['a?b', '???', '*a?b'])
        assert.ok(
          !compileGlob(pattern, { wildcards: true, variables: false })(`a${character}b`, emptyContext),
        )
    }
    for (const half of ['\ud800', '\udc00'])
      for (const pattern of ['*?', '?*', '?'])
        assert.ok(compileGlob(pattern, { wildcards: true, variables: false })(half, emptyContext))
    for (const halves of [
      '\ud800a',
      '\udbffa',
      '\ud83d\ue000',
      '\ud83d\udbff',
      '\udc00\udc00',
      '\ud7ff\udc00',
    ])
      assert.ok(compileGlob('??', { wildcards: true, variables: false })(halves, emptyContext))
  })

  test('a run of ? takes its characters before what follows it', () => {
    const matches = (pattern: string, text: string) =>
      compileGlob(pattern, { wildcards: true, variables: false })(text, emptyContext)
    assert.ok(!matches('*?*ab*', 'abx') && matches('*?*ab*', 'xab'))
    assert.ok(!matches('*??*ab*?', 'xabyz') && matches('*??*ab*?', 'xyabz'))
  })

  test('POL-190 one canonical id among other entries may name a caller whose id is not known', () => {
    const element = policyOf('resource', allow({ Principal: { AWS: ownAccount, CanonicalUser: '79a59df9' } }))
    assert.ok(mayBeNamed(compilePrincipal(element.statements[0]!.principal!), user))
  })

  test('a cache keeps what is used while new entries come, and drops the rest', () => {
    const cache = new Remembered<number>(2)
    for (const [at, key] of ['a', 'b', 'c'].entries()) cache.set(key, at)
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => cache.get(key)),
      [0, 1, 2],
    )
    // "a" was looked up, so it is young again; "b" filled the generation.
    for (const key of ['d', 'e', 'f', 'g']) cache.set(key, 9)
    assert.deepEqual(
      ['a', 'b', 'c', 'f', 'g'].map((key) => cache.get(key)),
      [undefined, undefined, undefined, 9, 9],
    )
    const used = new Remembered<number>(2)
    for (const [at, key] of ['a', 'b', 'c'].entries()) used.set(key, at)
    assert.equal(used.get('a'), 0)
    for (const key of ['d', 'e']) used.set(key, 9)
    assert.deepEqual([used.get('a'), used.get('b')], [0, undefined])
    cache.grow()
    assert.equal(cache.get('g'), 9)
    cache.grow()
    cache.grow()
    assert.equal(cache.get('f'), undefined)
  })

  test('a budget is spent below zero, and not at it', () => {
    const budget = new Budget(2)
    metered(budget, () => assert.ok(spend(2)))
    assert.deepEqual([budget.left, budget.isSpent, budget.used], [0, false, 2])
    metered(budget, () => assert.ok(!spend(1)))
    assert.deepEqual([budget.isSpent, budget.used], [true, 3])
  })

  test('POL-034, POL-063 a federated user is named by itself and by the user that it comes from', () => {
    const arn = `arn:aws:sts::${ownAccount}:federated-user/bob`
    const named = (parent: typeof user | typeof root, value: string) => {
      const principal = { type: 'federatedUser', arn, account: ownAccount, parent } as Principal
      const element = policyOf('resource', allow({ Principal: { AWS: value } })).statements[0]!.principal!
      return naming(compilePrincipal(element), principal)
    }
    assert.equal(named(user, arn), namesCaller)
    assert.equal(named(user, `arn:aws:iam::${ownAccount}:user/dev`), namesRole)
    assert.equal(named(user, `arn:aws:iam::${ownAccount}:user/ann`), notNamed)
    assert.equal(named(root, `arn:aws:iam::${ownAccount}:user/dev`), notNamed)
  })

  test('POL-035 a NotPrincipal spares nobody who can have a boundary and has one', () => {
    const accountRoot = `arn:aws:iam::${ownAccount}:root`
    const federated = {
      type: 'federatedUser',
      arn: `arn:aws:sts::${ownAccount}:federated-user/bob`,
      account: ownAccount,
      parent: user,
    } as Principal
    const service: Principal = { type: 'service', names: ['ec2.amazonaws.com'] }
    for (const [principal, NotPrincipal, bounded] of [
      [user, { AWS: [accountRoot, `arn:aws:iam::${ownAccount}:user/dev`] }, false],
      [federated, { AWS: [accountRoot, `arn:aws:sts::${ownAccount}:federated-user/bob`] }, false],
      [
        session,
        {
          AWS: [
            accountRoot,
            `arn:aws:sts::${ownAccount}:assumed-role/app/run`,
            `arn:aws:iam::${ownAccount}:role/team/app`,
          ],
        },
        false,
      ],
      [root, { AWS: accountRoot }, true],
      [service, { Service: 'ec2.amazonaws.com' }, true],
    ] as const) {
      const test = compilePrincipal(policyOf('resource', allow({ NotPrincipal })).statements[0]!.principal!)
      assert.equal(isSpared(test, principal, false), true, principal.type)
      assert.equal(isSpared(test, principal, true), bounded)
    }
  })

  test('combined sets have each layer of the second one, or else of the first', () => {
    const every = () =>
      compile({
        identity: layerOf('identity', allow()),
        boundary: layerOf('boundary', allow()),
        session: layerOf('session', allow()),
        endpoint: layerOf('endpoint', allow()),
        scp: [layerOf('scp', allow())],
        rcp: [layerOf('rcp', allow())],
        resource: { source: sourceOf(policyOf('resource', allow())), grant: 'explicit' },
      })
    const [one, other] = [every(), { ...every(), grant: 'trust' as const }]
    const none = compile({})
    assert.deepEqual(combine(one, none), one)
    assert.deepEqual(combine(none, other), other)
    const both = combine(one, other)
    for (const name of [
      'identity',
      'boundary',
      'session',
      'resource',
      'grant',
      'scp',
      'rcp',
      'endpoint',
    ] as const)
      assert.equal(both[name], other[name], name)
    assert.equal(combine(other, none).grant, 'trust')
    assert.equal(combine(none, none).grant, 'either')
  })
})
