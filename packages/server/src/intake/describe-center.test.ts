import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AccountId, peopleBeside } from '../base/index.ts'
import { Account, centerUsers } from '../directory/index.ts'
import { newLineage } from '../store/index.ts'
import { imageOfPeople } from './describe-center.ts'

const at = { file: 'account', line: 1, column: 1 }

/** The people beside an account, so many. */
function crowd(users: number): Account {
  const id = peopleBeside('123456789012' as AccountId) // twelve digits
  const people = new Account({ id }, { revision: 0, lineage: undefined, items: [] }, () => {})
  for (let n = 0; n < users; n++) add(people, n)
  return people
}

function add(people: Account, n: number): void {
  const user = { id: `${n}`, userName: `user${n}`, given: {}, enabled: true, createdAt: 1, updatedAt: 1 }
  people.table(centerUsers).put(user)
  people.begin(newLineage())
}

test('SSO-133: a large directory is described in parts, and anew if it changes between two of them', async () => {
  const people = crowd(3_500)
  let pauses = 0
  const image = await imageOfPeople(people, at, async () => {
    pauses++
    if (pauses === 2) add(people, 3_500)
  })
  assert.equal(image.centerUsers.length, 3_501)
  assert.equal(new Set(image.centerUsers.map(({ id }) => id)).size, 3_501)
  assert.equal(pauses, 6)
})

test('SSO-133: a directory that changes all the time is described at once in the end', async () => {
  const people = crowd(2_000)
  let count = 2_000
  const image = await imageOfPeople(people, at, async () => add(people, count++))
  assert.equal(image.centerUsers.length, count)
})
