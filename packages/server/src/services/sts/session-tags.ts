import { fault } from '../../base/index.ts'
import type { Tag } from '../../directory/index.ts'

/** @throws Fault InvalidParameterValue in AWS's words (behaviours STS-10 to STS-12) */
export function checkSessionTags(
  tags: readonly Tag[],
  transitiveKeys: readonly string[],
  inherited: readonly Tag[],
): void {
  const keys = new Set<string>()
  for (const { Key } of tags) {
    const key = Key.toLowerCase()
    if (keys.has(key)) {
      throw fault(
        'InvalidParameterValue',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
        400,
      )
    }
    keys.add(key)
  }
  const fixed = new Set(inherited.map((tag) => tag.Key.toLowerCase()))
  for (const key of transitiveKeys) {
    if (fixed.has(key.toLowerCase())) throw conflict()
    if (!keys.has(key.toLowerCase())) {
      throw fault(
        'InvalidParameterValue',
        'The specified transitive tag key must be included in the requested tags.',
        400,
      )
    }
  }
  for (const key of keys) if (fixed.has(key)) throw conflict()
}

function conflict() {
  return fault(
    'InvalidParameterValue',
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    400,
  )
}
