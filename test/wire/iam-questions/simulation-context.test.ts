import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { SimulateCustomPolicyCommandInput } from '@aws-sdk/client-iam'
import { allow, faultOf, openHouse } from '../iam/house.ts'
import { document, simulator } from './simulator.ts'

const { iam, close } = await openHouse()
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

  test('a type that is no list may have several values, or none (SIM-12)', async () => {
    const tagged = allow('s3:*', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } })
    const asked = async (document: string, key: string, ContextKeyValues: string[]) =>
      custom({
        PolicyInputList: [document],
        ContextEntries: [{ ContextKeyName: key, ContextKeyType: 'string', ContextKeyValues }],
      })
    assert.equal((await asked(tagged, 'aws:TagKeys', ['a', 'b'])).EvalDecision, 'allowed')
    assert.equal((await asked(tagged, 'aws:TagKeys', ['a', 'c'])).EvalDecision, 'implicitDeny')
    const single = allow('s3:*', '*', { StringEquals: { 's3:prefix': 'x' } })
    const none = await asked(single, 's3:prefix', [])
    assert.deepEqual([none.EvalDecision, none.MissingContextValues], ['implicitDeny', ['s3:prefix']])
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
    const { MissingContextValues: none } = await custom({
      PolicyInputList: [team],
      ActionNames: ['ec2:RunInstances'],
    })
    assert.deepEqual(none, [])
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
