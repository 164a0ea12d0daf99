/**
 * `npm run clients`: runs every client whose toolchain is here against a server of its own, and writes its row of the
 * tables of docs/CLIENTS.md and docs/CLIENTS.ja.md. A client without its toolchain is named, and keeps its row. Exits
 * with 1 if a client fails where the page says that it works.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { openPlace } from './clients/cases.ts'
import { type CaseId, clients } from './clients/clients.ts'
import { rowOf, withRow } from './clients/table.ts'

/** What must work; whether AWS_ENDPOINT_URL alone suffices is only noted. */
const required: readonly CaseId[] = ['keys', 'role', 'configured']

const pages = ['CLIENTS.md', 'CLIENTS.ja.md'].map((name) => new URL(`../docs/${name}`, import.meta.url))
await using place = await openPlace()
for (const client of clients) {
  const prepared = client.prepare()
  if (typeof prepared === 'string') {
    process.stdout.write(`${client.name}: skipped, ${prepared}\n`)
    continue
  }
  const outcome = await place.run(client, prepared)
  process.stdout.write(`${rowOf(client, outcome)}\n`)
  for (const id of required.filter((each) => outcome.arns[each] === undefined)) {
    process.stderr.write(`${client.name} fails (${id}): ${outcome.complaints[id]}\n`)
    process.exitCode = 1
  }
  for (const page of pages) writeFileSync(page, withRow(readFileSync(page, 'utf8'), client, outcome))
}
