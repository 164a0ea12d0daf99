import { useQuery } from '@tanstack/react-query'
import type { Chapter } from 'omen-iam/views'
import { omen } from './aws.ts'
import type { Question } from './decisions.ts'

/** A text of a lesson in every language. */
export interface LessonText {
  readonly en: string
  readonly ja: string
}

export type LessonState = 'new' | 'begun' | 'due' | 'solved' | 'kept'

/** A lesson in the list. */
export interface LessonRow {
  readonly id: string
  readonly number: number
  readonly chapter: Chapter
  readonly minutes: number
  readonly title: LessonText
  readonly state: LessonState
}

export interface LessonList {
  readonly lessons: readonly LessonRow[]
  readonly chapters: readonly Chapter[]
  /** The id of the lesson to play next; absent if all are solved. */
  readonly next?: string
  /** Reviews that are due now. */
  readonly due: number
}

/** A principal or resource of a lesson. */
export interface Inhabitant {
  readonly kind: 'user' | 'role' | 'policy' | 'resource' | 'scp'
  readonly name: string
  readonly account?: string
  readonly trust?: string
  readonly may: readonly string[]
  readonly boundary?: string
  readonly tags?: string
  readonly unit?: string
  readonly mask?: { readonly id: string; readonly family: string; readonly turn: number }
}

/** A question of the engine with its answer. */
export interface Checked {
  readonly words: LessonText
  readonly holds: boolean
  readonly got: LessonText
  /** Whether the answer is an example of what is too much. */
  readonly isMore: boolean
  readonly example?: string
  readonly path?: string
  /** AWS's own sentence. */
  readonly sentence?: string
  /** Texts of a call's answer. */
  readonly found?: string
  readonly gates?: Question
}

/** The learner's answer and the engine's. */
export interface Said {
  readonly option: number
  readonly sure: boolean
  readonly right: number
  readonly shown: readonly Checked[]
}

export interface LessonDocument {
  readonly name: string
  readonly text: string
}

/** The first question of a lesson and a review. */
export interface Asking {
  readonly house: readonly Inhabitant[]
  readonly ask: LessonText
  readonly options: readonly LessonText[]
}

/** A lesson, as far as the learner has come. */
export interface Lesson extends Asking {
  readonly id: string
  readonly number: number
  readonly chapter: Chapter
  readonly minutes: number
  readonly title: LessonText
  readonly hints: number
  readonly said?: Said
  readonly task?: LessonText
  /** Whether it is answered in words. */
  readonly asks?: boolean
  readonly documents?: readonly LessonDocument[]
  readonly calls?: readonly LessonText[]
}

export interface Solution {
  readonly documents: readonly LessonDocument[]
  readonly commands: readonly string[]
  readonly fields?: readonly string[]
}

/** Everything that is said after success. */
export interface Solved {
  readonly remember: LessonText
  readonly belief: LessonText
  readonly solution: Solution
  readonly mistakes: readonly LessonText[]
  readonly facts: readonly string[]
  readonly first?: { readonly option: number; readonly sure: boolean }
}

/** The state of a task. */
export interface Verdict {
  readonly solved: boolean
  readonly checks: readonly Checked[]
  readonly answered?: boolean
  readonly mistake?: LessonText
  readonly after?: Solved
  readonly next?: string
  /** The call that was made before. */
  readonly call?: Checked
}

export interface Refused {
  readonly refused: string
}

export interface Hint {
  readonly number: number
  readonly of: number
  readonly hint: LessonText
}

export interface HouseEvent {
  readonly time: string
  readonly name: string
  readonly record: string
}

/** A lesson that is due, in other clothes. */
export interface Review extends Asking {
  readonly due: number
  readonly id: string
  readonly title: LessonText
}

export interface Reviewed {
  readonly said: Said
  readonly remember: LessonText
  /** Until the next review; absent if the lesson is kept for good. */
  readonly days?: number
}

const base = '/_omen/api/learn'

export function useLessons() {
  return useQuery({
    queryKey: ['lessons'],
    queryFn: ({ signal }) => omen<LessonList>('GET', base, undefined, { signal }),
    staleTime: 0,
    retry: false,
  })
}

type Step = 'open' | 'say' | 'check' | 'call' | 'events' | 'hint' | 'solution' | 'again' | 'leave'

/** Takes a step in a lesson. */
export function step<T>(id: string, name: Step, body: Readonly<Record<string, unknown>> = {}): Promise<T> {
  return omen<T>('POST', `${base}/lessons/${id}/${name}`, body)
}

export function nextReview(): Promise<Review | { readonly due: 0 }> {
  return omen('GET', `${base}/review`)
}

export function answerReview(id: string, option: number, sure: boolean): Promise<Reviewed> {
  return omen('POST', `${base}/review/${id}`, { option, sure })
}

/** The lesson whose task proves the chapter. */
export async function proveChapter(chapter: Chapter): Promise<string> {
  return (await omen<{ readonly lesson: string }>('POST', `${base}/chapters/${chapter}`, {})).lesson
}

export function progress(): Promise<object> {
  return omen('GET', `${base}/progress`)
}
