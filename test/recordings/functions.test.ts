import { after } from 'node:test'
import { authorize } from '../../packages/server/src/authorization/index.ts'
import { type EventfulRow, withEvents } from './events.ts'
import { GuardOfRows, type GuardRow } from './guard-rows.ts'
import { type Row, replay } from './rows.ts'

/** A call of a function's URL with a signature. */
interface UrlRow extends Row {
  readonly caller: GuardRow['caller']
  readonly url: { readonly function: string; readonly authType: string; readonly policy: object }
  readonly aws: { readonly status: number }
}

let opened: Promise<GuardOfRows> | undefined

after(async () => (await opened)?.close())

/**
 * Omen's own Lambda and EC2 answer (behaviours LAM-84 to LAM-88, LAM-17, PSR-7, GRD-307); URLs are the engine's (behaviour LAM-81).
 */
replay<EventfulRow | UrlRow>('guard-functions.jsonl', async (row) => {
  opened ??= GuardOfRows.open([])
  return 'url' in row ? ofUrl(row, await opened) : withEvents(row, await opened)
})

async function ofUrl({ caller, url, aws }: UrlRow, guard: GuardOfRows): Promise<string | undefined> {
  const asked = {
    action: 'lambda:InvokeFunctionUrl',
    resource: url.function,
    context: { 'lambda:FunctionUrlAuthType': url.authType },
    resourcePolicy: { document: JSON.stringify(url.policy), grant: 'either' },
  } as const
  const status = authorize([asked], await guard.callOf(caller)).allowed ? 200 : 403
  return status === aws.status ? undefined : `${status} in place of ${aws.status}`
}
