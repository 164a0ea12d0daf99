/** Of seven bits, with no white space and none of the characters that AWS names; not begun with a dot. */
const localName = /^(?!\.)[!-~]+$/
const refusedInLocalName = /["'()[\]:;,\\|%&]/
const domainName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i

/** Whether AWS would make an account whose owner has this address (behaviour ORG-20). */
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
