import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Lambda } from '@aws-sdk/client-lambda'
import { createOmen } from 'omen-iam'
import { gateLimits as limits } from '../../packages/server/src/gate/index.ts'

describe('the length of bodies', () => {
  let omen: Awaited<ReturnType<typeof createOmen>>
  before(async () => {
    omen = await createOmen()
  })
  after(() => omen.close())

  const post = async (path: string, headers: Record<string, string>, bytes: number) => {
    const body = 'x'.repeat(bytes)
    const response = await fetch(omen.endpoint + path, { method: 'POST', headers, body })
    return { status: response.status, text: await response.text() }
  }

  test('of unsigned requests and unknown keys is small, whatever they call (WIRE-80)', async () => {
    for (const [path, headers] of [
      ['/', {}],
      ['/', { 'x-amz-target': 'AWSOrganizationsV20161128.ListRoots' }],
      ['/2015-03-31/functions', {}],
      [
        '/2015-03-31/functions',
        {
          authorization:
            'AWS4-HMAC-SHA256 Credential=AKIAQAAAAAAAAAAAAAAA/20300101/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=00',
          'x-amz-date': '20300101T000000Z',
        },
      ],
    ] as const) {
      const { status, text } = await post(path, headers as Record<string, string>, limits.smallBody + 1)
      assert.deepEqual([status, text], [413, `Request bodies may have ${limits.smallBody} bytes here.\n`])
    }
  })

  test('of known keys is what the operation needs (WIRE-80)', async () => {
    const lambda = omen.client(Lambda, 'admin')
    const ZipFile = Buffer.alloc(5 * 1024 * 1024)
    const create = { FunctionName: 'f', Role: 'arn:aws:iam::123456789012:role/none', Code: { ZipFile } }
    // it came whole, its hash was right, and the role is invalid
    await assert.rejects(
      lambda.createFunction({ ...create, Runtime: 'nodejs24.x', Handler: 'index.handler' }),
      {
        name: /InvalidParameterValueException|AccessDeniedException/,
      },
    )
    const Payload = Buffer.alloc(8 * 1024 * 1024, ' ')
    await assert.rejects(lambda.invoke({ FunctionName: 'f', Payload }), (error: Error) => {
      assert.match(String((error as { $response?: { statusCode: number } }).$response?.statusCode), /413/)
      return true
    })
  })

  test('a header that policies compare is bounded, too (WIRE-82)', async () => {
    const agent = (length: number) => ({ 'user-agent': 'x'.repeat(length) })
    assert.equal((await post('/', agent(limits.comparedHeaderBytes), 1)).status, 404)
    assert.equal((await post('/', agent(limits.comparedHeaderBytes + 1), 1)).status, 431)
  })

  test('connections that never end their bodies leave memory when they go', async () => {
    const { port } = new URL(omen.endpoint)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 1000000\r\n\r\nAction=')
    await new Promise((resolve) => setTimeout(resolve, 20))
    socket.destroy()
    assert.equal((await post('/', {}, 10)).status, 404)
  })
})
