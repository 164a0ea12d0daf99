import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { dpopKey, pkce } from '../wire/oauth-tool.ts'
import { type Node, type Nodes, openNodes } from './twins.ts'

const clientId = 'arn:aws:signin:::devtools/same-device'
const redirectUri = 'http://127.0.0.1:50125/oauth/callback'

async function send(node: Node, path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await node.omen.answer({
    method: 'POST',
    rawPath: path,
    rawQuery: '',
    headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
    remoteAddress: '127.0.0.1',
    secure: false,
  })
  return { status: answer.status, json: JSON.parse(String(answer.body)) }
}

describe('logins of aws login on several nodes', () => {
  let nodes: Nodes
  before(async () => {
    nodes = await openNodes([{ delay: () => 0 }, { delay: () => 0 }])
  })
  after(() => nodes.close())

  /** A code for root, of the first node. */
  async function code(challenge: string): Promise<string> {
    const [node] = nodes.nodes
    const { accessKeyId, secretAccessKey } = node!.omen.firstKeys.root
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      state: 's',
      code_challenge_method: 'SHA-256',
      scope: 'openid',
      redirect_uri: redirectUri,
      code_challenge: challenge,
    })
    const body = { request: `http://localhost/v1/authorize?${query}`, as: 'root' }
    const rawPath = '/_omen/approvals'
    const request = {
      method: 'POST',
      rawPath,
      rawQuery: '',
      headers: { host: 'localhost' },
      body: Buffer.from(JSON.stringify(body)),
    }
    const signer = { accessKeyId, secret: new Secret(secretAccessKey), region: 'us-east-1', service: 'omen' }
    const { json } = await send(node!, rawPath, body, signedHeaders(request, signer, Date.now()))
    return new URL(json.to).searchParams.get('code') ?? ''
  }

  test('SSO-7, SSO-9: of nodes that redeem one code at once one wins, and no family is alive afterwards', async () => {
    for (let round = 0; round < 5; round++) {
      const { verifier, challenge } = pkce()
      const given = await code(challenge)
      const { proof } = dpopKey()
      const exchange = (node: Node) =>
        send(
          node,
          '/v1/token',
          { clientId, grantType: 'authorization_code', code: given, codeVerifier: verifier, redirectUri },
          { dpop: proof('http://localhost/v1/token', Date.now()) },
        )
      const answers = await Promise.all(nodes.nodes.map(exchange))
      const won = answers.filter(({ status }) => status === 200)
      assert.equal(won.length, 1, JSON.stringify(answers.map(({ json }) => json.error)))
      for (const node of nodes.nodes) {
        const { json } = await send(
          node,
          '/v1/token',
          { clientId, grantType: 'refresh_token', refreshToken: won[0]!.json.refreshToken },
          { dpop: proof('http://localhost/v1/token', Date.now()) },
        )
        assert.equal(json.error, 'TOKEN_EXPIRED')
      }
    }
  })

  test('SSO-9: nodes that refresh one token at once give one next token', async () => {
    const { verifier, challenge } = pkce()
    const given = await code(challenge)
    const { proof } = dpopKey()
    const ask = (node: Node, body: object) =>
      send(node, '/v1/token', { clientId, ...body }, { dpop: proof('http://localhost/v1/token', Date.now()) })
    const [one, two] = nodes.nodes
    const body = { grantType: 'authorization_code', code: given, codeVerifier: verifier, redirectUri }
    const { json: first } = await ask(one!, body)
    const again = { grantType: 'refresh_token', refreshToken: first.refreshToken }
    const all = await Promise.all([one!, two!, one!, two!].map((node) => ask(node, again)))
    assert.deepEqual([...new Set(all.map(({ status }) => status))], [200])
    assert.equal(new Set(all.map(({ json }) => json.refreshToken)).size, 1)
  })
})
