import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { guardCatalogue, identifyCall } from '../../packages/server/src/guard/catalogue/index.ts'
import { needs } from '../support/index.ts'
import { everyOperation, type Written } from './every-operation.ts'

/** Services that answer at one endpoint with one signature, and operations under one name: nothing tells them apart. */
const twins: Readonly<Record<string, string>> = {
  docdb: 'rds',
  neptune: 'rds',
  greengrassv2: 'greengrass',
  'pinpoint-sms-voice': 'sms-voice',
  qconnect: 'wisdom',
}

/** Services whose paths only their hosts tell apart: at an emulator's one host the first is taken. */
const neighbours: Readonly<Record<string, string>> = {
  ...twins,
  'bedrock-agent': 'bedrock-agent-runtime',
  'bedrock-data-automation': 'bedrock',
  'chime-sdk-identity': 'chime-sdk-voice',
  'chime-sdk-media-pipelines': 'chime-sdk-voice',
  'chime-sdk-meetings': 'chime-sdk-voice',
  'chime-sdk-messaging': 'chime-sdk-voice',
  'chime-sdk-voice': 'chime',
  'ivs-realtime': 'ivs',
  'lex-models': 'lexv2-models',
  'signer-data': 'signer',
  'timestream-query': 'timestream-write',
}

/** Operations of one service that are one call. */
const aliases: Readonly<Record<string, string>> = {
  's3.GetBucketLifecycle': 'GetBucketLifecycleConfiguration',
  's3.GetBucketNotification': 'GetBucketNotificationConfiguration',
  's3.PutBucketLifecycle': 'PutBucketLifecycleConfiguration',
  's3.PutBucketNotification': 'PutBucketNotificationConfiguration',
  's3.ListDirectoryBuckets': 'ListBuckets',
  'lex-models.StartImport': 'ListImports',
}

suite('every operation of every service, as botocore writes it', needs('boto3'), () => {
  test('with what is required, at AWS’s own hosts (behaviours GRD-1, GRD-2)', () => everyOne('least', twins))
  test('with everything, at one host for all (behaviours GRD-3, GRD-4)', () => everyOne('most', neighbours))
})

async function everyOne(size: Written['size'], others: Readonly<Record<string, string>>): Promise<void> {
  let seen = 0
  let left = 0
  const wrong: string[] = []
  const { byId } = guardCatalogue()
  for await (const written of everyOperation(size)) {
    const { service, operation, protocol, request } = written
    // This botocore may know operations that the newest models have left behind.
    if (byId.get(service)?.operation(operation) === undefined) {
      left++
      continue
    }
    seen++
    const call = identifyCall(request)
    const name = 'problem' in call ? call.problem : call.operation
    const found = `${call.service?.id}.${name} (${call.protocol})`
    const right =
      !('problem' in call) &&
      (call.service.id === service || call.service.id === others[service]) &&
      (name === operation || name === aliases[`${service}.${operation}`]) &&
      call.protocol.startsWith(protocol)
    if (!right)
      wrong.push(`${service}.${operation} (${protocol}) ${request.method} ${request.rawPath}: ${found}`)
  }
  assert.deepEqual(wrong, [])
  assert.ok(seen > 15_000, `only ${seen} operations were written`)
  assert.ok(left < seen / 50, `${left} operations are not in the catalogue`)
}
