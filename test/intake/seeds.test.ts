import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam'
import { assertAllowed, assertDenied, createOmen } from 'omen-iam/testing'
import { applyImage, readImage } from '../../packages/server/src/intake/index.ts'
import { imageOfSeed, readSeedFile } from '../../packages/server/src/seed/index.ts'
import { omen, serve, temporaryHome } from '../cli/process.ts'

const account = '111122223333'
const seed = `
policies:
  limits: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] }
groups:
  team: { policies: [ReadOnlyAccess] }
users:
  dev: { groups: [team], boundary: limits, tags: { a: b } }
roles:
  web: { trust: [ec2.amazonaws.com, user/dev], instanceProfile: true, policies: [limits] }
  pod: { trust: pods.eks.amazonaws.com, path: /shop/ }
pods:
  - { cluster: c, namespace: shop, serviceAccount: web, role: pod, tags: { team: core } }
`

const dump = {
  RoleDetailList: [
    {
      Path: '/',
      RoleName: 'web',
      RoleId: 'AROAQEXAMPLEAAAAAAAAA',
      Arn: `arn:aws:iam::${account}:role/web`,
      CreateDate: '2023-04-05T06:07:08+00:00',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      RolePolicyList: [],
      AttachedManagedPolicies: [],
    },
  ],
}

describe('seeds and imports', () => {
  test('an import of a seed is what the seed plants (SSO-196)', async (t) => {
    const file = join(temporaryHome(t), 'seed.yaml')
    writeFileSync(file, seed)
    await using planted = await createOmen({ seed: file, port: false })
    const { deps } = planted.omen
    const image = imageOfSeed(readSeedFile(file), file, deps.firstAccount, deps.partition)
    const { things } = await applyImage(image, deps)
    assert.deepEqual(
      things.filter(({ outcome }) => outcome !== 'unchanged'),
      [],
    )
    await using empty = await createOmen({ port: false })
    const made = await applyImage(image, empty.omen.deps)
    assert.equal(made.things.filter(({ outcome }) => outcome === 'made').length, things.length)
    await assertAllowed(empty.as('user/dev'), 's3:GetObject', 'arn:aws:s3:::a/b')
    await assertDenied(empty.as('user/dev'), 'ec2:DescribeInstances', '*', { by: 'limits' })
  })

  test('a house that starts with a dump of one account is a house of that account', async (t) => {
    const home = temporaryHome(t)
    const file = join(temporaryHome(t), 'dump.json')
    writeFileSync(file, JSON.stringify(dump))
    const server = await serve(home, ['--seed', file])
    t.after(() => server.stop('SIGTERM'))
    const client = new IAMClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: server.keys.admin,
    })
    t.after(() => client.destroy())
    const { Roles } = await client.send(new ListRolesCommand({}))
    assert.deepEqual(
      Roles?.map(({ Arn, RoleId }) => [Arn, RoleId]),
      [[`arn:aws:iam::${account}:role/web`, 'AROAQEXAMPLEAAAAAAAAA']],
    )
    writeFileSync(join(home, 'seed.yaml'), seed)
    const imported = await omen([
      'import',
      join(home, 'seed.yaml'),
      '--dry-run',
      '--output',
      'json',
      '--home',
      home,
    ])
    const told = JSON.parse(imported.stdout)
    assert.deepEqual(told.counts, { made: 6, changed: 1, unchanged: 0 }, imported.stderr)
  })

  test('the policy of a bucket that was imported counts in questions about its objects', async () => {
    await using server = await createOmen({ account, port: false })
    const arn = (kind: string, of: string) => `arn:aws:iam::${of}:${kind}`
    const other = '444455556666'
    const allow = (Resource: string) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }],
    })
    const user = {
      Path: '/',
      UserName: 'bob',
      UserId: 'AIDAQEXAMPLEBBBBBBBBB',
      Arn: arn('user/bob', other),
      CreateDate: '2023-04-05T06:07:08+00:00',
      UserPolicyList: [{ PolicyName: 'own', PolicyDocument: allow('*') }],
    }
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: arn('user/bob', other) },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::shared/*',
        },
      ],
    }
    const files = {
      'b.json': { UserDetailList: [user] },
      'p.json': {
        request: { account, input: { Bucket: 'shared' } },
        answer: { Policy: JSON.stringify(policy) },
      },
      'q.json': {
        request: { account, input: { Bucket: 'closed' } },
        answer: {
          Policy: JSON.stringify({
            ...policy,
            Statement: [{ ...policy.Statement[0], Effect: 'Deny', Resource: 'arn:aws:s3:::closed/*' }],
          }),
        },
      },
    }
    const image = readImage(
      Object.entries(files).map(([name, value]) => ({ name, text: JSON.stringify(value) })),
    )
    const { notTaken, findings } = await applyImage(image, server.omen.deps)
    assert.deepEqual([notTaken, findings], [[], []])
    const bob = server.as(arn('user/bob', other))
    await assertAllowed(bob, 's3:GetObject', 'arn:aws:s3:::shared/x')
    await assertDenied(bob, 's3:GetObject', 'arn:aws:s3:::closed/x')
  })
})
