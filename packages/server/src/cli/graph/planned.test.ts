import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { worldOfFiles } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'omen-resources-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('TPL-213 the resources of a template count, until an inventory lists others', () => {
  const role = 'arn:aws:iam::123456789012:role/deploy'
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Dev: { Type: 'AWS::IAM::User', Properties: { UserName: 'dev' } },
      Pay: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'pay', Role: role } },
    },
  }
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const from = [file('app.json', template)]
  const ofWorkloads = (inventory: readonly string[]) => {
    const { resources, listed } = worldOfFiles({ from, inventory }).inventory
    return { roles: resources?.map((each) => each.role), listed: listed === undefined ? 'all' : [...listed] }
  }
  assert.deepEqual(ofWorkloads([]), { roles: [role], listed: [] })
  assert.deepEqual(ofWorkloads([file('keys.json', { accessKeys: { dev: 1 } })]), {
    roles: [role],
    listed: [],
  })
  assert.deepEqual(ofWorkloads([file('none.json', { resources: [] })]), { roles: [], listed: 'all' })
})
