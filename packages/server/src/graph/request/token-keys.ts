import type { ContextInput, KeyDomain } from '@omen-iam/policy'
import { tokenClaimNames } from '../../authorization/index.ts'
import type { Token } from './carried.ts'
import { keysOfTags } from './keys-of-tags.ts'
import { issuerOf } from './outside.ts'

/** The known and the open condition keys of a token. */
export interface TokenKeys {
  readonly context: Readonly<Record<string, ContextInput>>
  readonly open: Readonly<Record<string, KeyDomain>>
}

const anything: KeyDomain = { mayBeAbsent: true }

/** The claims of a token that are condition keys. [POL-067, STS-85] */
export function claimKeys({ provider, action, says }: Token): TokenKeys {
  const context = contextOf(says?.keys ?? {})
  if (says?.isComplete === true) return { context, open: {} }
  if (action === 'sts:AssumeRoleWithSAML') return { context, open: { 'SAML:*': anything } }
  const issuer = issuerOf(provider)
  const names = tokenClaimNames(issuer).map((name) => `${issuer}:${name}`)
  const open = names.filter((name) => context[name] === undefined).map((name) => [name, anything])
  return { context, open: Object.fromEntries(open) }
}

/** The keys of the session tags that a token brings, in the call that shows it. [POL-058, STS-88] */
export function tagKeys({ hasTags, transitive = {}, says }: Token): TokenKeys {
  if (!hasTags) return { context: {}, open: {} }
  const known = { ...says?.tags, ...says?.transitive, ...transitive }
  const keys = Object.keys(transitive)
  const context: Record<string, ContextInput> = {
    ...keysOfTags('aws:RequestTag', known),
    ...(keys.length === 0 ? {} : { 'sts:TransitiveTagKeys': keys }),
  }
  if (says !== undefined) return { context: { ...context, 'aws:TagKeys': Object.keys(known) }, open: {} }
  const multivalued: KeyDomain = { mayBeAbsent: true, isMultivalued: true }
  return {
    context,
    open: {
      'aws:RequestTag/*': anything,
      'aws:TagKeys': multivalued,
      ...(keys.length === 0 ? { 'sts:TransitiveTagKeys': multivalued } : {}),
    },
  }
}

function contextOf(keys: Readonly<Record<string, readonly string[]>>): Record<string, ContextInput> {
  return Object.fromEntries(
    Object.entries(keys).map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : [...values]]),
  )
}
