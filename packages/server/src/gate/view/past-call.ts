import {
  type Call,
  type ContextKeys,
  contextOfEvent,
  type Dependencies,
  hypotheticalCall,
  hypotheticalCaller,
  type Judged,
} from '../../authorization/index.ts'
import { Fault } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import type { Asked, StoredEvent } from '../../store/index.ts'
import { loadManagement } from '../admission.ts'
import { findEvent, findEventOfRequest } from './find-event.ts'
import { judgeQuestion } from './question.ts'
import type { Reader } from './reader.ts'

/** A past call, decided by the policies as they are now. */
export interface PastCallNow {
  readonly event: StoredEvent
  readonly call: Call
  readonly questions: readonly Judged[]
  /** Condition keys whose values were not kept; `*` if there were more than are kept. */
  readonly unknown: readonly string[]
}

/** Keys of the moment, of the accounts as they are now, and of the caller as it is now. */
const ofNow = /^aws:(?:currenttime|epochtime|principal(?!tag)|resource(?:account|org)|userid$|username$)/

/**
 * Decides an event's call again after its decision expired, with the condition keys that were kept with the event
 * (behaviour TRL-93). Returns `gone` if the caller no longer exists; undefined if there is no such event, or if its
 * call needed no permission.
 */
export async function pastCallNow(
  id: string,
  within: Reader,
  deps: Dependencies,
): Promise<PastCallNow | 'gone' | undefined> {
  const event = (await findEvent(id, within, deps)) ?? (await findEventOfRequest(id, within, deps))
  if (event?.asked === undefined) return undefined
  const account = await deps.directory.find(event.account)
  if (account === undefined) return 'gone'
  await loadManagement(account, deps)
  const { userIdentity, userAgent, sourceIPAddress } = JSON.parse(event.json) as Recorded // what makeEvent wrote
  const caller = callerIn(userIdentity.arn ?? '', account, deps.clock.now())
  if (caller === undefined) return 'gone'
  const origin = { sourceIp: sourceIPAddress, userAgent, host: '', secure: false }
  const call = hypotheticalCall(caller, account, deps, origin)
  const questions: Judged[] = []
  const unknown = new Set(event.callerKeys === undefined ? ['*'] : [])
  for (const asked of event.asked) {
    for (const keys of [event.callerKeys, asked.keys])
      for (const key in keys) if (keys[key] === null) unknown.add(key)
    const keys = keysThen(event, asked, deps)
    const judged = await judgeQuestion(asked.action, asked.resource, keys, call, asked.owner)
    questions.push(judged)
    if (judged.decision.outcome !== 'allowed') break
  }
  return { event, call, questions, unknown: [...unknown] }
}

interface Recorded {
  readonly userIdentity: { readonly arn?: string }
  readonly userAgent: string
  readonly sourceIPAddress: string
}

/** The caller as it is now; undefined if it is gone, or no user, role or root. */
function callerIn(arn: string, account: Account, now: number): SignedCaller | undefined {
  try {
    return hypotheticalCaller(arn, account, now)
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

/** The condition keys of then. Tags of IAM's resources are known as they are now. */
function keysThen(event: StoredEvent, asked: Asked, deps: Dependencies): ContextKeys {
  const { context } = contextOfEvent(event, asked, deps.directory)
  const isIam = /^arn:[\w-]+:iam:/.test(asked.resource)
  return Object.fromEntries(
    [...context.entries()].filter(
      ([key]) => !ofNow.test(key) && !(isIam && /^(?:aws|iam):resourcetag\//.test(key)),
    ),
  )
}
