import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignForm, parseSource } from './index.ts'

test('TPL-189, TPL-191 a state before 0.12 and a configuration in JSON are known as such', () => {
  const formOf = (value: object) => {
    const root = parseSource(JSON.stringify(value), 'file.json')
    assert.ok(root.type !== 'problem')
    return /it is a (\w+) of Terraform/.exec(foreignForm(root) ?? '')?.[1]
  }
  const resource = { aws_iam_role: { app: { name: 'app' } } }
  const plan = { format_version: '1.2', planned_values: { root_module: {} } }
  for (const [value, form] of [
    [{ version: 3, terraform_version: '0.11.14', modules: [{ path: ['root'] }] }, 'state'],
    [{ version: 4, terraform_version: '0.12.0', resources: [] }, undefined],
    [{ version: 3, modules: {} }, undefined],
    [{ '//': { metadata: {} }, provider: { aws: [{}] }, resource, terraform: {} }, 'configuration'],
    [{ resource }, 'configuration'],
    [{ ...plan, resource }, undefined],
    [{ '//': 'a comment alone' }, undefined],
    [{ Resources: {} }, undefined],
  ] as const)
    assert.equal(formOf(value), form, JSON.stringify(value))
})
