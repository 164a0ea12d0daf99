import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { policyText } from '../kit/index.ts'
import { omen, omenProcess, temporaryHome } from './process.ts'

/** A command of each heading of the help, with the words that follow it. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'Try it': ['learn', 'list', '--lang', 'ja'],
  'Run a server': ['status', '--home', '.'],
  'Use roles': ['whoami', '--home', '.'],
  'Ask about permissions': ['can', 'dora', 'iam:GetUser', '--home', '.'],
  'Find who can become whom': ['paths', 'nobody', 'administrator', '--from', 'policy.json'],
  'Check policies and templates': ['policy', 'lint', 'policy.json', '--fail-on', 'warning'],
  'Other commands': ['completion', 'csh'],
  help: ['help', 'policy', 'lint'],
  'no command': ['whomai'],
}

describe('a command in the process of the tests', () => {
  for (const [heading, words] of Object.entries(commands))
    test(`ends as in a process of its own: ${heading}`, async (t) => {
      const folder = temporaryHome(t)
      const allow = { Effect: 'Allow', Action: 'iam:*', Resource: '*' }
      writeFileSync(join(folder, 'policy.json'), policyText(allow))
      const environment = { COLUMNS: '90', OMEN_HOME: folder }
      const own = await omenProcess(words, environment, folder)
      assert.notEqual(own.stdout + own.stderr, '')
      assert.deepEqual(await omen(words, environment, folder), own)
    })

  test('finds and leaves the variables, the folder and the exit code of the process as they were', async (t) => {
    const before = [{ ...process.env }, process.cwd(), process.exitCode, process.argv]
    const { status } = await omen(['policy', 'lint', 'none.json'], { OMEN_HOME: 'x' }, temporaryHome(t))
    assert.equal(status, 252)
    assert.deepEqual([{ ...process.env }, process.cwd(), process.exitCode, process.argv], before)
  })
})
