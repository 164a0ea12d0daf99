import { type Policy, type PolicyKind, policySize } from '@omen-iam/policy'
import { parsedDocument } from '../../authorization/index.ts'
import { fault, type Partition, perText } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'

/** @throws Fault MalformedPolicyDocument in AWS's words if the text is not a policy of this kind */
export function checkDocument(text: string, kind: PolicyKind, { partition }: Account): Policy {
  const parsed = parsedDocument(text, kind)
  if (!parsed.ok) throw fault('MalformedPolicyDocument', parsed.message, 400)
  checkPartitions(parsed.policy, partition)
  return parsed.policy
}

/** A policy cannot refer to resources of another partition than the account's (behaviour IAM-69). */
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
 * Returns a document as answers contain it: percent-encoded as in RFC 3986 (behaviour IAM-10). Lists contain the same
 * documents repeatedly, so recent results are cached.
 */
export const encodeDocument = perText(
  (text) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  { texts: 2_048 },
)

/** Returns the characters of several documents together, as quotas count them. */
export function sizeOf(documents: Iterable<string>): number {
  let size = 0
  for (const document of documents) size += policySize(document)
  return size
}
