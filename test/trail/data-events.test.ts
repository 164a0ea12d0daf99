import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AdvancedFieldSelector } from '@aws-sdk/client-cloudtrail'
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { RunningOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { firstPosition } from '../../packages/server/src/store/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { zipOf } from '../support/index.ts'
import { allow, type EventRecord } from '../wire/cloudtrail-house.ts'
import { noon, openDeliveringServer } from './delivery-house.ts'

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`

/** A server with two functions, `f` and `ff`. */
async function openFunctionServer() {
  const server = await openDeliveringServer()
  const trust = allow({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' })
  const { Role: role } = await server.iam.createRole({ RoleName: 'fn', AssumeRolePolicyDocument: trust })
  const lambda = server.omen.client(LambdaClient)
  const ZipFile = zipOf({ 'index.mjs': 'export const handler = async () => 1' })
  for (const FunctionName of ['f', 'ff']) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role!.Arn!,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile },
      }),
    )
  }
  return {
    ...server,
    lambda,
    async invoke(FunctionName: string, client = lambda) {
      await client.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' }))
    },
    /** The names of the functions whose invocations a trail delivers, once it has. */
    async invoked() {
      await server.deliver()
      return server
        .delivered()
        .filter(({ eventName }) => eventName === 'Invoke')
        .map(({ requestParameters }) => (requestParameters as { functionName: string }).functionName)
        .sort()
    },
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

/** Asks the server itself, as root. */
async function ask({ endpoint, keys }: RunningOmen, rawPath: string, rawQuery = '') {
  const url = new URL(`${rawPath}?${rawQuery}`, endpoint)
  const request = { method: 'GET', rawPath, rawQuery, headers: { host: url.host }, body: new Uint8Array() }
  const { accessKeyId, secretAccessKey } = keys.root
  const signer = { accessKeyId, secret: new Secret(secretAccessKey), region: 'us-east-1', service: 'omen' }
  const { host: _, ...headers } = signedHeaders(request, signer, noon)
  return (await (await fetch(url, { headers })).json()) as Record<string, unknown>
}

describe('Data events', () => {
  test('TRL-50 an Invoke that names its function in two ways is in the history, too', async () => {
    await using server = await openFunctionServer()
    const misnamed = new InvokeCommand({ FunctionName: 'f:one', Qualifier: 'other' })
    await assert.rejects(server.lambda.send(misnamed), { name: 'InvalidParameterValueException' })
    const { recorder, directory } = server.omen.omen.deps
    await recorder.flush()
    const { events } = await directory.store.eventsAfter(firstPosition, 100)
    const event = events.find(({ name }) => name === 'Invoke')
    assert.equal(event?.errorCode, 'InvalidParameterValueException')
    assert.equal(event?.data, true)
  })

  test('TRL-54, TRL-56 Invoke is one: in no look-up, and shown by omen events', async () => {
    await using server = await openFunctionServer()
    await server.lambda.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('"secret"') }))
    assert.deepEqual(await server.events('Invoke'), [])
    const { Events: all = [] } = await server.cloudtrail.lookupEvents({})
    assert.ok(all.length > 3 && all.every(({ EventName }) => EventName !== 'Invoke'))
    const { recorder, directory } = server.omen.omen.deps
    await recorder.flush()
    const { events } = await directory.store.eventsAfter(firstPosition, 100)
    const record = JSON.parse(events.find(({ name }) => name === 'Invoke')!.json) as Record<string, unknown>
    const { managementEvent, eventCategory, readOnly, resources, additionalEventData } = record
    assert.deepEqual(
      { managementEvent, eventCategory, readOnly, resources, additionalEventData },
      {
        managementEvent: false,
        eventCategory: 'Data',
        readOnly: false,
        resources: [{ accountId: '123456789012', type: 'AWS::Lambda::Function', ARN: arnOf('f') }],
        additionalEventData: { functionVersion: `${arnOf('f')}:$LATEST` },
      },
    )
    assert.equal(record.responseElements, null)
    assert.deepEqual(record.requestParameters, { functionName: 'f' })
    // why finds the decision by the event's id, as for any other
    const why = await ask(server.omen, `/_omen/decisions/${record.eventID}`)
    assert.deepEqual([why.requestId, why.operation, why.allowed], [record.requestID, 'Invoke', true])
    const seen = await ask(server.omen, '/_omen/events', 'after=0')
    assert.ok(
      (seen.events as { record: { eventName: string } }[]).some((each) => each.record.eventName === 'Invoke'),
    )
  })

  test('TRL-73 a trail delivers them where a basic selector asks for them', async () => {
    await using server = await openFunctionServer()
    await server.trail('data')
    const select = (ReadWriteType: 'All' | 'ReadOnly' | 'WriteOnly', ...Values: string[]) =>
      server.cloudtrail.putEventSelectors({
        TrailName: 'data',
        EventSelectors: [{ ReadWriteType, DataResources: [{ Type: 'AWS::Lambda::Function', Values }] }],
      })
    await server.invoke('f')
    assert.deepEqual(await server.invoked(), [])
    await select('All', arnOf('f'))
    await server.invoke('f')
    await server.invoke('ff')
    assert.deepEqual(await server.invoked(), ['f'])
    await select('ReadOnly', 'arn:aws:lambda')
    await server.invoke('ff')
    assert.deepEqual(await server.invoked(), ['f'])
    await select('WriteOnly', 'arn:aws:lambda')
    await server.invoke('ff')
    assert.deepEqual(await server.invoked(), ['f', 'ff'])
    await server.cloudtrail.putEventSelectors({
      TrailName: 'data',
      EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }],
    })
    await server.invoke('f')
    assert.deepEqual(await server.invoked(), ['f', 'ff'])
  })

  test('TRL-73 or an advanced one, denied invocations too', async () => {
    await using server = await openFunctionServer()
    await server.trail('data')
    const select = (...fields: AdvancedFieldSelector[]) =>
      server.cloudtrail.putEventSelectors({
        TrailName: 'data',
        AdvancedEventSelectors: [
          { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }, ...fields] },
        ],
      })
    const isFunction = { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] }
    await select(isFunction, { Field: 'resources.ARN', EndsWith: [':ff'] })
    await server.iam.createUser({ UserName: 'weak' })
    const { AccessKey: key } = await server.iam.createAccessKey({ UserName: 'weak' })
    const weak = server.omen.client(LambdaClient, {
      accessKeyId: key!.AccessKeyId!,
      secretAccessKey: key!.SecretAccessKey!,
    })
    for (const name of ['f', 'ff']) {
      await server.invoke(name)
      await assert.rejects(server.invoke(name, weak), { name: 'AccessDeniedException' })
    }
    await server.deliver()
    const delivered = server.delivered()
    // a client may try what is denied again: its clock is not the server's
    const kinds = new Set(delivered.map(({ eventName, errorCode }) => `${eventName} ${errorCode}`))
    assert.deepEqual([...kinds], ['Invoke undefined', 'Invoke AccessDenied'])
    for (const { resources } of delivered)
      assert.deepEqual(resources, [
        { accountId: '123456789012', type: 'AWS::Lambda::Function', ARN: arnOf('ff') },
      ])
    await select(isFunction, { Field: 'eventName', Equals: ['NoSuchName'] })
    await server.invoke('ff')
    await server.deliver()
    assert.equal(server.delivered().length, delivered.length)
    const byAdmin = { Field: 'userIdentity.arn', EndsWith: [':user/admin'] }
    await select(isFunction, { Field: 'eventName', StartsWith: ['Inv'], NotEquals: ['InvokeAsync'] }, byAdmin)
    await assert.rejects(server.invoke('f', weak))
    await server.invoke('f')
    await server.deliver()
    assert.equal(server.delivered().length, delivered.length + 1)
    const ofWeak = ({ userIdentity }: EventRecord) => userIdentity.userName === 'weak'
    assert.equal(server.delivered().filter(ofWeak).length, delivered.filter(ofWeak).length)
  })

  test('CTR-6 selectors that choose no data events as CloudTrail knows them are refused', async () => {
    await using server = await openDeliveringServer()
    await server.trail('data')
    const refused = async (selectors: object) =>
      assert.rejects(server.cloudtrail.putEventSelectors({ TrailName: 'data', ...selectors }), {
        name: 'InvalidEventSelectorsException',
      })
    await refused({ EventSelectors: [{ DataResources: [{ Type: 'AWS::SQS::Queue', Values: [] }] }] })
    const advanced = (...FieldSelectors: object[]) =>
      refused({ AdvancedEventSelectors: [{ FieldSelectors }] })
    await advanced({ Field: 'eventCategory', Equals: ['Data'] })
    await advanced({ Field: 'eventCategory', Equals: ['Other'] })
    await advanced(
      { Field: 'eventCategory', Equals: ['Management'] },
      { Field: 'readOnly', NotEquals: ['true'] },
    )
    await advanced(
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', StartsWith: ['AWS::Lambda'] },
    )
  })
})
