/**
 * Changes the code of a room in small ways, one at a time, and looks whether a test notices.
 *
 *     npm run mutate                                        a sample of each room, and docs/MUTATION.md
 *     npm run mutate -- sigv4 session                       two rooms
 *     npm run mutate -- policy --file=match/glob            every mutant of the files whose path contains it
 *     npm run mutate -- policy --file=src/match/ --file=src/witness/ --sample=100
 *     npm run mutate -- policy --without=test/spec          without the test files whose path contains it
 *     npm run mutate -- --sample=200 --seed=2 --width=4     another sample of each room, four tests at a time
 *     npm run mutate -- policy --longest=300                also test files that take five minutes of processor time
 *     npm run mutate -- --renew                             only the lines and numbers of docs/MUTATION.md, as they are now
 *
 * What was measured is kept in node_modules/.cache/mutate until the file or one of its tests changes.
 */
import { parseArgs } from 'node:util'
import { mutateRoom } from './mutate/mutate.ts'
import { renewReport, writeReport } from './mutate/report.ts'
import { mutatedRooms } from './mutate/rooms.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string', multiple: true },
    without: { type: 'string', multiple: true, default: [] },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    longest: { type: 'string', default: '20' },
    width: { type: 'string', default: '2' },
    renew: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => mutatedRooms[name] === undefined)
if (unknown.length > 0)
  throw new Error(`no room ${unknown.join(', ')}: ${Object.keys(mutatedRooms).join(', ')}`)

const names = positionals.length > 0 ? positionals : values.renew ? [] : Object.keys(mutatedRooms)
if (values.renew) renewReport()
for (const name of names) {
  const result = await mutateRoom(name, {
    only: values.file,
    without: values.without,
    sample: Number(values.sample ?? (values.file === undefined ? 100 : Number.POSITIVE_INFINITY)),
    seed: values.seed,
    longest: Number(values.longest) * 1_000,
    width: Number(values.width),
  })
  // What is asked about some files says nothing of their room.
  if (values.file === undefined) writeReport(name, result)
  if (!result.enough) process.exitCode = 1
}
