import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { fileSchemas } from '../../packages/server/src/cli/index.ts'
import { plainValue } from '../../packages/server/src/shape/index.ts'
import { readTree } from '../../packages/server/src/sources/index.ts'
import { filesLike, readText } from './files.ts'

describe('the JSON Schemas of seed and case files', () => {
  const ajv = new Ajv2020({ strict: false })

  for (const [name, schema] of Object.entries(fileSchemas())) {
    test(`${name} is what the shape says`, () => {
      assert.deepEqual(
        JSON.parse(readText(`packages/server/schemas/${name}`)),
        JSON.parse(JSON.stringify(schema)),
        'run: npx node --conditions=@omen/source tools/schemas.ts',
      )
    })
  }

  test('they take the good examples and refuse the bad', () => {
    const check = (name: string) => ajv.compile(fileSchemas()[name] ?? {})
    const cases = check('cases.schema.json')
    for (const file of [
      'test/cli/cases/good.yaml',
      'test/cli/cases/wrong.yaml',
      'test/cli/cases/seeded.yaml',
    ])
      assert.ok(cases(parsed(file)), `${file} ${JSON.stringify(cases.errors)}`)
    for (const file of filesLike('cases/**/*.json').slice(0, 12))
      assert.ok(cases(parsed(file)), `${file} ${JSON.stringify(cases.errors)}`)
    assert.ok(!cases({ cases: [{ who: 'a', cann: 'x' }] }))
    const seed = check('seed.schema.json')
    assert.ok(seed(parsed('test/seed/files/seed.yaml')), JSON.stringify(seed.errors))
    assert.ok(!seed({ users: { a: { polices: [] } } }))
    assert.ok(!seed({ roles: { a: {} } }))
    const inventory = check('inventory.schema.json')
    for (const line of readText('test/graph/worlds.jsonl').trim().split('\n')) {
      const world = JSON.parse(line)
      if (world.inventory !== undefined)
        assert.ok(inventory(world.inventory), `${world.name} ${JSON.stringify(inventory.errors)}`)
    }
    assert.ok(!inventory({ resources: [{ type: 'AWS::Lambda::Function' }] }))
    assert.ok(!inventory({ accesKeys: {} }))
  })
})

function parsed(file: string): unknown {
  const root = readTree(readText(file), file)
  assert.ok(root.type !== 'problem')
  // the reader keeps YAML's numbers as texts, an editor does not
  return JSON.parse(JSON.stringify(plainValue(root)).replaceAll(/"(7200|[01])"/g, '$1'))
}
