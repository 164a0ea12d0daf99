import { type ParsedPolicy, type Policy, type PolicyKind, parsePolicy } from '@omen-iam/policy'

/** The most parsed documents in memory, and the most characters of them; refused documents may be long too. */
const documentsKept = 20_000
const charactersKept = 16 << 20

const kinds = new Map<PolicyKind, Map<string, ParsedPolicy>>()
let kept = 0
let characters = 0

/** Parses a document once: equal texts of the same kind give the same object, which is compiled at most once. */
export function parsedDocument(text: string, kind: PolicyKind): ParsedPolicy {
  let documents = kinds.get(kind)
  if (documents === undefined) {
    documents = new Map()
    kinds.set(kind, documents)
  }
  const document = documents.get(text)
  if (document !== undefined) return document
  const parsed = parsePolicy(text, kind)
  kept++
  characters += text.length
  if (kept > documentsKept || characters > charactersKept) {
    for (const each of kinds.values()) each.clear()
    kept = 1
    characters = text.length
  }
  documents.set(text, parsed)
  return parsed
}

const emptyText = '{"Version":"2012-10-17","Statement":[]}'

/** A policy without statements. It cannot be stored; it replaces a resource's policy that cannot be read. */
function emptyPolicy(kind: PolicyKind): Policy {
  let policy = emptyPolicies.get(kind)
  if (policy === undefined) {
    policy = { kind, version: '2012-10-17', statements: [], text: emptyText }
    emptyPolicies.set(kind, policy)
  }
  return policy
}

const emptyPolicies = new Map<PolicyKind, Policy>()

/** Returns a resource's document for a decision; without statements if there is none or it cannot be read. */
export function resourceDocument(text: string | undefined, kind: PolicyKind): Policy {
  if (text === undefined || text === emptyText) return emptyPolicy(kind)
  const parsed = parsedDocument(text, kind)
  // only trust policies are always checked before they are stored
  const readable = parsed.ok ? parsed.policy : kind === 'trust' ? storedDocument(text, kind) : undefined
  return readable ?? emptyPolicy(kind)
}

/** Caches refused documents that are read anyway. */
const readAnyway = new WeakMap<ParsedPolicy, ParsedPolicy>()

/**
 * Returns a stored document. It was checked when it was stored; a check that refuses it today must not disable it, for
 * its Denys would be gone (behaviour POL-156).
 */
export function storedDocument(text: string, kind: PolicyKind): Policy | undefined {
  const parsed = parsedDocument(text, kind)
  if (parsed.ok) return parsed.policy
  let read = readAnyway.get(parsed)
  if (read === undefined) {
    read = parsePolicy(text, kind, { lenient: true })
    readAnyway.set(parsed, read)
  }
  return read.ok ? read.policy : undefined
}
