import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { form, requestsOf, type Sent, unknownOf } from './asked.ts'
import { ddb, events, sqs } from './calls.ts'

const long = 100_000

/** Of what is read in linear time, a small part of this. */
const mostMilliseconds = 1_000

function quickly<T>(work: () => T): T {
  const began = performance.now()
  const result = work()
  assert.ok(performance.now() - began < mostMilliseconds)
  return result
}

suite('texts that are made to be slow to read', () => {
  test('a queue’s URL of nothing but what may stand before its name', () => {
    for (const url of [
      '/queue/'.repeat(long / 7),
      `/queue/${'x/123456789012/'.repeat(long / 15)}`,
      `http://${'x'.repeat(long)}`,
    ])
      assert.match(
        quickly(() => unknownOf(sqs('SendMessage', { QueueUrl: `${url}?` }))),
        /ends in no name/,
      )
  })

  test('a sender whose name is nothing but blanks', () => {
    const sent = (Source: string): Sent =>
      form('ses', { Version: '2010-12-01', Action: 'SendEmail', Source, 'Message.Subject.Data': 'x' })
    const keys = (source: string) => requestsOf(sent(source))[0]?.context ?? {}
    const slow = quickly(() => keys(' '.repeat(long)))
    assert.equal(slow['ses:FromDisplayName'], undefined)
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
    assert.match(
      quickly(() => unknownOf(query('a'.repeat(long)))),
      /expression is longer/,
    )
  })
})

suite('names with slashes in them', () => {
  test('a partner’s event bus stands whole before its rules', () => {
    const of = (EventBusName: string) =>
      requestsOf(events('DescribeRule', { Name: 'r', EventBusName }))[0]?.resource
    const rule = 'arn:aws:events:eu-west-1:111122223333:rule'
    assert.equal(of('aws.partner/example.com/x'), `${rule}/aws.partner/example.com/x/r`)
    const arn = 'arn:aws:events:eu-west-1:111122223333:event-bus/aws.partner/example.com/x'
    assert.equal(of(arn), `${rule}/aws.partner/example.com/x/r`)
    assert.equal(of('arn:aws:events:eu-west-1:111122223333:event-bus/default'), `${rule}/r`)
    assert.equal(of('own'), `${rule}/own/r`)
  })
})
