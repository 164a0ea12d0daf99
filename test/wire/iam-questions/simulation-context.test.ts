import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ContextKeyTypeEnum, SimulateCustomPolicyCommandInput } from '@aws-sdk/client-iam'
import { allow, faultOf, openServer } from '../iam/house.ts'
import { document, simulator } from './simulator.ts'

const { iam, close } = await openServer()
after(close)

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`
const custom = simulator(iam)

describe('context keys of simulations', () => {
  test('keys that are asked for and missing, and keys given by type (SIM-10, SIM-12)', async () => {
    const PolicyInputList = [
      document({
        Effect: 'Allow',
        Action: 's3:*',
        Resource: '*',
        Condition: {
          IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
          NumericLessThan: { 's3:max-keys': '10' },
          'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] },
        },
      }),
    ]
    const missing = await custom({ PolicyInputList })
    assert.equal(missing.EvalDecision, 'implicitDeny')
    assert.deepEqual(missing.MissingContextValues, ['aws:SourceIp', 's3:max-keys', 'aws:TagKeys'])
    const ContextEntries: SimulateCustomPolicyCommandInput['ContextEntries'] = [
      { ContextKeyName: 'AWS:sourceip', ContextKeyType: 'ip', ContextKeyValues: ['10.1.2.3'] },
      { ContextKeyName: 's3:max-keys', ContextKeyType: 'numeric', ContextKeyValues: ['5'] },
      { ContextKeyName: 'aws:TagKeys', ContextKeyType: 'stringList', ContextKeyValues: ['b', 'a'] },
    ]
    const given = await custom({ PolicyInputList, ContextEntries })
    assert.equal(given.EvalDecision, 'allowed')
    assert.deepEqual(given.MissingContextValues, [])
    for (const entry of [
      { ContextKeyName: 's3:max-keys', ContextKeyType: 'numeric', ContextKeyValues: ['many'] },
      { ContextKeyName: 'aws:SourceIp', ContextKeyType: 'ip', ContextKeyValues: ['here'] },
      { ContextKeyName: 'nothing', ContextKeyType: 'string', ContextKeyValues: ['x'] },
    ] as const) {
      assert.match(
        await faultOf(
          custom({
            PolicyInputList,
            ContextEntries: [{ ...entry, ContextKeyValues: [...entry.ContextKeyValues] }],
          }),
        ),
        /^InvalidInput 400/,
      )
    }
  })

  test('a type that is no list has one value (SIM-12)', async () => {
    const given = (ContextKeyType: ContextKeyTypeEnum | undefined, ContextKeyValues: string[]) =>
      custom({
        PolicyInputList: [allow('s3:*', '*', { StringEquals: { 's3:prefix': 'x' } })],
        ContextEntries: [{ ContextKeyName: 's3:prefix', ContextKeyType, ContextKeyValues }],
      })
    assert.equal((await given('string', ['x'])).EvalDecision, 'allowed')
    assert.equal((await given(undefined, ['x'])).EvalDecision, 'allowed')
    assert.equal(
      await faultOf(given('ip', ['10.0.0.1', '10.0.0.2', '10.0.0.3'])),
      'InvalidInput 400: Context key ip expected a single value, but received 3.',
    )
    assert.equal(
      await faultOf(given('string', [])),
      'InvalidInput 400: Context values for context key s3:prefix cannot be null or empty.',
    )
  })

  test('values of each type that are read, and what is not (SIM-43)', async () => {
    const given = async (ContextKeyType: ContextKeyTypeEnum, value: string) => {
      const entry = { ContextKeyName: 's3:value', ContextKeyType, ContextKeyValues: [value] }
      const asked = custom({ PolicyInputList: [allow('*')], ContextEntries: [entry] })
      return (await asked.catch((fault: Error) => ({ EvalDecision: fault.message }))).EvalDecision
    }
    const table: readonly [ContextKeyTypeEnum, readonly string[], readonly string[], string][] = [
      ['numeric', ['1', '-0.5', '.5', '1.', '1E+2'], ['', '0x1', '1 ', 'NaN', '1,000'], 'numeric format'],
      ['dateList', ['2035', '-1', '2035-01-02T03:04:05+01:00'], ['', 'now', '2035-13'], 'DateTime format'],
      ['ip', ['::1', '10.0.0.1'], ['', '10.0.0.0/8', '10.0.0'], 'IP address'],
      ['binaryList', ['YQ==', ''], ['YQ', 'YQ-_', 'a b='], 'base-64 encoded binary format'],
      ['boolean', ['true', '1', 'maybe', ''], [], ''],
    ]
    for (const [type, good, bad, wants] of table) {
      for (const value of good) assert.equal(await given(type, value), 'allowed', `${type} ${value}`)
      const refusal = `Invalid context value for key s3:value: expected ${wants}.`
      for (const value of bad) assert.equal(await given(type, value), refusal, `${type} ${value}`)
    }
  })

  test('what conditions on texts see of a value (SIM-44)', async () => {
    const sees = async (ContextKeyType: ContextKeyTypeEnum, value: string, text: string) => {
      const { EvalDecision } = await custom({
        PolicyInputList: [allow('s3:*', '*', { StringEquals: { 's3:value': text } })],
        ContextEntries: [{ ContextKeyName: 's3:value', ContextKeyType, ContextKeyValues: [value] }],
      })
      assert.equal(EvalDecision, 'allowed', `${value} is seen as ${text}`)
    }
    await sees('numeric', '+01.00', '1.00')
    await sees('numeric', '1e2', '1E+2')
    await sees('numeric', '-0.50', '-0.50')
    await sees('numeric', '12.5e-8', '1.25E-7')
    await sees('date', '2035-01-02T03:04+01:00', '2035-01-02T02:04:00.000Z')
    await sees('date', '0', '1970-01-01T00:00:00.000Z')
    await sees('boolean', 'TRUE', 'true')
    await sees('ip', '192.000.002.1', '192.000.002.1')
  })

  test('variables without a value are missing, too (SIM-10)', async () => {
    const home = document({
      Effect: 'Allow',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::homes/${aws:username}/*',
    })
    const ResourceArns = ['arn:aws:s3:::homes/ann/x']
    const missing = await custom({ PolicyInputList: [home], ResourceArns })
    assert.deepEqual([missing.EvalDecision, missing.MissingContextValues], ['implicitDeny', ['aws:username']])
    const given = await custom({ PolicyInputList: [home], ResourceArns, CallerArn: arn('user/ann') })
    assert.deepEqual([given.EvalDecision, given.MissingContextValues], ['allowed', []])
    const team = allow('s3:*', '*', { StringLike: { 's3:prefix': '${aws:PrincipalTag/team}/*' } })
    const { MissingContextValues } = await custom({ PolicyInputList: [team] })
    assert.deepEqual(MissingContextValues, ['s3:prefix', 'aws:PrincipalTag/team'])
    const allowed = allow('ec2:*', '*', { StringNotEquals: { 'ec2:Vpc': 'x' } })
    const other = { PolicyInputList: [team, allowed], ActionNames: ['ec2:RunInstances'] }
    assert.deepEqual((await custom(other)).MissingContextValues, [])
    const neither = { ...other, ActionNames: ['sqs:SendMessage'] }
    assert.deepEqual((await custom(neither)).MissingContextValues, [
      's3:prefix',
      'aws:PrincipalTag/team',
      'ec2:Vpc',
    ])
  })

  /** Whether a condition on s3:value holds for what the request gives. */
  const holds = async (
    operator: string,
    values: readonly string[],
    ContextKeyType: ContextKeyTypeEnum,
    ContextKeyValues: string[],
    Effect = 'Allow',
  ) => {
    const Condition = { [operator]: { 's3:value': values } }
    const { EvalDecision } = await custom({
      PolicyInputList: [document({ Effect, Action: 's3:*', Resource: '*', Condition })],
      ContextEntries: [{ ContextKeyName: 's3:value', ContextKeyType, ContextKeyValues }],
    })
    return EvalDecision !== 'implicitDeny'
  }

  test('the type of a key is the one that is given (SIM-55)', async () => {
    assert.equal(await holds('ForAnyValue:StringEquals', ['1'], 'numericList', ['2', '1']), true)
    assert.equal(await holds('NumericEquals', ['1.0'], 'string', ['1']), true)
    assert.equal(await holds('DateEquals', ['1970-01-01'], 'numeric', ['0']), true)
    assert.equal(await holds('StringEquals', ['1'], 'numericList', ['1', '1']), false)
  })

  test('texts and the empty text are compared as in requests (SIM-56)', async () => {
    assert.equal(await holds('StringEqualsIgnoreCase', ['PROD'], 'string', ['prod']), true)
    assert.equal(await holds('StringLike', ['*'], 'string', ['']), true)
    assert.equal(await holds('StringEqualsIfExists', ['x'], 'string', ['']), false)
    assert.equal(await holds('IpAddress', ['192.0.2.1/24'], 'ip', ['192.0.2.200']), true)
  })

  test('what cannot be read fits neither an operator nor its negation, but of dates (SIM-57)', async () => {
    for (const operator of ['NumericEquals', 'NumericNotEquals', 'ForAllValues:NumericNotEquals']) {
      assert.equal(await holds(operator, ['1'], 'string', ['one']), false, operator)
    }
    assert.equal(await holds('ForAllValues:NumericNotEquals', ['1'], 'stringList', ['2', 'one']), false)
    assert.equal(await holds('ForAnyValue:NumericNotEquals', ['1'], 'stringList', ['two', 'one']), false)
    assert.equal(await holds('NumericNotEquals', ['1'], 'string', ['2']), true)
    assert.equal(await holds('NotIpAddress', ['10.0.0.0/8'], 'string', ['10.0.0.1/32']), false)
    assert.equal(await holds('ArnNotLike', ['arn:aws:iam::*:user/*'], 'string', ['user/a']), false)
  })

  test('networks that cannot be read are met in order (SIM-58)', async () => {
    const [network, none, seen] = ['10.0.0.0/8', '10.0.0.0/33', ['10.1.2.3']]
    for (const effect of ['Allow', 'Deny']) {
      assert.equal(await holds('IpAddress', [network, none], 'ip', seen, effect), true)
      assert.equal(await holds('IpAddress', [none, network], 'ip', seen, effect), false)
      assert.equal(await holds('ForAnyValue:IpAddress', [none, network], 'ipList', seen, effect), false)
      assert.equal(await holds('NotIpAddress', [none], 'ip', seen, effect), false)
      assert.equal(await holds('NotIpAddress', ['192.0.2.0/24', none], 'ip', seen, effect), false)
      assert.equal(await holds('NotIpAddressIfExists', [none], 'ip', seen, effect), false)
    }
    const absent = await custom({
      PolicyInputList: [
        document({
          Effect: 'Allow',
          Action: '*',
          Resource: '*',
          Condition: { NotIpAddress: { 'aws:SourceIp': none } },
        }),
      ],
    })
    assert.equal(absent.EvalDecision, 'allowed')
  })

  test('a list of empty texts has that value (SIM-59)', async () => {
    for (const list of [[''], ['', '']]) {
      assert.equal(await holds('Null', ['false'], 'stringList', list), true)
      assert.equal(await holds('Null', ['true'], 'stringList', list), false)
      assert.equal(await holds('ForAnyValue:StringLike', ['*'], 'stringList', list), true)
      assert.equal(await holds('ForAllValues:StringEqualsIfExists', ['known'], 'stringList', list), false)
      assert.equal(await holds('ForAnyValue:NumericNotEquals', ['1'], 'stringList', list), false)
      assert.equal(await holds('StringEquals', [''], 'stringList', list), false)
    }
  })

  test('keys of tags may hold blanks (SIM-12)', async () => {
    const key = 'aws:PrincipalTag/cost center'
    const { EvalDecision } = await custom({
      PolicyInputList: [allow('s3:*', '*', { StringEquals: { [key]: '42' } })],
      ContextEntries: [{ ContextKeyName: key, ContextKeyType: 'string', ContextKeyValues: ['42'] }],
    })
    assert.equal(EvalDecision, 'allowed')
  })
})
