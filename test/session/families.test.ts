import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { createOmen } from 'omen-iam'
import { readToken } from '../../packages/server/src/grants/index.ts'
import { callHouse } from '../wire/house-call.ts'
import { dpopKey, pkce } from '../wire/oauth-tool.ts'

const omen = await createOmen()
after(() => omen.close())
const clientId = 'arn:aws:signin:::devtools/same-device'
const redirectUri = 'http://127.0.0.1:50125/oauth/callback'
const url = `${omen.endpoint}/v1/token`

/** What a program, a thief and the time may do with one code. */
type Step =
  | { readonly kind: 'exchange'; readonly right: boolean; readonly key: number }
  | { readonly kind: 'refresh'; readonly which: number; readonly key: number }
  | { readonly kind: 'wait'; readonly seconds: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('exchange' as const), right: fc.boolean(), key: fc.nat(1) }),
  fc.record({ kind: fc.constant('refresh' as const), which: fc.nat(9), key: fc.nat(1) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 300, 601, 901) }),
)

async function issued(challenge: string): Promise<string> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    state: 's',
    code_challenge_method: 'SHA-256',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: challenge,
  })
  const body = { request: `${omen.endpoint}/v1/authorize?${query}`, as: 'root' }
  const target = { endpoint: omen.endpoint, now: omen.clock.now() }
  const answer = await callHouse(target, 'POST', '/_omen/approvals', omen.keys.root, 'us-east-1', body)
  return new URL(JSON.parse(await answer.text()).to).searchParams.get('code') ?? ''
}

test('no sequence of calls makes two families live of one code, and none after its copy came (SSO-7, SSO-9)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      const { verifier, challenge } = pkce()
      const code = await issued(challenge)
      const keys = [dpopKey(), dpopKey()]
      const ask = async (body: object, key: number) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', dpop: keys[key]!.proof(url, omen.clock.now()) },
          body: JSON.stringify({ clientId, ...body }),
        })
        const { refreshToken } = JSON.parse(await response.text())
        return response.status === 200 ? (refreshToken as string) : undefined
      }
      const tokens: { readonly text: string; readonly key: number }[] = []
      let isSpent = false
      let isCopied = false
      for (const each of steps) {
        if (each.kind === 'wait') omen.clock.advance(each.seconds * 1000)
        else if (each.kind === 'exchange') {
          const codeVerifier = each.right ? verifier : pkce().verifier
          const given = await ask(
            { grantType: 'authorization_code', code, codeVerifier, redirectUri },
            each.key,
          )
          assert.ok(
            given === undefined || (each.right && !isSpent),
            'a code was good twice, or without its verifier',
          )
          if (isSpent) isCopied = true
          if (given !== undefined) {
            isSpent = true
            tokens.push({ text: given, key: each.key })
          }
        } else if (tokens.length > 0) {
          const { text, key } = tokens[each.which % tokens.length]!
          const given = await ask({ grantType: 'refresh_token', refreshToken: text }, each.key)
          assert.ok(given === undefined || key === each.key, 'a token was good with another key')
          if (given !== undefined) tokens.push({ text: given, key })
        }
      }
      const alive = new Set<string>()
      for (const { text, key } of tokens) {
        const given = await ask({ grantType: 'refresh_token', refreshToken: text }, key)
        if (given !== undefined) alive.add(readToken(given)!.grant)
      }
      assert.ok(alive.size <= 1, 'two families live of one code')
      // within the ten minutes in which the code is known, its copy ends what it gave
      const waited = steps.reduce((sum, each) => sum + (each.kind === 'wait' ? each.seconds : 0), 0)
      if (isCopied && waited < 600)
        assert.equal(alive.size, 0, 'a family lives on after the copy of its code')
    }),
    { numRuns: 40 },
  )
})
