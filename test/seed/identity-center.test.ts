import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import type { Seed } from 'omen-iam/testing'
import { imageOfAccount, seedOf } from '../../packages/server/src/intake/index.ts'
import { account } from '../kit/index.ts'

const seed = {
  identityCenter: {
    groups: { dev: { description: 'developers' } },
    users: {
      alice: {
        name: ['Alice', 'Doe'],
        password: 'Correct-Horse-7',
        groups: ['dev'],
        attributes: { title: 'Owner' },
      },
    },
    attributes: { Title: '${path:title}' },
    permissionSets: {
      Developer: {
        managed: ['ReadOnlyAccess'],
        session: 'PT4H',
        inline: { Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] },
      },
    },
    assignments: [{ group: 'dev', set: 'Developer', accounts: [account] }],
  },
} satisfies Seed

describe('IAM Identity Center of a seed', () => {
  test('SSO-75: is made at the first start, with people and roles', async () => {
    await using omen = await createOmen({ seed })
    const { Roles = [] } = await omen.client(IAM).listRoles({ PathPrefix: '/aws-reserved/' })
    assert.match(Roles[0]?.RoleName ?? '', /^AWSReservedSSO_Developer_/)
    const answer = await fetch(`${omen.endpoint}/signin/portal`, {
      method: 'POST',
      body: new URLSearchParams({ userName: 'alice', password: 'Correct-Horse-7' }),
    })
    assert.match(await answer.text(), /Developer/)
  })

  test('SSO-191: entitlements of a seed are roles in the portal, and in an export as a seed', async () => {
    const trust = {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'account-access.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:SetContext'],
        },
      ],
    }
    const entitled = {
      roles: { support: { trust } },
      identityCenter: { ...seed.identityCenter, entitlements: [{ group: 'dev', role: 'support' }] },
    }
    await using omen = await createOmen({ seed: entitled })
    const answer = await fetch(`${omen.endpoint}/signin/portal`, {
      method: 'POST',
      body: new URLSearchParams({ userName: 'alice', password: 'Correct-Horse-7' }),
    })
    assert.match(await answer.text(), /<h3>support<\/h3>/)
    const { directory, firstAccount } = omen.omen.deps
    await directory.findPeople(firstAccount)
    const owner = await directory.find(firstAccount)
    const image = imageOfAccount(owner!, directory)
    const { identityCenter } = seedOf({ accounts: [image], notTaken: [], findings: [] }) as Seed
    assert.deepEqual(identityCenter?.entitlements, [
      { group: 'dev', role: `arn:aws:iam::${account}:role/support` },
    ])
    const missing = { ...entitled, roles: {} }
    await assert.rejects(createOmen({ seed: missing }), /entitlements.*CreateEntitlement/s)
  })

  test('SSO-75: an assignment that fails is a problem of the seed', async () => {
    const { identityCenter } = seed
    const permissionSets = { Developer: { customerManaged: ['/team/missing'] } }
    const bad = { identityCenter: { ...identityCenter, permissionSets } }
    await assert.rejects(
      createOmen({ seed: bad }),
      /Not supported policy arn:aws:iam::123456789012:policy\/team\/missing/,
    )
    const nobody = {
      identityCenter: {
        ...identityCenter,
        assignments: [{ group: 'ops', set: 'Developer', accounts: [account] }],
      },
    }
    await assert.rejects(createOmen({ seed: nobody }), /ops/)
  })
})
