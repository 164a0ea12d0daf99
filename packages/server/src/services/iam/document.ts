import { type Policy, type PolicyKind, policySize } from '@omen-iam/policy'
import { parsedDocument } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'

/** @throws Fault MalformedPolicyDocument in AWS's words where the text is no policy of this kind */
export function checkDocument(text: string, kind: PolicyKind): Policy {
  const parsed = parsedDocument(text, kind)
  if (!parsed.ok) throw fault('MalformedPolicyDocument', parsed.message, 400)
  return parsed.policy
}

/** A document as answers carry it: percent-encoded as RFC 3986 has it (behaviour IAM-10). */
export function encodeDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The characters of several documents together, as quotas count them. */
export function sizeOf(documents: Iterable<string>): number {
  let size = 0
  for (const document of documents) size += policySize(document)
  return size
}
