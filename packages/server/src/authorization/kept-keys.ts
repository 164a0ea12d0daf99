import { Context, type ContextInput, type ContextScalar, type ContextValue } from '@omen-iam/policy'
import { perText } from '../base/index.ts'
import { type Caller, isSigned } from '../session/index.ts'
import type { KeptKeys } from '../store/index.ts'
import type { ContextKeys } from './access.ts'
import type { Call } from './call.ts'
import { callerKeys } from './context.ts'
import { isSeen } from './tag-twins.ts'

/** Characters of condition keys and values that are kept with one event. */
const charactersMost = 4_096

/** Says in `KeptKeys` that there were more keys than are kept. */
export const furtherKeys = '*'

/**
 * Keys of which the name is kept and the value is not: what only two parties are to know (ExternalId), addresses that may
 * have a secret in them (Referer), and what identity providers say of a person.
 */
const nameOnly = new Set(['sts:externalid', 'aws:referer'])
const nameOnlyPrefixes = /^(?:sts:requestcontext\/|saml:)/

/** Keys that follow from the record of the event (`contextOfEvent`) or are kept with the question. */
const inRecord = new Set(['aws:userid', 'aws:tokenissuetime', 'iam:passedtoservice'])

/** The room that is left for the keys of one event. */
export class KeysRoom {
  #left = charactersMost

  /** The keys that are to be kept, in lower case; undefined if there are none. */
  keep(keys: ContextKeys | undefined): KeptKeys | undefined {
    let kept: Record<string, ContextValue | null> | undefined
    const written = new Map<string, string>()
    for (const key in keys) {
      const value = settled(keys[key])
      const name = inLowerCase(key)
      if (value === undefined || inRecord.has(name)) continue
      kept ??= {}
      const secret = isNameOnly(name)
      this.#left -= name.length + (secret ? 4 : lengthOf(value))
      if (this.#left < 0) {
        kept[furtherKeys] = null
        return kept
      }
      // keys of tags may differ in their case alone (behaviour POL-178)
      const twin = written.get(name)
      if (twin !== undefined && isSeen(twin, key)) continue
      written.set(name, key)
      kept[name] = secret ? null : value
    }
    return kept
  }
}

/** A key of an identity provider has the provider's domain before its colon. */
function isNameOnly(name: string): boolean {
  if (nameOnly.has(name) || nameOnlyPrefixes.test(name)) return true
  const dot = name.indexOf('.')
  return dot > 0 && dot < name.indexOf(':') && !name.includes('/')
}

/** A value as the engine sees it. */
function settled(value: ContextInput | undefined): ContextValue | undefined {
  if (value === undefined) return undefined
  if (!isList(value)) return value instanceof Date ? value.toISOString() : String(value)
  return value.length === 0 ? undefined : value.map((each) => String(settled(each)))
}

function isList(value: ContextInput): value is readonly ContextScalar[] {
  return Array.isArray(value)
}

/** Names repeat in every request. */
const inLowerCase = perText((key) => key.toLowerCase())

const none: KeptKeys = {}

/** The keys of a call that its event's record does not have: tags and claims of the caller, MFA, the connection. */
export function keysBesideRecord({ caller, origin, now }: Call, room: KeysRoom): KeptKeys {
  if (!origin.secure && isPlain(caller)) return none
  const context = new Context()
  callerKeys(context, caller, now)
  // the record says it, and sessions of identity providers have no such key
  context.set('aws:MultiFactorAuthPresent', undefined)
  if (origin.secure) context.set('aws:SecureTransport', true)
  return room.keep(Object.fromEntries(context.entries())) ?? none
}

/** Most callers: those with a long-term key, and no tags. */
function isPlain(caller: Caller): boolean {
  if (!isSigned(caller)) return true
  return caller.session === undefined && (caller.kind !== 'user' || caller.user.tags.length === 0)
}

function lengthOf(value: ContextValue): number {
  return typeof value === 'string' ? value.length : value.reduce((sum, each) => sum + each.length + 3, 0)
}
