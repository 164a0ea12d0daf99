import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Counts in how many files of a trail's folder each event is, by its ID. */
export function deliveredEvents(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\/CloudTrail\/.*\.json\.gz$/.test(path)) continue
    const { Records } = JSON.parse(gunzipSync(readFileSync(join(folder, path))).toString())
    for (const { eventID } of Records) counts.set(eventID, (counts.get(eventID) ?? 0) + 1)
  }
  return counts
}
