import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readOrganization, readWorld } from '../../packages/server/src/graph/index.ts'
import { account, allow, deny, detailsOf, inventoryOf, roleArn, type Statement } from './account-file.ts'

const maps = [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'])]
const code = [allow(['lambda:UpdateFunctionCode', 'lambda:CreateEventSourceMapping'])]
const table = [allow(['dynamodb:CreateTable', 'dynamodb:PutItem'])]
const queue = `arn:aws:sqs:eu-west-1:${account}:jobs`

interface Asked {
  readonly dev: readonly Statement[]
  readonly role?: readonly Statement[]
  readonly resources?: readonly object[]
}

/** The verdict from dev to the administrator role that functions run as, and the actions of the best path. */
function best({ dev, role = [allow('*')], resources = [] }: Asked): { verdict: string; actions: string[] } {
  const file = {
    users: { dev: { statements: dev } },
    roles: { worker: { trust: { Service: 'lambda.amazonaws.com' }, statements: role } },
  }
  const world = readWorld({
    details: detailsOf(file),
    inventory: readInventory({ ...(inventoryOf(file) as object), resources }),
    organization: readOrganization({}),
  })
  const graph = graphOf(world, techniqueTable())
  const { verdict, paths } = graph.paths(graph.find('user/dev')!, graph.find('role/worker'))
  const [step] = paths[0]?.steps ?? []
  const proof = step?.proof
  const requests = proof !== undefined && 'witness' in proof ? proof.witness.requests : []
  return { verdict, actions: requests.map(({ action }) => action) }
}

const isOf = (each: Asked, verdict: string, message?: string) =>
  assert.equal(best(each).verdict.replace(/^(?:none|blocked)$/, 'no'), verdict, message)

describe('event sources that an attacker makes', () => {
  test('a table with a stream, a stream or a queue that is new invokes the function', () => {
    for (const [make, write] of [
      ['dynamodb:CreateTable', 'dynamodb:PutItem'],
      ['dynamodb:CreateTable', 'dynamodb:UpdateItem'],
      ['dynamodb:CreateTable', 'dynamodb:BatchWriteItem'],
      ['kinesis:CreateStream', 'kinesis:PutRecord'],
      ['kinesis:CreateStream', 'kinesis:PutRecords'],
      ['sqs:CreateQueue', 'sqs:SendMessage'],
    ] as const) {
      isOf({ dev: [...maps, allow([make, write])] }, 'proven', write)
      isOf({ dev: [...maps, allow(make)] }, 'no', `${make} alone`)
      isOf({ dev: [...maps, allow(write)] }, 'no', `${write} alone`)
      isOf({ dev: [...maps, allow([make, write]), deny(write)] }, 'no', `${write} denied`)
    }
    const { actions } = best({ dev: [...maps, ...table] })
    assert.ok(actions.includes('dynamodb:CreateTable') && actions.includes('dynamodb:PutItem'))
  })

  test('the new source has one name, in the region of the function', () => {
    const on = (action: string, name: string, region = '*') =>
      allow(action, `arn:aws:sqs:${region}:${account}:${name}`)
    isOf({ dev: [...maps, on('sqs:CreateQueue', 'a*'), on('sqs:SendMessage', '*z')] }, 'proven')
    isOf({ dev: [...maps, on('sqs:CreateQueue', 'a*'), on('sqs:SendMessage', 'b*')] }, 'no')
    const regions = [on('sqs:CreateQueue', '*', 'eu-west-1'), on('sqs:SendMessage', '*', 'us-east-1')]
    isOf({ dev: [...maps, ...regions] }, 'no')
    const here = { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }
    const [passes] = maps
    isOf(
      {
        dev: [{ ...passes, Condition: here }, on('sqs:CreateQueue', '*', 'eu-*'), on('sqs:SendMessage', '*')],
      },
      'no',
    )
  })

  test('the role of the function must be allowed to read the source (LAM-68)', () => {
    const reads = (...actions: string[]) => [allow(actions)]
    const stream = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']
    const dev = [...maps, ...table]
    isOf({ dev, role: reads(...stream, 'dynamodb:ListStreams') }, 'proven')
    for (const left of [...stream, 'dynamodb:ListStreams'])
      isOf(
        { dev, role: reads(...[...stream, 'dynamodb:ListStreams'].filter((each) => each !== left)) },
        'no',
        left,
      )
    const of = (name: string) =>
      allow([...stream, 'dynamodb:ListStreams'], `arn:aws:dynamodb:*:${account}:table/${name}/stream/*`)
    isOf({ dev, role: [of('orders-*')] }, 'proven')
    const onlyOther = [...maps, allow(['dynamodb:CreateTable', 'dynamodb:PutItem'], '*:table/tmp-*')]
    isOf({ dev: onlyOther, role: [of('orders-*')] }, 'no')
  })

  test('the same starts code that was changed in an existing function', () => {
    const fn = {
      type: 'AWS::Lambda::Function',
      arn: `arn:aws:lambda:eu-west-1:${account}:function:work`,
      role: roleArn('worker'),
      tags: {},
      url: '',
      invokedBy: '',
      codeSigningConfig: '',
    }
    isOf({ dev: [...code, ...table], resources: [fn] }, 'proven')
    isOf({ dev: code, resources: [fn] }, 'no')
    const elsewhere = [allow(['sqs:CreateQueue', 'sqs:SendMessage'], `arn:aws:sqs:us-east-1:${account}:*`)]
    isOf({ dev: [...code, ...elsewhere], resources: [fn] }, 'no')
  })

  test('a record is put into a source that exists', () => {
    const source = { type: 'AWS::SQS::Queue', arn: queue }
    const sends = allow('sqs:SendMessage', queue)
    isOf({ dev: [...maps, sends], resources: [source] }, 'proven')
    isOf({ dev: maps, resources: [source] }, 'undecided')
    assert.equal(best({ dev: maps, resources: [{ ...source, getsRecords: false }] }).verdict, 'blocked')
    isOf({ dev: [...maps, sends], resources: [{ ...source, getsRecords: false }] }, 'proven')
    isOf({ dev: maps, resources: [{ ...source, getsRecords: true }] }, 'proven')
    const stream = `arn:aws:dynamodb:eu-west-1:${account}:table/orders/stream/2026-01-01T00:00:00.000`
    const ofTable = { type: 'AWS::DynamoDB::Stream', arn: stream, getsRecords: false }
    const puts = (table: string) => allow('dynamodb:PutItem', `arn:aws:dynamodb:*:${account}:table/${table}`)
    isOf({ dev: [...maps, puts('orders')], resources: [ofTable] }, 'proven')
    isOf({ dev: [...maps, puts('others')], resources: [ofTable] }, 'no')
  })

  test('a queue under a key asks the writer for kms:GenerateDataKey and the role for kms:Decrypt (GRD-470)', () => {
    const key = `arn:aws:kms:eu-west-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
    const source = { type: 'AWS::SQS::Queue', arn: queue, kmsKey: key, getsRecords: false }
    const delegated = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }],
    }
    const known = [source, { type: 'AWS::KMS::Key', arn: key, policy: delegated }]
    const sends = allow('sqs:SendMessage', queue)
    const encrypts = allow('kms:GenerateDataKey', key)
    isOf({ dev: [...maps, sends], resources: known }, 'no')
    const whole = best({ dev: [...maps, sends, encrypts], resources: known })
    assert.equal(whole.verdict, 'proven')
    assert.deepEqual(
      whole.actions.filter((action) => action.startsWith('kms:')),
      ['kms:GenerateDataKey', 'kms:Decrypt'],
    )
    const role = [allow('*'), deny('kms:Decrypt', key)]
    isOf({ dev: [...maps, sends, encrypts], role, resources: known }, 'no', 'the role decrypts nothing')
    const only = {
      StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
    }
    isOf({ dev: [...maps, sends, { ...encrypts, Condition: only }], resources: known }, 'no', 'through S3')
    // the policy of the key is in no file
    isOf({ dev: [...maps, sends, encrypts], resources: [source] }, 'undecided')
    const managed = [{ ...source, kmsKey: 'alias/aws/sqs' }]
    isOf({ dev: [...maps, sends], resources: managed }, 'proven', 'a key that AWS manages')
  })

  test('a function in another region takes no records of an existing source', () => {
    const far = allow(['lambda:CreateFunction', 'lambda:CreateEventSourceMapping'], '*', {
      StringEquals: { 'aws:RequestedRegion': 'us-east-1' },
    })
    const source = { type: 'AWS::SQS::Queue', arn: queue, getsRecords: true }
    isOf({ dev: [allow('iam:PassRole'), far], resources: [source] }, 'no')
  })
})
