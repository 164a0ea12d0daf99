import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { policyText } from '../kit/index.ts'
import { omen } from './process.ts'
import { anyoneHere, serverWithRoles } from './roles.ts'

test('omen exec --scope gives a program less than its role (AGT-1)', async (t) => {
  const server = await serverWithRoles(t)
  await server.role('deployer', anyoneHere)
  const file = join(server.home, 'agent.json')
  const statement = { Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' }
  writeFileSync(file, policyText(statement))
  const program = `
    import { IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam'
    const iam = new IAMClient({})
    const tried = [new ListRolesCommand({}), new ListUsersCommand({})].map((each) => iam.send(each).then(() => 'ok', ({ name }) => name))
    console.log((await Promise.all(tried)).join(' '))`
  const run = (...words: readonly string[]) =>
    omen([
      'exec',
      '--home',
      server.home,
      'deployer',
      ...words,
      '--',
      process.execPath,
      '--input-type=module',
      '-e',
      program,
    ])
  const whole = await run()
  assert.equal(whole.stdout, 'ok ok\n', whole.stderr)
  const scoped = await run('--scope', file)
  assert.equal(scoped.stdout, 'ok AccessDenied\n', scoped.stderr)
  assert.equal((await run('--scope', join(server.home, 'none.json'))).status, 253)
})
