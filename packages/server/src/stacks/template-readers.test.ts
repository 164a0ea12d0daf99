import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseAccountId } from '../base/index.ts'
import type { HostQuestion, Readings } from './reading/messages.ts'
import { UnreadableTemplate } from './reading/template.ts'
import { type ReaderLimits, TemplateReaders } from './template-readers.ts'

const place = { account: parseAccountId('123456789012')!, region: 'us-east-1', partition: 'aws' } as const
const template = '{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}}}'

/** Readers, and what their threads ask: an upstream without stacks, which answers when a test lets it. */
function reading(limits: Partial<ReaderLimits> = {}) {
  const asked: { question: HostQuestion; answer(): void }[] = []
  const readers = new TemplateReaders(
    (question) =>
      new Promise((resolve) => asked.push({ question, answer: () => resolve({ status: 400, text: '' }) })),
    limits,
  )
  const known = { own: [], bucket: 'http://localhost/templates/' }
  const change = (stack: string, caller: string, body = template) => {
    const form: Readings['change']['input']['form'] = [['TemplateBody', body]]
    return readers.read('change', { place, reference: stack, form, known }, caller)
  }
  /** The names of the stacks that are asked about. */
  const stacks = () =>
    asked.map(({ question }) => ('ask' in question ? /StackName=(\w+)/.exec(question.ask.body!)?.[1] : ''))
  const answered = (stack: string) => asked[stacks().indexOf(stack)]!.answer()
  const until = async (count: number) => {
    while (asked.length < count) await new Promise((done) => setTimeout(done, 2))
  }
  return { readers, change, stacks, answered, until }
}

describe('threads that read templates (GRD-510)', () => {
  test('one caller has one of them, and a limited number of places to wait', async () => {
    const { readers, change, stacks, answered, until } = reading({ waitingOfCaller: 2 })
    const running = [change('a1', 'a'), change('a2', 'a'), change('a3', 'a'), change('b1', 'b')]
    assert.throws(() => change('a4', 'a'), { code: 'Throttling' })
    await until(2)
    assert.deepEqual(stacks().toSorted(), ['a1', 'b1'])
    answered('a1')
    await until(3)
    assert.equal(stacks()[2], 'a2')
    answered('b1')
    answered('a2')
    await until(4)
    answered('a3')
    const read = await Promise.all(running)
    assert.deepEqual(
      read.map(({ requests }) => requests.map(({ action }) => action)),
      Array(4).fill(['sqs:CreateQueue']),
    )
    readers.close()
  })

  test('what needs too much time or memory is refused with the reason', async () => {
    const slow = reading({ patience: 0 })
    await assert.rejects(slow.change('s', 'a'), /cannot be read: it takes more than 0 seconds/)
    slow.readers.close()
    const small = reading({ heap: 8 })
    await assert.rejects(small.change('s', 'a'), /cannot be read: it needs more than 8 MB of memory/)
    await assert.rejects(small.change('t', 'a'), UnreadableTemplate)
    small.readers.close()
  })
})
