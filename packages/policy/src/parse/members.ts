import type { Path } from '../document/finding.ts'
import type { JsonMember, JsonObject } from '../document/json.ts'
import type { Report } from './report.ts'

/**
 * Returns the members of an object and reports duplicate keys, which are a syntax error even in a Condition.
 * (behaviour POL-100)
 */
export function members(object: JsonObject, path: Path, report: Report): readonly JsonMember[] {
  if (object.members.length < 2) return object.members
  const seen = new Set<string>()
  for (const { key } of object.members) {
    if (seen.has(key.value)) {
      report.refuse('DUPLICATE_KEY', `Duplicate key ${key.value}`, [...path, key.value], key)
    }
    seen.add(key.value)
  }
  return object.members
}
