import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { omen, serve, temporaryHome } from './process.ts'

describe('omen start --seed', () => {
  test('plants a folder once, and once only', async (t) => {
    const home = temporaryHome(t)
    const folder = join(temporaryHome(t), 'seeds')
    mkdirSync(join(folder, 'policies'), { recursive: true })
    const policy = join(import.meta.dirname, '..', 'seed', 'files', 'policies', 'deploy.json')
    copyFileSync(policy, join(folder, 'policies', 'deploy.json'))
    writeFileSync(
      join(folder, '1.yaml'),
      'roles:\n  ci: { trust: user/admin, policies: [./policies/deploy.json] }\n',
    )
    writeFileSync(join(folder, '2.json'), '{"users":{"dev":{}}}')
    const can = () => omen(['can', 'role/ci', 's3:PutObject', 'arn:aws:s3:::a/b', '--home', home])
    const first = await serve(home, ['--seed', folder])
    assert.equal((await can()).status, 0)
    assert.equal((await first.stop('SIGTERM')).status, 0)
    const second = await serve(home, [], { OMEN_SEED: folder })
    assert.equal((await can()).status, 0)
    const ended = await second.stop('SIGTERM')
    assert.deepEqual([ended.status, ended.stderr], [0, ''])
  })

  test('a seed that is refused stops the first start; mended, it is planted', async (t) => {
    const home = temporaryHome(t)
    const file = join(temporaryHome(t), 'seed.yaml')
    writeFileSync(file, 'users:\n  a:\nroles:\n  ci: { trust: role/nobody }\n')
    const refused = await omen(['start', '--port', '0', '--home', home, '--seed', file])
    assert.equal(refused.status, 253)
    assert.match(refused.stderr, /seed\.yaml:4:16: roles\.ci\.trust: .*Invalid principal/)
    writeFileSync(file, 'users:\n  a:\nroles:\n  ci: { trust: user/a }\n')
    const served = await serve(home, ['--seed', file])
    const { status } = await omen([
      'can',
      'user/a',
      'sts:AssumeRole',
      'arn:aws:iam::123456789012:role/ci',
      '--home',
      home,
    ])
    assert.equal(status, 0)
    await served.stop('SIGTERM')
  })

  test('a file that cannot be read changes nothing; a home in use is left alone', async (t) => {
    const home = temporaryHome(t)
    const file = join(temporaryHome(t), 'seed.yaml')
    writeFileSync(file, 'user: {}\n')
    const wrong = await omen(['start', '--home', home, '--seed', file])
    assert.equal(wrong.status, 253)
    assert.match(wrong.stderr, /seed\.yaml:1:1: user: unknown member; did you mean users\?/)
    await (await serve(home)).stop('SIGTERM')
    writeFileSync(file, 'users: { a: {} }\n')
    const served = await serve(home, ['--seed', file])
    const ended = await served.stop('SIGTERM')
    assert.match(ended.stderr, /was not planted/)
  })
})
