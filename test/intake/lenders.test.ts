import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOmen, type RunningOmen, type Seed } from 'omen-iam/testing'
import { type Image, imageOfAccount, lossesOf, seedOf } from '../../packages/server/src/intake/index.ts'
import { makeX509 } from '../wire/x509-maker.ts'

const imageOf = ({ omen }: RunningOmen): Image => {
  const { directory, firstAccount } = omen.deps
  const own = imageOfAccount(directory.loaded(firstAccount)!, directory)
  return { accounts: [own], notTaken: [], findings: [] }
}

const certificate = makeX509({ subject: [['CN', 'ca']], isAuthority: true }, Date.now()).pem

test('a seed has what gives roles to pods, identity pools and certificates (POD-25)', async () => {
  const service = (name: string) => ({ trust: [`${name}.amazonaws.com`] })
  const seed = {
    roles: { web: service('pods.eks'), server: service('rolesanywhere'), member: service('ec2') },
    pods: [
      ...[{ cluster: 'prod', namespace: 'shop', serviceAccount: 'web', role: 'web', region: 'eu-west-1' }],
      ...[{ cluster: 'dev', namespace: 'shop', serviceAccount: 'web', role: 'web', tags: { team: 'core' } }],
    ],
    identityPools: {
      phones: { guests: true, classic: true, authenticated: 'member', unauthenticated: 'member' },
    },
    trustAnchors: { ca: { certificate } },
    certificateProfiles: { servers: { roles: ['server'], session: 1_800 } },
  } satisfies Seed
  const members = ['pods', 'identityPools', 'trustAnchors', 'certificateProfiles'] as const
  const lenders = (from: Seed) => members.map((name) => from[name])
  await using one = await createOmen({ seed, port: false })
  const written = seedOf(imageOf(one)) as Seed
  const pods = (from: Seed) => from.pods?.toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1))
  assert.deepEqual(pods(written), pods(seed))
  assert.deepEqual(lenders(written).slice(1), lenders(seed).slice(1))
  await using other = await createOmen({ seed: written, port: false })
  assert.deepEqual(lenders(seedOf(imageOf(other)) as Seed).slice(1), lenders(written).slice(1))
  const lost = lossesOf(imageOf(one), 'terraform').find(({ what }) => what.startsWith('associations'))
  assert.equal(lost?.count, 5)
})
