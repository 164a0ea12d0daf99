import { type ParsedPolicy, type Policy, type PolicyKind, parsePolicy } from '@omen-iam/policy'

/** How many parsed documents stay in memory, and how many characters of theirs: what is refused may be long, too. */
const documentsKept = 20_000
const charactersKept = 16 << 20

const kinds = new Map<PolicyKind, Map<string, ParsedPolicy>>()
let kept = 0
let characters = 0

/** Parses a document once: the same text of the same kind is the same object, compiled at most once. */
export function parsedDocument(text: string, kind: PolicyKind): ParsedPolicy {
  let documents = kinds.get(kind)
  if (documents === undefined) {
    documents = new Map()
    kinds.set(kind, documents)
  }
  const known = documents.get(text)
  if (known !== undefined) return known
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

/** A policy that says nothing: nobody could store it, and it stands where a resource has none that can be read. */
function emptyPolicy(kind: PolicyKind): Policy {
  let policy = emptyPolicies.get(kind)
  if (policy === undefined) {
    policy = { kind, version: '2012-10-17', statements: [], text: emptyText }
    emptyPolicies.set(kind, policy)
  }
  return policy
}

const emptyPolicies = new Map<PolicyKind, Policy>()

/** What a resource's document says to a decision: nothing, where there is none or it cannot be read. */
export function resourceDocument(text: string | undefined, kind: PolicyKind): Policy {
  if (text === undefined || text === emptyText) return emptyPolicy(kind)
  const parsed = parsedDocument(text, kind)
  // only trust policies are sure to have been checked when they were stored
  const readable = parsed.ok ? parsed.policy : kind === 'trust' ? storedDocument(text, kind) : undefined
  return readable ?? emptyPolicy(kind)
}

/** What was refused, read all the same: each once, as long as it is known that it is refused. */
const readAnyway = new WeakMap<ParsedPolicy, ParsedPolicy>()

/**
 * A document that has been stored. It was checked when it came; what is refused today must not silence it, for
 * then its denies would be gone (behaviour POL-156).
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
