import assert from 'node:assert/strict'
import { test } from 'node:test'
import { peopleBeside } from '../base/index.ts'
import { Account } from './account.ts'
import { centerUsers, partedItems } from './center.ts'

const item = (kind: string, id: string) => ({ kind, id, value: '{}' })

test('SSO-130: a snapshot of an earlier version is divided: users with what is theirs, and the rest', () => {
  const theirs = [
    item('iam/login-profile', 'u'),
    item('center/user', 'u'),
    item('center/group', 'g'),
    item('center/membership', 'm'),
    item('center/mfa-device', 'u'),
  ]
  const own = [item('iam/login-profile', 'AIDA'), item('center/instance', 'i'), item('iam/user', 'u')]
  assert.deepEqual(partedItems([...theirs, ...own]), { own, people: theirs })
  assert.deepEqual(partedItems(own), { own, people: [] })
})

test('SSO-130: an account that is asked for users of its directory fails, and does not answer that there are none', () => {
  const id = '123456789012' as Parameters<typeof peopleBeside>[0] // twelve digits
  const content = { revision: 0, lineage: undefined, items: [] }
  const accountOf = (name: typeof id) => new Account({ id: name }, content, () => {})
  assert.throws(() => accountOf(id).table(centerUsers), /not of the people beside it/)
  assert.equal(accountOf(peopleBeside(id)).table(centerUsers).size, 0)
})
