import type { ContextKeys } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'

/** Condition keys of tags in a call (behaviour POL-058). */
export function tagKeys(tags: readonly Tag[], transitiveKeys: readonly string[]): ContextKeys {
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': tags.length === 0 ? undefined : tags.map((tag) => tag.Key),
    'sts:TransitiveTagKeys': transitiveKeys.length === 0 ? undefined : transitiveKeys,
  }
}

/** @throws Fault InvalidParameterValue in AWS's words (behaviours STS-10 to STS-14) */
export function checkSessionTags(
  tags: readonly Tag[],
  transitiveKeys: readonly string[],
  inherited: readonly Tag[],
): void {
  const keys = refuseDuplicates(tags)
  if ([...keys].some((key) => key.startsWith('aws:')))
    throw refused('Tag keys that begin with aws: are reserved.')
  const fixed = new Set(inherited.map((tag) => tag.Key.toLowerCase()))
  const conflict =
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
  for (const key of transitiveKeys) {
    if (fixed.has(key.toLowerCase())) throw refused(conflict)
    if (!keys.has(key.toLowerCase())) {
      throw refused('The specified transitive tag key must be included in the requested tags.')
    }
  }
  for (const key of keys) if (fixed.has(key)) throw refused(conflict)
}

/** Returns the keys in small letters. @throws Fault InvalidParameterValue if one is given twice (behaviour STS-10) */
export function refuseDuplicates(tags: readonly Tag[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { Key } of tags) {
    const key = Key.toLowerCase()
    if (keys.has(key)) {
      throw refused('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    }
    keys.add(key)
  }
  return keys
}

const tagsMost = 50
const keyForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const valueForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u

/**
 * Tags from an identity provider: they did not pass the wire, which checks a call's own tags against AWS's model.
 * @throws Fault InvalidIdentityToken beyond the limits of session tags (behaviour STS-15), otherwise as
 * `checkSessionTags`
 */
export function checkAssertedTags(tags: readonly Tag[], transitiveKeys: readonly string[]): void {
  const fit =
    tags.length <= tagsMost && tags.every(({ Key, Value }) => keyForm.test(Key) && valueForm.test(Value))
  if (!fit) throw fault('InvalidIdentityToken', 'The session tags exceed the limits of session tags.', 400)
  checkSessionTags(tags, transitiveKeys, [])
}

function refused(message: string) {
  return fault('InvalidParameterValue', message, 400)
}
