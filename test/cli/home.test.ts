import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { omen, type Served, serve, start, temporaryHome } from './process.ts'

async function whoIs(
  { url, keys }: Pick<Served, 'url' | 'keys'>,
  region = 'us-east-1',
): Promise<string | undefined> {
  const client = new STSClient({
    endpoint: url,
    region,
    credentials: keys.admin,
    maxAttempts: 1,
  })
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn
  } finally {
    client.destroy()
  }
}

const admin = 'arn:aws:iam::123456789012:user/admin'

describe('a home belongs to one server and one master key', { concurrency: 2 }, () => {
  test('of several first starts at once one wins, and its key and credentials are those that stay', async (t) => {
    const home = temporaryHome(t)
    const served: Served[] = []
    const refused: string[] = []
    const first = () =>
      serve(home).then(
        (each) => served.push(each),
        (error: Error) => refused.push(error.message),
      )
    await Promise.all([first(), first(), first()])
    assert.deepEqual([served.length, refused.length], [1, 2])
    for (const message of refused) assert.match(message, /ended with 253: .*(?:in use by|served by)/)
    await served[0]!.stop('SIGKILL')
    const again = await serve(home)
    assert.deepEqual(again.keys, served[0]!.keys)
    assert.equal(await whoIs(again), admin)
    await again.stop('SIGTERM')
  })

  test('a wrong master key is refused, in the environment and in the file; nothing is changed', async (t) => {
    const home = temporaryHome(t)
    const right = 'a'.repeat(64)
    await (await serve(home, [], { OMEN_MASTER_KEY: right })).stop('SIGTERM')
    const arguments_ = ['start', '--port', '0', '--home', home]
    const wrong = await omen(arguments_, { OMEN_MASTER_KEY: 'b'.repeat(64) })
    assert.equal(wrong.status, 253)
    assert.match(
      wrong.stderr,
      /^omen: OMEN_MASTER_KEY does not hold the key of \S+omen\.db: nothing was changed\n$/,
    )
    // neither does it leave keys behind that are of no account
    const credentials = join(home, 'credentials.json')
    const kept = readFileSync(credentials)
    rmSync(credentials)
    assert.equal((await omen(arguments_, { OMEN_MASTER_KEY: 'b'.repeat(64) })).status, 253)
    assert.equal(existsSync(credentials), false)
    writeFileSync(credentials, kept)
    const missing = await omen(arguments_)
    assert.deepEqual([missing.status, existsSync(join(home, 'master.key'))], [253, false])
    writeFileSync(join(home, 'master.key'), 'c'.repeat(64))
    assert.match((await omen(arguments_)).stderr, /master\.key does not hold the key of/)
    const served = await serve(home, [], { OMEN_MASTER_KEY: right })
    assert.equal(await whoIs(served), admin)
    // the check value outlives a reset
    const unasked = await omen(['reset', '--home', home])
    assert.deepEqual(
      [unasked.status, unasked.stderr],
      [252, 'omen: say --yes to delete everything in the server\n'],
    )
    assert.equal((await omen(['reset', '--yes', '--home', home])).status, 0)
    await served.stop('SIGTERM')
    assert.equal((await omen(arguments_, { OMEN_MASTER_KEY: 'b'.repeat(64) })).status, 253)
  })

  test('a home is of one partition, which its other commands know (PAR-7, PAR-9)', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--partition', 'aws-cn'])
    const arn = 'arn:aws-cn:iam::123456789012:user/admin'
    assert.equal(await whoIs(served, 'cn-north-1'), arn)
    const env = await omen(['env', '--home', home, '--format', 'json'])
    assert.equal(JSON.parse(env.stdout).AWS_REGION, 'cn-north-1')
    assert.match((await omen(['whoami', '--home', home])).stdout, new RegExp(arn))
    const can = await omen([
      'can',
      'admin',
      'iam:GetUser',
      'arn:aws-cn:iam::123456789012:user/admin',
      '--home',
      home,
    ])
    assert.equal(can.status, 0, can.stderr)
    assert.equal((await omen(['reset', '--yes', '--home', home])).status, 0)
    const { stdout } = await served.stop('SIGTERM')
    assert.match(stdout, /account 123456789012 · partition aws-cn/)
    const other = await omen(['start', '--port', '0', '--home', home, '--partition', 'aws'])
    assert.equal(other.status, 253)
    assert.match(other.stderr, /^omen: this home is of partition aws-cn, not aws: choose another --home\n$/)
    const again = await serve(home)
    assert.equal(await whoIs(again, 'cn-north-1'), arn)
    await again.stop('SIGTERM')
    const unknown = await omen(['start', '--home', home, '--partition', 'aws-cm'])
    assert.equal(unknown.status, 252)
    assert.match(unknown.stderr, /unknown partition aws-cm; did you mean aws-cn\?/)
  })

  test('after kill -9 it starts, whichever process has the number now', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home)
    await served.stop('SIGKILL')
    const bystander = spawn('sleep', ['30'])
    t.after(() => bystander.kill())
    const file = join(home, 'server.json')
    const note = JSON.parse(readFileSync(file, 'utf8')) as object // what the server wrote
    writeFileSync(file, JSON.stringify({ ...note, pid: bystander.pid }))
    const again = await serve(home)
    assert.equal(await whoIs(again), admin)
    const second = await omen(['start', '--home', home, '--port', '0'])
    assert.equal(second.status, 253)
    assert.match(second.stderr, new RegExp(`is served by process ${again.child.pid} at ${again.url}`))
    await again.stop('SIGTERM')
  })

  test('--memory needs none: beside another server, and where nothing can be written', async (t) => {
    const home = temporaryHome(t)
    const folder = join(home, '.omen')
    mkdirSync(folder)
    const first = await serve(folder)
    for (const HOME of [home, '/dev/null']) {
      const { child, line } = await startInMemory(HOME)
      const [, url, own] = /omen \S+ +(http:\S+)\n.* home (\S+)$/m.exec(line) ?? []
      assert.ok(url !== undefined && own !== undefined && own !== folder, line)
      assert.match((await omen(['status', '--home', own])).stdout, /memory/)
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
      assert.equal(existsSync(own), false)
    }
    assert.equal(await whoIs(first), admin)
    await first.stop('SIGTERM')
    rmSync(folder, { recursive: true })
  })

  test('who can become whom is asked of a stopped house, which nothing else may hold', async (t) => {
    const home = temporaryHome(t)
    const seed = join(home, 'seed.json')
    mkdirSync(home, { recursive: true })
    writeFileSync(
      seed,
      JSON.stringify({
        users: {
          dev: {
            policies: [{ Statement: [{ Effect: 'Allow', Action: 'iam:PutUserPolicy', Resource: '*' }] }],
          },
        },
      }),
    )
    const served = await serve(home, ['--seed', seed])
    const note = readFileSync(join(home, 'server.json'))
    rmSync(join(home, 'server.json'))
    const held = await omen(['paths', 'dev', '--home', home])
    assert.deepEqual([held.status, held.stdout], [253, ''])
    assert.match(held.stderr, /in use by another Omen/)
    writeFileSync(join(home, 'server.json'), note)
    await served.stop('SIGKILL')
    // the note is still there, but nothing answers
    const { status, stdout } = await omen(['paths', 'dev', '--home', home])
    assert.equal(status, 1, stdout)
    assert.match(stdout, /^user\/dev → administrator {8}proven, 1 step, at once\n/)
    const cut = await omen(['break', 'dev', '--home', home])
    assert.match(cut.stdout, /Cut 1: 1 edit, cost 1, no cut costs less/)
    assert.doesNotMatch(cut.stdout, /No trail was read/)
    assert.equal((await omen(['graph', '--home', home, '--format', 'mermaid'])).status, 0)
  })
})

/** `omen start --memory` with this home of the user's, once its banner is written. */
async function startInMemory(HOME: string) {
  const child = start(['start', '--memory', '--port', '0'], { HOME })
  let line = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      line += chunk.toString('utf8')
      if (line.includes('next:')) resolve()
    })
    child.stderr?.on('data', (chunk: Buffer) => reject(new Error(chunk.toString('utf8'))))
  })
  return { child, line }
}
