/** Twelve digits. The id of people beside an account has the type too, because stores keep both alike. */
export type AccountId = string & { readonly brand: 'AccountId' }

/** Returns the text as an account id, or undefined if it is not twelve digits. */
export function parseAccountId(text: string): AccountId | undefined {
  return /^\d{12}$/.test(text) ? (text as AccountId) : undefined // the pattern is the type's meaning
}

/**
 * Returns the id of the people beside an account: the aggregate of its directory of users and groups. Thirteen digits, so that no
 * ARN, key or parameter leads to it.
 */
export function peopleBeside(account: AccountId): AccountId {
  return `1${account}` as AccountId // the only other ids that stores are given
}

/** Whether an id is of people beside an account, and not of an account. */
export function isOfPeople(id: AccountId): boolean {
  return id.length === 13
}

/** Returns the id of what a store keeps as one: an account, or the people beside one; undefined for any other text. */
export function parseKeptId(text: string): AccountId | undefined {
  return /^1?\d{12}$/.test(text) ? (text as AccountId) : undefined // an account's, or what peopleBeside returns
}
