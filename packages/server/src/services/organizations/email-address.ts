/**
 * Seven-bit characters without white space and without the characters that AWS names; it does not begin with a dot.
 */
const localName = /^(?!\.)[!-~]+$/
const refusedInLocalName = /["'()[\]:;,\\|%&]/
const domainName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i

/** Returns whether AWS would accept this address for an account's owner (behaviour ORG-20). */
export function isEmailAddress(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@')
  return (
    more.length === 0 &&
    localName.test(local) &&
    !refusedInLocalName.test(local) &&
    domainName.test(domain) &&
    domain.includes('.')
  )
}
