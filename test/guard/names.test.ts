import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { answerOf, type BotoCall, boto } from './boto3.ts'
import { type Allowed, account, allowing, type GuardServer, guardServer } from './house.ts'

type Made = Pick<BotoCall, 'client' | 'method' | 'params'>

describe('what only the upstream knows of a name (behaviours GRD-17, GRD-87)', needs('moto', 'boto3'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials

  before(async () => {
    moto = await startMoto()
    server = await guardServer({ upstream: moto, forward: ['ec2'] })
    user = await server.user('user')
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  const made = async (...calls: readonly Made[]) =>
    (
      await boto(
        server.omen.endpoint,
        calls.map((call) => ({ ...call, as: server.admin })),
      )
    ).map(answerOf)
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`
  /** The call passes with this statement, and with its resource spoilt is denied about that resource. */
  const passesOnly = async (call: Made, allowed: Allowed & { readonly resource: string }) => {
    await server.allow('user', allowing({ ...allowed, resource: `${allowed.resource}-other` }))
    const [refused] = await boto(server.omen.endpoint, [{ ...call, as: user }])
    assert.match(`${refused?.code} ${refused?.message}`, /^AccessDenied/)
    assert.ok(
      refused?.message?.includes(`${allowed.action as string} on resource: ${allowed.resource}`),
      refused?.message,
    )
    await server.allow('user', allowing(allowed))
    const [passed] = await boto(server.omen.endpoint, [{ ...call, as: user }])
    answerOf(passed)
  }

  test('a query of Amazon Athena is its workgroup’s', async () => {
    const start = { QueryString: 'SELECT 1', WorkGroup: 'mine' }
    const [, started, named] = await made(
      { client: 'athena', method: 'create_work_group', params: { Name: 'mine' } },
      {
        client: 'athena',
        method: 'start_query_execution',
        params: { ...start, ResultConfiguration: { OutputLocation: 's3://names/' } },
      },
      {
        client: 'athena',
        method: 'create_named_query',
        params: { ...start, Name: 'other', Database: 'd' },
      },
    )
    const resource = arn('athena', 'workgroup/mine')
    const { QueryExecutionId } = started as { readonly QueryExecutionId: string }
    const { NamedQueryId } = named as { readonly NamedQueryId: string }
    const call = { client: 'athena', method: 'get_query_execution', params: { QueryExecutionId } }
    await passesOnly(call, { action: 'athena:GetQueryExecution', resource })
    const kept = { client: 'athena', method: 'get_named_query', params: { NamedQueryId } }
    await passesOnly(kept, { action: 'athena:GetNamedQuery', resource })
  })

  test('a mount target is its file system’s', async () => {
    const [system, subnets] = await made(
      { client: 'efs', method: 'create_file_system', params: { CreationToken: 't' } },
      { client: 'ec2', method: 'describe_subnets' },
    )
    const { FileSystemId } = system as { readonly FileSystemId: string }
    const { SubnetId } = (subnets!.Subnets as readonly { readonly SubnetId: string }[])[0]!
    const [target] = await made({
      client: 'efs',
      method: 'create_mount_target',
      params: { FileSystemId, SubnetId },
    })
    await passesOnly(
      {
        client: 'efs',
        method: 'delete_mount_target',
        params: { MountTargetId: target!.MountTargetId },
      },
      {
        action: 'elasticfilesystem:DeleteMountTarget',
        resource: arn('elasticfilesystem', `file-system/${FileSystemId}`),
      },
    )
  })

  test('who sends is the address that was verified, or else its domain', async () => {
    await made(
      { client: 'ses', method: 'verify_email_identity', params: { EmailAddress: 'me@example.com' } },
      { client: 'ses', method: 'verify_domain_identity', params: { Domain: 'example.org' } },
    )
    const Message = { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } }
    const mail = { Destination: { ToAddresses: ['you@example.com'] }, Message }
    for (const [Source, identity] of [
      ['Me <me@example.com>', 'me@example.com'],
      ['any@example.org', 'example.org'],
    ] as const) {
      await passesOnly(
        { client: 'ses', method: 'send_email', params: { ...mail, Source } },
        { action: 'ses:SendEmail', resource: arn('ses', `identity/${identity}`) },
      )
    }
  })

  test('a shard iterator is its stream’s', async () => {
    await made({ client: 'kinesis', method: 'create_stream', params: { StreamName: 'mine', ShardCount: 1 } })
    const [iterator] = await made({
      client: 'kinesis',
      method: 'get_shard_iterator',
      params: {
        StreamName: 'mine',
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      },
    })
    await passesOnly(
      { client: 'kinesis', method: 'get_records', params: { ShardIterator: iterator!.ShardIterator } },
      { action: 'kinesis:GetRecords', resource: arn('kinesis', 'stream/mine') },
    )
  })

  test('what a key is, and whether a ciphertext stays under it (GRD-48)', async () => {
    const create = (params: object): Made => ({ client: 'kms', method: 'create_key', params: { ...params } })
    const keys = await made(create({}), create({}), create({ MultiRegion: true }))
    const [one, two, many] = keys.map(
      ({ KeyMetadata }) => (KeyMetadata as { readonly KeyId: string; readonly Arn: string }).Arn,
    )
    await made({
      client: 'kms',
      method: 'create_alias',
      params: { AliasName: 'alias/one', TargetKeyId: one },
    })
    const encrypt = (KeyId = ''): Made => ({
      client: 'kms',
      method: 'encrypt',
      params: { KeyId, Plaintext: 'a' },
    })
    const move = (DestinationKeyId = ''): Made => ({
      client: 'kms',
      method: 're_encrypt',
      params: { CiphertextBlob: 'none', SourceKeyId: one, DestinationKeyId },
    })
    /** Which of the calls pass under a condition. */
    const passing = async (condition: object, calls: readonly Made[]) => {
      await server.allow('user', allowing({ action: 'kms:*', condition }))
      const results = await boto(
        server.omen.endpoint,
        calls.map((call) => ({ ...call, as: user })),
      )
      return results.map(({ code }) => (code === denied ? denied : 'passed'))
    }
    const denied = 'AccessDeniedException'
    assert.deepEqual(
      await passing({ Bool: { 'kms:MultiRegion': 'false' } }, [
        encrypt(one),
        encrypt('alias/one'),
        encrypt(many),
      ]),
      ['passed', 'passed', denied],
    )
    assert.deepEqual(
      await passing({ StringEquals: { 'kms:MultiRegionKeyType': 'PRIMARY' } }, [encrypt(one), encrypt(many)]),
      [denied, 'passed'],
    )
    const spec = {
      StringEquals: {
        'kms:KeySpec': 'SYMMETRIC_DEFAULT',
        'kms:KeyUsage': 'ENCRYPT_DECRYPT',
        'kms:KeyOrigin': 'AWS_KMS',
      },
    }
    assert.deepEqual(await passing(spec, [encrypt(one)]), ['passed'])
    assert.deepEqual(
      await passing({ Bool: { 'kms:ReEncryptOnSameKey': 'true' } }, [
        move(one),
        move('alias/one'),
        move(two),
      ]),
      ['passed', 'passed', denied],
    )
    assert.deepEqual(await passing({ Bool: { 'kms:ReEncryptOnSameKey': 'false' } }, [move(one), move(two)]), [
      denied,
      'passed',
    ])
  })
})
