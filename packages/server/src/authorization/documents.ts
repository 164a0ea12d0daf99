import { type ParsedPolicy, type Policy, type PolicyKind, parsePolicy } from '@omen-iam/policy'

/** How many parsed documents stay in memory. */
const documentsKept = 20_000

const kinds = new Map<PolicyKind, Map<string, ParsedPolicy>>()
let kept = 0

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
  if (++kept > documentsKept) {
    for (const each of kinds.values()) each.clear()
    kept = 1
  }
  documents.set(text, parsed)
  return parsed
}

/**
 * A document that has been stored. It was checked when it came; what is refused today must not silence it, for
 * then its denies would be gone (behaviour POL-156).
 */
export function storedDocument(text: string, kind: PolicyKind): Policy | undefined {
  const parsed = parsedDocument(text, kind)
  if (parsed.ok) return parsed.policy
  const read = parsePolicy(text, kind, { lenient: true })
  return read.ok ? read.policy : undefined
}
