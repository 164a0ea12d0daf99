import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOmen } from 'omen-iam'
import type { Seed } from 'omen-iam/testing'
import { send } from '../guard/house.ts'

const seed = {
  roles: {
    web: { trust: 'pods.eks.amazonaws.com', path: '/shop/' },
    member: { trust: 'ec2.amazonaws.com' },
    server: { trust: 'rolesanywhere.amazonaws.com' },
  },
  pods: [{ cluster: 'prod', namespace: 'shop', serviceAccount: 'web', role: 'web', region: 'eu-west-1' }],
  identityPools: { phones: { guests: true, authenticated: 'member', unauthenticated: 'member' } },
  certificateProfiles: { servers: { roles: ['server'], session: 900 } },
} satisfies Seed

test('TPL-187 pods, identity pools and profiles of a seed are made at the first start', async () => {
  await using omen = await createOmen({ seed })
  const as = omen.keys.admin
  const ask = async (service: string, sent: object) =>
    JSON.parse((await send(omen.endpoint, { service, as, ...sent })).body)
  const role = (name: string) => `arn:aws:iam::123456789012:role${name}`
  const path = '/clusters/prod/pod-identity-associations'
  const { associations } = await ask('eks', { path, region: 'eu-west-1' })
  assert.deepEqual(
    associations.map(({ namespace, serviceAccount }: Record<string, string>) => [namespace, serviceAccount]),
    [['shop', 'web']],
  )
  const pool = async (operation: string, input: object) =>
    ask('cognito-identity', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityService.${operation}`,
      },
      body: JSON.stringify(input),
    })
  const { IdentityPools } = await pool('ListIdentityPools', { MaxResults: 10 })
  const { Roles } = await pool('GetIdentityPoolRoles', { IdentityPoolId: IdentityPools[0].IdentityPoolId })
  assert.deepEqual(Roles, { authenticated: role('/member'), unauthenticated: role('/member') })
  const { profiles } = await ask('rolesanywhere', { path: '/profiles' })
  assert.deepEqual(
    profiles.map(({ name, roleArns, durationSeconds }: Record<string, unknown>) => ({
      name,
      roleArns,
      durationSeconds,
    })),
    [{ name: 'servers', roleArns: [role('/server')], durationSeconds: 900 }],
  )
})

test('TPL-187 what is refused is a problem of the seed with its place', async () => {
  const bad = { ...seed, trustAnchors: { ca: { certificate: 'no certificate' } } }
  await assert.rejects(createOmen({ seed: bad }), /CreateTrustAnchor/)
})
