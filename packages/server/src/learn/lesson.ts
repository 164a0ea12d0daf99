import type { Seed, SeedDocument } from '../seed/index.ts'
import type { Chapter } from '../views/index.ts'
import type { Check } from './form/index.ts'

/** The languages of lessons. */
export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** A text in every language. */
export type Text = Readonly<Record<Language, string>>

/**
 * Changes of a house by the name of what changes: `user/dev` and `role/web` are lists of policies, `role/web trust` and
 * `policy/limit` documents, `user/dev boundary` the name of a policy or `none`, `scp/NAME`, and `resource/ARN`. Before it the
 * number of another account may be written.
 */
export type Changes = Readonly<Record<string, Change>>
export type Change = SeedDocument | readonly SeedDocument[]

/** A learner's solution of a lesson. */
export interface Attempt {
  readonly set?: Changes
  /** The session policy that the lesson asks for. */
  readonly session?: object
  readonly calls?: readonly Check[]
  /** The answer to what the lesson asks in words. */
  readonly answer?: string
}

/** A common mistake, and the sentence that a person wrote for it. */
export interface Mistake extends Attempt {
  /** The checks that it fails, from 1. */
  readonly fails: readonly number[]
  /** The hidden checks that hold then, from 1. */
  readonly tells?: readonly number[]
  /** With `{example}`, `{path}` and `{sentence}`. */
  readonly say: Text
}

/** A question with options, before anything is shown. */
export interface Prediction {
  readonly ask: Text
  readonly options: readonly Text[]
  /** The place of the right option, from 1. */
  readonly right: number
  /** The questions to the engine afterwards: the right option follows from them. */
  readonly shows: readonly Check[]
}

/** The same rule in other clothes, for a review. */
export interface Instance extends Prediction {
  readonly world: Seed
  /** A repair, and what holds after it. */
  readonly set?: Changes
  readonly after?: readonly Check[]
}

/** The question of a lesson in words: texts of an event in the trail. */
export interface Asked {
  readonly trail: string
  readonly where?: Readonly<Record<string, string>>
  /** Paths in its record; the answer must have all of their texts. */
  readonly fields: readonly string[]
}

/** A lesson: a belief, the case in which it answers wrongly, and a task. */
export interface Lesson {
  readonly id: string
  readonly chapter: Chapter
  readonly minutes: number
  /** Whether its task proves the chapter. */
  readonly proof?: boolean
  readonly title: Text
  readonly belief: Text
  readonly world: Seed
  /** Calls that are made before the task begins. */
  readonly before?: readonly Check[]
  /** Whose keys the learner has. */
  readonly you: string
  readonly predict: Prediction
  readonly task: Text
  /** The documents that are laid out as files, by the names of `Changes`. */
  readonly edits?: readonly string[]
  /** The role whose session policy the learner writes. */
  readonly lends?: string
  readonly asks?: Asked
  readonly checks: readonly Check[]
  /** Checks that are not shown: only mistakes differ by them. */
  readonly tells?: readonly Check[]
  readonly mistakes: readonly Mistake[]
  readonly solution: Attempt
  readonly others?: readonly Attempt[]
  /** Commands that solve it, for people. */
  readonly commands?: readonly string[]
  readonly remember: Text
  /** Behaviours that it rests on. */
  readonly facts: readonly string[]
  readonly again: readonly Instance[]
}
