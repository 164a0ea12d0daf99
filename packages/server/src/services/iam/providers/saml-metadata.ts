import { X509Certificate } from 'node:crypto'
import { parseXml, type XmlElement } from '../../../wire/index.ts'

/** The metadata of a SAML identity provider. */
export interface SamlMetadata {
  readonly entityId: string
  /** base64 of DER */
  readonly signingCertificates: readonly string[]
  /** Milliseconds since the epoch. */
  readonly validUntil: number | undefined
}

/** The most keys in metadata; real ones have two. */
const mostKeys = 100

/**
 * Reads an identity provider's metadata: one EntityDescriptor with an entityID and an IDPSSODescriptor that has a
 * certificate for signatures. Undefined if the text has another form.
 */
export function readSamlMetadata(text: string): SamlMetadata | undefined {
  const root = parseXml(text)
  if (root === undefined || localName(root) !== 'EntityDescriptor') return undefined
  const entityId = root.attributes.entityID
  const provider = childrenOf(root, 'IDPSSODescriptor')[0]
  if (!entityId || provider === undefined) return undefined
  const keys = childrenOf(provider, 'KeyDescriptor').filter((key) => key.attributes.use !== 'encryption')
  if (keys.length === 0 || keys.length > mostKeys) return undefined
  const signingCertificates = keys.flatMap(certificatesOf)
  const validUntil = instantOf(root.attributes.validUntil)
  if (signingCertificates.length === 0 || validUntil === 'invalid') return undefined
  return signingCertificates.every(isCertificate) ? { entityId, signingCertificates, validUntil } : undefined
}

function certificatesOf(key: XmlElement): readonly string[] {
  return childrenOf(key, 'KeyInfo')
    .flatMap((info) => childrenOf(info, 'X509Data'))
    .flatMap((data) => childrenOf(data, 'X509Certificate'))
    .map((certificate) => certificate.text.replace(/\s+/g, ''))
}

function isCertificate(base64: string): boolean {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).raw.length > 0
  } catch {
    return false
  }
}

function instantOf(text: string | undefined): number | 'invalid' | undefined {
  if (text === undefined) return undefined
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? 'invalid' : instant
}

function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => localName(child) === name)
}

/** Names without their prefix: each document chooses its prefix for SAML's namespace. */
function localName(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(':') + 1)
}
