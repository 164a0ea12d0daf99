import { after } from 'node:test'
import { GuardOfRows, type GuardRow } from './guard-rows.ts'
import { type Row, replay } from './rows.ts'

/** A role that a service assumes for what it runs. */
interface AssumedRow extends Row {
  readonly assumes: { readonly service: string; readonly trust: object }
  readonly aws: { readonly status: number }
}

let opened: Promise<GuardOfRows> | undefined

after(async () => (await opened)?.close())

/** What services ask on a caller's behalf (behaviours GRD-190 to GRD-225, GRD-226, GRD-227). */
async function ask(row: GuardRow | AssumedRow): Promise<string | undefined> {
  opened ??= GuardOfRows.open()
  if (!('assumes' in row)) return (await opened).ask(row)
  const { service, trust } = row.assumes
  const assumed = await (await opened).trusts(service, trust)
  return assumed === (row.aws.status === 200)
    ? undefined
    : `the trust ${assumed ? 'lets' : 'does not let'} it`
}

replay<GuardRow>('guard-keys.jsonl', ask)
replay<GuardRow | AssumedRow>('guard-services.jsonl', ask)
