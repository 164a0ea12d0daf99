import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertLinear } from '../support/cost.ts'
import { form, requestsOf, type Sent, unknownOf } from './asked.ts'
import { ddb, events, sqs } from './calls.ts'

/** The longest texts are eight times as long. */
const length = 12_500

describe('texts that are made to be slow to read', () => {
  test('a queue’s URL that consists of prefixes only', () => {
    for (const url of [
      (long: number) => '/queue/'.repeat(long / 7),
      (long: number) => `/queue/${'x/123456789012/'.repeat(long / 15)}`,
      (long: number) => `http://${'x'.repeat(long)}`,
    ])
      assertLinear(length, (long) => {
        const sent = sqs('SendMessage', { QueueUrl: `${url(long)}?` })
        return () => assert.match(unknownOf(sent), /ends in no name/)
      })
  })

  test('a sender whose name is nothing but blanks', () => {
    const sent = (Source: string): Sent =>
      form('ses', { Version: '2010-12-01', Action: 'SendEmail', Source, 'Message.Subject.Data': 'x' })
    const keys = (source: string) => requestsOf(sent(source))[0]?.context ?? {}
    assertLinear(length, (long) => {
      const blanks = ' '.repeat(long)
      return () => assert.equal(keys(blanks)['ses:FromDisplayName'], undefined)
    })
    for (const [source, name] of [
      ['"A. B" <a@b.c>', 'A. B'],
      ['A B <a@b.c> ', 'A B'],
      ['<a@b.c>', undefined],
      ['"A" "B" <a@b.c>', undefined],
      ['A <x> <a@b.c>', undefined],
      ['a@b.c', undefined],
    ] as const)
      assert.equal(keys(source)['ses:FromDisplayName'], name, source)
  })

  test('an expression longer than DynamoDB takes (behaviour GRD-15)', () => {
    const query = (KeyConditionExpression: string) => ddb('Query', { TableName: 't', KeyConditionExpression })
    assertLinear(length, (long) => {
      const longer = query('a'.repeat(long))
      return () => assert.match(unknownOf(longer), /expression is longer/)
    })
  })
})

describe('names with slashes in them', () => {
  test('a partner’s event bus is whole before its rules', () => {
    const of = (EventBusName: string) =>
      requestsOf(events('DescribeRule', { Name: 'r', EventBusName }))[0]?.resource
    const rule = 'arn:aws:events:eu-west-1:111122223333:rule'
    assert.equal(of('aws.partner/example.com/x'), `${rule}/aws.partner/example.com/x/r`)
    const arn = 'arn:aws:events:eu-west-1:111122223333:event-bus/aws.partner/example.com/x'
    assert.equal(of(arn), `${rule}/aws.partner/example.com/x/r`)
    assert.equal(of('arn:aws:events:eu-west-1:111122223333:event-bus/default'), `${rule}/r`)
    assert.equal(of('own'), `${rule}/own/r`)
  })

  test('a body that holds too much is counted, and not read (GRD-533)', () => {
    const json = (body: string) => unknownOf({ ...ddb('PutItem', {}), body })
    const tooMuch = 'The body holds too much'
    const values = (count: number) => `{"TableName":"t","Item":{"a":{"L":[${'{},'.repeat(count)}{}]}}}`
    assert.equal(json(values(100_000)), tooMuch)
    assert.equal(requestsOf({ ...ddb('PutItem', {}), body: values(45_000) }).length, 1)
    assert.equal(json(`${'['.repeat(101)}${']'.repeat(101)}`), tooMuch)
    assert.equal(json(`{"TableName":${' '.repeat(1 << 20)}"t"}`), tooMuch)
    const keys = (text: string) => `<Delete><Object><Key>${text}</Key></Object></Delete>`
    const xml = (body: string) => unknownOf({ scope: 's3', line: 'POST /b?delete', body })
    assert.equal(xml(keys('\r'.repeat(50_001))), tooMuch)
    assert.equal(xml(keys('&#65;'.repeat(50_001))), 'The body is no XML')
  })
})
