import type { AccessRequest, ContextKeys } from '../../authorization/index.ts'
import { membersIn, membersOf } from './answers.ts'

/**
 * Condition keys about the properties of an AWS KMS key, as DescribeKey reports them, and their values for a key made
 * by default.
 */
const facts: readonly (readonly [key: string, members: readonly string[], made: string])[] = [
  ['kms:KeySpec', ['KeySpec', 'CustomerMasterKeySpec'], 'SYMMETRIC_DEFAULT'],
  ['kms:KeyUsage', ['KeyUsage'], 'ENCRYPT_DECRYPT'],
  ['kms:KeyOrigin', ['Origin'], 'AWS_KMS'],
  ['kms:MultiRegion', ['MultiRegion'], 'false'],
]

/**
 * The questions with the properties of their keys, which only the upstream knows, and with whether a ciphertext stays
 * under its key (behaviour GRD-48). @param describe the text of DescribeKey's answer, or undefined if there is no such
 * key
 */
export async function withKeyFacts(
  requests: readonly AccessRequest[],
  describe: (arn: string) => Promise<string | undefined>,
): Promise<readonly AccessRequest[]> {
  const described = await Promise.all(
    requests.map(async (access) => {
      if (!isKey.test(access.resource)) return access
      const context = { ...factsIn(await describe(access.resource)), ...access.context }
      return { ...access, context }
    }),
  )
  const sources = described.filter(({ action }) => action === 'kms:ReEncryptFrom')
  const target = described.find(({ action }) => action === 'kms:ReEncryptTo')
  if (
    target === undefined ||
    !sources.every(({ resource }) => isKey.test(resource)) ||
    !isKey.test(target.resource)
  )
    return described
  const isSame = sources.every(({ resource }) => resource === target.resource)
  const onSameKey = { 'kms:ReEncryptOnSameKey': String(isSame) }
  return described.map((access) => ({ ...access, context: { ...access.context, ...onSameKey } }))
}

/** A key by its id; nothing is known about a pattern or a missing alias. */
const isKey = /^arn:[^:]*:kms:[^:]*:[^:]*:key\/[\w-]+$/

function factsIn(text: string | undefined): ContextKeys {
  const { KeyMetadata } = membersIn(text ?? '')
  if (KeyMetadata === undefined) return {}
  const metadata = membersOf(KeyMetadata)
  const keys: Record<string, string> = {}
  for (const [key, members, made] of facts)
    keys[key] = String(members.map((name) => metadata[name]).find((value) => value != null) ?? made)
  const type = membersOf(metadata.MultiRegionConfiguration).MultiRegionKeyType
  if (typeof type === 'string') keys['kms:MultiRegionKeyType'] = type
  return keys
}
