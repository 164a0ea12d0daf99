import { Unreadable } from './input.ts'
import type { Place } from './place.ts'

/** Account and name, as AWS has them; `/queue/` before a name, or before region, account and name, as emulators have. */
const queuePath = /^\/(?:\d{12}|queue|queue\/[a-z0-9-]{1,40}\/\d{12})\/[\w-]{1,80}(?:\.fifo)?\/?$/

const origin = /^https?:\/\/[^/?#]+/i

/** Returns whether a path is a complete path of a queue URL. */
export function isQueuePath(path: string): boolean {
  return queuePath.test(path)
}

/** Returns whether a queue's URL, or its path alone, is of this path. */
export function isAtPath(url: string, path: string): boolean {
  return withoutSlash(url.replace(origin, '')) === withoutSlash(path)
}

/** @throws Unreadable if the URL ends in no queue's name, or names another region than the call's */
export function queueName(text: string, { region }: Place): string {
  const bare = withoutSlash(text.replace(origin, ''))
  const name = bare.slice(bare.lastIndexOf('/') + 1)
  if (!/^[\w-]{1,80}(?:\.fifo)?$/.test(name)) throw new Unreadable('A queue’s URL ends in no name')
  const [, named = region] = /\/queue\/([^/]+)\/\d{12}\/[^/]+$/.exec(bare) ?? []
  if (named !== region) throw new Unreadable('A queue’s URL names another region')
  return name
}

/** The account in a queue's URL. */
export function queueAccount(text: string): string | undefined {
  const bare = withoutSlash(text)
  const end = bare.lastIndexOf('/')
  const account = bare.slice(Math.max(end - 12, 0), Math.max(end, 0))
  const isWhole = end < bare.length - 1 && bare[end - 13] === '/' && /^\d{12}$/.test(account)
  return isWhole ? account : undefined
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text
}
