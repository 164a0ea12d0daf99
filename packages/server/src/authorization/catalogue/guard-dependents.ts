import { readFileSync } from 'node:fs'
import { dataFile } from './pack.ts'

/** A row of guard-dependents.json: members of the input, and questions in the notation of tools/guard/notation.ts. */
export interface DependentRow<Members, Need> {
  readonly reads?: Members
  readonly asks: readonly Need[]
}

/**
 * The actions that calls need in addition to their own, by the guard's name of the service; operations are joined by
 * blanks.
 */
export interface GuardDependents<Members, Need> {
  readonly asked: Readonly<
    Record<string, { readonly operations: Readonly<Record<string, DependentRow<Members, Need>>> }>
  >
  /** Operations whose effect depends on their input. */
  readonly acting: Readonly<Record<string, { readonly why: string; readonly operations: string }>>
  /** Actions by the operations that depend on them. */
  readonly listed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** Reads guard-dependents.json. */
export function guardDependents<Members, Need>(): GuardDependents<Members, Need> {
  return JSON.parse(readFileSync(dataFile('guard-dependents.json'), 'utf8')) as GuardDependents<Members, Need> // our own file, read whole by a test
}

/** A question about a key of AWS KMS in guard-keys.json, in the notation of tools/guard/notation.ts. */
export interface KeyQuestion {
  readonly action: string
  readonly when?: string
  readonly key: {
    readonly of: string
    readonly at?: string
    readonly by?: string
    readonly context?: Readonly<Record<string, string>>
    /** A name of `refusals`; default: that of the service. */
    readonly refused?: string
  }
}

/** The keys of AWS KMS that calls use with their callers' permissions; services and operations as in GuardDependents. */
export interface GuardKeys<Members> {
  readonly refusals: Readonly<
    Record<string, { readonly code: string; readonly status?: number; readonly text?: string }>
  >
  readonly services: Readonly<
    Record<
      string,
      {
        readonly why: string
        readonly refused?: string
        readonly context?: Readonly<Record<string, string>>
        readonly operations: Readonly<Record<string, DependentRow<Members, KeyQuestion>>>
      }
    >
  >
}

/** A key of AWS KMS that an operation uses: which action is asked, of which thing's key, and of whom. */
export interface KeyUse {
  readonly action: string
  readonly keyOf: string
  readonly askedOf: string
  /**
   * `always`: of the key under which the thing is. `unless-chosen`: so, if the call names no other key and no other
   * encryption. `by-input`: only of what the call names.
   */
  readonly asked: 'always' | 'unless-chosen' | 'by-input'
}

/** Kinds of guard-keys.json that are keys which the call names, or that only few calls come to. */
const ofInput: ReadonlySet<string> = new Set([
  ...['input', 'own', 'mapping', 'repeatedVersion', 'labelledMachine'],
  ...['upload', 'checkedUpload', 'copySource'],
])

let uses: ReadonlyMap<string, readonly KeyUse[]> | undefined

/** The keys that the operation of an action uses, by guard-keys.json. */
export function keysUsedBy(action: string): readonly KeyUse[] {
  uses ??= readUses()
  return uses.get(action.toLowerCase()) ?? []
}

function readUses(): ReadonlyMap<string, readonly KeyUse[]> {
  const uses = new Map<string, readonly KeyUse[]>()
  for (const [service, { operations }] of Object.entries(guardKeys().services)) {
    const prefix = service === 'stepfunctions' ? 'states' : service
    for (const [names, { asks }] of Object.entries(operations))
      for (const name of names.split(' ')) uses.set(`${prefix}:${name}`.toLowerCase(), asks.map(useOf))
  }
  return uses
}

function useOf({ action, when = '', key: { of, by = 'caller' } }: KeyQuestion): KeyUse {
  // a condition that another member of the input is absent, or names something else
  const isChosen = of === 'newObject' || /(?:^| )!/.test(when)
  const asked = ofInput.has(of) || when.includes('~') ? 'by-input' : isChosen ? 'unless-chosen' : 'always'
  return { action, keyOf: of, askedOf: by, asked }
}

/** Reads guard-keys.json. */
export function guardKeys<Members>(): GuardKeys<Members> {
  return JSON.parse(readFileSync(dataFile('guard-keys.json'), 'utf8')) as GuardKeys<Members> // our own file, read whole by a test
}
