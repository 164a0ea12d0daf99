import type { SentenceLanguage } from '../sentences.ts'
import type { World } from '../world/world.ts'
import type { Documents } from './documents.ts'
import type { DocumentName, Edit, EditKind, EditOf } from './edit.ts'
import type { Less, Rendered } from './render.ts'
import type { TakenAway } from './taken-away.ts'

/** A call of AWS's API that carries an edit out, or a part of it. */
export interface EditCall {
  readonly service: 'iam' | 'organizations' | 'lambda'
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Where an edit is made: its policy, and the place in the file in which that is written, or in its own text. */
export interface EditPlace {
  readonly policy: string
  readonly layer?: string
  readonly arn?: string
  readonly owner?: string
  readonly line?: number
  readonly column?: number
  readonly file?: string
  readonly resource?: string
}

/** An entry of a list of a user, role, group or loan. */
export interface Entry {
  readonly list: 'attached' | 'groups' | 'loan' | 'loan groups'
  readonly owner: string
  readonly value: string
}

/** The edits that are made together: the text that one of them writes is made of all that change it. */
export interface EditContext {
  readonly world: World
  readonly documents: Documents
  readonly edits: readonly Edit[]
  /** The rest of a document after the edits. */
  readonly rendered: (document: DocumentName) => Rendered
}

/** Everything that is known of a kind of edits. */
export interface EditRow<Kind extends EditKind> {
  /** The ARN of the user, role, group, policy or resource that it changes; the account is changed if absent. */
  readonly subject?: (edit: EditOf<Kind>) => string
  /** The account that it changes, undefined if it is the only one in view. That of the subject's ARN if absent. */
  readonly account?: (edit: EditOf<Kind>) => string | undefined
  /** Whether it comes after others of its rank. */
  readonly isLate?: (edit: EditOf<Kind>) => boolean
  /** The kind that it comes after, in place of its own; undefined if there is none. */
  readonly ranksAfter?: (edit: EditOf<Kind>) => EditKind | undefined
  /** The part of its statement that it takes away. */
  readonly less?: (edit: EditOf<Kind>) => Omit<Less, 'statement'>
  /** The entry that it takes out of a list. */
  readonly entry?: (edit: EditOf<Kind>) => Entry
  /** The policy that it adds: to the subject, or to the account. Its text is that of `after`. */
  readonly adds?: 'inline' | 'boundary' | 'scp'
  /** The text that its calls change, before and after; undefined if there is none, or if they delete it. */
  readonly before?: (edit: EditOf<Kind>, context: EditContext) => string
  readonly after?: (edit: EditOf<Kind>, context: EditContext) => string | undefined
  readonly place: (edit: EditOf<Kind>, context: EditContext) => EditPlace
  /** One sentence without a full stop. */
  readonly sentence: (edit: EditOf<Kind>, language: SentenceLanguage, context: EditContext) => string
  /** The calls that carry it out, together with the edits that change the same text. None if Omen has none. */
  readonly calls: (edit: EditOf<Kind>, context: EditContext) => readonly EditCall[]
  readonly takesAway: (edit: EditOf<Kind>, context: EditContext) => readonly TakenAway[]
}
