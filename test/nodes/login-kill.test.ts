import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs, startPostgres } from '../support/index.ts'
import { callServer } from '../wire/house-call.ts'
import { agentTool, dpopKey, pkce } from '../wire/oauth-tool.ts'
import { RealNode } from './real-node.ts'

const clientId = 'arn:aws:signin:::devtools/same-device'
const redirectUri = 'http://127.0.0.1:50125/oauth/callback'

test(
  'SSO-7, AGT-12: a code of a node that was killed is good once at another, and its copy ends the family',
  needs('postgres'),
  async () => {
    await using cluster = await startPostgres()
    const [one, two] = ['one', 'two'].map(
      (name) => new RealNode({ name, store: cluster.url(), args: [], modules: [] }),
    ) as [RealNode, RealNode]
    await one.start()
    await two.start()
    try {
      const agent = await agentTool(one.url)
      const asked = { request: agent.address(), as: 'root' }
      const { verifier, challenge } = pkce()
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        state: 's',
        code_challenge_method: 'SHA-256',
        scope: 'openid',
        redirect_uri: redirectUri,
        code_challenge: challenge,
      })
      const body = { request: `${one.url}/v1/authorize?${query}`, as: 'root' }
      const target = { endpoint: one.url, now: Date.now() }
      const approved = await callServer(target, 'POST', '/_omen/approvals', one.keys.root, 'us-east-1', body)
      const code = new URL(JSON.parse(await approved.text()).to).searchParams.get('code')
      const allowed = await callServer(target, 'POST', '/_omen/approvals', one.keys.root, 'us-east-1', asked)
      const agentCode = new URL(JSON.parse(await allowed.text()).to).searchParams.get('code') ?? ''
      await one.stop('SIGKILL')
      const { proof } = dpopKey()
      const token = async (node: RealNode, more: object) => {
        const url = `${node.url}/v1/token`
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', dpop: proof(url, Date.now()) },
          body: JSON.stringify({ clientId, ...more }),
        })
        return { status: response.status, ...JSON.parse(await response.text()) }
      }
      const exchange = { grantType: 'authorization_code', code, codeVerifier: verifier, redirectUri }
      const first = await token(two, exchange)
      assert.equal(first.status, 200, JSON.stringify(first.error))
      const next = await token(two, { grantType: 'refresh_token', refreshToken: first.refreshToken })
      assert.equal(next.status, 200)
      const here = agent.at(two.url)
      const given = await here.exchange(agentCode)
      assert.equal(given.status, 200, JSON.stringify(given.json))
      const renewed = await here.refresh(given.json.refresh_token)
      assert.equal(renewed.status, 200)
      await one.start()
      const there = agent.at(one.url)
      assert.equal((await there.exchange(agentCode)).json.error, 'invalid_grant')
      for (const each of [here, there])
        assert.equal((await each.refresh(renewed.json.refresh_token)).json.error, 'invalid_grant')
      assert.equal((await token(one, exchange)).error, 'AUTHCODE_EXPIRED')
      for (const node of [one, two]) {
        const ended = await token(node, { grantType: 'refresh_token', refreshToken: next.refreshToken })
        assert.equal(ended.error, 'TOKEN_EXPIRED')
      }
    } finally {
      for (const node of [one, two]) if (node.isUp) await node.stop('SIGTERM')
    }
  },
)
