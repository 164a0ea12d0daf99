import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type KeyOf, Unreadable } from '../catalogue/index.ts'
import type { Asked } from './answers.ts'
import type { KeyedPlace } from './keyed-place.ts'
import { keyReaders } from './keyed-things.ts'

const account = '111122223333'
const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${account}:${resource}`

interface Told {
  readonly own?: readonly (string | readonly [action: string, resource: string])[]
  readonly input?: object
  readonly named?: string
  readonly operation?: string
  readonly labels?: object
  readonly body?: object
  /** By operation, or by path: the upstream's answer, or its answers in turn. */
  readonly answers?: Readonly<Record<string, unknown>>
}

/** The things that a kind of reader finds, and what the upstream was asked. */
async function read(kind: KeyOf, told: Told) {
  const { own = [], input = {}, answers = {}, labels = {}, body = {}, operation = 'Do' } = told
  const asked: string[] = []
  const turns: Record<string, number> = {}
  const ask = async (_name: string | undefined, make: () => Asked) => {
    const { path, body: sent = '', headers = {} } = make()
    const target = headers['x-amz-target']
    const name = target?.slice(target.lastIndexOf('.') + 1) ?? /Action=(\w+)/.exec(sent)?.[1] ?? path ?? ''
    asked.push(`${name} ${sent}`.trim())
    const answer = answers[name]
    if (!Array.isArray(answer)) return typeof answer === 'object' ? JSON.stringify(answer) : answer
    turns[name] = (turns[name] ?? -1) + 1
    return JSON.stringify(answer[turns[name]!] ?? answer.at(-1))
  }
  const questions = own.map((each) => {
    const [action, resource] = typeof each === 'string' ? ['a:B', each] : each
    return { action, resource }
  })
  const request = { body: Buffer.from(JSON.stringify(body)), headers: {}, rawQuery: '' }
  const place = {
    own: questions,
    input,
    named: told.named,
    ask,
    found: { operation, labels, request, service: { id: 'secretsmanager', signs: 'sm' }, packed: {} },
    call: { account: { id: account, partition: 'aws' }, region: 'eu-west-1' },
  }
  // a test: no more is looked at
  return { things: await keyReaders[kind](place as unknown as KeyedPlace), asked }
}

const secret = at('secretsmanager', 'secret:s-AbCdEf')
const queue = at('sqs', 'jobs')
const machine = at('states', 'stateMachine:m')
const attributes = (more: object) => ({
  GetQueueAttributes: { Attributes: { KmsMasterKeyId: 'k', ...more } },
})
const configuration = { encryptionConfiguration: { kmsKeyId: 'k' } }
const versions = (...list: readonly object[]) => ({ ListSecretVersionIds: { Versions: list } })
const current = { VersionId: 'v1', VersionStages: ['AWSCURRENT'] }

const rows: readonly (readonly [title: string, kind: KeyOf, told: Told, things: readonly unknown[]])[] = [
  ['no key is named', 'input', {}, []],
  ['an empty name', 'input', { named: '' }, []],
  [
    'a key for a secret without a value is tried',
    'input',
    { named: 'k', own: [secret] },
    [{ keys: ['k'], facts: { arn: secret, version: 'RequestToValidateKeyAccess' } }],
  ],
  [
    'a key for a value is used',
    'input',
    { named: 'k', input: { SecretString: '' } },
    [{ keys: ['k'], facts: {} }],
  ],
  ['AWS’s own key', 'own', { own: [queue, secret] }, [{ keys: ['alias/aws/sm'], facts: { arn: queue } }]],
  ['nothing of its own', 'own', {}, []],
  [
    'two queues, once each',
    'queue',
    { own: [queue, queue, at('sqs', 'other'), at('sqs', '*')], answers: attributes({}) },
    [
      { keys: ['k'], facts: { arn: queue } },
      { keys: ['k'], facts: { arn: at('sqs', 'other') } },
    ],
  ],
  ['a queue without a key', 'queue', { own: [queue], answers: attributes({ KmsMasterKeyId: '' }) }, []],
  ['a queue that is not there', 'queue', { own: [queue] }, []],
  [
    'a queue with messages',
    'waitingMessage',
    { own: [queue], answers: attributes({ ApproximateNumberOfMessages: '1' }) },
    [{ keys: ['k'], facts: { arn: queue } }],
  ],
  [
    'a queue without messages',
    'waitingMessage',
    { own: [queue], answers: attributes({ ApproximateNumberOfMessages: '0' }) },
    [],
  ],
  [
    'a topic',
    'topic',
    {
      own: [at('sns', 't')],
      answers: { GetTopicAttributes: '<A><entry><key>KmsMasterKeyId</key><value>k</value></entry></A>' },
    },
    [{ keys: ['k'], facts: { arn: at('sns', 't') } }],
  ],
  ['a topic that is not there', 'topic', { own: [at('sns', 't')] }, []],
  [
    'the current version, under its own keys',
    'version',
    {
      own: [
        ['secretsmanager:GetSecretValue', secret],
        ['secretsmanager:DescribeSecret', secret],
      ],
      answers: versions({ ...current, KmsKeyIds: ['DefaultEncryptionKey', 'k2'] }),
    },
    [{ keys: ['alias/aws/secretsmanager', 'k2'], facts: { arn: secret, version: 'v1' } }],
  ],
  [
    'a version by its id, under the key of its secret',
    'version',
    {
      own: [['secretsmanager:GetSecretValue', secret]],
      input: { VersionId: 'v2' },
      answers: { ...versions(current, { VersionId: 'v2' }), DescribeSecret: { ARN: secret, KmsKeyId: 'k3' } },
    },
    [{ keys: ['k3'], facts: { arn: secret, version: 'v2' } }],
  ],
  [
    'a version by its stage that is not there',
    'version',
    {
      own: [['secretsmanager:GetSecretValue', secret]],
      input: { VersionStage: 'AWSPREVIOUS' },
      answers: { ...versions(current), DescribeSecret: { ARN: secret, KmsKeyId: '' } },
    },
    [{ keys: ['alias/aws/secretsmanager'], facts: { arn: secret } }],
  ],
  ['a secret that is not there', 'version', { own: [['secretsmanager:GetSecretValue', secret]] }, []],
  [
    'a secret by a pattern',
    'version',
    { own: [['secretsmanager:GetSecretValue', `${secret}*`]], answers: { DescribeSecret: { ARN: secret } } },
    [],
  ],
  ['no new value', 'newVersion', { own: [secret], answers: { DescribeSecret: { ARN: secret } } }, []],
  [
    'a new value',
    'newVersion',
    {
      own: [secret],
      body: { SecretString: 'x' },
      input: { ClientRequestToken: 't' },
      answers: { ...versions(current), DescribeSecret: { ARN: secret, KmsKeyId: 'k' } },
    },
    [{ keys: ['k'], facts: { arn: secret, version: 't' } }],
  ],
  [
    'a new value in bytes, without a token',
    'newVersion',
    { own: [secret], body: { SecretBinary: 'eA==' }, answers: { DescribeSecret: { ARN: secret } } },
    [{ keys: ['alias/aws/secretsmanager'], facts: { arn: secret } }],
  ],
  [
    'the value of a new secret',
    'newVersion',
    {
      own: [secret],
      body: { SecretString: 'x' },
      operation: 'CreateSecret',
      input: { ClientRequestToken: 'v1' },
      answers: versions(current),
    },
    [{ keys: ['alias/aws/secretsmanager'], facts: { arn: secret, version: 'v1' } }],
  ],
  [
    'a value that was brought before',
    'newVersion',
    {
      own: [secret],
      body: { SecretString: 'x' },
      input: { ClientRequestToken: 'v1' },
      answers: versions(current),
    },
    [],
  ],
  [
    'what it is compared with',
    'repeatedVersion',
    {
      own: [secret],
      input: { ClientRequestToken: 'v1' },
      answers: { ...versions(current), DescribeSecret: { ARN: secret, KmsKeyId: 'k' } },
    },
    [{ keys: ['k'], facts: { arn: secret, version: 'v1' } }],
  ],
  [
    'what it is compared with, under its own key',
    'repeatedVersion',
    {
      own: [secret],
      input: { ClientRequestToken: 'v1' },
      answers: versions({ ...current, KmsKeyIds: ['k9'] }),
    },
    [{ keys: ['k9'], facts: { arn: secret, version: 'v1' } }],
  ],
  ['nothing that it is compared with', 'repeatedVersion', { own: [secret], answers: versions(current) }, []],
  [
    'a state machine with its role, by the version that is named',
    'machine',
    {
      own: [machine],
      input: { stateMachineArn: `${machine}:3` },
      answers: { DescribeStateMachine: { ...configuration, roleArn: 'r' } },
    },
    [{ keys: ['k'], facts: { arn: machine }, role: 'r' }],
  ],
  ['a state machine without a key', 'machine', { own: [machine], answers: { DescribeStateMachine: {} } }, []],
  [
    'a state machine by a label',
    'labelledMachine',
    { own: [`${machine}/label`, machine], answers: { DescribeStateMachine: configuration } },
    [{ keys: ['k'], facts: { arn: `${machine}/label` } }],
  ],
  [
    'an execution, with its machine',
    'execution',
    {
      own: [at('states', 'execution:m:e')],
      answers: { DescribeStateMachineForExecution: { ...configuration, stateMachineArn: machine } },
    },
    [{ keys: ['k'], facts: { arn: machine } }],
  ],
  [
    'an execution of a machine that is not told',
    'execution',
    { own: [at('states', 'execution:m:e')], answers: { DescribeStateMachineForExecution: configuration } },
    [{ keys: ['k'], facts: {} }],
  ],
  [
    'an activity',
    'activity',
    { own: [at('states', 'activity:a')], answers: { DescribeActivity: configuration } },
    [{ keys: ['k'], facts: { arn: at('states', 'activity:a') } }],
  ],
  [
    'the default bus',
    'bus',
    { answers: { DescribeEventBus: { KmsKeyIdentifier: 'k' } } },
    [{ keys: ['k'], facts: { arn: at('events', 'event-bus/default') } }],
  ],
  [
    'a bus by its ARN',
    'bus',
    {
      input: { EventBusName: at('events', 'event-bus/mine') },
      answers: { DescribeEventBus: { KmsKeyIdentifier: 'k' } },
    },
    [{ keys: ['k'], facts: { arn: at('events', 'event-bus/mine') } }],
  ],
  ['a bus without a key', 'bus', { answers: { DescribeEventBus: {} } }, []],
  [
    'a mapping that is there, with its source and function',
    'mapping',
    {
      labels: { UUID: 'u 1' },
      answers: {
        '/2015-03-31/event-source-mappings/u%201': {
          EventSourceArn: queue,
          FunctionArn: at('lambda', 'function:f'),
          KMSKeyArn: 'k',
        },
      },
    },
    [{ keys: ['k'], facts: { source: queue, function: at('lambda', 'function:f') } }],
  ],
  [
    'a mapping that is made',
    'mapping',
    { named: 'k', input: { EventSourceArn: queue, FunctionName: 'f' } },
    [{ keys: ['k'], facts: { source: queue, function: at('lambda', 'function:f') } }],
  ],
  ['a mapping without a key', 'mapping', { input: { FunctionName: 'f' } }, []],
  [
    'parameters that are encrypted',
    'parameter',
    {
      input: { Names: ['/a/b:1', at('ssm', 'parameter/c')] },
      answers: {
        DescribeParameters: {
          Parameters: [
            { Name: '/a/b', Type: 'SecureString', KeyId: 'k' },
            { Name: 'c', Type: 'SecureString' },
            { Name: 'd', Type: 'String', KeyId: 'k' },
          ],
        },
      },
    },
    [
      { keys: ['k'], facts: { arn: at('ssm', 'parameter/a/b') } },
      { keys: ['alias/aws/ssm'], facts: { arn: at('ssm', 'parameter/c') } },
    ],
  ],
  ['no parameters', 'parameter', {}, []],
]

describe('the keys of things (GRD-190)', () => {
  for (const [title, kind, told, things] of rows)
    test(`${kind}: ${title}`, async () => assert.deepEqual((await read(kind, told)).things, things))

  test('parameters are asked for by names, ARNs or a path, page by page', async () => {
    const filters = async (input: object) =>
      (await read('parameter', { input, answers: { DescribeParameters: {} } })).asked.map((line) =>
        JSON.parse(line.replace('DescribeParameters ', '')),
      )
    const named = (...Values: string[]) => [
      { ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values }], MaxResults: 50 },
    ]
    assert.deepEqual(await filters({ Name: 'a:2' }), named('a'))
    assert.deepEqual(await filters({ Names: ['/a', at('ssm', 'parameter/b')] }), named('/a', 'b', '/b'))
    assert.deepEqual(await filters({ Path: '/a' }), [
      { ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/a'] }], MaxResults: 50 },
    ])
    const pages = { DescribeParameters: [{ NextToken: 'n' }, { NextToken: '' }] }
    const { asked } = await read('parameter', { input: { Path: '/' }, answers: pages })
    assert.deepEqual(
      asked.map((line) => line.includes('"NextToken":"n"')),
      [false, true],
    )
    const endless = { DescribeParameters: [{ NextToken: 'n' }] }
    await assert.rejects(read('parameter', { input: { Path: '/' }, answers: endless }), Unreadable)
  })

  test('a queue is asked for its key, and for its messages only where they matter', async () => {
    const names = async (kind: KeyOf) => (await read(kind, { own: [queue] })).asked
    const body = (...AttributeNames: string[]) => [
      `GetQueueAttributes ${JSON.stringify({ QueueUrl: `http://localhost/${account}/jobs`, AttributeNames })}`,
    ]
    assert.deepEqual(await names('queue'), body('KmsMasterKeyId'))
    assert.deepEqual(await names('waitingMessage'), body('KmsMasterKeyId', 'ApproximateNumberOfMessages'))
  })
})
