import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { operationOf } from './permission.ts'

test('every action that a route asks for is of a served operation', () => {
  const here = import.meta.dirname
  const sources = readdirSync(here).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const actions = new Set(
    sources.flatMap((name) =>
      [...readFileSync(join(here, name), 'utf8').matchAll(/\bby: \{ action: '([\w-]+:\w+)'/g)].map(
        ([, action = '']) => action,
      ),
    ),
  )
  assert.ok(actions.has('signin:RevokeOAuth2Token'), [...actions].join(' '))
  for (const action of actions) assert.ok(operationOf(action).operation.name, action)
})
