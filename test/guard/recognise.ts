import assert from 'node:assert/strict'
import {
  guardCatalogue,
  type IdentifiedCall,
  identifyCall,
  needsOf,
  readInput,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { differences } from './differences.ts'
import { everyOperation, type Written } from './every-operation.ts'

/** Services that answer at one endpoint with one signature, and operations under one name: nothing distinguishes them. */
export const twins: Readonly<Record<string, string>> = {
  docdb: 'rds',
  neptune: 'rds',
  greengrassv2: 'greengrass',
  'pinpoint-sms-voice': 'sms-voice',
  qconnect: 'wisdom',
}

/** Services whose paths only their hosts distinguish: at an emulator's one host the first is taken. */
export const neighbours: Readonly<Record<string, string>> = {
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

/** Operations that stood at other paths once: an older botocore writes those. */
const moved = /^geo-places\.|^s3tables\.GetTable$|^sesv2\.PutEmailIdentityDkimSigningAttributes$/

/** Operations whose needs are in texts that this file makes up: statements, names, lists that may be empty. */
const undecided = new Set([
  'dynamodb.BatchExecuteStatement',
  'dynamodb.ExecuteStatement',
  'dynamodb.ExecuteTransaction',
  'dynamodb.Query',
  'dynamodb.TransactWriteItems',
  'dynamodbstreams.GetRecords',
  'events.PutEvents',
  's3.CreateSession',
  's3.RenameObject',
  'servicecatalog.CreateConstraint',
  'servicecatalog.UpdateConstraint',
  'timestream-query.Query',
])

const where = { account: '111122223333', region: 'us-east-1', partition: 'aws' } as const

/**
 * Has botocore write every operation, and asserts that each is recognised, its input read as it was written,
 * and its needs reported wherever they are known.
 */
export async function recogniseAll(
  size: Written['size'],
  others: Readonly<Record<string, string>>,
): Promise<void> {
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
    const call = identifyCall(request)
    if ('problem' in call && call.problem === 'unknownOperation' && moved.test(`${service}.${operation}`)) {
      left++
      continue
    }
    seen++
    const found = 'problem' in call ? call.problem : `${call.service.id}.${call.operation} (${call.protocol})`
    const title = `${service}.${operation} (${protocol}) ${request.method} ${request.rawPath}`
    if ('problem' in call || !isMeant(call, written, others)) wrong.push(`${title}: ${found}`)
    else if (call.service.id === service)
      wrong.push(...wrongIn(call, written).map((text) => `${title}: ${text}`))
  }
  assert.deepEqual(wrong, [])
  assert.ok(seen > 15_000, `only ${seen} operations were written`)
  assert.ok(left < seen / 20, `${left} operations are not in the catalogue`)
}

function isMeant(
  call: IdentifiedCall,
  { service, operation, protocol }: Written,
  others: Readonly<Record<string, string>>,
): boolean {
  return (
    (call.service.id === service || call.service.id === others[service]) &&
    (call.operation === operation || call.operation === aliases[`${service}.${operation}`]) &&
    call.protocol.startsWith(protocol)
  )
}

function wrongIn(call: IdentifiedCall, { service, operation, input }: Written): readonly string[] {
  const read = differences(call.packed.input ?? {}, readInput(call), input)
  const asked = needsOf(call, where)
  if (!('unknown' in asked)) return asked.length > 0 ? read : [...read, 'asks nothing']
  const known = call.packed.asks !== undefined && !undecided.has(`${service}.${operation}`)
  return known ? [...read, asked.unknown] : read
}
