import type { SeenRequest } from '@omen-iam/policy'
import { omen } from './aws.ts'

/** A question that calls asked, and how often. */
export interface SeenQuestion extends SeenRequest {
  readonly count: number
  /** The values of the condition keys that were asked for. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  /** The keys whose values were not kept with the event. */
  readonly unknown?: readonly string[]
  /** The policies of the organization that refuse it now. */
  readonly refusedBy?: 'scp' | 'rcp'
}

interface SeenAnswer {
  readonly position: string
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
  /** Condition keys whose values are asked for: questions that differ in them are different. */
  readonly keys?: readonly string[]
  readonly signal?: AbortSignal
}

/** Answers that are asked for before it is enough: 20,000 events each. */
const mostAnswers = 10

/** Condition keys that one answer has. */
const mostKeys = 50

/** Reads the questions of calls for permission, each once. */
export async function seenQuestions(options: SeenOptions): Promise<readonly SeenQuestion[]> {
  const beyond = options.keys?.slice(mostKeys) ?? []
  const counts = new Map<string, SeenQuestion>()
  const asked = new URLSearchParams({
    since: new Date(Date.now() - options.within).toISOString(),
    denied: String(options.denied === true),
    ...(options.principal === undefined ? {} : { principal: options.principal }),
    ...(options.keys === undefined ? {} : { keys: options.keys.slice(0, mostKeys).join(',') }),
  })
  for (let each = 0; each < mostAnswers; each++) {
    const answer = await omen<SeenAnswer>('GET', `/_omen/seen?${asked}`, undefined, {
      signal: options.signal,
    })
    for (const read of answer.questions) {
      const question = beyond.length === 0 ? read : { ...read, unknown: [...(read.unknown ?? []), ...beyond] }
      const key = JSON.stringify({ ...question, count: 0 })
      const count = (counts.get(key)?.count ?? 0) + question.count
      counts.set(key, { ...question, count })
    }
    if (answer.done) break
    asked.set('after', answer.position)
  }
  return [...counts.values()]
}
