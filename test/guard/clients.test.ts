import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DynamoDB, DynamoDBServiceException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { S3, S3ServiceException } from '@aws-sdk/client-s3'
import { SQS, SQSServiceException } from '@aws-sdk/client-sqs'
import type { ClientCredentials } from 'omen-iam'
import {
  awsCli,
  needs,
  type Outcome,
  program,
  startMoto,
  type ToolName,
  type UpstreamServer,
} from '../support/index.ts'
import { allowing, type GuardServer, guardServer } from './house.ts'

const large = 12 * 1024 * 1024

describe('unmodified clients in front of the guard', needs('moto'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let folder: string
  let owner: ClientCredentials
  let reader: ClientCredentials

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omen-guard-'))
    writeFileSync(join(folder, 'small'), 'hello')
    writeFileSync(join(folder, 'large'), Buffer.alloc(large, 'l'))
    moto = await startMoto()
    server = await guardServer({ upstream: moto })
    owner = await server.user('owner', allowing({ action: 's3:*' }))
    reader = await server.user(
      'reader',
      allowing({ action: ['s3:GetObject', 's3:ListBucket', 's3:ListAllMyBuckets', 's3:GetBucketLocation'] }),
    )
  })
  after(async () => {
    await server?.close()
    await moto?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const at = (name: string) => join(folder, name)
  const succeed = (outcome: Outcome) => assert.equal(outcome.status, 0, outcome.stderr + outcome.stdout)
  const refuse = (outcome: Outcome) => {
    assert.notEqual(outcome.status, 0)
    assert.match(
      outcome.stderr + outcome.stdout,
      /AccessDenied|Access Denied|403|not authorized|Insufficient permissions/,
    )
  }

  test('the AWS CLI: objects small and large, presigned, and refused', needs('awsCli'), async () => {
    const as = (credentials: ClientCredentials) => ({ endpoint: server.omen.endpoint, credentials })
    succeed(await awsCli(as(owner), 's3', 'mb', 's3://cli'))
    succeed(await awsCli(as(owner), 's3', 'cp', at('small'), 's3://cli/small'))
    succeed(await awsCli(as(owner), 's3', 'cp', at('large'), 's3://cli/large'))
    succeed(await awsCli(as(reader), 's3', 'cp', 's3://cli/large', at('cli-large')))
    assert.ok(readFileSync(at('cli-large')).equals(readFileSync(at('large'))))
    refuse(await awsCli(as(reader), 's3', 'cp', at('small'), 's3://cli/other'))
    refuse(await awsCli(as(reader), 's3', 'rm', 's3://cli/small'))
    const signed = await awsCli(as(reader), 's3', 'presign', 's3://cli/small', '--expires-in', '60')
    const fetched = await fetch(signed.stdout.trim())
    assert.equal(await fetched.text(), 'hello')
    server.omen.clock.advance(61_000)
    assert.equal((await fetch(signed.stdout.trim())).status, 403)
    server.omen.clock.advance(-61_000)
  })

  /** Each of these has its own way of saying whom it calls. */
  const others: readonly {
    readonly tool: ToolName
    readonly make: readonly string[]
    readonly put: readonly string[]
    readonly get: readonly string[]
    readonly arguments: (key: ClientCredentials) => readonly string[]
    readonly environment?: (key: ClientCredentials) => Readonly<Record<string, string>>
  }[] = [
    {
      tool: 'minioClient',
      make: ['mb', 'guard/clients-minio'],
      put: ['cp', '{large}', 'guard/clients-minio/large'],
      get: ['cp', 'guard/clients-minio/large', '{got}'],
      arguments: () => ['--config-dir', '{config}', '--disable-pager'],
      environment: ({ accessKeyId, secretAccessKey }) => ({
        MC_HOST_guard: server.omen.endpoint.replace('://', `://${accessKeyId}:${secretAccessKey}@`),
      }),
    },
    {
      tool: 's3cmd',
      make: ['mb', 's3://s3cmd'],
      put: ['put', '{large}', 's3://s3cmd/large'],
      get: ['get', '--force', 's3://s3cmd/large', '{got}'],
      arguments: ({ accessKeyId, secretAccessKey }) => [
        '--config=/dev/null',
        '--no-ssl',
        '--no-progress',
        '--region=us-east-1',
        `--access_key=${accessKeyId}`,
        `--secret_key=${secretAccessKey}`,
        `--host=${new URL(server.omen.endpoint).host}`,
        `--host-bucket=${new URL(server.omen.endpoint).host}`,
      ],
    },
    {
      tool: 'rclone',
      make: ['mkdir', 'guard:rclone'],
      put: ['copyto', '{large}', 'guard:rclone/large'],
      get: ['copyto', 'guard:rclone/large', '{got}'],
      arguments: () => ['--config', '/dev/null', '--retries', '1', '--low-level-retries', '1'],
      environment: ({ accessKeyId, secretAccessKey }) => ({
        RCLONE_CONFIG_GUARD_TYPE: 's3',
        RCLONE_CONFIG_GUARD_PROVIDER: 'Other',
        RCLONE_CONFIG_GUARD_ENDPOINT: server.omen.endpoint,
        RCLONE_CONFIG_GUARD_REGION: 'us-east-1',
        RCLONE_CONFIG_GUARD_ACCESS_KEY_ID: accessKeyId,
        RCLONE_CONFIG_GUARD_SECRET_ACCESS_KEY: secretAccessKey,
      }),
    },
  ]
  for (const client of others) {
    test(
      `${client.tool}: a bucket, an object of several parts there and back, and a refusal`,
      needs(client.tool),
      async () => {
        const got = at(`got-${client.tool}`)
        const run = (key: ClientCredentials, words: readonly string[]) => {
          const places: Readonly<Record<string, string>> = {
            '{large}': at('large'),
            '{got}': got,
            '{config}': at('config'),
          }
          const all = [...client.arguments(key), ...words].map((word) => places[word] ?? word)
          return program(client.tool, all, {
            endpoint: server.omen.endpoint,
            environment: client.environment?.(key) ?? {},
          })
        }
        succeed(await run(owner, client.make))
        succeed(await run(owner, client.put))
        succeed(await run(reader, client.get))
        assert.ok(readFileSync(got).equals(readFileSync(at('large'))))
        refuse(
          await run(
            reader,
            client.put.map((word) => word.replace(/large$/, 'other')),
          ),
        )
      },
    )
  }

  test(
    'keys with all that paths may hold come and go by AWS CLI and SDK (GRD-20)',
    needs('awsCli'),
    async () => {
      const s3 = new S3({ ...server.omen.clientConfig(owner), forcePathStyle: true })
      try {
        const keys = [
          'a;b#c',
          'a+b c',
          'é/日本',
          'q?x=1&y',
          '100%25',
          "it's (so)!*@:$,='",
          'a//b/',
          '.hidden',
          'a..b',
          '/lead',
          'a%2Fb%41',
          '😀&;=',
        ]
        for (const Key of keys) {
          await s3.putObject({ Bucket: 'cli', Key, Body: Key })
          const { Body } = await s3.getObject({ Bucket: 'cli', Key })
          assert.equal(await Body?.transformToString(), Key)
          await s3.copyObject({ Bucket: 'cli', Key: 'copied', CopySource: `cli/${encodeURIComponent(Key)}` })
        }
        const as = { endpoint: server.omen.endpoint, credentials: owner }
        for (const key of keys.filter((each) => !each.endsWith('/')))
          succeed(await awsCli(as, 's3', 'cp', `s3://cli/${key}`, at('odd')))
      } finally {
        s3.destroy()
      }
    },
  )

  test('the SDK for JavaScript makes its own exceptions of the guard’s faults', async () => {
    const nobody = await server.user('nobody')
    const s3 = server.omen.client(S3, nobody)
    const sqs = server.omen.client(SQS, nobody)
    const dynamo = server.omen.client(DynamoDB, nobody)
    const admin = server.omen.client(DynamoDB, 'admin')
    await assert.rejects(s3.listBuckets({}), (error) => {
      assert.ok(error instanceof S3ServiceException)
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['AccessDenied', 403])
      return true
    })
    await assert.rejects(sqs.listQueues({}), (error) => {
      assert.ok(error instanceof SQSServiceException)
      assert.equal(error.$metadata.httpStatusCode, 403)
      assert.match(error.message, /is not authorized to perform: sqs:listqueues/i)
      return true
    })
    await assert.rejects(dynamo.listTables({}), (error) => {
      assert.ok(error instanceof DynamoDBServiceException)
      assert.equal(error.name, 'AccessDeniedException')
      assert.match(String(error.$metadata.requestId), /^[0-9a-f-]{36}$/)
      return true
    })
    await assert.rejects(admin.describeTable({ TableName: 'nothing' }), ResourceNotFoundException)
  })
})

describe('modes of the guard', needs('moto'), () => {
  test('audit allows what would be denied, and says so; off asks nothing (GRD-68, GRD-95)', async () => {
    await using moto = await startMoto()
    const server = await guardServer({ upstream: moto, mode: 'audit' })
    try {
      const nobody = await server.user('nobody')
      const sqs = server.omen.client(SQS, nobody)
      await sqs.createQueue({ QueueName: 'audited' })
      const [event] = await server.events('CreateQueue')
      assert.match(
        String((event?.additionalEventData as { readonly wouldDeny?: string } | undefined)?.wouldDeny),
        /user\/nobody is not authorized to perform: sqs:createqueue/i,
      )
    } finally {
      await server.close()
    }
    const open = await guardServer({ upstream: moto, mode: 'off' })
    try {
      const sqs = open.omen.client(SQS, { accessKeyId: 'AKIAANYBODYATALL0000', secretAccessKey: 'any' })
      const { QueueUrls } = await sqs.listQueues({})
      assert.equal(QueueUrls?.length, 1)
      assert.ok(QueueUrls[0]?.startsWith(open.omen.endpoint), 'URLs lead back through the guard (GRD-62)')
    } finally {
      await open.close()
    }
  })
})
