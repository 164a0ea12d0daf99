import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOldState, parseSource } from './index.ts'

test('TPL-189 a state of Terraform before 0.12 is known as such', () => {
  const isOld = (value: object) => {
    const root = parseSource(JSON.stringify(value), 'terraform.tfstate')
    assert.ok(root.type !== 'problem')
    return isOldState(root)
  }
  assert.equal(isOld({ version: 3, terraform_version: '0.11.14', modules: [{ path: ['root'] }] }), true)
  assert.equal(isOld({ version: 4, terraform_version: '0.12.0', resources: [] }), false)
  assert.equal(isOld({ version: 3, modules: {} }), false)
})
