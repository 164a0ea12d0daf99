import type { ContextInput } from '@omen-iam/policy'
import type { SessionOptions } from '../../testing/index.ts'

type Names = string | readonly string[]

/** A condition on a server: the short form of a decision case, or one of the forms that cases of a seed have beside it. */
export interface Check {
  /** `user/NAME`, `role/NAME`, an ARN; of calls also `$NAME`, a session that an earlier call began. */
  readonly who?: string
  readonly can?: Names
  readonly cannot?: Names
  readonly on?: Names
  readonly context?: Readonly<Record<string, ContextInput>>
  /** The layer, Sid or policy that denies. */
  readonly because?: string
  readonly session?: SessionOptions
  readonly 'can-assume'?: Names
  readonly 'cannot-assume'?: Names
  readonly 'can-pass'?: Names
  readonly 'cannot-pass'?: Names
  readonly to?: string
  /** The caller that assumes a role without being of an account: the ARN of an identity provider, or a service. */
  readonly bearer?: string
  readonly paths?: {
    readonly from: string
    readonly to?: string
    readonly expect: 'none' | 'conditional' | 'proven'
  }
  /** A call that is made: `iam:ListUsers`. */
  readonly call?: string
  readonly input?: Readonly<Record<string, unknown>>
  /** The code of its refusal; if absent, it must work. */
  readonly code?: string
  /** Texts of its answer by the names of elements. */
  readonly equals?: Readonly<Record<string, string>>
  /** Names under which texts of its answer are kept for later inputs. */
  readonly keep?: Readonly<Record<string, string>>
  /** A name for the session that the call begins. */
  readonly wears?: string
  /** The name of events that must be in the trail. */
  readonly trail?: string
  readonly where?: Readonly<Record<string, string>>
  /** How many; at least one if absent. */
  readonly count?: number
  /** A policy: `who` may do nothing that it does not allow. */
  readonly most?: object
  /** Of `most`: only actions of this pattern. */
  readonly of?: string
  /** A trust policy: that of the role `who` lets nobody in whom it does not. */
  readonly 'most-trust'?: object
}

/** One question of a check. */
export interface AskedThing {
  readonly thing: string
  readonly kind: 'action' | 'assume' | 'pass'
  readonly expected: boolean
}

const questionKinds = [
  { member: 'can', kind: 'action', expected: true },
  { member: 'cannot', kind: 'action', expected: false },
  { member: 'can-assume', kind: 'assume', expected: true },
  { member: 'cannot-assume', kind: 'assume', expected: false },
  { member: 'can-pass', kind: 'pass', expected: true },
  { member: 'cannot-pass', kind: 'pass', expected: false },
] as const

/** The questions of a check, each by itself. */
export function questionsOf(check: Check): readonly AskedThing[] {
  return questionKinds.flatMap(({ member, kind, expected }) =>
    [check[member] ?? []].flat().map((thing) => ({ thing, kind, expected })),
  )
}
