import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { needs, python, startMoto, type UpstreamServer } from '../support/index.ts'
import { allowing, type GuardServer, guardServer, send } from './house.ts'

interface Post {
  readonly as?: ClientCredentials
  readonly fields?: Readonly<Record<string, string>>
  /** Conditions beside those of the signature's own fields. */
  readonly conditions?: readonly unknown[]
  readonly expires?: number
  readonly expiration?: string
  readonly content?: string
  readonly name?: string
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

describe('browser-based uploads behind the guard', needs('moto'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let writer: ClientCredentials
  let reader: ClientCredentials

  before(async () => {
    moto = await startMoto()
    server = await guardServer({ upstream: moto })
    writer = await server.user(
      'writer',
      allowing({ action: 's3:PutObject', resource: 'arn:aws:s3:::forms/in/*' }, { action: 's3:GetObject' }),
    )
    reader = await server.user('reader', allowing({ action: 's3:GetObject' }, { action: 's3:ListBucket' }))
    const as = server.admin
    await send(server.omen.endpoint, { method: 'PUT', path: '/forms', as, payloadHash: 'UNSIGNED-PAYLOAD' })
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  /** The fields of a form, signed as Amazon's documentation says it. */
  const signed = ({
    as,
    fields = {},
    conditions = [],
    expires = 60_000,
    expiration = new Date(Date.now() + expires).toISOString(),
  }: Post): Record<string, string> => {
    if (as === undefined) return { ...fields }
    const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '')
    const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
    const own = {
      'x-amz-algorithm': 'AWS4-HMAC-SHA256',
      'x-amz-credential': `${as.accessKeyId}/${scope}`,
      'x-amz-date': date,
    }
    const all = [
      { bucket: 'forms' },
      ...Object.entries(own).map(([name, value]) => ({ [name]: value })),
      ...conditions,
    ]
    const policy = Buffer.from(JSON.stringify({ expiration, conditions: all })).toString('base64')
    const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${as.secretAccessKey}`)
    return { ...fields, ...own, policy, 'x-amz-signature': hmac(key, policy).toString('hex') }
  }
  const post = async (
    sent: Post,
    change: (fields: Record<string, string>) => Record<string, string> = (all) => all,
  ) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(change(signed(sent)))) form.append(name, value)
    form.append('file', new Blob([sent.content ?? 'content'], { type: 'text/plain' }), sent.name ?? 'a.txt')
    const answer = await fetch(`${server.omen.endpoint}/forms`, { method: 'POST', body: form })
    const text = await answer.text()
    return {
      status: answer.status,
      code: /<Code>(\w+)</.exec(text)?.[1],
      message: /<Message>([^<]*)</.exec(text)?.[1],
    }
  }
  const read = async (key: string) => {
    const sent = { path: `/forms/${key}`, as: reader, payloadHash: 'UNSIGNED-PAYLOAD' }
    const { status, body } = await send(server.omen.endpoint, sent)
    return status === 200 ? body : status
  }
  const inFolder = { fields: { key: 'in/$' + '{filename}' }, conditions: [['starts-with', '$key', 'in/']] }

  test('pass as the PutObject that they are (GRD-32)', async () => {
    assert.equal((await post({ as: writer, ...inFolder, name: 'C:\\pictures\\a.txt' })).status, 204)
    assert.equal(await read('in/a.txt'), 'content')
    const [event] = await server.events('PostObject')
    assert.deepEqual(
      [(event?.userIdentity as { userName?: string })?.userName, event?.eventCategory, event?.errorCode],
      ['writer', 'Data', undefined],
    )
    assert.deepEqual(event?.requestParameters, { bucketName: 'forms', key: 'in/a.txt' })
  })

  test('are asked about the key that they write, and the ACL that they set (GRD-32)', async () => {
    const elsewhere = { fields: { key: 'out/a' }, conditions: [{ key: 'out/a' }] }
    assert.deepEqual(await post({ as: writer, ...elsewhere }).then(({ code }) => code), 'AccessDenied')
    assert.equal(await read('out/a'), 404)
    assert.equal((await post({ as: reader, ...inFolder })).code, 'AccessDenied')
    const open = {
      fields: { key: 'in/open', acl: 'public-read' },
      conditions: [{ key: 'in/open' }, { acl: 'public-read' }],
    }
    assert.match(String((await post({ as: writer, ...open })).message), /s3:PutObjectAcl/)
    assert.equal((await post({ fields: { key: 'in/nobody' } })).code, 'AccessDenied')
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::forms/drop/*',
    }
    const body = policyText(statement)
    await send(server.omen.endpoint, {
      method: 'PUT',
      path: '/forms?policy',
      as: server.admin,
      body,
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    assert.equal((await post({ fields: { key: 'drop/nobody' } })).status, 204)
    assert.equal((await post({ fields: { key: 'in/nobody' } })).code, 'AccessDenied')
  })

  test('are what their policy says, and no more (GRD-33)', async () => {
    const outcome = async (sent: Post, change?: Parameters<typeof post>[1]) => {
      const { code, message } = await post({ as: writer, ...inFolder, ...sent }, change)
      return `${code}: ${message}`
    }
    assert.match(
      await outcome({ expires: -1 }),
      /^AccessDenied: Invalid according to Policy: Policy expired\.$/,
    )
    assert.match(
      await outcome({ fields: { key: 'out' } }),
      /^AccessDenied: Invalid according to Policy: Policy Condition failed/,
    )
    assert.match(
      await outcome({ fields: { key: 'in/a', tagging: '<x/>' } }),
      /^MalformedXML|Extra input fields: tagging/,
    )
    assert.match(
      await outcome({ fields: { key: 'in/a', 'x-amz-meta-a': '1' } }),
      /^AccessDenied: Invalid according to Policy: Extra input fields: x-amz-meta-a$/,
    )
    const range = [...inFolder.conditions, ['content-length-range', 2, 4]]
    assert.match(await outcome({ conditions: range, content: '12345' }), /^EntityTooLarge/)
    assert.match(await outcome({ conditions: range, content: '1' }), /^EntityTooSmall/)
    assert.match(await outcome({}, (all) => ({ ...all, policy: `${all.policy}=` })), /^SignatureDoesNotMatch/)
    assert.match(await outcome({ as: { ...writer, secretAccessKey: 'x' } }), /^SignatureDoesNotMatch/)
    assert.match(
      await outcome({ as: { ...writer, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }),
      /^InvalidAccessKeyId/,
    )
    assert.match(
      await outcome({}, ({ 'x-amz-signature': _, ...rest }) => rest),
      /^InvalidArgument: .*x-amz-signature/,
    )
    const v4a = (all: Record<string, string>) => ({ ...all, 'x-amz-algorithm': 'AWS4-ECDSA-P256-SHA256' })
    assert.match(await outcome({}, v4a), /^InvalidArgument/)
    const v2 = (all: Record<string, string>) => ({ ...all, AWSAccessKeyId: 'AKIA' })
    assert.match(await outcome({}, v2), /^InvalidArgument: The form is signed in two ways/)
    assert.match(await outcome({ fields: { key: 'in/../../other/a' } }), /^InvalidArgument/)
  })

  test('in a form that could be read in two ways are none (GRD-32)', async () => {
    const part = (head: string, content: string) => `--b\r\n${head}\r\n\r\n${content}\r\n`
    const field = (name: string, value: string) =>
      part(`Content-Disposition: form-data; name="${name}"`, value)
    const file = part('Content-Disposition: form-data; name="file"; filename="a"', 'x')
    for (const [type, body] of [
      ['multipart/form-data; boundary=b', `${field('key', 'drop/a')}${field('KEY', 'in/a')}${file}--b--\r\n`],
      ['multipart/form-data; boundary=b', `preamble\r\n${field('key', 'drop/a')}${file}--b--\r\n`],
      ['multipart/form-data; boundary=b', `${field('key', 'drop/a')}${file}`],
      ['multipart/form-data; boundary=b', `${field('key', 'drop/a')}${file}--b--\r\nmore`],
      ['multipart/form-data; boundary=b; charset=utf-16', `${field('key', 'drop/a')}${file}--b--\r\n`],
      [
        'multipart/form-data; boundary=b',
        `${part('Content-Disposition: form-data; name=key\r\nContent-Length: 7', 'drop/a')}${file}--b--\r\n`,
      ],
      [
        'multipart/form-data; boundary=b',
        `${part('Content-Disposition: form-data; name=key\r\nContent-Transfer-Encoding: base64', 'ZHJvcC9h')}${file}--b--\r\n`,
      ],
      ['multipart/form-data; boundary=b; boundary=c', `${field('key', 'drop/a')}${file}--b--\r\n`],
      ['multipart/form-data', `${field('key', 'drop/a')}${file}--b--\r\n`],
      [
        'multipart/form-data; boundary=b',
        `${part('Content-Disposition: form-data; name="key"; name="x"', 'drop/a')}${file}--b--\r\n`,
      ],
    ] as const) {
      const sent = { method: 'POST', path: '/forms', headers: { 'content-type': type }, body }
      const answer = await send(server.omen.endpoint, sent)
      assert.equal(answer.status, 400, body)
      assert.match(answer.body, /<Code>MalformedPOSTRequest</)
    }
    const good = `${field('key', 'drop/b')}${file}--b--\r\n`
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    assert.equal(
      (await send(server.omen.endpoint, { method: 'POST', path: '/forms', headers, body: good })).status,
      204,
    )
  })

  test('pass as clients write them, without what follows the file (GRD-32)', async () => {
    const part = (head: string, content: string) => `--b\r\n${head}\r\n\r\n${content}\r\n`
    const named = (rest: string) => `Content-Disposition: form-data; name=${rest}`
    const key = (name: string) => part(named('key'), name)
    const file = part(named('file; filename=a.txt'), 'content')
    const forms: readonly (readonly [string, string, string?])[] = [
      [
        'behind',
        `${key('drop/behind')}${file}${part(named('"key"'), 'in/x')}${part(named('"submit"'), 'Upload')}`,
      ],
      [
        'okhttp',
        part(`${named('"key"')}\r\nContent-Length: 11`, 'drop/okhttp') +
          part(
            `${named('"file"; filename="a"')}\r\nContent-Type: text/plain\r\nContent-Length: 7`,
            'content',
          ),
      ],
      [
        'apache',
        part(`${named('"key"')}\r\nContent-Transfer-Encoding: 8bit`, 'drop/apache') +
          part(`${named('"file"; filename="a"')}\r\nContent-Transfer-Encoding: binary`, 'content'),
      ],
      ['é.txt', key('drop/$' + '{filename}') + part(named("file; filename*=utf-8''%C3%A9.txt"), 'content')],
      [
        'dotnet',
        key('drop/dotnet') +
          part(named(`file; filename="=?utf-8?B?w6k=?="; filename*=utf-8''%C3%A9`), 'content'),
      ],
      ['charset', key('drop/charset') + file, '; charset=utf-8'],
    ]
    for (const [name, form, more = ''] of forms) {
      const headers = { 'content-type': `multipart/form-data; boundary=b${more}` }
      const sent = { method: 'POST', path: '/forms', headers, body: `${form}--b--\r\n` }
      const answer = await send(server.omen.endpoint, sent)
      assert.equal(answer.status, 204, `${name}: ${answer.body}`)
      assert.equal(await read(`drop/${encodeURIComponent(name)}`), 'content', name)
    }
    assert.equal(await read('in/x'), 404)
    const twoNames =
      key('drop/$' + '{filename}') + part(named("file; filename=a; filename*=utf-8''b"), 'content')
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const sent = { method: 'POST', path: '/forms', headers, body: `${twoNames}--b--\r\n` }
    assert.equal((await send(server.omen.endpoint, sent)).status, 400)
  })

  test('keep the spelling of fields that nothing is decided on (GRD-32)', async () => {
    let written = ''
    let type: string | undefined
    const upstream = createServer((request, response) => {
      type = request.headers['content-type']
      request.on('data', (piece: Buffer) => {
        written += piece
      })
      request.on('end', () => response.writeHead(204).end())
    })
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
    const { port } = upstream.address() as AddressInfo // of a server that listens on a port
    const own = await guardServer({ upstream: { url: `http://127.0.0.1:${port}` }, mode: 'audit' })
    try {
      const part = (name: string, value: string) =>
        `--a:b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
      const body = `${part('Content-Type', 'a/b')}${part('KEY', 'k')}${part('X-Amz-Meta-A', '1')}${part('file', 'x')}--a:b--`
      const headers = { 'content-type': 'multipart/form-data; boundary="a:b"; charset=UTF-8' }
      await send(own.omen.endpoint, { method: 'POST', path: '/forms', headers, body })
      const names = [...written.matchAll(/ name="([^"]+)"/g)].map(([, name]) => name)
      assert.deepEqual(names, ['Content-Type', 'key', 'X-Amz-Meta-A', 'file'])
      assert.equal(type, 'multipart/form-data; boundary="a:b"')
    } finally {
      await own.close()
      upstream.close()
    }
  })

  test('expire in UTC, and each of several content types is held against its condition (GRD-33)', async () => {
    const images = (types: string): Post => ({
      as: writer,
      fields: { key: 'in/a', 'Content-Type': types },
      conditions: [{ key: 'in/a' }, ['starts-with', '$Content-Type', 'image/']],
    })
    assert.equal((await post(images('image/png,image/gif, image/jpeg'))).status, 204)
    assert.match(String((await post(images('image/png,text/html'))).message), /Policy Condition failed/)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    const until = async (expiration: string) => (await post({ as: writer, ...inFolder, expiration })).code
    assert.equal(await until(tomorrow.replace(/\.\d+/, '')), undefined)
    for (const form of [tomorrow.slice(0, -1), tomorrow.slice(0, 10), new Date(tomorrow).toUTCString()])
      assert.equal(await until(form), 'InvalidPolicyDocument', form)
  })

  test('as boto3 signs them', needs('boto3'), async () => {
    const program = `
import json, boto3
from botocore.config import Config
post = boto3.client('s3', config=Config(signature_version='s3v4')).generate_presigned_post('forms', 'in/boto', Fields={'x-amz-meta-a': '1'},
  Conditions=[{'x-amz-meta-a': '1'}, ['content-length-range', 1, 100]])
print(json.dumps(post['fields']))`
    const { stdout, stderr, status } = await python(
      { endpoint: server.omen.endpoint, credentials: writer },
      program,
    )
    assert.equal(status, 0, stderr)
    const fields = JSON.parse(stdout) as Record<string, string>
    assert.equal((await post({}, () => fields)).status, 204)
    assert.equal(await read('in/boto'), 'content')
  })
})
