import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import type { OmenGraph } from '../../packages/server/src/model/index.ts'
import { account, allow, trustPolicy } from '../kit/index.ts'
import { ask } from './api-client.ts'

const role = (name: string) => `arn:aws:iam::${account}:role/${name}`

describe('the limits of the API of the graph', () => {
  let omen: RunningOmen
  before(async () => {
    omen = await createOmen({
      seed: {
        users: {
          dev: { policies: [{ Version: '2012-10-17', Statement: [allow('sts:AssumeRole', role('ci'))] }] },
          auditor: { policies: ['AdministratorAccess'] },
        },
        roles: {
          ci: {
            trust: 'user/dev',
            policies: [{ Version: '2012-10-17', Statement: [allow('sts:AssumeRole', role('prod'))] }],
          },
          prod: { trust: 'role/ci', policies: ['AdministratorAccess'] },
        },
      },
    })
  })
  after(() => omen.close())
  const asked = <Name extends Exclude<keyof OmenGraph.Operations, 'GetAccountDetails'>>(
    operation: Name,
    input: OmenGraph.Operations[Name]['input'],
  ) => ask(omen, omen.as('user/auditor').credentials, operation, input)

  it('says which answers are not complete because their steps are spent', async () => {
    const early = { maxSteps: 1, principals: 1 }
    const dev = { from: 'dev', maxSteps: 1 }
    const listed = await asked('ListPaths', dev)
    assert.deepEqual([listed.body.verdict, listed.body.incomplete], ['undecided', early])
    const edge = await asked('GetEdge', { ...dev, to: 'role/prod' })
    assert.deepEqual([edge.body.verdict, edge.body.incomplete], ['undecided', early])
    const reached = await asked('GetReach', {
      who: 'administrator',
      direction: 'to',
      maxSteps: 1,
    })
    assert.ok((reached.body.incomplete?.principals ?? 0) > 0, JSON.stringify(reached.body))
    const call = { action: 's3:GetObject', resource: 'arn:aws:s3:::pay/a', maxSteps: 1 }
    assert.ok((await asked('GetReach', call)).body.incomplete)
    const cut = await asked('ProposeCut', dev)
    assert.deepEqual([cut.body.cuts, cut.body.isMinimal, cut.body.incomplete], [[], false, early])
    const drawn = await asked('ExportGraph', { format: 'json', maxSteps: 1 })
    assert.ok(drawn.body.incomplete)
    assert.deepEqual(drawn.body.graph?.incomplete, drawn.body.incomplete)
    const whole = await asked('ListPaths', { from: 'dev', maxSteps: 500_000 })
    assert.deepEqual([whole.body.verdict, whole.body.incomplete], ['proven', undefined])
    for (const maxSteps of [0, 500_001])
      assert.equal((await asked('ListPaths', { from: 'dev', maxSteps })).status, 400)
  })

  it('takes what the token of a start says, within limits', async () => {
    const admin = omen.client(IAMClient)
    const issuer = 'token.actions.githubusercontent.com'
    await admin.send(
      new CreateOpenIDConnectProviderCommand({
        Url: `https://${issuer}`,
        ClientIDList: ['sts.amazonaws.com'],
        ThumbprintList: ['0'.repeat(40)],
      }),
    )
    const subject = 'repo:acme/web:ref:refs/heads/main'
    await admin.send(
      new CreateRoleCommand({
        RoleName: 'ship',
        AssumeRolePolicyDocument: trustPolicy(
          { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
          'sts:AssumeRoleWithWebIdentity',
          {
            StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subject },
          },
        ),
      }),
    )
    const verdict = async (claims?: Readonly<Record<string, unknown>>, claimsComplete?: boolean) => {
      const said = { ...(claims && { claims }), ...(claimsComplete && { claimsComplete }) }
      const to = 'role/ship'
      const { body } = await asked('ListPaths', { from: 'federated:github', to, ...said })
      return body.verdict ?? body.message
    }
    const claims = { aud: 'sts.amazonaws.com', sub: subject }
    assert.equal(await verdict(), 'conditional')
    assert.equal(await verdict(claims, true), 'proven')
    assert.equal(await verdict({ ...claims, sub: 'repo:acme/web:pull_request' }, true), 'none')
    assert.equal(await verdict({ sub: subject }), 'conditional')
    assert.equal(await verdict({ sub: subject }, true), 'none')
    const start = { from: 'federated:github', to: 'role/ship', claims, claimsComplete: true }
    const edge = await asked('GetEdge', start)
    assert.equal(edge.body.verdict, 'proven', JSON.stringify(edge.body))
    const reach = { who: 'federated:github', claims, claimsComplete: true }
    const reached = await asked('GetReach', reach)
    assert.deepEqual(
      reached.body.reached.map(({ name, verdict }) => [name, verdict]),
      [['ship', 'proven']],
    )
    const cut = await asked('ProposeCut', start)
    assert.equal(cut.body.cuts.length, 1, JSON.stringify(cut.body))
    const drawn = await asked('ExportGraph', { format: 'json', ...start })
    assert.deepEqual(
      drawn.body.graph?.edges.map(({ verdict }) => verdict),
      ['proven'],
    )
    const refused: readonly (readonly [object, RegExp])[] = [
      [{ from: 'dev', claims }, /has no token/],
      [{ from: 'federated:github', claimsComplete: true }, /without claims/],
      [{ from: 'federated:github', claims: { sub: 'x'.repeat(20_001) } }, /at most 20000 characters/],
      [{ from: 'federated:github', claims: { sub: Array(101).fill('x') } }, /claim sub is too large/],
      [
        {
          from: 'federated:github',
          claims: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [n, 'x'])),
        },
        /100/,
      ],
    ]
    for (const [input, reason] of refused) {
      const { status, body } = await asked('ListPaths', { from: 'dev', ...input })
      assert.equal(status, 400, JSON.stringify(input).slice(0, 80))
      assert.match(body.message ?? '', reason)
    }
  })
})
