import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseAccountId } from '../../base/index.ts'
import {
  Account,
  accessKeys,
  instanceProfiles,
  loginProfiles,
  mfaDevices,
  users,
} from '../../directory/index.ts'
import { replaceOwner } from './owners.ts'
import type { AccountPlan } from './plan.ts'

/** Two owners of each kind, `a` and `b`, with one thing each; the things of `b` are never touched. */
function account() {
  const item = (kind: string, id: string, record: object) => ({
    kind,
    id,
    value: JSON.stringify({ id, ...record }),
  })
  const both = (kind: string, record: (owner: string) => object) =>
    ['a', 'b'].map((owner) => item(kind, `${owner}-thing`, record(owner)))
  const items = [
    ...both(instanceProfiles.kind, (roleId) => ({ name: `p-${roleId}`, roleId })),
    item(instanceProfiles.kind, 'empty', { name: 'empty' }),
    ...both(users.kind, (group) => ({ name: `u-${group}`, groups: [group, 'shared'] })),
    ...both(accessKeys.kind, (owner) => ({ owner })),
    ...['a', 'b'].map((owner) => item(loginProfiles.kind, owner, { owner })),
    ...both(mfaDevices.kind, (owner) => ({ serial: `${owner}-thing`, use: { owner } })),
    item(mfaDevices.kind, 'unused', { serial: 'unused' }),
  ]
  const id = parseAccountId('111122223333')
  assert.ok(id)
  return new Account({ id, partition: 'aws' }, { revision: 0, lineage: undefined, items }, () => {})
}

/** What the plan writes when the owner `a` of a kind becomes `new`. */
function written(kind: 'user' | 'group' | 'role') {
  const writes: unknown[] = []
  const plan: Pick<AccountPlan, 'before' | 'put' | 'remove'> = {
    before: account(),
    put: (table, record) => void writes.push([table.kind, record]),
    remove: (table, id) => void writes.push([table.kind, 'removed', id]),
  }
  replaceOwner(plan as AccountPlan, kind, 'a', 'new')
  return writes
}

describe('what belongs to an entity that an import replaces', () => {
  test('goes with the role: its instance profile, and no other role’s', () => {
    assert.deepEqual(written('role'), [
      [instanceProfiles.kind, { id: 'a-thing', name: 'p-a', roleId: 'new' }],
    ])
  })

  test('goes with the group: its members, who stay in their other groups', () => {
    assert.deepEqual(written('group'), [
      [users.kind, { id: 'a-thing', name: 'u-a', groups: ['new', 'shared'] }],
    ])
  })

  test('goes with the user: keys, password and MFA device, and nobody else’s', () => {
    assert.deepEqual(written('user'), [
      [accessKeys.kind, { id: 'a-thing', owner: 'new' }],
      [loginProfiles.kind, 'removed', 'a'],
      [loginProfiles.kind, { id: 'a', owner: 'new' }],
      [mfaDevices.kind, { id: 'a-thing', serial: 'a-thing', use: { owner: 'new' } }],
    ])
  })

  test('is nothing if the account is new, or the user has no password', () => {
    const noted: unknown[] = []
    const plan = (before: Account | undefined): Pick<AccountPlan, 'before' | 'put' | 'remove'> => ({
      before,
      put: (table, record) => void noted.push([table.kind, record]),
      remove: (table, id) => void noted.push([table.kind, 'removed', id]),
    })
    for (const kind of ['user', 'group', 'role'] as const)
      replaceOwner(plan(undefined) as AccountPlan, kind, 'a', 'new')
    replaceOwner(plan(account()) as AccountPlan, 'user', 'nobody', 'new')
    assert.deepEqual(noted, [])
  })
})
