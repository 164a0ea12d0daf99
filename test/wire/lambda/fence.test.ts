import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { url as inspectorUrl } from 'node:inspector'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../../packages/server/src/base/index.ts'
import { createOmen } from '../../../packages/server/src/index.ts'
import { Functions } from '../../../packages/server/src/workload/functions/index.ts'
import { needs, zipOf } from '../../support/index.ts'
import { failure } from '../ec2-house.ts'
import { type LambdaServer, lambdaServer } from './house.ts'

/** A handler that tries each attack and answers what came of it. */
const attacker = `
const fs = require('node:fs'), os = require('node:os'), http = require('node:http'), net = require('node:net')
const { DatabaseSync } = require('node:sqlite')
const tried = async (act) => { try { return { did: await act() } } catch (error) { return { failed: String(error.code ?? error.message) } } }
const get = (url) => new Promise((resolve, reject) => http.get(url, (answer) => {
  let text = ''
  answer.on('data', (chunk) => { text += chunk }).on('end', () => resolve(answer.statusCode + ' ' + text))
}).on('error', reject))
const reach = (host, port) => new Promise((resolve, reject) => net.connect(port, host, () => resolve('reached')).on('error', reject))
exports.handler = async ({ folder, port, pid, metadata }) => {
  const attacks = {
    openDatabase: () => new DatabaseSync(folder + '/omen.db').exec('select 1'),
    readKey: () => new DatabaseSync(':memory:').exec("attach '" + folder + "/master.key' as k; select * from k.sqlite_master"),
    vacuumOut: () => new DatabaseSync(':memory:').exec("create table t (a); vacuum into '" + folder + "/out'"),
    vacuumIntoCode: () => new DatabaseSync(':memory:').exec("create table t (a); vacuum into '/var/task/out'"),
    vacuumOwn: () => new DatabaseSync(':memory:').exec("create table t (a); vacuum into '" + os.tmpdir() + "/own'"),
    inspector: () => process._kill(process.ppid, 10) === 0 ? 'sent' : Promise.reject(new Error('refused')),
    kill: () => process._kill(process.ppid, 9) === 0 ? 'sent' : Promise.reject(new Error('refused')),
    killHouse: () => process._kill(pid, 9) === 0 ? 'sent' : Promise.reject(new Error('refused')),
    priority: () => os.setPriority(process.ppid, 19),
    priorityOfHouse: () => os.setPriority(pid, 19),
    neighbour: () => reach('127.0.0.1', port),
    metadata: () => get(metadata),
    outside: () => reach('192.0.2.1', 80),
    omen: () => get(process.env.AWS_ENDPOINT_URL + '/'),
    admin: () => get(process.env.AWS_ENDPOINT_URL + '/_omen/health'),
    localhost: () => get('http://localhost:' + new URL(process.env.AWS_ENDPOINT_URL).port + '/_omen/health'),
    signIn: () => get(process.env.AWS_ENDPOINT_URL + '/signin'),
    consoleRoot: () => get(process.env.AWS_ENDPOINT_URL + '/_omen'),
    federation: () => get(process.env.AWS_ENDPOINT_URL + '/federation'),
    space: () => { const { bsize, blocks } = fs.statfsSync('/tmp'); return bsize * blocks },
  }
  const results = {}
  for (const [name, act] of Object.entries(attacks)) results[name] = await tried(act)
  return results
}`

describe('a function behind its fence', needs('bubblewrap'), () => {
  let omen: LambdaServer
  let folder: string
  const server = createServer((_request, response) => response.end())
  let results: Readonly<Record<string, { readonly did?: unknown; readonly failed?: string }>>

  before(async () => {
    omen = await lambdaServer()
    folder = mkdtempSync(join(tmpdir(), 'omen-home-'))
    writeFileSync(join(folder, 'master.key'), 'secret')
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const metadata = `http://127.0.0.1:${port}/latest/meta-data/`
    const event = { folder, port, pid: process.pid, metadata }
    await omen.create(attacker, { FunctionName: 'attacker' })
    const ended = await omen.invoke({ FunctionName: 'attacker', Payload: JSON.stringify(event) })
    assert.equal(ended.error, undefined, JSON.stringify(ended.payload))
    results = ended.payload as typeof results
  })
  after(async () => {
    server.close()
    await omen?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  test('opens no database and writes no file of the machine (LAM-70)', () => {
    for (const attack of ['openDatabase', 'readKey', 'vacuumOut', 'vacuumIntoCode'])
      assert.ok(results[attack]?.failed, attack)
    assert.deepEqual(readdirSync(folder), ['master.key'])
    assert.equal(results.vacuumOwn?.failed, undefined, 'its own folder it can write')
  })

  test('sends no signal to the server and does not slow it (LAM-70)', () => {
    for (const attack of ['inspector', 'kill', 'killHouse', 'priority', 'priorityOfHouse'])
      assert.ok(results[attack]?.failed, attack)
    assert.equal(inspectorUrl(), undefined)
    assert.equal(getPriority(), getPriority(process.pid))
  })

  test('reaches the omen’s APIs and nothing else (LAM-71)', () => {
    assert.equal(results.neighbour?.failed, 'ECONNREFUSED')
    assert.equal(results.metadata?.failed, 'ECONNREFUSED')
    assert.match(results.outside?.failed ?? '', /ENETUNREACH|EHOSTUNREACH/)
    assert.match(String(results.omen?.did), /^[234]\d\d /)
    assert.equal(results.admin?.did, '403 Functions reach the APIs only.\n')
    assert.equal(results.localhost?.did, results.admin?.did)
    assert.equal(results.consoleRoot?.did, results.admin?.did)
    assert.match(String(results.signIn?.did), /^403 .*NotForFunctions/, 'failed tries would lock people out')
    assert.match(String(results.federation?.did), /^400 .*getSigninToken/)
  })

  test('has /tmp of EphemeralStorage’s size (LAM-54)', () => {
    assert.equal(results.space?.did, 512 * 1_048_576)
  })

  test('is killed where it makes more files than its /tmp has blocks (LAM-73)', async () => {
    const maker = `const fs = require('node:fs'), scratch = require('node:os').tmpdir()
exports.handler = async () => { for (let i = 0; i < 400_000; i++) fs.closeSync(fs.openSync(scratch + '/' + i, 'w')) }`
    await omen.create(maker, { FunctionName: 'maker', Timeout: 60 })
    const { payload } = await omen.invoke({ FunctionName: 'maker' })
    assert.match(JSON.stringify(payload), /signal: killed|ENOSPC/)
  })

  test('has variables that no shell, loader or launcher sees (LAM-51)', async () => {
    const file = join(folder, 'ran')
    const Variables = {
      SHELLOPTS: 'xtrace',
      PS4: `$(touch ${file})`,
      BASH_ENV: file,
      ENV: file,
      LD_PRELOAD: '/nowhere/preloaded.so',
      NODE_OPTIONS: '--require /nowhere/required.js',
    }
    await omen.create('exports.handler = async () => process.env', {
      FunctionName: 'shown',
      Environment: { Variables },
    })
    const { payload, log, error } = await omen.invoke({ FunctionName: 'shown' })
    assert.equal(error, undefined, log)
    for (const [name, value] of Object.entries(Variables))
      assert.equal((payload as Record<string, string>)[name], value)
    assert.doesNotMatch(log, /preloaded|required/)
    assert.equal(existsSync(file), false)
  })

  test('is another one each time, and not the server’s user (LAM-70)', async () => {
    await omen.create(
      'exports.handler = async () => { const file = require("node:os").tmpdir() + "/x"; const before = require("node:fs").existsSync(file); require("node:fs").writeFileSync(file, ""); return [before, process.pid, process.getuid()] }',
      { FunctionName: 'new' },
    )
    for (let i = 0; i < 2; i++) {
      const [before, pid, uid] = (await omen.invoke({ FunctionName: 'new' })).payload as [
        boolean,
        number,
        number,
      ]
      assert.equal(before, false)
      assert(pid < 10)
      assert.notEqual(uid, 0)
    }
  })
})

test('unconfined functions run with the server’s rights, and only where that is said (LAM-72)', async () => {
  await using omen = await createOmen({ runFunctions: 'unconfined' })
  assert.deepEqual(await omen.omen.deps.functions.how(), { how: 'unconfined' })
  const ended = await omen.omen.deps.functions.run({
    requestId: 'r',
    holder: { function: 'f', caller: 'c' },
    name: 'f',
    arn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
    version: '$LATEST',
    zip: zipOf({
      'index.js': 'exports.handler = async () => [process.ppid, process.env.X]',
    }),
    handler: 'index.handler',
    timeoutSeconds: 10,
    memoryMegabytes: 128,
    storageMegabytes: 512,
    environment: { X: 'x' },
    event: '{}',
  })
  assert.equal(ended.payload, JSON.stringify([process.pid, 'x']))
})

test('without a fence a function is kept and Invoke says why (LAM-72)', async () => {
  await using omen = await lambdaServer()
  await omen.create('exports.handler = async () => 1')
  const because = 'darwin has no fence that Omen knows'
  const runner = new Functions(systemClock, 'fenced', async () => ({ fence: undefined, because }))
  assert.deepEqual(await runner.how(), { how: 'not run', because })
  const { functions } = omen.omen.omen.deps
  functions.assertRuns = () => runner.assertRuns()
  for (const InvocationType of ['RequestResponse', 'Event'] as const) {
    const { name, message, status } = await failure(omen.invoke({ InvocationType, LogType: 'None' }))
    assert.deepEqual([name, status], ['InvalidRuntimeException', 502])
    assert.match(
      message,
      /^Omen keeps this function and does not run it: .*\(darwin has no fence that Omen knows\)/,
    )
  }
  assert.equal((await omen.invoke({ InvocationType: 'DryRun', LogType: 'None' })).status, 204)
})
