import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inventoriesOfAnswers } from './fetched.ts'

const account = '123456789012'

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
