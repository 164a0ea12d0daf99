import { existsSync } from 'node:fs'
import { parseAccountId, systemClock } from '../../base/index.ts'
import { Directory } from '../../directory/index.ts'
import { partitionOf } from '../../gate/index.ts'
import type { TrailRead } from '../../graph/index.ts'
import type { AccountImage } from '../../image/index.ts'
import { partsOf, readTrail, type WorldParts } from '../../services/omen/index.ts'
import { elsewhereOf, type Reached, signingAt } from '../asking.ts'
import { callServer } from '../client.ts'
import { badConfiguration, ServiceRefusal } from '../failure.ts'
import { Home } from '../home.ts'
import { safe } from '../output.ts'
import { openStore, presenceOf } from '../serving-home.ts'
import type { Signer } from '../signer.ts'

/** Milliseconds that one account may take. */
const patience = 120_000

/**
 * Reads the accounts of a server: of a running one those that the caller may read, by calls that are signed and recorded
 * like any other; of a stopped one all of them, from its database. @throws CommandFailure if there is neither
 */
export async function readServer(folder: string | undefined): Promise<readonly WorldParts[]> {
  const found = (await isStopped(folder))
    ? await readStopped(Home.at(folder))
    : await readRunning(await signingAt(folder, process.env))
  // an account without a user or role has nobody to ask about
  return found.filter(({ image: { users, roles, groups, policies } }) =>
    [users, roles, groups, policies].some((list) => list.length > 0),
  )
}

/** Whether a home has a database, and no server is there for it: one that answers late is. */
export async function isStopped(folder: string | undefined): Promise<boolean> {
  if ((await elsewhereOf(folder, process.env)) !== undefined) return false
  const home = Home.at(folder)
  if (!existsSync(home.database)) return false
  const server = home.readServer()
  return server === undefined || (await presenceOf(server)) === 'none'
}

/** Reads a database that no server holds: nothing is started, and nothing is changed. */
async function readStopped(home: Home): Promise<readonly WorldParts[]> {
  const store = await openStore(home)
  try {
    const directory = new Directory(store, {}, await partitionOf(store, undefined))
    const first = parseAccountId(home.readCredentials()?.account ?? '')
    const ids = new Set([...(first === undefined ? [] : [first]), ...(await store.accounts())])
    // all of them, before one is read: SCPs are those of the management account
    const accounts = []
    for (const id of ids) accounts.push(await directory.find(id))
    const found = accounts.filter((account) => account !== undefined)
    if (found.length === 0) throw badConfiguration(`the home ${home.folder} has no account`)
    return found.map((account) => partsOf(account, { directory }))
  } finally {
    await store.close()
  }
}

/** Reads the trails of all accounts of a stopped home: the calls of the last days, for a cut that spares them. */
export async function readTrails(folder: string | undefined, days: number): Promise<TrailRead> {
  const store = await openStore(Home.at(folder))
  try {
    const read: TrailRead[] = []
    for (const account of await store.accounts())
      read.push(await readTrail((query) => store.lookUpEvents(query), account, systemClock.now(), days))
    const [since] = read
      .flatMap((each) => each.since ?? [])
      .sort()
      .toReversed()
    return { calls: read.flatMap(({ calls }) => calls), ...(since === undefined ? {} : { since }) }
  } finally {
    await store.close()
  }
}

async function readRunning({
  server,
  signer,
}: Awaited<ReturnType<typeof signingAt>>): Promise<readonly WorldParts[]> {
  const found: WorldParts[] = []
  let nextToken: string | undefined
  do {
    const body = nextToken === undefined ? {} : { nextToken }
    const { image, inventory, organization, ...page } = await readPage(server, signer, body)
    found.push({
      image: JSON.parse(image) as AccountImage, // what the server described
      inventory: JSON.parse(inventory),
      organization: JSON.parse(organization),
    })
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return found
}

/** One account. @throws CommandFailure if the server refuses: it names the permissions that are missing */
async function readPage(server: Reached['server'], { keys, from, me }: Signer, body: object): Promise<Page> {
  try {
    const answer = await callServer(server, 'POST', '/_omen/graph/account', keys, body, { patience })
    return answer as Page // the operation's own answer
  } catch (error) {
    if (
      !(error instanceof ServiceRefusal) ||
      !/AccessDenied|not authorized/.test(`${error.code} ${error.message}`)
    )
      throw error
    const other =
      from === 'the environment'
        ? ' Without AWS_ACCESS_KEY_ID in the environment, the admin of the home asks, as for omen can.'
        : ''
    throw new ServiceRefusal(
      error.code,
      `${error.message}\nThe paths of an account are searched in all of its policies: ${safe(me.arn)} needs omen:GetAccountDetails and iam:GetAccountAuthorizationDetails.${other}`,
    )
  }
}

interface Page {
  readonly image: string
  readonly inventory: string
  readonly organization: string
  readonly nextToken?: string
}
