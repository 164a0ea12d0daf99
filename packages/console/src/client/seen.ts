import type { SeenRequest } from '@omen-iam/policy'
import { omen } from './aws.ts'

/** A question that calls asked, and how often. */
export interface SeenQuestion extends SeenRequest {
  readonly count: number
}

interface SeenAnswer {
  readonly sequence: number
  readonly done: boolean
  readonly questions: readonly SeenQuestion[]
}

export interface SeenOptions {
  /** A user, a role, an ARN or an access key; everybody if absent. */
  readonly principal?: string
  /** Milliseconds back from now. */
  readonly within: number
  /** Whether calls that were denied count. */
  readonly denied?: boolean
  readonly signal?: AbortSignal
}

/** Answers that are asked for before it is enough: 20,000 events each. */
const mostAnswers = 10

/** What calls asked permission for, each question once. */
export async function seenQuestions(options: SeenOptions): Promise<readonly SeenQuestion[]> {
  const counts = new Map<string, SeenQuestion>()
  const asked = new URLSearchParams({
    since: new Date(Date.now() - options.within).toISOString(),
    denied: String(options.denied === true),
    ...(options.principal === undefined ? {} : { principal: options.principal }),
  })
  for (let each = 0; each < mostAnswers; each++) {
    const answer = await omen<SeenAnswer>('GET', `/_omen/seen?${asked}`, undefined, {
      signal: options.signal,
    })
    for (const question of answer.questions) {
      const key = JSON.stringify([question.action, question.resource, question.passedTo])
      const count = (counts.get(key)?.count ?? 0) + question.count
      counts.set(key, { ...question, count })
    }
    if (answer.done) break
    asked.set('after', String(answer.sequence))
  }
  return [...counts.values()]
}
