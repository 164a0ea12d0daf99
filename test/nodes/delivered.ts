import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** The IDs of the events in files that were read. A file that is put again holds the same. */
const known = new Map<string, readonly string[]>()

/** Returns the files of a trail's folder that each event is in, by its ID. */
export function deliveredEvents(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\/CloudTrail\/.*\.json\.gz$/.test(path)) continue
    let ids = known.get(path)
    if (ids === undefined) {
      const { Records } = JSON.parse(gunzipSync(readFileSync(join(folder, path))).toString())
      ids = Records.map(({ eventID }: { eventID: string }) => eventID) as string[]
      known.set(path, ids)
    }
    for (const id of ids) {
      const others = files.get(id)
      if (others === undefined) files.set(id, [path])
      else others.push(path)
    }
  }
  return files
}
