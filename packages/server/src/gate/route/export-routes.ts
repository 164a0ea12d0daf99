import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, endOfTurn, isOfPeople, parseAccountId, peopleBeside } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { placeOfAccount } from '../../image/index.ts'
import type { AccountImage, AccountList } from '../../intake/index.ts'
import type { Snapshots } from '../snapshots.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** The room that makes images: a server without exports does not load it. */
const intake = () => import('../../intake/index.ts')

/** Characters of JSON in one page, about. */
const pageCharacters = 512 * 1024

interface Shown {
  readonly account: Account
  readonly lineage: Account['lineage']
  /** Of the people beside the account. */
  readonly people: Account['lineage'] | undefined
  readonly revision: number
  readonly image: AccountImage
}

/**
 * The contents of the server's accounts, present or in a snapshot, page by page. Only root and the administrator may
 * read them: an image contains every policy and every access key id, though no secret.
 */
export function exportRoutes(deps: Dependencies, snapshots: Snapshots): readonly AdminRoute[] {
  let last: Shown | undefined
  let opened: { readonly name: string; readonly accounts: ReadonlyMap<AccountId, Account> } | undefined
  const accountsIn = async (name: string) => {
    if (opened?.name !== name) opened = { name, accounts: await snapshots.accounts(name) }
    return opened.accounts
  }
  const shownOf = async (text: string, query: URLSearchParams): Promise<Shown> => {
    const id = parseAccountId(text)! // the pattern is twelve digits
    const name = query.get('snapshot')
    const saved = name === null ? undefined : await accountsIn(name)
    const account = saved === undefined ? await deps.directory.find(id) : saved.get(id)
    if (account === undefined) throw new Refusal(404, `There is no account ${id} here.`)
    const { imageOfAccount, imageOfPeople, trustedBy } = await intake()
    const beside = peopleBeside(id)
    const people = saved === undefined ? await deps.directory.find(beside) : saved.get(beside)
    // an image is as large as its account: only the last one is kept
    if (last?.account === account && last.lineage === account.lineage && last.people === people?.lineage)
      return last
    if (saved === undefined) for (const other of trustedBy(account)) await deps.directory.find(other)
    const described = people && (await imageOfPeople(people, placeOfAccount(account), endOfTurn))
    const loaded = saved === undefined ? deps.directory : { loaded: (other: AccountId) => saved.get(other) }
    last = {
      account,
      lineage: account.lineage,
      people: people?.lineage,
      revision: account.revision,
      image: imageOfAccount(account, loaded, described),
    }
    return last
  }
  return [
    {
      method: 'GET',
      path: /^\/_omen\/accounts$/,
      async answer(_groups, _body, _signer, query) {
        const name = query.get('snapshot')
        if (name !== null) {
          opened = undefined // it may have been saved anew
          const ids = [...(await accountsIn(name)).keys()]
          return { accounts: ids.filter((id) => !isOfPeople(id)), first: deps.firstAccount }
        }
        return { accounts: await deps.directory.store.accounts(), first: deps.firstAccount }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/accounts\/(\d{12})\/image$/,
      async answer([id = ''], _body, _signer, query) {
        const { account, revision, image } = await shownOf(id, query)
        const { accountLists, imageOfOrganization } = await intake()
        const own: Record<string, unknown> = { ...image }
        for (const list of Object.keys(accountLists)) delete own[list]
        const organization = imageOfOrganization(account)
        return { revision, account: own, ...(organization === undefined ? {} : { organization }) }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/accounts\/(\d{12})\/image\/(\w+)$/,
      async answer([id = '', list = ''], _body, _signer, query) {
        const { accountLists } = await intake()
        if (!Object.hasOwn(accountLists, list)) throw new Refusal(404, `There is no list ${list}.`)
        const { revision, image } = await shownOf(id, query)
        const all: readonly unknown[] = image[list as AccountList] // one of its lists
        const from = Math.max(0, Number(query.get('from') ?? '0') || 0)
        const things: unknown[] = []
        for (let size = 0, index = from; index < all.length && size < pageCharacters; index++) {
          things.push(all[index])
          size += JSON.stringify(all[index]).length
        }
        const next = from + things.length
        return { revision, things, ...(next < all.length ? { next } : {}) }
      },
    },
  ]
}
