import { parentPort } from 'node:worker_threads'
import { Fault } from '../../base/index.ts'
import type { FromReader, ReadingName, ToReader } from './messages.ts'
import { UnknownRole } from './other-types.ts'
import { type AskHost, readings } from './readings.ts'
import { UnreadableTemplate } from './template.ts'

/** The thread that reads templates, one call after the other. What only the main thread knows it asks for. */
const questions = new Map<number, { resolve(answer: unknown): void; reject(error: Unanswered): void }>()
let next = 0

/** The main thread could not answer: it has the reason. */
class Unanswered extends Error {
  readonly question: number

  constructor(question: number) {
    super('unanswered')
    this.question = question
  }
}

const ask: AskHost = (asked) =>
  new Promise((resolve, reject) => {
    const question = next++
    questions.set(question, { resolve, reject })
    say({ question, ...asked })
  })

parentPort?.on('message', (message: ToReader) => {
  if ('op' in message) {
    void ended(message.op, message.input).then(say)
    return
  }
  const { question } = message
  const asked = questions.get(question)
  questions.delete(question)
  if ('failed' in message) asked?.reject(new Unanswered(question))
  else asked?.resolve(message.answer)
})

function say(message: FromReader): void {
  parentPort?.postMessage(message)
}

async function ended(op: ReadingName, input: unknown): Promise<FromReader> {
  try {
    return { output: await readings[op](input as never, ask) } // the sender's type joins an operation and its input
  } catch (error) {
    if (error instanceof UnreadableTemplate || error instanceof UnknownRole) return { unknown: error.message }
    if (error instanceof Unanswered) return { unanswered: error.question }
    if (error instanceof Fault)
      return { refused: { code: error.code, message: error.message, status: error.status } }
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
