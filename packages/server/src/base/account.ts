/** Twelve digits. */
export type AccountId = string & { readonly brand: 'AccountId' }

/** Returns the text as an account id, or undefined if it is not twelve digits. */
export function parseAccountId(text: string): AccountId | undefined {
  return /^\d{12}$/.test(text) ? (text as AccountId) : undefined // the pattern is the type's meaning
}
