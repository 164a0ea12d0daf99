import {
  type Account,
  groups,
  instanceProfiles,
  oidcProviders,
  policies,
  roles,
  samlProviders,
  users,
} from '../../directory/index.ts'
import { type AccountImage, emptyAccount, type Image } from '../../intake/index.ts'
import type { ThingKind } from '../../mirror/index.ts'

/** The lists of an account's image whose items are both in the upstream's IAM and in Omen, with the kind of their items. */
const lists = {
  roles: 'role',
  users: 'user',
  groups: 'group',
  policies: 'policy',
  instanceProfiles: 'profile',
  oidcProviders: 'oidc',
  samlProviders: 'saml',
} as const satisfies Partial<Record<keyof AccountImage, ThingKind>>

type List = keyof typeof lists

/** Returns the things that an image contains: `role worker`. */
export function thingsIn(image: AccountImage): readonly string[] {
  return each(image, (thing) => thing)
}

/** The things of images of one account that a question keeps, and nothing else of the account. */
export function only(images: readonly AccountImage[], keeps: (thing: string) => boolean): Image {
  const [first] = images
  if (first === undefined) return { accounts: [], notTaken: [], findings: [] }
  const kept = Object.keys(lists).map((list) => [
    list,
    images.flatMap((image) =>
      each(image, (thing, entry, of) => (of === list && keeps(thing) ? entry : undefined)),
    ),
  ])
  const account = { ...emptyAccount(first.account, first.partition, first.at), ...Object.fromEntries(kept) }
  return { accounts: [account as AccountImage], notTaken: [], findings: [] } // each list holds entries of its own
}

function each<T>(
  image: AccountImage,
  take: (thing: string, entry: unknown, list: List) => T | undefined,
): readonly T[] {
  // the object's own keys
  return (Object.keys(lists) as List[]).flatMap((list) =>
    [...image[list]].flatMap((entry) => {
      const name = 'url' in entry ? entry.url : entry.name
      const taken = take(`${lists[list]} ${name}`, entry, list)
      return taken === undefined ? [] : [taken]
    }),
  )
}

/** Whether an account has a thing: `role worker`. */
export function hasThing(account: Account, thing: string): boolean {
  const space = thing.indexOf(' ')
  const name = thing.slice(space + 1)
  const lower = name.toLowerCase()
  const kind = thing.slice(0, space) as ThingKind // a thing begins with its kind
  switch (kind) {
    case 'role':
      return account.table(roles).findBy('name', lower) !== undefined
    case 'user':
      return account.table(users).findBy('name', lower) !== undefined
    case 'group':
      return account.table(groups).findBy('name', lower) !== undefined
    case 'policy':
      return account.table(policies).findBy('name', lower) !== undefined
    case 'profile':
      return account.table(instanceProfiles).findBy('name', lower) !== undefined
    case 'saml':
      return account.table(samlProviders).findBy('name', lower) !== undefined
    case 'oidc':
      return account.table(oidcProviders).find(name) !== undefined
  }
}
