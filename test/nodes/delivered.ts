import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** The IDs of the events in files that were read. A file that is put again holds the same. */
const known = new Map<string, readonly string[]>()

/** Counts in how many files of a trail's folder each event is, by its ID. */
export function deliveredEvents(folder: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\/CloudTrail\/.*\.json\.gz$/.test(path)) continue
    let ids = known.get(path)
    if (ids === undefined) {
      const { Records } = JSON.parse(gunzipSync(readFileSync(join(folder, path))).toString())
      ids = Records.map(({ eventID }: { eventID: string }) => eventID) as string[]
      known.set(path, ids)
    }
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}
