import { invalid } from './saml-faults.ts'

/** What an assertion says, read but not yet judged. Instants are milliseconds since the epoch. */
export interface SamlAssertion {
  readonly id: string
  readonly issuer: string
  readonly nameId: string
  readonly nameIdFormat: string
  readonly recipient: string
  /** Of the conditions and of the subject's confirmation, the later. */
  readonly notBefore: number | undefined
  /** Of the conditions and of the subject's confirmation, the earlier. */
  readonly notOnOrAfter: number
  /** Whom each of the restrictions lets it be for: it must be for all of them. */
  readonly audiences: readonly (readonly string[])[]
  readonly sessionNotOnOrAfter: number | undefined
  /** Values by the attribute's name. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

const namespace = 'urn:oasis:names:tc:SAML:2.0:assertion'
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const mostAttributes = 1_000

/** Reads a signed assertion with the parser that its signature was checked with. @throws Fault InvalidIdentityToken */
export async function readAssertion(xml: string): Promise<SamlAssertion> {
  const { DOMParser } = await import('@xmldom/xmldom')
  const assertion = new DOMParser({ errorHandler: () => {} }).parseFromString(xml, 'text/xml').documentElement
  if (assertion?.localName !== 'Assertion' || assertion.namespaceURI !== namespace) throw unreadable()
  const subject = only(assertion, 'Subject')
  const nameId = only(subject, 'NameID')
  const confirming = only(subject, 'SubjectConfirmation')
  // for others it is not enough to bear it: they must have a key, or be vouched for
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

/** There must be exactly one: where there are several, nobody can say which one counts. */
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
