import type {
  PackedKey,
  PackedMembers,
  PackedNeed,
  PackedOperation,
  PackedTags,
} from '../../packages/server/src/guard/catalogue/index.ts'

// The short notation in which people and these tools write what operations ask. tools/guard/compile.ts checks it and
// translates it into the form that the guard reads, so that nothing is interpreted when a call is made.
//
//   place       `Member.Other`, with `[]` for each element of a list, `{}` for each value of a map, `{#}` for each key and
//               `{name}` for the value of one key. A place that begins with a dot is in the element that `each` names; a dot
//               alone is that element.
//   template    text with blanks: `${Place}`, `${A,B}` with the texts of both, `${Place>Account}` with the first that finds
//               something, `${Place|function}` with what a function makes of them, `${Place=text}` with a default,
//               `${/Place}` escaped as in a path. `${Partition}`, `${Region}` and `${Account}` are the call's. With `?`
//               before it, it makes nothing if a blank finds nothing.
//   condition   `Place`, `!Place`, `Place=text`, `Place!=text`, `Place^=beginning`, `Place~part`, `!Place~part`, joined by ` & `
//   key source  places with commas between, `Place|function`, `Place=default`, `#header`, `=constant`, or a template

/** What an operation asks, as it is written. */
export interface WrittenNeed extends Omit<PackedNeed, 'on' | 'each' | 'when' | 'keys' | 'key'> {
  /** Templates. */
  readonly on?: readonly string[]
  /** A place. */
  readonly each?: string
  /** Conditions. */
  readonly when?: string
  /** Key sources. */
  readonly keys?: WrittenKeys
  readonly key?: WrittenKey
}

/** A key of AWS KMS, as it is written: with a place. */
export interface WrittenKey extends Omit<PackedKey, 'at'> {
  readonly at?: string
}

/** Condition keys and where their values are, as it is written. */
export type WrittenKeys = Readonly<Record<string, string>>

/** Where tags are, as it is written: places. */
export interface WrittenTags extends Omit<PackedTags, 'at' | 'key' | 'value'> {
  readonly at: string
  readonly key?: string
  readonly value?: string
}

/** One operation, as these tools derive it. */
export interface WrittenOperation
  extends Omit<PackedOperation, 'asks' | 'keys' | 'tags' | 'passes' | 'input'> {
  readonly input?: PackedMembers
  readonly asks?: readonly WrittenNeed[]
  readonly keys?: WrittenKeys
  readonly tags?: readonly WrittenTags[]
}

/** The operations of one service, as these tools derive them. */
export type WrittenOperations = Readonly<Record<string, WrittenOperation>>
