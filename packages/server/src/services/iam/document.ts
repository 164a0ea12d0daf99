import { type Policy, type PolicyKind, policySize } from '@omen-iam/policy'
import { parsedDocument } from '../../authorization/index.ts'
import { fault, type Partition, perText } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'

/** @throws Fault MalformedPolicyDocument in AWS's words where the text is no policy of this kind */
export function checkDocument(text: string, kind: PolicyKind, { partition }: Account): Policy {
  const parsed = parsedDocument(text, kind)
  if (!parsed.ok) throw fault('MalformedPolicyDocument', parsed.message, 400)
  checkPartitions(parsed.policy, partition)
  return parsed.policy
}

/** What belongs to another partition than the account is out of every policy's reach (behaviour IAM-69). */
function checkPartitions({ statements }: Policy, own: Partition): void {
  for (const { resource } of statements) {
    for (const { value } of resource?.values ?? []) {
      const partition = /^arn:([^:*?]*):/.exec(value)?.[1] ?? own
      if (partition === own) continue
      const message = `Partition "${partition}" is not valid for resource "${value}".`
      throw fault('MalformedPolicyDocument', message, 400)
    }
  }
}

/**
 * A document as answers carry it: percent-encoded as RFC 3986 has it (behaviour IAM-10). Lists carry the same
 * documents again and again: those of late are kept.
 */
export const encodeDocument = perText(
  (text) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  { texts: 2_048 },
)

/** The characters of several documents together, as quotas count them. */
export function sizeOf(documents: Iterable<string>): number {
  let size = 0
  for (const document of documents) size += policySize(document)
  return size
}
