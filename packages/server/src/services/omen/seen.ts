import type { Call } from '../../authorization/index.ts'
import type { SeenCall } from '../../graph/index.ts'

const limits = {
  /** Events in one look-up, and look-ups for one answer. */
  page: 1_000,
  pages: 20,
  /** Different calls of one answer. */
  calls: 5_000,
} as const

/** Milliseconds. */
const day = 86_400_000

interface Identity {
  readonly arn?: string
  readonly invokedBy?: string
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } }
}

/** The calls of an account that the trail has of the last days and that were allowed, each once; the newest first. */
export async function seenCalls(
  account: Call['account'],
  days: number,
  call: Call,
): Promise<readonly SeenCall[]> {
  const { recorder } = call.deps
  await recorder.flush()
  const found = new Map<string, SeenCall>()
  let after: string | undefined
  for (let page = 0; page < limits.pages && found.size < limits.calls; page++) {
    const { events, next } = await recorder.lookUp({
      account: account.id,
      from: call.now - days * day,
      limit: limits.page,
      ...(after === undefined ? {} : { after }),
    })
    for (const { asked = [], errorCode, json, time } of events) {
      if (errorCode !== undefined || asked.length === 0) continue
      const { userIdentity } = JSON.parse(json) as { readonly userIdentity: Identity } // what makeEvent wrote
      const principal =
        userIdentity.sessionContext?.sessionIssuer?.arn ?? userIdentity.arn ?? userIdentity.invokedBy
      if (principal === undefined) continue
      for (const { action, resource, passedTo } of asked) {
        const key = JSON.stringify([principal, action, resource, passedTo])
        const known = found.get(key)
        if (known !== undefined) found.set(key, { ...known, calls: known.calls + 1 })
        else {
          const last = new Date(time).toISOString()
          const seen = { principal, action, resource, calls: 1, last }
          found.set(key, passedTo === undefined ? seen : { ...seen, passedTo })
        }
      }
    }
    if (next === undefined) break
    after = next
  }
  return [...found.values()]
}
