import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { awsCli, needs, python, zipOf } from '../../support/index.ts'
import { failure } from '../ec2-house.ts'
import { lambdaServer, roleArn, withFolder } from './house.ts'

type Environment = Readonly<Record<string, string>>

const echo = 'exports.handler = async (event, context) => ({ event, context, env: process.env })'

describe('Invoke runs the handler', () => {
  test('with the event, the context, and its log’s end (LAM-31, LAM-33, LAM-34)', async () => {
    await using server = await lambdaServer()
    await server.create(`exports.handler = async (event, context) => {
      console.log('first\\nsecond', event)
      return { event, name: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
        left: context.getRemainingTimeInMillis() }
    }`)
    const { payload, error, log, status } = await server.invoke({ Payload: '{"key":"é"}' })
    const { left, ...rest } = payload as { left: number }
    assert.deepEqual(rest, {
      event: { key: 'é' },
      name: 'f',
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
      memory: '128',
    })
    assert(left > 5_000 && left <= 10_000)
    assert.deepEqual([error, status], [undefined, 200])
    const id = '[0-9a-f-]{36}'
    assert.match(log, new RegExp(`^START RequestId: (${id}) Version: \\$LATEST\\n`))
    assert.match(log, new RegExp(`\\dZ\\t${id}\\tINFO\\tfirst\\rsecond \\{ key: 'é' \\}\\n`))
    assert.match(
      log,
      new RegExp(`\\nEND RequestId: ${id}\\nREPORT RequestId: ${id}\\tDuration: \\d+\\.\\d\\d ms\\t`),
    )
  })

  test('answered as JSON, and asked in no type at all (LAM-57)', async () => {
    await using server = await lambdaServer()
    await server.create('exports.handler = async (event) => ({ event })')
    const types: unknown[] = []
    const client = server.client()
    client.middlewareStack.add(
      (next) => (args) => {
        // no client sends none: it is taken away before the request is signed
        const { headers } = args.request as { headers: Record<string, string> }
        delete headers['content-type']
        return next(args)
      },
      { step: 'build', priority: 'low' },
    )
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        types.push((result.response as { headers: Record<string, string> }).headers['content-type'])
        return result
      },
      { step: 'deserialize', priority: 'low' },
    )
    const { payload } = await server.invoke({ Payload: '{"key":1}' }, client)
    assert.deepEqual(payload, { event: { key: 1 } })
    for (const InvocationType of ['Event', 'DryRun'] as const) {
      await server.invoke({ InvocationType, LogType: undefined }, client)
    }
    assert.deepEqual(types, ['application/json', undefined, undefined])
  })

  test('wearing its role, found where every SDK looks for it (LAM-51, LAM-52)', async () => {
    await using server = await lambdaServer()
    await server.create(echo, {
      Environment: { Variables: { STAGE: 'test', NODE_OPTIONS: '--allow-child-process' } },
    })
    process.env.OMEN_TEST_SECRET = 'of the house'
    const { payload } = await server.invoke().finally(() => delete process.env.OMEN_TEST_SECRET)
    const { env } = payload as { env: Environment }
    const own = [
      'STAGE',
      '_HANDLER',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
      'AWS_EXECUTION_ENV',
      'AWS_ENDPOINT_URL',
      'AWS_ENDPOINT_URL_STS',
    ]
    assert.deepEqual(
      own.map((name) => env[name]),
      [
        'test',
        'index.handler',
        'us-east-1',
        'us-east-1',
        'AWS_Lambda_nodejs24.x',
        server.omen.endpoint,
        server.omen.endpoint,
      ],
    )
    assert.deepEqual([env.OMEN_TEST_SECRET, env.NODE_OPTIONS], [undefined, '--allow-child-process'])
    const credentials = {
      accessKeyId: env.AWS_ACCESS_KEY_ID!,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY!,
      sessionToken: env.AWS_SESSION_TOKEN!,
    }
    const sts = server.omen.client(STSClient, credentials)
    const who = await sts.send(new GetCallerIdentityCommand({}))
    assert.equal(who.Arn, 'arn:aws:sts::123456789012:assumed-role/fn/f')
    const trail = server.omen.client(CloudTrailClient)
    const { Events } = await trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' }],
      }),
    )
    const event = JSON.parse(Events![0]!.CloudTrailEvent!)
    assert.deepEqual(event.userIdentity, { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' })
    assert.deepEqual(event.requestParameters, { roleArn, roleSessionName: 'f' })
  })

  test('and the function can read what it calls (LAM-56)', async () => {
    await using server = await lambdaServer()
    await server.create(echo)
    const { env } = (await server.invoke()).payload as { env: Environment }
    await server.role('fn', 'lambda.amazonaws.com', {
      Action: 'lambda:InvokeFunction',
      Condition: {
        ArnEquals: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:us-east-1:123456789012:function:f' },
      },
    })
    const function_ = {
      accessKeyId: env.AWS_ACCESS_KEY_ID!,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY!,
      sessionToken: env.AWS_SESSION_TOKEN!,
    }
    await server.client(function_).send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'DryRun' }))
    await server.create(echo, { FunctionName: 'g' })
    const other = (await server.invoke({ FunctionName: 'g' })).payload as { env: Environment }
    const foreign = server.client({ ...function_, ...credentialsIn(other.env) })
    assert.equal(
      (await failure(foreign.send(new InvokeCommand({ FunctionName: 'f' })))).name,
      'AccessDeniedException',
    )
  })

  test('as a callback, as a module, from a folder; errors in Lambda’s form (LAM-31)', async () => {
    await using server = await lambdaServer()
    const cases: readonly [files: Readonly<Record<string, string>>, handler: string, expected: unknown][] = [
      [
        { 'index.js': 'exports.handler = (e, c, done) => setTimeout(() => done(null, 5), 5)' },
        'index.handler',
        5,
      ],
      [{ 'index.mjs': 'export const handler = async () => 7' }, 'index.handler', 7],
      [
        { 'index.js': 'export const handler = async () => 8', 'package.json': '{"type":"module"}' },
        'index.handler',
        8,
      ],
      [
        {
          'src/app.js': 'exports.api = { get: async () => require("./part").x }',
          'src/part.js': 'exports.x = 9',
        },
        'src/app.api.get',
        9,
      ],
      [{ 'index.js': 'exports.handler = async () => undefined' }, 'index.handler', null],
      [
        { 'index.js': 'exports.handler = async () => { throw "text" }' },
        'index.handler',
        { errorType: 'string', errorMessage: 'text', trace: [] },
      ],
    ]
    for (const [i, [files, Handler, expected]] of cases.entries()) {
      const FunctionName = `f${i}`
      await server.create('', { FunctionName, Handler, Code: { ZipFile: zipOf(files) } })
      assert.deepEqual((await server.invoke({ FunctionName })).payload, expected)
    }
    const failing: readonly [source: string, type: string, message: RegExp][] = [
      ['exports.handler = async () => { throw new TypeError("boom") }', 'TypeError', /^boom$/],
      ['exports.handler = (e, c, done) => done(new RangeError("far"))', 'RangeError', /^far$/],
      ['exports.handler = async () => { ', 'Runtime.UserCodeSyntaxError', /./],
      ['exports.other = 1', 'Runtime.HandlerNotFound', /^index\.handler is undefined or not exported$/],
      ['require("not-here")', 'Runtime.ImportModuleError', /Cannot find module 'not-here'/],
      [
        'exports.handler = async () => { Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 500)) }',
        'Runtime.UnhandledPromiseRejection',
        /^lost$/,
      ],
    ]
    for (const [i, [source, type, message]] of failing.entries()) {
      const FunctionName = `e${i}`
      await server.create(source, { FunctionName })
      const { payload, error } = await server.invoke({ FunctionName })
      const { errorType, errorMessage, trace } = payload as {
        errorType: string
        errorMessage: string
        trace: string[]
      }
      assert.deepEqual([error, errorType], ['Unhandled', type], errorMessage)
      assert.match(errorMessage, message)
      assert(!trace.join().includes(tmpdir()) && !trace.join().includes('packages/server'), trace.join('\n'))
    }
  })

  test('waits for it, starts it, or only asks (LAM-32)', async () => {
    await using server = await lambdaServer()
    await server.create('exports.handler = async ({ n }) => n + 1')
    const { functions } = server.omen.omen.deps
    const told = Promise.withResolvers<string>()
    const run = functions.run.bind(functions)
    functions.run = (each) => {
      const ended = run(each)
      ended.then(({ payload }) => told.resolve(payload), told.reject)
      return ended
    }
    const Payload = '{"n":1}'
    const dry = await server.invoke({ InvocationType: 'DryRun', Payload, LogType: 'None' })
    assert.deepEqual([dry.status, dry.payload], [204, undefined])
    const started = await server.invoke({ InvocationType: 'Event', Payload, LogType: 'None' })
    assert.deepEqual([started.status, started.payload], [202, undefined])
    assert.equal(await told.promise, '2')
  })

  test('refuses what it cannot run, and a role that it cannot put on any more (LAM-14, LAM-30, LAM-37, LAM-38)', async () => {
    await using server = await lambdaServer()
    await server.create(echo)
    await server.create('print(1)', { FunctionName: 'py', Runtime: 'python3.13', Handler: 'app.handler' })
    assert.deepEqual(await failure(server.invoke({ FunctionName: 'py' })), {
      name: 'InvalidRuntimeException',
      message:
        'Omen runs handlers of Node.js only: this function is kept, but its runtime, python3.13, is not run here.',
      status: 502,
    })
    const noJson = await failure(server.invoke({ Payload: '{' }))
    assert.deepEqual([noJson.name, noJson.status], ['InvalidRequestContentException', 400])
    const large = await failure(
      server.invoke({ InvocationType: 'Event', Payload: `"${'x'.repeat(1_100_000)}"` }),
    )
    assert.deepEqual([large.name, large.status], ['RequestTooLargeException', 413])
    const context = await failure(
      server
        .invoke({ ClientContext: 'e30K!', Payload: '{}' })
        .then(() => server.invoke({ ClientContext: 'bm9uZQ==' })),
    )
    assert.equal(context.name, 'InvalidRequestContentException')
    await server.role('fn', 'ec2.amazonaws.com')
    assert.deepEqual(await failure(server.invoke()), {
      name: 'AccessDeniedException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
      status: 403,
    })
  })

  test('by boto3 and by the AWS CLI', needs('boto3', 'awsCli'), async () => {
    await using server = await lambdaServer()
    const target = { endpoint: server.omen.endpoint, credentials: server.omen.clientConfig().credentials }
    const program = `
import boto3, io, json, zipfile
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as file: file.writestr("index.js", "exports.handler = async (e) => ({ got: e.n + 1 })")
client = boto3.client("lambda")
client.create_function(FunctionName="b", Role="${roleArn}", Runtime="nodejs22.x", Handler="index.handler", Code={"ZipFile": buffer.getvalue()})
client.get_waiter("function_active_v2").wait(FunctionName="b")
answer = client.invoke(FunctionName="b", Payload=json.dumps({"n": 1}), LogType="Tail")
print(answer["StatusCode"], answer["ExecutedVersion"], json.load(answer["Payload"]))
`
    const boto = await python(target, program)
    assert.equal(boto.stdout, "200 $LATEST {'got': 2}\n", boto.stderr)
    const folder = mkdtempSync(join(tmpdir(), 'omen-test-'))
    try {
      const file = join(folder, 'answer.json')
      const cli = await awsCli(
        target,
        'lambda',
        'invoke',
        '--function-name',
        'b',
        '--payload',
        'eyJuIjoyfQ==',
        file,
      )
      assert.deepEqual(JSON.parse(cli.stdout), { StatusCode: 200, ExecutedVersion: '$LATEST' }, cli.stderr)
      assert.equal(readFileSync(file, 'utf8'), '{"got":3}')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

test('an invocation leaves no folder behind (LAM-54)', () =>
  withFolder(async (folder) => {
    await using server = await lambdaServer()
    await server.create('exports.handler = async () => require("node:os").tmpdir()')
    assert.equal((await server.invoke()).payload, '/tmp')
    assert.deepEqual(readdirSync(folder), [])
  }))

function credentialsIn(env: Environment) {
  return {
    accessKeyId: env.AWS_ACCESS_KEY_ID!,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY!,
    sessionToken: env.AWS_SESSION_TOKEN!,
  }
}
