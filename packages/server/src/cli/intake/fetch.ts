import { parseAccountId } from '../../base/index.ts'
import {
  type AccountImage,
  type AccountList,
  accountLists,
  emptyAccount,
  type Image,
  type OrganizationImage,
} from '../../intake/index.ts'
import { callServer } from '../client.ts'
import type { ServerTarget } from './target.ts'

/** The contents of a running server's accounts, fetched page by page. @throws CommandFailure if the server refuses */
export async function fetchImage({ server, keys }: ServerTarget): Promise<Image> {
  const ask = async (path: string) => await callServer(server, 'GET', `/_omen/accounts${path}`, keys)
  const { accounts } = (await ask('')) as { readonly accounts: readonly string[] } // the server's own form
  const images: AccountImage[] = []
  let organization: OrganizationImage | undefined
  for (const text of accounts) {
    const id = parseAccountId(text)
    if (id === undefined) continue
    const page = (await ask(`/${id}/image`)) as OwnPage // the server's own form
    organization ??= page.organization
    const lists: Partial<Record<AccountList, readonly unknown[]>> = {}
    // the object's own keys
    for (const list of Object.keys(accountLists) as AccountList[]) {
      const things: unknown[] = []
      for (let from: number | undefined = 0; from !== undefined; ) {
        const page = (await ask(`/${id}/image/${list}?from=${from}`)) as ListPage // the server's own form
        things.push(...page.things)
        from = page.next
      }
      lists[list] = things
    }
    const { account, partition, at } = page.account
    images.push({ ...emptyAccount(account, partition, at), ...page.account, ...lists } as AccountImage) // each list is as the server has it
  }
  return {
    accounts: images,
    ...(organization === undefined ? {} : { organization }),
    notTaken: [],
    findings: [],
  }
}

interface OwnPage {
  readonly account: AccountImage
  readonly organization?: OrganizationImage
}

interface ListPage {
  readonly things: readonly unknown[]
  readonly next?: number
}
