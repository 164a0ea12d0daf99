import type { AccountId } from '../../base/index.ts'
import type { Asked, KeptKeys, StoredEvent } from '../types.ts'

/**
 * An event without its record, as stored: in a home, in its list of calls that have begun, and in PostgreSQL. Members are only
 * added, at the end.
 */
export type EventHead = readonly [
  ...HeadStart,
  /**
   * Action, resource and the service that a role is passed to, for each question in turn; nothing if there is none.
   */
  asked?: readonly string[] | null,
  decision?: string | null,
  data?: 0 | 1,
  askedCut?: 1 | 0,
  /** Condition keys of the call, then owner and keys of each question in turn. */
  keys?: readonly [KeptKeys, ...(string | KeptKeys | 0)[]],
]

/** The members that each head has. */
const needed = 12

type HeadStart = readonly [
  time: number,
  account: AccountId,
  region: string,
  id: string,
  name: string,
  source: string,
  username: string | null,
  accessKeyId: string | null,
  readOnly: 0 | 1,
  errorCode: string | null,
  /** Type and name of each in turn. */
  resources: readonly string[],
  recordLength: number,
]

/** Returns the event of a head and a record. */
export function eventOf(head: EventHead, json: string): StoredEvent {
  const [time, account, region, id, name, source, username, accessKeyId, readOnly, errorCode, flat] = head
  const [asked, decision, data, cut] = [head[12] ?? undefined, head[13] ?? undefined, head[14], head[15]]
  const keys = head[16]
  const resources: { type: string; name: string }[] = []
  for (let at = 0; at < flat.length; at += 2) resources.push({ type: flat[at]!, name: flat[at + 1]! })
  return {
    account,
    region,
    id,
    time,
    name,
    source,
    username: username ?? undefined,
    accessKeyId: accessKeyId ?? undefined,
    readOnly: readOnly === 1,
    errorCode: errorCode ?? undefined,
    resources,
    ...(asked === undefined ? {} : { asked: askedOf(asked, keys) }),
    ...(decision === undefined ? {} : { decision }),
    ...(data === 1 ? { data: true } : {}),
    ...(cut === 1 ? { askedCut: true } : {}),
    ...(keys === undefined ? {} : { callerKeys: keys[0] }),
    json,
  }
}

function askedOf(flat: readonly string[], kept: EventHead[16]): readonly Asked[] {
  const asked: Asked[] = []
  for (let at = 0; at < flat.length; at += 3) {
    const passedTo = flat[at + 2]!
    const place = 1 + (2 * at) / 3
    const [owner, keys] = [kept?.[place], kept?.[place + 1]]
    asked.push({
      action: flat[at]!,
      resource: flat[at + 1]!,
      ...(passedTo === '' ? {} : { passedTo }),
      ...(typeof owner === 'string' ? { owner: owner as AccountId } : {}), // `keysOf` wrote it
      ...(typeof keys === 'object' ? { keys } : {}),
    })
  }
  return asked
}

/** Returns the head of an event. */
export function headOf(event: StoredEvent): EventHead {
  const { asked, decision, data, askedCut, callerKeys } = event
  const head: readonly unknown[] = [
    event.time,
    event.account,
    event.region,
    event.id,
    event.name,
    event.source,
    event.username ?? null,
    event.accessKeyId ?? null,
    event.readOnly ? 1 : 0,
    event.errorCode ?? null,
    event.resources.flatMap(({ type, name }) => [type, name]),
    event.json.length,
    asked?.flatMap(({ action, resource, passedTo = '' }) => [action, resource, passedTo]) ?? null,
    decision ?? null,
    data === undefined ? 0 : 1,
    askedCut === undefined ? 0 : 1,
    callerKeys && [callerKeys, ...keysOf(asked ?? [])],
  ]
  // without the last members that say nothing
  const length = head.findLastIndex((member, at) => at < needed || Boolean(member)) + 1
  return head.slice(0, length) as unknown as EventHead // the members above
}

/** Owner and keys of each question; nothing if no question has any. */
function keysOf(asked: readonly Asked[]): readonly (string | KeptKeys | 0)[] {
  if (asked.every(({ owner, keys }) => owner === undefined && keys === undefined)) return []
  return asked.flatMap(({ owner, keys }) => [owner ?? 0, keys ?? 0])
}
