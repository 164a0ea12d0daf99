import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { STS } from '@aws-sdk/client-sts'
import { type EventView, LogFile, pagesOfEvents } from '../../packages/server/src/cli/index.ts'
import { omen, serve, temporaryHome } from './process.ts'
import { anyoneHere, serverWithRoles } from './roles.ts'

describe('a home and its server', { concurrency: 2 }, () => {
  test('logs and stop: what the server said of itself, and its end', async (t) => {
    const home = temporaryHome(t)
    const none = await omen(['logs', '--home', home])
    assert.equal(none.status, 253, none.stderr)
    const served = await serve(home)
    const told = await omen(['logs', '--home', home])
    assert.match(
      told.stdout,
      /^\d{4}-\d\d-\d\dT\S+Z omen \S+ serves at http:\S+, mode enforce, process \d+\n$/,
    )
    const log = join(home, 'omen.log')
    assert.equal(statSync(log).mode & 0o777, 0o600)
    assert.equal((await omen(['logs', '--home', home, '-n', '0'])).stdout, '')
    const stopped = await omen(['stop', '--home', home])
    assert.equal(stopped.status, 0, stopped.stderr)
    assert.equal((await served.stop('SIGTERM')).status, 0) // it has ended already
    const again = await omen(['stop', '--home', home])
    assert.equal(again.status, 255)
    assert.match(again.stderr, /no server runs on the home/)
    const [last] = (await omen(['logs', '--home', home, '-n', '1'])).stdout.split('\n')
    assert.match(last!, / stopped: process \d+$/)
    assert.ok(!readFileSync(log, 'utf8').includes(served.keys.root.secretAccessKey))
  })

  test('what callers send does not forge lines of the log', (t) => {
    const file = join(temporaryHome(t), 'omen.log')
    const log = new LogFile(file)
    log.write('request 1: Error: no \u001b[2Jname\n2026-01-01T00:00:00Z stopped: process 7')
    log.write('stopped: process 8')
    const [first, second, third, ...rest] = readFileSync(file, 'utf8').split('\n')
    assert.match(first!, /^\d{4}-\S+Z request 1: Error: no \\u001b\[2Jname$/)
    assert.equal(second, '  2026-01-01T00:00:00Z stopped: process 7')
    assert.match(third!, /^\d{4}-\S+Z stopped: process 8$/)
    assert.deepEqual(rest, [''])
  })

  test('stop ends no process but the one that answers to the home’s key', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const bystander = spawn('sleep', ['30'])
    t.after(() => bystander.kill())
    const other = temporaryHome(t)
    const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) }
    const note = { url: served.url, pid: bystander.pid, keys: { root: key, admin: key } }
    writeFileSync(join(other, 'server.json'), JSON.stringify(note))
    assert.equal((await omen(['stop', '--home', other])).status, 254)
    assert.equal(bystander.exitCode, null)
    assert.equal(bystander.killed, false)
  })

  test('stop ends no process of another container that shares the home', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const bystander = spawn('sleep', ['30'])
    t.after(() => bystander.kill())
    const file = join(home, 'server.json')
    const note = JSON.parse(readFileSync(file, 'utf8')) as object // what the server wrote
    writeFileSync(file, JSON.stringify({ ...note, pid: bystander.pid, processSpace: 'elsewhere' }))
    const { status, stderr } = await omen(['stop', '--home', home])
    assert.equal(status, 255)
    assert.match(stderr, /another container or machine: end its process \d+ there/)
    assert.equal(bystander.exitCode ?? bystander.signalCode, null)
  })

  test('a note from before a restart of the machine or container does not stop a server from starting', async (t) => {
    const home = temporaryHome(t)
    await (await serve(home)).stop('SIGTERM')
    const note = { url: 'http://127.0.0.1:1', pid: process.pid, processSpace: 'of before', keys: {} }
    writeFileSync(join(home, 'server.json'), JSON.stringify(note))
    const served = await serve(home)
    assert.equal((await served.stop('SIGTERM')).status, 0)
  })

  test('sessions: what was handed out and is not over, by whom', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('deployer', anyoneHere)
    const { home } = server
    assert.match(
      (await omen(['sessions', '--home', home])).stderr,
      /^no temporary credentials that have not expired/,
    )
    await omen(['assume', 'deployer', '--home', home])
    const { stdout } = await omen(['sessions', '--home', home, '--output', 'json'])
    const [session, ...more] = JSON.parse(stdout) as readonly Record<string, string>[] // its own form
    assert.deepEqual(more, [])
    assert.match(session!.arn!, /^arn:aws:sts::\d{12}:assumed-role\/deployer\/admin$/)
    assert.match(session!.by!, /:user\/admin$/)
    assert.match(session!.accessKeyId!, /^ASIA/)
    const hour = Date.parse(session!.expiresAt!) - Date.parse(session!.issuedAt!)
    assert.ok(Math.abs(hour - 3_600_000) <= 1_000)
    assert.match(session!.expiresAt!, /:\d\dZ$/)
    assert.match(
      (await omen(['sessions', '--home', home])).stdout,
      /assumed-role\/deployer\/admin +admin +ASIA/,
    )
    const narrow = (await omen(['sessions', '--home', home], { COLUMNS: '80' })).stdout
    for (const line of narrow.split('\n')) assert.ok(line.length <= 80, line) // SHL-26
    assert.match(narrow, /^deployer\/admin +admin +ASIA[A-Z2-7]{16} /m)
    assert.equal((await omen(['sessions', '--home', home, '--role', 'other'])).stdout, '')
  })

  test('what callers send does not forge lines of why (TRL-7)', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const credentials = served.keys.admin
    const sts = new STS({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 })
    const RoleArn = 'arn:aws:iam::123456789012:role/x\n✓ allowed  sts:AssumeRole'
    await assert.rejects(sts.assumeRole({ RoleArn, RoleSessionName: 'work' }), { name: 'AccessDenied' })
    sts.destroy()
    const { stdout } = await omen(['why', '--home', home])
    assert.match(stdout, /^✗ DENIED {2}sts:AssumeRole {2}\S+role\/x\\n✓ allowed/)
    assert.ok(!stdout.split('\n').some((line) => line.startsWith('✓')))
  })

  test('of a server that died it is said so, with what to do', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    await served.stop('SIGKILL')
    for (const command of [['status'], ['sessions'], ['stop'], ['can', 'bob', 'iam:GetUser']]) {
      const { status, stderr } = await omen([...command, '--home', home])
      assert.equal(status, 255)
      assert.match(stderr, /^omen: http:\S+ does not answer \(connect ECONNREFUSED \S+\): \S*omen start\n$/)
    }
  })

  test('version says what runs', async () => {
    const { stdout, status } = await omen(['version', '--output', 'json'])
    assert.equal(status, 0)
    assert.deepEqual(Object.keys(JSON.parse(stdout)), ['omen', 'node', 'platform'])
    assert.match((await omen(['version'])).stdout, /^omen \S+ on Node \S+ \(/)
  })

  test('can requires an action with its service', async (t) => {
    const { status, stderr } = await omen(['can', 'bob', 'CreateUser', '--home', temporaryHome(t)])
    assert.equal(status, 252)
    assert.match(stderr, /iam:CreateUser/)
  })
})

test('events are asked for page after page, to the last one', async (t) => {
  const total = 3
  const server = createServer((request, response) => {
    const after = Number(new URL(request.url!, 'http://x').searchParams.get('after') ?? 0)
    const sequence = Math.min(after + 1, total)
    const record = { eventName: `E${sequence}` }
    response.end(JSON.stringify({ position: String(sequence), events: sequence > after ? [{ record }] : [] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo // it listens on a TCP address
  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) }
  const note = {
    url: `http://127.0.0.1:${port}`,
    pid: process.pid,
    mode: 'enforce',
    store: '',
    account: '',
    keys: { root: key, admin: key },
  } as const
  const names: string[] = []
  for await (const { events } of pagesOfEvents({ server: note, keys: key }, {}))
    names.push(...events.map(({ record }: EventView) => record.eventName))
  assert.deepEqual(names, ['E1', 'E2', 'E3'])
})
