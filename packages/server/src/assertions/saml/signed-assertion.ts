import { createPrivateKey } from 'node:crypto'
import type { Call } from '../../authorization/index.ts'
import { factsOf, type Vault } from '../../base/index.ts'
import { type SamlProvider, samlPrivateKeyPurpose } from '../../directory/index.ts'
import { parseXml, type XmlElement } from '../../wire/index.ts'
import { checkResponse, isStronglySigned, localName } from './response.ts'
import { invalid, undiscovered } from './saml-faults.ts'

const mostAttributes = 100
const mostElements = 2_000

/**
 * Returns the assertion of a SAML response as its provider signed it: exactly what the signature covers, decrypted if
 * it was encrypted. The caller must check its times and audience with Omen's clock. @throws Fault InvalidIdentityToken
 */
export async function signedAssertion(
  base64: string,
  provider: SamlProvider,
  { id: requestId, deps: { vault, partition } }: Call,
): Promise<string> {
  const { xml, root } = decode(base64, requestId)
  if (!isStronglySigned(root)) throw invalid('Response signature invalid')
  // an unencrypted assertion may be beside an encrypted one, or around it
  const encrypted = root.children.some((child) => localName(child) === 'EncryptedAssertion')
  const plain = root.children.some((child) => localName(child) === 'Assertion')
  if (provider.encryption === 'Required' && (!encrypted || plain))
    throw invalid('Response must contain an encrypted assertion')
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml')
  for (const decryptionPvk of encrypted ? decryptionKeys(provider, vault) : [undefined]) {
    if (decryptionPvk !== undefined && !(await hidesModest(xml, decryptionPvk))) continue
    const saml = new SAML({
      // the destination of responses at AWS: node-saml requires it, and uses it in no check here
      callbackUrl: `https://${factsOf(partition).signInHost}/saml`,
      issuer: 'urn:amazon:webservices',
      idpCert: [...provider.signingCertificates],
      // either the whole response or the assertion in it must be signed
      wantAuthnResponseSigned: false,
      wantAssertionsSigned: false,
      audience: false,
      acceptedClockSkewMs: -1,
      validateInResponseTo: ValidateInResponseTo.never,
      ...(decryptionPvk !== undefined && { decryptionPvk }),
    })
    const assertion = await saml.validatePostResponseAsync({ SAMLResponse: base64 }).then(
      ({ profile }) => profile?.getAssertionXml?.(),
      () => undefined, // a wrong key or a wrong signature: the caller does not learn which
    )
    if (assertion === undefined) continue
    checkResponse(root, provider, requestId, partition)
    return assertion
  }
  throw invalid('Response signature invalid')
}

interface Decoded {
  readonly xml: string
  readonly root: XmlElement
}

function decode(base64: string, requestId: string): Decoded {
  // blanks are removed first: an expression that permitted them would examine each run of them from each of its
  // positions
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64.replaceAll(/\s+/g, '')))
    throw undiscovered('Invalid base64 SAMLResponse', 'AuthSamlInvalidSamlResponseException', requestId)
  const xml = Buffer.from(base64, 'base64').toString('utf8')
  // no document type: it could only define entities
  if (!xml.trimStart().startsWith('<') || /<!(DOCTYPE|ENTITY)/i.test(xml))
    throw invalid('Invalid SAMLResponse')
  const root = modest(xml)
  if (root === undefined) throw invalid('Invalid SAMLResponse')
  return { xml, root }
}

/**
 * Returns whether the decrypted content is no larger than an assertion needs (behaviour STS-99). The library decrypts
 * before it checks a signature, and anyone with the public key can encrypt. Also false for a key that decrypts
 * nothing.
 */
async function hidesModest(xml: string, privateKey: string): Promise<boolean> {
  const { DOMParser } = await import('@xmldom/xmldom')
  const { decryptXml } = await import('@node-saml/node-saml/lib/xml.js')
  const document = new DOMParser({ errorHandler: () => {} }).parseFromString(xml, 'text/xml')
  const sealed = document.getElementsByTagNameNS('*', 'EncryptedAssertion')
  // with several, the library might choose another one
  if (sealed.length !== 1) return false
  try {
    const hidden = modest(await decryptXml(sealed[0]!.toString(), privateKey))
    return hidden !== undefined && isStronglySigned(hidden)
  } catch {
    return false
  }
}

/**
 * Returns the root of a well-formed response of limited size: the library's parser repairs malformed text and takes
 * minutes for some of it, and the library compares each element with each other.
 */
function modest(xml: string): XmlElement | undefined {
  const root = parseXml(xml)
  if (root === undefined) return undefined
  const elements = [root]
  for (const { attributes, children } of elements) {
    if (Object.keys(attributes).length > mostAttributes) return undefined
    if (elements.length + children.length > mostElements) return undefined
    elements.push(...children)
  }
  return root
}

function decryptionKeys({ privateKeys }: SamlProvider, vault: Vault): readonly string[] {
  return privateKeys.flatMap(({ sealedKey }) => {
    const pem = vault.openText(samlPrivateKeyPurpose, sealedKey)
    return pem === undefined
      ? []
      : [createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem' }).toString()]
  })
}
