import type { ResidualCondition } from '@omen-iam/policy'
import { globalKeys, type TechniqueTable, techniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'

/** Conditions with their keys as AWS's documentation spells them: policies may write them in any case. [POL-098] */
export function withDocumentedKeys(conditions: readonly ResidualCondition[]): readonly ResidualCondition[] {
  return conditions.map((each) => {
    const key = documentedKey(each.key)
    return key === each.key ? each : { ...each, key }
  })
}

/** A condition key as the documentation spells it. The key of a tag stays as it is. */
function documentedKey(key: string): string {
  const slash = key.indexOf('/') + 1
  const known = spellings(techniqueTable()).get((slash === 0 ? key : key.slice(0, slash)).toLowerCase())
  return known === undefined || slash === 0 ? (known ?? key) : `${known}${key.slice(slash)}`
}

/** The spellings by the key in lower case; of a key with a variable, by what is before it. */
const spellings = perObject(({ actions }: TechniqueTable): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const { keys, on } of Object.values(actions))
    for (const key of [...keys, ...on.flat().flatMap((type) => type.keys)]) add(found, key)
  for (const key of globalKeys) add(found, key)
  return found
})

function add(found: Map<string, string>, key: string): void {
  const name = key.replace(/\$\{[^${}]*\}$/, '')
  // The documentation spells keys of SAML in two ways.
  if (/^saml:/i.test(name) || (name.includes('/') && name === key)) return
  found.set(name.toLowerCase(), name)
}
