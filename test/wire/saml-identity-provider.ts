import { createPrivateKey, createPublicKey } from 'node:crypto'
import { promisify } from 'node:util'
import { SignedXml } from 'xml-crypto'
import { encrypt } from 'xml-encryption'
import { otherKey, providerCertificate, providerKey } from './saml-keys.ts'

export const entityId = 'https://idp.example.com/saml'
export const recipient = 'https://signin.aws.amazon.com/saml'

const certificate = providerCertificate.replace(/-----[A-Z ]+-----|\s/g, '')

/** The metadata that CreateSAMLProvider takes. */
export const metadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${entityId}"/></md:IDPSSODescriptor></md:EntityDescriptor>`

/** What a response says; whatever is left out is as AWS wants it. */
export interface Saying {
  readonly now: number
  /** `ROLE,PROVIDER` pairs. */
  readonly roles: readonly string[]
  readonly sessionName?: string | undefined
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  readonly issuer?: string
  readonly recipient?: string
  readonly audience?: string
  /** Audiences of further restrictions. */
  readonly alsoFor?: readonly string[]
  readonly confirmation?: string
  readonly nameId?: string
  readonly format?: string
  /** Seconds from now. */
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly sessionNotOnOrAfter?: number
}

const aws = (name: string) => `https://aws.amazon.com/SAML/Attributes/${name}`
const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

/** The assertion, not yet signed. */
export function assertionOf(saying: Saying, id = '_assertion'): string {
  const { now, notBefore = -60, notOnOrAfter = 240 } = saying
  const attributes: Record<string, readonly string[]> = {
    [aws('Role')]: saying.roles,
    ...('sessionName' in saying && saying.sessionName === undefined
      ? {}
      : { [aws('RoleSessionName')]: [saying.sessionName ?? 'sam@example.com'] }),
    ...saying.attributes,
  }
  const times = `NotOnOrAfter="${iso(now + notOnOrAfter * 1000)}"`
  const session =
    saying.sessionNotOnOrAfter === undefined
      ? ''
      : ` SessionNotOnOrAfter="${iso(now + saying.sessionNotOnOrAfter * 1000)}"`
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${iso(now)}" Version="2.0"><saml:Issuer>${saying.issuer ?? entityId}</saml:Issuer><saml:Subject><saml:NameID Format="${saying.format ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'}">${saying.nameId ?? 'sam'}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:${saying.confirmation ?? 'bearer'}"><saml:SubjectConfirmationData ${times} Recipient="${saying.recipient ?? recipient}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${iso(now + notBefore * 1000)}" ${times}>${[saying.audience ?? 'urn:amazon:webservices', ...(saying.alsoFor ?? [])].map(restriction).join('')}</saml:Conditions><saml:AuthnStatement AuthnInstant="${iso(now)}"${session}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${Object.entries(
    attributes,
  )
    .map(
      ([name, values]) =>
        `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
    )
    .join('')}</saml:AttributeStatement></saml:Assertion>`
}

function restriction(audience: string): string {
  return `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`
}

/** An element of a document with the signature of the provider, or of another one. */
export function signed(
  xml: string,
  element: 'Assertion' | 'Response',
  key: 'provider' | 'other' = 'provider',
  hashes: { readonly signature?: string; readonly digest?: string } = {},
): string {
  const signature = new SignedXml({
    privateKey: key === 'provider' ? providerKey : otherKey,
    publicCert: providerCertificate,
    signatureAlgorithm: hashes.signature ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signature.addReference({
    xpath: `//*[local-name(.)='${element}']`,
    digestAlgorithm: hashes.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/2001/10/xml-exc-c14n#',
    ],
  })
  signature.computeSignature(xml, {
    location: { reference: `//*[local-name(.)='${element}']/*[local-name(.)='Issuer']`, action: 'after' },
  })
  return signature.getSignedXml()
}

/** A response around an assertion. */
export function responseWith(assertion: string): string {
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" IssueInstant="2026-01-01T00:00:00Z" Version="2.0" Destination="${recipient}"><saml:Issuer>${entityId}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${assertion}</samlp:Response>`
}

export const base64 = (xml: string) => Buffer.from(xml).toString('base64')

/** The whole as browsers post it: a response with a signed assertion. */
export function samlResponse(saying: Saying): string {
  return base64(responseWith(signed(assertionOf(saying), 'Assertion')))
}

/** The assertion so that only the holder of a private key reads it. */
export async function encrypted(assertion: string, privateKey: string): Promise<string> {
  const publicKey = createPublicKey(createPrivateKey(privateKey))
    .export({ type: 'spki', format: 'pem' })
    .toString()
  const options = {
    rsa_pub: publicKey,
    pem: providerCertificate,
    encryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  } as const
  const data = await promisify(encrypt)(assertion, options)
  return `<saml:EncryptedAssertion>${data}</saml:EncryptedAssertion>`
}
