import { factsOf, type Partition } from '../../base/index.ts'
import type { SamlProvider } from '../../directory/index.ts'
import type { XmlElement } from '../../wire/index.ts'
import { invalid, undiscovered } from './saml-faults.ts'

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/** The destinations of responses: AWS's sign-in, with or without a region, or a provider's own address there. */
const recipients = /^https:\/\/(?:[a-z0-9-]+\.)?(signin\.[a-z.-]+)\/(?:static\/)?saml(?:\/acs\/([A-Z0-9]+))?$/

const signatures = new Set(
  ['rsa-sha256', 'rsa-sha384', 'rsa-sha512'].map((name) => `http://www.w3.org/2001/04/xmldsig-more#${name}`),
)
const digests = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512',
])

/**
 * Checks what a response says around its assertion: success, issuer and destination. It need not be signed, so it
 * proves nothing; but a response that contradicts its assertion is refused (behaviours STS-134 to STS-136). @throws
 * Fault InvalidIdentityToken
 */
export function checkResponse(
  root: XmlElement,
  provider: SamlProvider,
  requestId: string,
  partition: Partition,
): void {
  const statuses = childrenOf(root, 'Status').flatMap((status) => childrenOf(status, 'StatusCode'))
  if (statuses.length !== 1 || statuses[0]?.attributes.Value !== success)
    throw invalid('Invalid SAMLResponse')
  const { Destination: destination } = root.attributes
  if (destination !== undefined && destination !== '' && !isAddressOf(provider.id, destination, partition))
    throw invalid('Response does not contain the required audience.')
  for (const issuer of childrenOf(root, 'Issuer'))
    if (issuer.text.trim() !== provider.entityId)
      throw undiscovered(
        'Issuer not present in specified provider',
        'AuthSamlInvalidSamlResponseException',
        requestId,
      )
  checkRequest(root)
}

/** A response and its assertion must answer the same request, if both name one (behaviour STS-136). */
function checkRequest(root: XmlElement): void {
  const asked = root.attributes.InResponseTo
  if (asked === undefined) return
  const named = elementsOf(root)
    .filter((element) => localName(element) === 'SubjectConfirmationData')
    .map(({ attributes }) => attributes.InResponseTo)
  if (named.some((each) => each !== undefined && each !== asked)) throw invalid('Invalid SAMLResponse')
}

/** Returns whether every signature uses algorithms that are still secure (behaviour STS-134). */
export function isStronglySigned(root: XmlElement): boolean {
  const signed = elementsOf(root).filter((element) => localName(element) === 'SignedInfo')
  return signed.every((info) => {
    const methods = childrenOf(info, 'SignatureMethod').map(({ attributes }) => attributes.Algorithm ?? '')
    const hashes = childrenOf(info, 'Reference')
      .flatMap((reference) => childrenOf(reference, 'DigestMethod'))
      .map(({ attributes }) => attributes.Algorithm ?? '')
    return methods.every((each) => signatures.has(each)) && hashes.every((each) => digests.has(each))
  })
}

/**
 * Returns whether responses of the provider may have the destination; an address with another provider's id belongs to
 * that one (behaviour STS-130).
 */
export function isAddressOf(providerId: string, address: string, partition: Partition): boolean {
  const [found, host, id = providerId] = recipients.exec(address) ?? []
  if (host !== factsOf(partition).signInHost) return false
  return found !== undefined && id === providerId
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => localName(child) === name)
}

/** Returns all elements; there are few, because the response's size is limited before. */
function elementsOf(root: XmlElement): readonly XmlElement[] {
  const elements = [root]
  for (const { children } of elements) elements.push(...children)
  return elements
}

/** Returns a name without its prefix, as the library matches it. */
export function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1)
}
