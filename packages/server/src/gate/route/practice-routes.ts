import type { SignedCaller } from '../../session/index.ts'
import { type AdminRoute, Refusal, TextAnswer } from './admin-route.ts'

/** A question to the lessons. */
export interface PracticeQuestion {
  readonly op: PracticeOperation
  /** Whose progress it is: the id of a user or role; empty for the owner of the server. */
  readonly person: string
  /** The id of a lesson, or the name of a chapter. */
  readonly subject: string
  readonly body: Readonly<Record<string, unknown>>
}

export type PracticeOperation =
  | 'list'
  | 'progress'
  | 'open'
  | 'say'
  | 'check'
  | 'call'
  | 'events'
  | 'hint'
  | 'solution'
  | 'again'
  | 'leave'
  | 'skip'
  | 'review'
  | 'reviewed'

/** Answers what is asked of the lessons. @throws Refusal */
export type AskPractice = (question: PracticeQuestion) => Promise<object>

/** The place that answers, once it is there. */
export interface PracticePlace {
  ask?: AskPractice
}

const startsLessons = { action: 'omen:StartLesson' } as const

/** The routes of the practice page. The progress of the server's owner is that of the home; others have their own. */
export function practiceRoutes(practice: PracticePlace): readonly AdminRoute[] {
  const asking =
    (op?: PracticeOperation): AdminRoute['answer'] =>
    async ([subject = '', verb], body, signer, query, within) => {
      const question = {
        op: op ?? (verb as PracticeOperation), // by the expression of the path
        person: within === undefined ? '' : personOf(signer),
        subject,
        body: { ...body, ...(query.get('format') === 'csv' ? { format: 'csv' } : {}) },
      }
      const { ask } = practice
      if (ask === undefined) throw new Refusal(404, 'This server plays no lessons.')
      const answer = await ask(question)
      return 'csv' in answer ? new TextAnswer(String(answer.csv), 'text/csv; charset=utf-8') : answer
    }
  return [
    { method: 'GET', path: /^\/_omen\/api\/learn$/, by: startsLessons, answer: asking('list') },
    { method: 'GET', path: /^\/_omen\/api\/learn\/progress$/, by: startsLessons, answer: asking('progress') },
    { method: 'GET', path: /^\/_omen\/api\/learn\/review$/, by: startsLessons, answer: asking('review') },
    {
      method: 'POST',
      path: /^\/_omen\/api\/learn\/review\/([a-z0-9-]{1,64})$/,
      by: startsLessons,
      answer: asking('reviewed'),
    },
    {
      method: 'POST',
      path: /^\/_omen\/api\/learn\/chapters\/([a-z]{1,64})$/,
      by: startsLessons,
      answer: asking('skip'),
    },
    {
      method: 'POST',
      path: /^\/_omen\/api\/learn\/lessons\/([a-z0-9-]{1,64})\/(open|say|check|call|events|hint|solution|again|leave)$/,
      by: startsLessons,
      answer: asking(),
    },
  ]
}

/** The id of who signed, without the session: progress belongs to a user or a role. */
function personOf(signer: SignedCaller | undefined): string {
  if (signer === undefined) return ''
  switch (signer.kind) {
    case 'user':
      return signer.user.id
    case 'role':
      return signer.role.id
    default:
      return `${signer.kind}-${signer.account}`
  }
}
