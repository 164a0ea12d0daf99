import type { AccountId } from '../../base/index.ts'
import type { Asked, KeptKeys, StoredEvent } from '../types.ts'

/** The most events of a pack. Reading one event parses its whole pack. */
export const eventsMost = 64

/** The most UTF-16 units of a pack's heads and records. A larger event has a pack of its own. */
const lengthMost = 256 * 1024

/**
 * Some events as two texts, because thousands of small objects are expensive to pass between threads and to write: one
 * text with everything but the records, and one with the records.
 */
export interface EventPack {
  readonly count: number
  /** One head for each event as JSON, separated by commas, without line breaks. */
  readonly heads: string
  /** The records' JSON, concatenated. */
  readonly records: string
}

/** An event without its record, in the order of the file. */
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

/** The mark of a deleted event: the events after it keep their sequence numbers. */
export const hole = 0

export type HeadOrHole = EventHead | typeof hole

/** Returns the events in as few packs as possible. Adds their heads to `headsOfAll`. */
export function packEvents(events: readonly StoredEvent[], headsOfAll?: EventHead[]): EventPack[] {
  const packs: EventPack[] = []
  let heads: string[] = []
  let records = ''
  let length = 0
  const finish = () => {
    if (heads.length > 0) packs.push({ count: heads.length, heads: heads.join(','), records })
    heads = []
    records = ''
    length = 0
  }
  for (const event of events) {
    const fields = headOf(event)
    headsOfAll?.push(fields)
    const head = JSON.stringify(fields)
    if (heads.length >= eventsMost || length + head.length + event.json.length > lengthMost) finish()
    heads.push(head)
    records += event.json
    length += head.length + event.json.length
  }
  finish()
  return packs
}

/** Returns a pack's heads, one for each event. */
export function readHeads(heads: string): readonly HeadOrHole[] {
  return JSON.parse(`[${heads}]`) as HeadOrHole[] // written by `packEvents` or `writeHeads`
}

/** Returns the text that `readHeads` parses. */
export function writeHeads(heads: readonly HeadOrHole[]): string {
  return JSON.stringify(heads).slice(1, -1)
}

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

function headOf(event: StoredEvent): EventHead {
  const { asked, decision, data, askedCut, callerKeys } = event
  const head: HeadStart = [
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
  ]
  const isBare = asked === undefined && decision === undefined && data === undefined
  if (isBare && askedCut === undefined && callerKeys === undefined) return head
  const flat = asked?.flatMap(({ action, resource, passedTo = '' }) => [action, resource, passedTo]) ?? null
  const cut = askedCut === undefined ? 0 : 1
  if (callerKeys !== undefined)
    return [
      ...head,
      flat,
      decision ?? null,
      data === undefined ? 0 : 1,
      cut,
      [callerKeys, ...keysOf(asked ?? [])],
    ]
  if (cut === 1) return [...head, flat, decision ?? null, data === undefined ? 0 : 1, 1]
  if (data !== undefined) return [...head, flat, decision ?? null, 1]
  return decision === undefined ? [...head, flat] : [...head, flat, decision]
}

/** Owner and keys of each question; nothing if no question has any. */
function keysOf(asked: readonly Asked[]): readonly (string | KeptKeys | 0)[] {
  if (asked.every(({ owner, keys }) => owner === undefined && keys === undefined)) return []
  return asked.flatMap(({ owner, keys }) => [owner ?? 0, keys ?? 0])
}
