import { invalid } from './saml-faults.ts'

/** The content of an assertion before it is checked. Instants are milliseconds since the epoch. */
export interface SamlAssertion {
  readonly id: string
  readonly issuer: string
  readonly nameId: string
  readonly nameIdFormat: string
  readonly recipient: string
  /** The later one of the conditions' and of the subject confirmation's. */
  readonly notBefore: number | undefined
  /** The earlier one of the conditions' and of the subject confirmation's. */
  readonly notOnOrAfter: number
  /** The audiences of each restriction: all restrictions must be met. */
  readonly audiences: readonly (readonly string[])[]
  readonly sessionNotOnOrAfter: number | undefined
  /** Values by the attribute's name. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

const namespace = 'urn:oasis:names:tc:SAML:2.0:assertion'
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const mostAttributes = 1_000

/** Reads a signed assertion with the parser that verified its signature. @throws Fault InvalidIdentityToken */
export async function readAssertion(xml: string): Promise<SamlAssertion> {
  const { DOMParser } = await import('@xmldom/xmldom')
  const assertion = new DOMParser({ errorHandler: () => {} }).parseFromString(xml, 'text/xml').documentElement
  if (assertion?.localName !== 'Assertion' || assertion.namespaceURI !== namespace) throw unreadable()
  const subject = only(assertion, 'Subject')
  const nameId = only(subject, 'NameID')
  const confirming = only(subject, 'SubjectConfirmation')
  // other methods need more than the assertion: a key, or someone who vouches
  if (confirming.getAttribute('Method') !== bearer) throw unreadable()
  const confirmation = only(confirming, 'SubjectConfirmationData')
  const conditions = children(assertion, 'Conditions')
  const limits = [confirmation, ...conditions]
  const ends = limits.flatMap((element) => instant(element, 'NotOnOrAfter') ?? [])
  const begins = limits.flatMap((element) => instant(element, 'NotBefore') ?? [])
  if (instant(confirmation, 'NotOnOrAfter') === undefined || !confirmation.getAttribute('Recipient'))
    // AWS's spelling (behaviour STS-92)
    throw invalid('Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter')
  const sessionEnds = children(assertion, 'AuthnStatement').flatMap(
    (statement) => instant(statement, 'SessionNotOnOrAfter') ?? [],
  )
  return {
    id: assertion.getAttribute('ID') ?? '',
    issuer: text(only(assertion, 'Issuer')),
    nameId: text(nameId),
    nameIdFormat: nameId.getAttribute('Format') ?? '',
    recipient: confirmation.getAttribute('Recipient') ?? '',
    notBefore: begins.length === 0 ? undefined : Math.max(...begins),
    notOnOrAfter: Math.min(...ends),
    audiences: conditions
      .flatMap((element) => children(element, 'AudienceRestriction'))
      .map((element) => children(element, 'Audience').map(text)),
    sessionNotOnOrAfter: sessionEnds.length === 0 ? undefined : Math.min(...sessionEnds),
    attributes: attributesOf(assertion),
  }
}

function attributesOf(assertion: Element): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, readonly string[]>()
  const elements = children(assertion, 'AttributeStatement').flatMap((each) => children(each, 'Attribute'))
  if (elements.length > mostAttributes) throw unreadable()
  for (const element of elements) {
    const name = element.getAttribute('Name') ?? ''
    const values = children(element, 'AttributeValue').map(text)
    attributes.set(name, [...(attributes.get(name) ?? []), ...values])
  }
  return attributes
}

function children(element: Element, name: string): readonly Element[] {
  const found: Element[] = []
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType !== 1) continue
    const child = node as Element // by its node type
    if (child.localName === name && child.namespaceURI === namespace) found.push(child)
  }
  return found
}

/** Exactly one must exist: with several, it is ambiguous which one counts. */
function only(element: Element, name: string): Element {
  const [first, ...more] = children(element, name)
  if (first === undefined || more.length > 0) throw unreadable()
  return first
}

function text(element: Element): string {
  return (element.textContent ?? '').trim()
}

function instant(element: Element, name: string): number | undefined {
  const value = element.getAttribute(name)
  if (value === null || value === '') return undefined
  const milliseconds = Date.parse(value)
  if (Number.isNaN(milliseconds)) throw unreadable()
  return milliseconds
}

function unreadable() {
  return invalid('Invalid SAMLResponse')
}
