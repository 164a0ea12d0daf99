import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { omen, temporaryHome } from './process.ts'

const allowed = {
  name: 'an allow allows',
  request: {
    principal: 'arn:aws:iam::123456789012:user/dev',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::a/b',
  },
  policies: {
    identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }],
  },
  expect: 'allowed',
}

describe('omen test', { concurrency: 2 }, () => {
  test('passes, and closes with the counts', async (t) => {
    const file = join(temporaryHome(t), 'case.json')
    writeFileSync(file, JSON.stringify(allowed))
    const { status, stdout } = await omen(['test', file])
    assert.equal(status, 0)
    assert.equal(stdout, '1 passed, 0 failed\n')
  })

  test('says what failed and why, and exits 1', async (t) => {
    const file = join(temporaryHome(t), 'case.json')
    writeFileSync(file, JSON.stringify([allowed, { ...allowed, name: 'wrong <&>', expect: 'explicitDeny' }]))
    const human = await omen(['test', file])
    assert.equal(human.status, 1)
    assert.match(human.stdout, /expected explicitDeny, got allowed/)
    assert.ok(human.stdout.endsWith('1 passed, 1 failed\n'))
    const json = await omen(['test', file, '--output', 'json'])
    assert.equal(json.status, 1)
    const lines = json.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    assert.deepEqual(lines[0], {
      name: 'an allow allows',
      status: 'passed',
      expect: 'allowed',
      got: 'allowed',
      because: 'identity',
      file,
      line: 1,
      column: 2,
    })
    const junit = await omen(['test', file, '--output', 'junit'])
    assert.match(junit.stdout, /<testsuites tests="2" failures="1" errors="0">/)
    assert.ok(junit.stdout.includes('wrong &lt;&amp;&gt;'))
  })

  test('exits 252 on a file that is no case', async (t) => {
    const home = temporaryHome(t)
    writeFileSync(join(home, 'bad.json'), '{ "name": ')
    writeFileSync(join(home, 'other.json'), JSON.stringify({ ...allowed, expect: 'maybe' }))
    assert.equal((await omen(['test', join(home, 'bad.json')])).status, 252)
    assert.equal((await omen(['test', join(home, 'other.json')])).status, 252)
    assert.equal((await omen(['test', join(home, 'nowhere')])).status, 252)
  })
})
