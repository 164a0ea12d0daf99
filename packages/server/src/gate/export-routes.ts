import type { House } from '../authorization/index.ts'
import { type AccountId, parseAccountId } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import {
  type AccountImage,
  type AccountList,
  accountLists,
  imageOfAccount,
  imageOfOrganization,
  trustedBy,
} from '../intake/index.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** Characters of JSON in one page, about. */
const pageCharacters = 512 * 1024

/**
 * What the accounts of the house contain, page by page. Only root and the administrator may: an image contains every policy and
 * every access key id, though no secret.
 */
export function exportRoutes(house: House): readonly AdminRoute[] {
  const images = new Map<
    AccountId,
    { readonly account: Account; readonly revision: number; readonly image: AccountImage }
  >()
  const imageOf = async (id: AccountId): Promise<AccountImage> => {
    const account = await house.directory.find(id)
    if (account === undefined) throw new Refusal(404, `There is no account ${id} here.`)
    const known = images.get(id)
    if (known?.account === account && known.revision === account.revision) return known.image
    for (const other of trustedBy(account)) await house.directory.find(other)
    const image = imageOfAccount(account, house.directory)
    images.clear() // one at a time: an image is as large as its account
    images.set(id, { account, revision: account.revision, image })
    return image
  }
  return [
    {
      method: 'GET',
      path: /^\/_omen\/accounts$/,
      answer: async () => ({ accounts: await house.directory.store.accounts(), first: house.firstAccount }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/accounts\/(\d{12})\/image$/,
      async answer([text = '']) {
        const { users, groups, roles, policies, instanceProfiles, oidcProviders, samlProviders, ...rest } =
          await imageOf(parseAccountId(text)!) // the pattern is twelve digits
        const { accessKeys, loginProfiles, mfaDevices, resourcePolicies, ...own } = rest
        const account = await house.directory.find(own.account)
        const organization = account && imageOfOrganization(account)
        return {
          revision: account?.revision,
          account: own,
          ...(organization === undefined ? {} : { organization }),
        }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/accounts\/(\d{12})\/image\/(\w+)$/,
      async answer([text = '', list = ''], _body, _signer, query) {
        if (!Object.hasOwn(accountLists, list)) throw new Refusal(404, `There is no list ${list}.`)
        const image = await imageOf(parseAccountId(text)!) // the pattern is twelve digits
        const all: readonly unknown[] = image[list as AccountList] // one of its lists
        const from = Math.max(0, Number(query.get('from') ?? '0') || 0)
        const things: unknown[] = []
        for (let size = 0, index = from; index < all.length && size < pageCharacters; index++) {
          things.push(all[index])
          size += JSON.stringify(all[index]).length
        }
        const next = from + things.length
        return {
          revision: images.get(image.account)?.revision,
          things,
          ...(next < all.length ? { next } : {}),
        }
      },
    },
  ]
}
