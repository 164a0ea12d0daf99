import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AccountId, parseAccountId } from '../../packages/server/src/base/index.ts'
import type {
  AccountChanges,
  Change,
  Commit,
  Lineage,
  StoredDenial,
  StoredEvent,
} from '../../packages/server/src/store/index.ts'

export const alpha = account(111_111_111_111)
export const beta = account(222_222_222_222)

export function account(number: number): AccountId {
  return parseAccountId(String(number).padStart(12, '0'))!
}

let made = 0

/** An event that differs from every other; what matters to a test is given. */
export function event(given: Partial<StoredEvent> = {}): StoredEvent {
  const id = `event-${made++}`
  return {
    account: alpha,
    region: 'us-east-1',
    id,
    time: 1_700_000_000_000,
    name: 'CreateRole',
    source: 'iam.amazonaws.com',
    username: undefined,
    accessKeyId: undefined,
    readOnly: false,
    errorCode: undefined,
    resources: [],
    json: JSON.stringify({ eventID: id }),
    ...given,
  }
}

/** A denial that differs from every other; what matters to a test is given. */
export function denial(given: Partial<StoredDenial> = {}): StoredDenial {
  const number = made++
  return {
    id: `d-${number}`,
    requestId: `request-${number}`,
    account: alpha,
    time: 1_700_000_000_000,
    action: 'iam:CreateRole',
    resource: 'arn:aws:iam::111111111111:role/web',
    json: '{}',
    documents: new Map([['hash', '{}']]),
    ...given,
  }
}

/** A commit that changes one account and keeps events. */
export function commitOf(
  of: AccountId,
  revision: number,
  changes: readonly Change[],
  events: readonly StoredEvent[] = [],
): Commit {
  return { accounts: [step(of, revision, changes)], events }
}

/** The changes of a commit that makes the next revision of an account; nothing is there at revision 0. */
export function step(of: AccountId, revision: number, changes: readonly Change[]): AccountChanges {
  return {
    account: of,
    base: revision === 0 ? undefined : lineageAt(revision),
    next: lineageAt(revision + 1),
    changes,
  }
}

/** The lineage that `step` gives a revision. */
export function lineageAt(revision: number): Lineage {
  return `00000000-0000-4000-8000-${(revision >>> 0).toString(16).padStart(12, '0')}` as Lineage
}

export function put(kind: string, id: string, value: unknown = {}): Change {
  return { kind, id, value: JSON.stringify(value) }
}

/** A directory of the test's own, gone when the test is. */
export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'omen-store-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Waits until something is so that a store does after it has answered. @throws if that takes five seconds, or as long as is said */
export async function until(isSo: () => Promise<boolean>, milliseconds = 5_000): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    if (await isSo()) return
    await sleep(10)
  }
  throw new Error('it does not come about')
}
