import { after } from 'node:test'
import { GuardOfRows, type GuardRow } from './guard-rows.ts'
import { replay } from './rows.ts'

let opened: Promise<GuardOfRows> | undefined

after(async () => (await opened)?.close())

/** What services ask on a caller's behalf (behaviours GRD-190 to GRD-225, GRD-226). */
async function ask(row: GuardRow): Promise<string | undefined> {
  opened ??= GuardOfRows.open()
  return (await opened).ask(row)
}

replay<GuardRow>('guard-keys.jsonl', ask)
replay<GuardRow>('guard-services.jsonl', ask)
