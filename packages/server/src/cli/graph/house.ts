import { callHouse, runningServer } from '../client.ts'
import { Home } from '../home.ts'
import { signerOf } from '../signer.ts'

/** An account of a running server: the same texts that files contain. */
export interface HouseTexts {
  readonly details: string
  readonly inventory: unknown
  readonly organization: unknown
}

/** Milliseconds that one account may take. */
const patience = 120_000

/**
 * Reads the account of a running server, and those of its organization that the caller may read, by calls that are
 * signed and recorded like any other.
 */
export async function readHouse(folder: string | undefined): Promise<readonly HouseTexts[]> {
  const server = runningServer(Home.at(folder))
  const { keys } = await signerOf(server, process.env)
  const found: HouseTexts[] = []
  let nextToken: string | undefined
  do {
    const body = nextToken === undefined ? {} : { nextToken }
    const answer = await callHouse(server, 'POST', '/_omen/graph/account', keys, body, { patience })
    const { details, inventory, organization, ...page } = answer as Page // the operation's own answer
    found.push({
      details,
      inventory: JSON.parse(inventory),
      organization: JSON.parse(organization),
    })
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return found
}

interface Page {
  readonly details: string
  readonly inventory: string
  readonly organization: string
  readonly nextToken?: string
}
