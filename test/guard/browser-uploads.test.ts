import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { needs, python, startMoto, type UpstreamServer } from '../support/index.ts'
import { allowing, type GuardHouse, guardHouse, send } from './house.ts'

interface Post {
  readonly as?: ClientCredentials
  readonly fields?: Readonly<Record<string, string>>
  /** Conditions beside those of the signature's own fields. */
  readonly conditions?: readonly unknown[]
  readonly expires?: number
  readonly content?: string
  readonly name?: string
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

suite('browser-based uploads behind the guard', needs('moto'), () => {
  let moto: UpstreamServer
  let house: GuardHouse
  let writer: ClientCredentials
  let reader: ClientCredentials

  before(async () => {
    moto = await startMoto()
    house = await guardHouse({ upstream: moto })
    writer = await house.user(
      'writer',
      allowing({ action: 's3:PutObject', resource: 'arn:aws:s3:::forms/in/*' }, { action: 's3:GetObject' }),
    )
    reader = await house.user('reader', allowing({ action: 's3:GetObject' }))
    const as = house.admin
    await send(house.omen.endpoint, { method: 'PUT', path: '/forms', as, payloadHash: 'UNSIGNED-PAYLOAD' })
  })
  after(async () => {
    await house?.close()
    await moto?.close()
  })

  /** The fields of a form, signed as Amazon's documentation says it. */
  const signed = ({ as, fields = {}, conditions = [], expires = 60_000 }: Post): Record<string, string> => {
    if (as === undefined) return { ...fields }
    const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '')
    const scope = `${date.slice(0, 8)}/us-east-1/s3/aws4_request`
    const own = {
      'x-amz-algorithm': 'AWS4-HMAC-SHA256',
      'x-amz-credential': `${as.accessKeyId}/${scope}`,
      'x-amz-date': date,
    }
    const expiration = new Date(Date.now() + expires).toISOString()
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
    const answer = await fetch(`${house.omen.endpoint}/forms`, { method: 'POST', body: form })
    const text = await answer.text()
    return {
      status: answer.status,
      code: /<Code>(\w+)</.exec(text)?.[1],
      message: /<Message>([^<]*)</.exec(text)?.[1],
    }
  }
  const read = async (key: string) => {
    const sent = { path: `/forms/${key}`, as: reader, payloadHash: 'UNSIGNED-PAYLOAD' }
    const { status, body } = await send(house.omen.endpoint, sent)
    return status === 200 ? body : status
  }
  const inFolder = { fields: { key: 'in/$' + '{filename}' }, conditions: [['starts-with', '$key', 'in/']] }

  test('pass as the PutObject that they are (GRD-32)', async () => {
    assert.equal((await post({ as: writer, ...inFolder, name: 'C:\\pictures\\a.txt' })).status, 204)
    assert.equal(await read('in/a.txt'), 'content')
    const [event] = await house.events('PostObject')
    assert.deepEqual(
      [(event?.userIdentity as { userName?: string })?.userName, event?.eventCategory, event?.errorCode],
      ['writer', 'Data', undefined],
    )
    assert.deepEqual(event?.requestParameters, { bucket: 'forms', key: 'in/a.txt' })
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
    const body = JSON.stringify({ Version: '2012-10-17', Statement: statement })
    await send(house.omen.endpoint, {
      method: 'PUT',
      path: '/forms?policy',
      as: house.admin,
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
    assert.match(await outcome({}, v2), /^InvalidRequest: The authorization mechanism/)
    assert.match(await outcome({ fields: { key: 'in/../../other/a' } }), /^InvalidArgument/)
  })

  test('in a form that could be read in two ways are none (GRD-32)', async () => {
    const part = (head: string, content: string) => `--b\r\n${head}\r\n\r\n${content}\r\n`
    const field = (name: string, value: string) =>
      part(`Content-Disposition: form-data; name="${name}"`, value)
    const file = part('Content-Disposition: form-data; name="file"; filename="a"', 'x')
    for (const [type, body] of [
      ['multipart/form-data; boundary=b', `${field('key', 'drop/a')}${field('KEY', 'in/a')}${file}--b--\r\n`],
      ['multipart/form-data; boundary=b', `${field('key', 'drop/a')}${file}${field('key', 'in/a')}--b--\r\n`],
      ['multipart/form-data; boundary=b', `preamble\r\n${field('key', 'drop/a')}${file}--b--\r\n`],
      ['multipart/form-data; boundary=b', `${field('key', 'drop/a')}${file}`],
      ['multipart/form-data; boundary=b; boundary=c', `${field('key', 'drop/a')}${file}--b--\r\n`],
      ['multipart/form-data', `${field('key', 'drop/a')}${file}--b--\r\n`],
      [
        'multipart/form-data; boundary=b',
        `${part('Content-Disposition: form-data; name="key"; name="x"', 'drop/a')}${file}--b--\r\n`,
      ],
    ] as const) {
      const sent = { method: 'POST', path: '/forms', headers: { 'content-type': type }, body }
      const answer = await send(house.omen.endpoint, sent)
      assert.equal(answer.status, 400, body)
      assert.match(answer.body, /<Code>MalformedPOSTRequest</)
    }
    const good = `${field('key', 'drop/b')}${file}--b--\r\n`
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    assert.equal(
      (await send(house.omen.endpoint, { method: 'POST', path: '/forms', headers, body: good })).status,
      204,
    )
  })

  test('as boto3 signs them', needs('boto3'), async () => {
    const program = `
import json, boto3
from botocore.config import Config
post = boto3.client('s3', config=Config(signature_version='s3v4')).generate_presigned_post('forms', 'in/boto', Fields={'x-amz-meta-a': '1'},
  Conditions=[{'x-amz-meta-a': '1'}, ['content-length-range', 1, 100]])
print(json.dumps(post['fields']))`
    const { stdout, stderr, status } = await python(
      { endpoint: house.omen.endpoint, credentials: writer },
      program,
    )
    assert.equal(status, 0, stderr)
    const fields = JSON.parse(stdout) as Record<string, string>
    assert.equal((await post({}, () => fields)).status, 204)
    assert.equal(await read('in/boto'), 'content')
  })
})
