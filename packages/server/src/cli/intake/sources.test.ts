import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSeed } from './sources.ts'

test('a seed is known by its members, and by none that answers, templates and plans have', () => {
  const cases: Readonly<Record<string, boolean>> = {
    'users: {}': true,
    '{"$schema":"s"}': true,
    '{"alias":"a"}': true,
    '{"policies":{},"odd":1}': true,
    '{"groups":{}}': true,
    '{"roles":{}}': true,
    '{"accounts":{}}': true,
    '{"organization":{},"Xversion":1,"my_request":1,"planned_values_too":1,"versions":1}': false,
    '{"organization":{},"my_request":1,"planned_values_too":1,"versions":1,"aB":1}': true,
    '{"users":{},"request":{}}': false,
    '{"roles":{},"format_version":"1"}': false,
    '{"roles":{},"terraform_version":"1"}': false,
    '{"roles":{},"planned_values":{}}': false,
    '{"roles":{},"version":4}': false,
    '{"users":{},"Resources":{}}': false,
    '{"odd":1}': false,
    '[{"users":{}}]': false,
    ' [users]': false,
    'user,arn,users': false,
    '{"users":': false,
  }
  for (const [text, is] of Object.entries(cases)) assert.equal(isSeed({ name: 'a.yaml', text }), is, text)
  const long = `users: {}\n${'#'.repeat(4 * 1024 * 1024)}`
  assert.equal(isSeed({ name: 'a.yaml', text: long }), false)
})
