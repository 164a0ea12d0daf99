import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CorsRule, corsHeaders, corsRulesIn } from './rules.ts'

const rule = (more: Partial<CorsRule> = {}): CorsRule => ({
  origins: ['https://a.example'],
  methods: ['GET', 'PUT'],
  headers: [],
  exposed: [],
  ...more,
})
const vary = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'
const ask = (
  rules: readonly CorsRule[],
  origin = 'https://a.example',
  headers: readonly string[] = [],
  method = 'GET',
) => corsHeaders(rules, { origin, method, headers })

describe('the CORS rules of a bucket (GRD-107)', () => {
  test('are read of its configuration, and of nothing else', () => {
    const xml = (rules: string, root = 'CORSConfiguration') => corsRulesIn(`<${root}>${rules}</${root}>`)
    const whole =
      '<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedOrigin>b</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>X-A</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule>'
    assert.deepEqual(xml(`<ID>x</ID>${whole}`), [
      { origins: ['*', 'b'], methods: ['GET'], headers: ['x-a'], exposed: ['ETag'], maxAge: '60' },
    ])
    const empty = { origins: [], methods: [], headers: [], exposed: [] }
    for (const age of ['', 'x', '-1', '1x', '12345678901'])
      assert.deepEqual(xml(`<CORSRule><MaxAgeSeconds>${age}</MaxAgeSeconds></CORSRule>`), [empty], age)
    assert.equal(xml('<CORSRule></CORSRule>'.repeat(101)).length, 100)
    assert.deepEqual([xml(whole, 'Other'), corsRulesIn('none'), corsRulesIn('')], [[], [], []])
  })

  test('answer by the first that covers origin, method and headers', () => {
    const exact = {
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-credentials': 'true',
      vary,
    }
    assert.deepEqual(ask([rule()]), exact)
    const all = rule({
      origins: ['*'],
      methods: ['GET'],
      headers: ['x-*'],
      exposed: ['ETag', 'Date'],
      maxAge: '60',
    })
    assert.deepEqual(ask([all], 'null', ['x-a', 'x-b']), {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'x-a, x-b',
      'access-control-expose-headers': 'ETag, Date',
      'access-control-max-age': '60',
      vary,
    })
    assert.deepEqual(
      ask([rule({ origins: ['https://b.example'] }), rule({ methods: ['PUT'] }), rule(), all]),
      exact,
    )
    assert.equal(ask([rule()], 'https://a.example', ['x-a']), undefined)
    assert.equal(ask([all], 'null', ['x-a', 'y']), undefined)
    assert.equal(ask([rule()], 'https://a.example', [], 'DELETE'), undefined)
    assert.equal(ask([]), undefined)
  })

  test('have one wildcard at most in an origin', () => {
    const covers = (pattern: string, origin: string) =>
      ask([rule({ origins: [pattern] })], origin) !== undefined
    for (const [pattern, origin, is] of [
      ['https://*.example', 'https://a.example', true],
      ['https://*.example', 'https://.example', true],
      ['https://*.example', 'https://a.example.org', false],
      ['https://*.example', 'http://a.example', false],
      ['https://*', 'https://', true],
      ['*a', 'ba', true],
      ['*a', 'ab', false],
      ['ab*ba', 'aba', false],
      ['ab*ba', 'abba', true],
      ['a*b*', 'axb*', true],
      ['a*b*', 'axbx', false],
      ['A', 'a', false],
      ['', 'a', false],
    ] as const)
      assert.equal(covers(pattern, origin), is, `${pattern} ${origin}`)
  })
})
