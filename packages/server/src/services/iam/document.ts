import { type Policy, type PolicyKind, policySize } from '@omen-iam/policy'
import { parsedDocument } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'

/** @throws Fault MalformedPolicyDocument in AWS's words where the text is no policy of this kind */
export function checkDocument(text: string, kind: PolicyKind): Policy {
  const parsed = parsedDocument(text, kind)
  if (!parsed.ok) throw fault('MalformedPolicyDocument', parsed.message, 400)
  checkPartitions(parsed.policy)
  return parsed.policy
}

/** What belongs to another partition than the account is out of every policy's reach (behaviour IAM-69). */
function checkPartitions({ statements }: Policy): void {
  for (const { resource } of statements) {
    for (const { value } of resource?.values ?? []) {
      const partition = /^arn:([^:*?]*):/.exec(value)?.[1] ?? 'aws'
      if (partition === 'aws') continue
      const message = `Partition "${partition}" is not valid for resource "${value}".`
      throw fault('MalformedPolicyDocument', message, 400)
    }
  }
}

const encodedKept = 2_048
/** Characters of a document that is worth keeping encoded. */
const encodedLongest = 4_096
const encoded = new Map<string, string>()

/**
 * A document as answers carry it: percent-encoded as RFC 3986 has it (behaviour IAM-10). Lists carry the same
 * documents again and again: those of late are kept.
 */
export function encodeDocument(text: string): string {
  if (text.length > encodedLongest) return percentEncoded(text)
  const known = encoded.get(text)
  if (known !== undefined) return known
  if (encoded.size >= encodedKept) encoded.clear()
  const made = percentEncoded(text)
  encoded.set(text, made)
  return made
}

function percentEncoded(text: string): string {
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
