import type { DenialHead } from '../store/index.ts'
import type { DecisionRecord } from './decision-record.ts'
import type { Dependencies } from './dependencies.ts'
import { reviveDenial } from './kept-denial.ts'

/** Returns the record of a decision's id or a request's: from memory, or, if it is a denial, from the store. */
export async function recallDecision(id: string, deps: Dependencies): Promise<DecisionRecord | undefined> {
  const decision = deps.decisions.find(id)
  if (decision !== undefined) {
    const account = await deps.directory.find(decision.call.account.id)
    return account && { ...decision, call: { ...decision.call, account, deps } }
  }
  const kept = await deps.directory.store.findDenial(id)
  return kept && reviveDenial(kept, deps)
}

/** The most denials among which the last one is looked for, and those of them that may be read from the store. */
const lookedAt = 1_000
const revived = 100

/** The newest denial with a property. */
export async function recallLastDenial(
  deps: Dependencies,
  isIn: (head: DenialHead) => boolean = () => true,
  is: (record: DecisionRecord) => boolean = () => true,
): Promise<DecisionRecord | undefined> {
  let read = 0
  for (const head of (await listDenials(lookedAt, deps)).filter(isIn)) {
    if (deps.decisions.find(head.id) === undefined && ++read > revived) return undefined
    const record = await recallDecision(head.id, deps)
    if (record !== undefined && is(record)) return record
  }
  return undefined
}

/** Returns denials, newest first: those in the store, and those being written. */
export async function listDenials(limit: number, deps: Dependencies): Promise<readonly DenialHead[]> {
  const heads = new Map<string, DenialHead>()
  for (const { id, call, judged } of deps.decisions.denials(limit)) {
    const { action, resource } = judged.at(-1)!.request // the denied question
    heads.set(id, { id, requestId: call.id, time: call.now, account: call.account.id, action, resource })
  }
  for (const head of await deps.directory.store.denials(limit)) {
    if (!heads.has(head.id)) heads.set(head.id, head)
  }
  return [...heads.values()].sort((a, b) => b.time - a.time).slice(0, limit)
}
