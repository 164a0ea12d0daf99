import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account } from '../../../../../test/kit/index.ts'
import { inventoriesOfAnswers, isFetched } from './fetched.ts'

/** What the inventory says, where the instances that an account sees have these owners. */
function managedWith(...owners: readonly string[]): unknown {
  const answer = { Instances: owners.map((OwnerAccountId) => ({ OwnerAccountId })) }
  const request = {
    call: 'sso-admin list-instances',
    account,
    partition: 'aws',
    region: 'eu-west-1',
    input: {},
  }
  const text = JSON.stringify([{ request, answer }])
  const [made] = inventoriesOfAnswers([{ name: 'inventory-sso-instances.json', text }], [])
  return JSON.parse(made?.text ?? '{}').managesIdentityCenter
}

test('an account manages IAM Identity Center if it owns an instance; seeing one of another account says nothing (GRD-565)', () => {
  assert.equal(managedWith(account), true)
  assert.equal(managedWith(), false)
  assert.equal(managedWith('444455556666'), undefined)
})

test('answers about pods, identity pools and certificates say who gets which roles (POD-31)', () => {
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
  const pool = 'eu-west-1:3f2504e0-4f89-41d3-9a0c-0305e82c3301'
  const uuid = '3f2504e0-4f89-41d3-9a0c-0305e82c3302'
  const files = Object.entries({
    'eks describe-pod-identity-association': {
      association: {
        associationArn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/a-12`,
        ...{ namespace: 'shop', serviceAccount: 'web', roleArn: role('web') },
      },
    },
    'cognito-identity describe-identity-pool': { IdentityPoolId: pool, IdentityPoolName: 'app' },
    'cognito-identity get-identity-pool-roles': {
      IdentityPoolId: pool,
      Roles: { authenticated: role('member') },
    },
    'rolesanywhere list-trust-anchors': {
      trustAnchors: [
        {
          trustAnchorArn: `arn:aws:rolesanywhere:eu-west-1:${account}:trust-anchor/${uuid}`,
          ...{ name: 'ca', enabled: true, source: { sourceData: { x509CertificateData: 'x' } } },
        },
      ],
    },
    'rolesanywhere list-profiles': {
      profiles: [
        {
          profileArn: `arn:aws:rolesanywhere:eu-west-1:${account}:profile/${uuid.slice(0, -1)}3`,
          ...{ name: 'servers', enabled: true, roleArns: [role('server')] },
        },
      ],
    },
  }).map(([call, answer], index) => ({
    name: `${index}.json`,
    text: JSON.stringify([
      { request: { call, account, partition: 'aws', region: 'eu-west-1', input: {} }, answer },
    ]),
  }))
  assert.deepEqual(
    files.filter((file) => !isFetched(file)),
    [],
  )
  const [made] = inventoriesOfAnswers(files, [])
  const { lent } = JSON.parse(made?.text ?? '{}') as { lent: { to: string; roles: string[] }[] }
  assert.deepEqual(
    lent.map(({ to, roles }) => `${to} ${roles}`),
    [
      `pod/prod/shop/web ${role('web')}`,
      `pool/${pool} ${role('member')}`,
      `certificate/servers ${role('server')}`,
    ],
  )
})
