import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createOmen } from 'omen-iam'
import { openNodes } from '../nodes/twins.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parent = 'b7ad6b7169203331'

test('without an SDK no span is made', async () => {
  await using omen = await createOmen({ port: false })
  await omen.client(IAMClient, 'admin').send(new CreateUserCommand({ UserName: 'before' }))
})

describe('with an OpenTelemetry SDK in the process', () => {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  after(() => {
    trace.disable()
    context.disable()
    propagation.disable()
  })
  const spansOf = async (work: () => Promise<unknown>) => {
    exporter.reset()
    await work()
    return exporter.getFinishedSpans()
  }

  test('with several nodes, a call that stores nothing waits for a confirmation, which is a span within', async () => {
    const { nodes, close } = await openNodes([{ delay: () => 0 }])
    try {
      const spans = await spansOf(() => nodes[0]!.iam().listUsers({}))
      const call = spans.find(({ name }) => name === 'iam ListUsers')
      const confirm = spans.find(({ name }) => name === 'omen.confirm')
      assert.ok(call)
      assert.equal(confirm?.parentSpanContext?.spanId, call.spanContext().spanId)
    } finally {
      await close()
    }
  })

  test('a call is a span of the caller’s trace, and its commit is one within', async () => {
    await using omen = await createOmen({ port: false })
    const iam = omen.client(IAMClient, 'admin')
    iam.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> } // an HTTP request
        headers.traceparent = `00-${traceId}-${parent}-01`
        return next(args)
      },
      { step: 'build' },
    )
    const spans = await spansOf(() => iam.send(new CreateUserCommand({ UserName: 'traced' })))
    const call = spans.find(({ name }) => name === 'iam CreateUser')
    assert.ok(call)
    assert.equal(call.kind, SpanKind.SERVER)
    assert.equal(call.spanContext().traceId, traceId)
    assert.equal(call.parentSpanContext?.spanId, parent)
    assert.equal(call.attributes['http.response.status_code'], 200)
    assert.match(String(call.attributes['aws.request_id']), /^[0-9a-f-]{36}$/)
    const commit = spans.find(({ name }) => name === 'omen.commit')
    assert.equal(commit?.spanContext().traceId, traceId)
    assert.equal(commit.parentSpanContext?.spanId, call.spanContext().spanId)
    assert.doesNotMatch(JSON.stringify(spans.map(({ attributes }) => attributes)), /traced/)
  })

  test('what the guard forwards is a span within, and the trace goes on', async () => {
    const heard: (string | undefined)[] = []
    const upstream = createServer((request, answer) => {
      heard.push(String(request.headers.traceparent))
      answer.end('{}')
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    const { port } = upstream.address() as AddressInfo // it listens on a TCP address
    try {
      await using omen = await createOmen({
        upstream: { url: `http://127.0.0.1:${port}`, sharedIam: false },
        complain: () => {},
      })
      const dynamo = omen.client(DynamoDB, 'admin')
      const spans = await spansOf(() => dynamo.listTables({}))
      const call = spans.find(({ name }) => name === 'dynamodb ListTables')
      const onward = spans.find(({ name }) => name === 'omen.upstream')
      assert.equal(onward?.kind, SpanKind.CLIENT)
      assert.equal(onward.parentSpanContext?.spanId, call?.spanContext().spanId)
      assert.ok(heard.includes(`00-${onward.spanContext().traceId}-${onward.spanContext().spanId}-01`))
    } finally {
      upstream.close()
      upstream.closeAllConnections()
    }
  })
})
