import type { ComparisonReport } from '../../gate/index.ts'
import {
  type AccountImage,
  type AccountList,
  type AccountOwn,
  accountLists,
  emptyAccount,
  type Image,
  type OrganizationImage,
  type OrganizationList,
  organizationLists,
} from '../../intake/index.ts'
import { callServer, type Keys } from '../client.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import type { RunningServer } from '../home.ts'
import type { Progress } from './progress.ts'

/** Characters of a part: short enough for the server to take it within some milliseconds. */
const partCharacters = 256 * 1024
/** Parts that are on their way at a time. */
const atOnce = 4

type Target = Pick<RunningServer, 'url' | 'partition'>

/** Milliseconds for the comparison of a whole import: a hundred accounts take some ten seconds. */
const importPatience = 600_000

/** Sends images to a running server, part by part, and has them compared or imported there together. */
export class ImageSender {
  readonly #server: Target
  readonly #keys: Keys
  readonly #progress: Progress
  readonly #path: string
  readonly #own: { notTaken: Image['notTaken'][number][]; findings: Image['findings'][number][] }

  private constructor(server: Target, keys: Keys, progress: Progress, id: string) {
    this.#server = server
    this.#keys = keys
    this.#progress = progress
    this.#path = `/_omen/imports/${id}`
    this.#own = { notTaken: [], findings: [] }
  }

  /** Begins an import. @throws CommandFailure if the server refuses */
  static async begin(server: Target, keys: Keys, progress: Progress): Promise<ImageSender> {
    const answer = await callServer(server, 'POST', '/_omen/imports', keys, {})
    const { import: id } = answer as { import: string } // as the route answers
    return new ImageSender(server, keys, progress, id)
  }

  /** @throws CommandFailure if the server refuses a part */
  async send(image: Image): Promise<void> {
    this.#own.notTaken.push(...image.notTaken)
    this.#own.findings.push(...image.findings)
    const parts = partsOf(image)
    const sender = async () => {
      for (const part of parts) await this.#call('parts', part)
    }
    await Promise.all(Array.from({ length: atOnce }, sender))
  }

  /** Compares or imports everything that was sent. @throws CommandFailure if the server refuses */
  async finish(step: 'compare' | 'apply'): Promise<ComparisonReport> {
    const what = step === 'apply' ? 'importing' : 'comparing'
    const told = (await this.#progress.during(what, this.#call(step, {}))) as ComparisonReport // as the route answers
    if (step === 'compare') await this.drop()
    return {
      ...told,
      notTaken: [...this.#own.notTaken, ...told.notTaken],
      findings: [...this.#own.findings, ...told.findings],
    }
  }

  /** Has the server forget what was sent. */
  async drop(): Promise<void> {
    await this.#call('drop', {}).catch(() => {}) // it is forgotten after a while anyway
  }

  #call(step: string, body: unknown): Promise<unknown> {
    const patience = step === 'compare' || step === 'apply' ? { patience: importPatience } : {}
    return callServer(this.#server, 'POST', `${this.#path}/${step}`, this.#keys, body, patience)
  }
}

interface Part {
  readonly account?: unknown
  readonly organization?: unknown
  readonly list?: string
  readonly things?: readonly unknown[]
}

function* partsOf({ accounts, organization }: Image): Generator<Part> {
  for (const account of accounts) {
    const header = ownOf(account)
    yield { account: header }
    for (const list of Object.keys(accountLists) as AccountList[]) // the object's own keys
      for (const things of chunks(account[list])) yield { account: minimal(account), list, things }
  }
  if (organization === undefined) return
  const { accounts: members, units, policies, attachments, ...settings } = organization
  yield { organization: settings }
  const { at, managementAccount } = settings
  for (const list of Object.keys(organizationLists) as OrganizationList[]) // the object's own keys
    for (const things of chunks(organization[list]))
      yield { organization: { at, managementAccount }, list, things }
}

function ownOf(account: AccountImage): AccountOwn {
  const header: Record<string, unknown> = { ...account }
  for (const list of Object.keys(accountLists)) delete header[list]
  return header as unknown as AccountOwn // without its lists
}

function minimal({ account, partition, at }: AccountImage): AccountOwn {
  return { account, partition, at }
}

function* chunks(things: readonly unknown[]): Generator<readonly unknown[]> {
  let chunk: unknown[] = []
  let size = 0
  for (const thing of things) {
    const length = JSON.stringify(thing).length
    if (size + length > partCharacters && chunk.length > 0) {
      yield chunk
      chunk = []
      size = 0
    }
    chunk.push(thing)
    size += length
  }
  if (chunk.length > 0) yield chunk
}

interface Head {
  readonly revision: number
  readonly account: AccountOwn
  readonly organization?: OrganizationImage
}

interface Page {
  readonly revision: number
  readonly things: readonly never[]
  readonly next?: number
}

/** How often a fetch starts again because the account changes meanwhile. */
const tries = 5

/** The accounts of a server, or of a snapshot of it, the first one first. */
export async function accountsOf(server: Target, keys: Keys, snapshot?: string): Promise<readonly string[]> {
  const answer = await callServer(server, 'GET', `/_omen/accounts${queryOf(snapshot, '?')}`, keys)
  const { accounts, first } = answer as { accounts: readonly string[]; first: string } // as the route answers
  return [first, ...accounts.filter((id) => id !== first)]
}

function queryOf(snapshot: string | undefined, sign: '?' | '&'): string {
  return snapshot === undefined ? '' : `${sign}snapshot=${encodeURIComponent(snapshot)}`
}

/** Fetches the image of accounts of a running server, with the organization that one of them manages. */
export async function fetchImage(
  ids: readonly string[],
  server: Target,
  keys: Keys,
  progress: Progress,
  snapshot?: string,
): Promise<Image> {
  const accounts: AccountImage[] = []
  let organization: OrganizationImage | undefined
  for (const id of ids) {
    const fetched = await fetchAccount(id, server, keys, progress, snapshot)
    accounts.push(fetched.account)
    organization ??= fetched.organization
  }
  return { accounts, ...(organization === undefined ? {} : { organization }), notTaken: [], findings: [] }
}

async function fetchAccount(
  id: string,
  server: Target,
  keys: Keys,
  progress: Progress,
  snapshot?: string,
): Promise<{ readonly account: AccountImage; readonly organization?: OrganizationImage }> {
  for (let count = 0; count < tries; count++) {
    const path = `/_omen/accounts/${id}/image`
    const head = (await callServer(server, 'GET', `${path}${queryOf(snapshot, '?')}`, keys)) as Head // as the route answers
    const { account, organization, revision } = head
    const lists: Partial<Record<AccountList, readonly unknown[]>> = {}
    let isSame = true
    // the object's own keys
    for (const list of Object.keys(accountLists) as AccountList[]) {
      const things: unknown[] = []
      for (let from: number | undefined = 0; from !== undefined && isSame; ) {
        const page = (await callServer(
          server,
          'GET',
          `${path}/${list}?from=${from}${queryOf(snapshot, '&')}`,
          keys,
        )) as Page // as the route answers
        isSame = page.revision === revision
        things.push(...page.things)
        from = page.next
        progress.show('fetching', things.length, things.length)
      }
      lists[list] = things
    }
    if (isSame) {
      const whole = {
        ...emptyAccount(account.account, account.partition, account.at),
        ...account,
        ...lists,
      } as AccountImage // its own lists
      return { account: whole, ...(organization === undefined ? {} : { organization }) }
    }
  }
  throw new CommandFailure(`account ${id} changes while it is fetched: try again`, exitCodes.other)
}
