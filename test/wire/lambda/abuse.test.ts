import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type ZipEntry, zipOf } from '../../support/index.ts'
import { failure } from '../ec2-house.ts'
import { lambdaServer, roleArn, withFolder } from './house.ts'

interface Failed {
  readonly errorType: string
  readonly errorMessage: string
}

const linux = { skip: process.platform === 'linux' ? false : 'memory is watched on Linux only' }

describe('a handler that means harm is bounded and reported', () => {
  /** Runs a handler's body, and says how it ended. */
  async function run(body: string, settings: object = {}) {
    await using server = await lambdaServer()
    await server.create(`exports.handler = async (event) => { ${body} }`, settings)
    const { payload, error, log } = await server.invoke()
    return { payload: payload as Failed, error, log }
  }

  test('one that hangs, busy or idle, is stopped at its time (LAM-35)', async () => {
    const bodies = ['for (;;);', 'await new Promise(() => setInterval(() => {}, 1000))']
    for (const { payload, error, log } of await Promise.all(bodies.map((b) => run(b, { Timeout: 1 })))) {
      assert.equal(error, 'Unhandled')
      assert.equal(payload.errorType, 'Sandbox.Timedout')
      assert.match(
        payload.errorMessage,
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
      )
      assert.match(log, /Task timed out after 1\.00 seconds\n$/)
    }
  })

  test('one that dies says how (LAM-35)', async () => {
    for (const [body, how] of [
      ['process.exit(3)', 'Runtime exited with error: exit status 3'],
      ['process.exit(0)', 'Runtime exited without providing a reason'],
      ['process.abort()', 'Runtime exited with error: signal: aborted'],
    ] as const) {
      const { payload, error } = await run(body)
      assert.deepEqual([error, payload.errorType], ['Unhandled', 'Runtime.ExitError'])
      assert.match(payload.errorMessage, new RegExp(`^RequestId: [0-9a-f-]{36} Error: ${how}$`))
    }
  })

  test('one that fills memory is killed, in buffers as in the heap (LAM-35)', linux, async () => {
    for (const body of [
      'const a = []; for (;;) { a.push(Buffer.alloc(4e6, 1)); await new Promise((r) => setTimeout(r, 5)) }',
      'const a = []; for (;;) a.push(new Array(1000).fill(Math.random()))',
    ]) {
      const { payload } = await run(body)
      assert.equal(payload.errorType, 'Runtime.ExitError')
      assert.match(payload.errorMessage, /signal: (?:killed|aborted)$/)
    }
  })

  test('one that prints megabytes leaves the last four kilobytes (LAM-34)', async () => {
    const { payload, log } = await run(
      'for (let i = 0; i < 2000; i++) console.log("x".repeat(10000)); console.log("last"); return 1',
    )
    assert.equal(payload, 1)
    assert.equal(log.length, 4_096)
    assert.match(log, /\tINFO\tlast\nEND RequestId/)
  })

  test('one that answers megabytes is refused (LAM-36)', async () => {
    const { payload, error } = await run('return "x".repeat(7e6)')
    assert.deepEqual([error, payload.errorType], ['Unhandled', 'Function.ResponseSizeTooLarge'])
    assert.match(payload.errorMessage, /exceeded maximum allowed payload size \(6291556 bytes\)\.$/)
  })

  test('one that forks, threads, or kills is not let (LAM-53)', async () => {
    for (const body of [
      'require("node:child_process").execSync("id")',
      'require("node:cluster").fork()',
      'new (require("node:worker_threads").Worker)("", { eval: true })',
      'process.kill(process.ppid, 9)',
      'process.dlopen({ exports: {} }, "/lib/anything.so")',
    ]) {
      const { payload, error } = await run(body)
      assert.equal(error, 'Unhandled', body)
      assert.match(payload.errorMessage, /restricted|EPERM|disabled/, body)
    }
  })

  test('one that reads what is not its own finds nothing; it may write where it is allowed (LAM-53, LAM-54)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omen-home-'))
    try {
      const secret = join(folder, 'master.key')
      writeFileSync(secret, 'secret')
      for (const body of [
        `return require("node:fs").readFileSync(${JSON.stringify(secret)}, "utf8")`,
        'return require("node:fs").readFileSync("/proc/self/environ", "utf8")',
        'return require("node:fs").readdirSync("/var")',
        `require("node:fs").writeFileSync(__dirname + "/own-code", "x")`,
        `require("node:fs").symlinkSync(${JSON.stringify(folder)}, require("node:os").tmpdir() + "/link")`,
      ]) {
        const { payload, error } = await run(body)
        assert.equal(error, 'Unhandled', body)
        assert.match(
          payload.errorMessage,
          /Access to this API has been restricted|requires full fs|^ENOENT/,
          body,
        )
      }
      const { payload } = await run(
        'const f = require("node:os").tmpdir() + "/x"; require("node:fs").writeFileSync(f, "mine"); return require("node:fs").readFileSync(f, "utf8")',
      )
      assert.equal(payload, 'mine')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('one that runs when the server closes ends with it, and its caller gets an answer', () =>
    withFolder(async (folder) => {
      const server = await lambdaServer()
      await server.create('exports.handler = async () => { for (;;); }', { Timeout: 900 })
      await server.invoke({ InvocationType: 'Event', LogType: 'None' })
      const client = new LambdaClient(server.omen.clientConfig())
      const waiting = server.invoke({}, client)
      while (readdirSync(folder).length < 2) await sleep(10)
      // its own time would be a quarter of an hour
      await server[Symbol.asyncDispose]()
      assert.equal(((await waiting).payload as Failed).errorType, 'Runtime.ExitError')
      assert.deepEqual(readdirSync(folder), [])
      client.destroy()
    }))

  test('too many at once wait for each other, and are too many one day (LAM-39)', async () => {
    await using server = await lambdaServer()
    await server.create('exports.handler = () => new Promise(() => setTimeout(() => {}, 900_000))', {
      Timeout: 900,
    })
    // a client opens 50 connections
    const clients = [server.client(), server.client(), server.client()]
    const asked = Array.from({ length: 59 }, (_, n) => server.invoke({ LogType: 'None' }, clients[n % 3]))
    const refused = await failure(Promise.race(asked))
    assert.deepEqual(refused, { name: 'TooManyRequestsException', message: 'Rate Exceeded.', status: 429 })
    // an event waits as long as it must
    const event = await server.invoke({ InvocationType: 'Event', LogType: 'None' })
    assert.equal(event.status, 202)
    await server[Symbol.asyncDispose]()
    await Promise.allSettled(asked)
  })
})

describe('a package that means harm', () => {
  const index: ZipEntry = {
    name: 'index.js',
    data: 'exports.handler = async () => require("node:fs").readdirSync(".")',
  }
  const create = (ZipFile: Uint8Array) =>
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: roleArn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile },
    })

  test('is refused when it comes: names that leave the folder, too much, too many (LAM-40, LAM-41)', async () => {
    await using server = await lambdaServer()
    const many = Array.from({ length: 20_001 }, (_, i) => ({ name: `${i}`, data: '' }))
    const deep = Array.from({ length: 11 }, (_, i) => ({ name: `${i}/${'a/'.repeat(1_900)}b`, data: '' }))
    for (const [entries, says] of [
      [[index, { name: '../../evil.js', data: '' }], /^Could not unzip uploaded file\./],
      [[index, { name: '/evil.js', data: '' }], /^Could not unzip uploaded file\./],
      [[index, { name: 'C:\\evil.js', data: '' }], /^Could not unzip uploaded file\./],
      [
        [index, { name: 'bomb', data: '', lies: { size: 300e6 } }],
        /^Unzipped size must be smaller than 262144000 bytes$/,
      ],
      [[], /^Uploaded file must be a non-empty zip$/],
      [many, /^A package may have 20000 files here\.$/],
      [deep, /^A package may have 20000 folders here\.$/],
      [[index, { name: `${'a/'.repeat(2_001)}b`, data: '' }], /^Could not unzip uploaded file\./],
    ] as const) {
      const refused = await failure(server.lambda.send(create(zipOf(entries))))
      assert.equal(refused.name, 'InvalidParameterValueException')
      assert.match(refused.message, says)
    }
  })

  test('is not run where it lies about its files (LAM-42)', async () => {
    for (const entry of [
      { ...index, data: 'x'.repeat(100_000), lies: { size: 10 } },
      { ...index, lies: { crc: 1 } },
    ]) {
      await using server = await lambdaServer()
      await server.lambda.send(create(zipOf([entry])))
      const refused = await failure(server.invoke())
      assert.deepEqual([refused.name, refused.status], ['InvalidZipFileException', 502])
    }
    await using server = await lambdaServer()
    await server.lambda.send(create(zipOf([index, index])))
    assert.equal((await failure(server.invoke())).name, 'InvalidZipFileException')
  })

  test('brings no links with it (LAM-42)', async () => {
    await using server = await lambdaServer()
    await server.lambda.send(create(zipOf([index, { name: 'etc', data: '/etc', mode: 0o120777 }])))
    assert.deepEqual((await server.invoke()).payload, ['index.js'])
  })
})
