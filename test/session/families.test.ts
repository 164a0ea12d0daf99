import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { createOmen } from 'omen-iam'
import { readToken } from '../../packages/server/src/grants/index.ts'
import { callServer } from '../wire/house-call.ts'
import { agentTool, dpopKey, pkce } from '../wire/oauth-tool.ts'

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

const approved = async (request: string): Promise<string> => {
  const target = { endpoint: omen.endpoint, now: omen.clock.now() }
  const body = { request, as: 'root' }
  const answer = await callServer(target, 'POST', '/_omen/approvals', omen.keys.root, 'us-east-1', body)
  return new URL(JSON.parse(await answer.text()).to).searchParams.get('code') ?? ''
}

function issued(challenge: string): Promise<string> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    state: 's',
    code_challenge_method: 'SHA-256',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: challenge,
  })
  return approved(`${omen.endpoint}/v1/authorize?${query}`)
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

test('of an agent, too: each token is good once, and after the copy of any nothing lives (AGT-12)', async () => {
  const agents = [await agentTool(omen.endpoint), await agentTool(omen.endpoint)]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
      const code = await approved(agents[0]!.address())
      const codeUntil = omen.clock.now() + 600_000
      const tokens: string[] = []
      const spent = new Set<string>()
      let isCopied = false
      for (const each of steps) {
        if (each.kind === 'wait') {
          omen.clock.advance(each.seconds * 1000)
          continue
        }
        const old = each.kind === 'exchange' ? code : tokens[each.which % Math.max(tokens.length, 1)]
        if (old === undefined) continue
        const agent = agents[each.key]!
        const isRight = each.key === 0 && (each.kind === 'refresh' || each.right)
        const { json } =
          each.kind === 'exchange'
            ? await agent.exchange(
                code,
                each.right ? { code_verifier: agents[0]!.verifier } : { code_verifier: 'A'.repeat(43) },
              )
            : await agent.refresh(old)
        const { refresh_token: given } = json
        assert.ok(given === undefined || (isRight && !spent.has(old)), 'a token was good twice, or elsewhere')
        // a copy of the code is known for ten minutes, one of a token as long as its family
        if (spent.has(old) && (each.kind === 'refresh' || omen.clock.now() < codeUntil)) isCopied = true
        if (given === undefined) continue
        spent.add(old)
        tokens.push(given)
      }
      const alive: string[] = []
      const newest = tokens.at(-1)
      if (newest !== undefined && (await agents[0]!.refresh(newest)).status === 200) alive.push(newest)
      if (isCopied) assert.deepEqual(alive, [], 'a family lives on after the copy of a token')
      for (const old of tokens)
        assert.notEqual((await agents[0]!.refresh(old)).status, 200, 'a token that was replaced is good')
    }),
    { numRuns: 40 },
  )
})
