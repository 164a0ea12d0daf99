import { invalid, type SamlAssertion } from '../../../assertions/index.ts'
import type { Tag } from '../../../directory/index.ts'
import type { AssertedKeys } from '../../../session/index.ts'
import { checkAssertedTags } from '../session-tags.ts'

const attribute = (name: string) => `https://aws.amazon.com/SAML/Attributes/${name}`
const tagPrefix = attribute('PrincipalTag:')
const nameForm = /^[\w+=,.@-]{2,64}$/

/** Returns whether the provider gives this role to the subject; the pair may have either order (STS-93). */
export function grantsRole({ attributes }: SamlAssertion, roleArn: string, providerArn: string): boolean {
  return (attributes.get(attribute('Role')) ?? []).some((pair) => {
    const parts = pair.split(',').map((each) => each.trim())
    return parts.length === 2 && parts.includes(roleArn) && parts.includes(providerArn)
  })
}

/** @throws Fault InvalidIdentityToken in AWS's words (behaviour STS-92) */
export function sessionNameOf({ attributes }: SamlAssertion): string {
  const [name] = attributes.get(attribute('RoleSessionName')) ?? []
  if (name === undefined) throw invalid('RoleSessionName is required in AuthnResponse')
  if (nameForm.test(name)) return name
  throw invalid('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}')
}

/** @throws Fault InvalidIdentityToken in AWS's words (behaviour STS-92) */
export function sourceIdentityOf({ attributes }: SamlAssertion): string | undefined {
  const [identity] = attributes.get(attribute('SourceIdentity')) ?? []
  if (identity === undefined || nameForm.test(identity)) return identity
  throw invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"')
}

/** Returns the session tags and the transitive ones. @throws Fault if they break the rules of session tags */
export function samlTags({ attributes }: SamlAssertion): {
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
} {
  const tags = [...attributes]
    .filter(([name]) => name.startsWith(tagPrefix))
    .map(([name, values]) => {
      if (values.length !== 1)
        throw invalid(`The session tag ${name.slice(tagPrefix.length)} must have one value.`)
      return { Key: name.slice(tagPrefix.length), Value: values[0]! }
    })
  const transitiveTagKeys = attributes.get(attribute('TransitiveTagKeys')) ?? []
  checkAssertedTags(tags, transitiveTagKeys)
  return { tags, transitiveTagKeys }
}

/** Attributes that become condition keys, by the names in directories (behaviour STS-94). */
const mapped: Readonly<Record<string, string>> = {
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': 'edupersonaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.2': 'edupersonnickname',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.3': 'edupersonorgdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.4': 'edupersonorgunitdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.5': 'edupersonprimaryaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.6': 'edupersonprincipalname',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.7': 'edupersonentitlement',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.8': 'edupersonprimaryorgunitdn',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.9': 'edupersonscopedaffiliation',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.10': 'edupersontargetedid',
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.11': 'edupersonassurance',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.2': 'eduorghomepageuri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.3': 'eduorgidentityauthnpolicyuri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.4': 'eduorglegalname',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.5': 'eduorgsuperioruri',
  'urn:oid:1.3.6.1.4.1.5923.1.2.1.6': 'eduorgwhitepagesuri',
  'urn:oid:2.5.4.3': 'cn',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'name',
  'http://schemas.xmlsoap.org/claims/CommonName': 'commonName',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname': 'givenName',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname': 'surname',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'mail',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid': 'primaryGroupSID',
  'urn:oid:2.5.4.4': 'surname',
  'urn:oid:2.5.4.42': 'givenName',
  'urn:oid:2.5.4.45': 'x500UniqueIdentifier',
  'urn:oid:0.9.2342.19200300.100.1.1': 'uid',
  'urn:oid:0.9.2342.19200300.100.1.3': 'mail',
  'urn:oid:0.9.2342.19200300.100.1.45': 'organizationStatus',
  // AWS's table of X.500 has its names without a prefix
  '2.5.4.3': 'commonName',
  '2.5.4.4': 'surname',
  '2.5.4.42': 'givenName',
  '2.5.4.45': 'x500UniqueIdentifier',
  '0.9.2342.19200300.100.1.1': 'uid',
  '0.9.2342.19200300.100.1.3': 'mail',
  '0.9.2342.19200300.100.1.45': 'organizationStatus',
}

/** Returns the condition keys of the attributes that AWS maps. */
export function attributeKeys({ attributes }: SamlAssertion): AssertedKeys {
  const keys: Record<string, readonly string[]> = {}
  for (const [name, values] of attributes) {
    const key = Object.hasOwn(mapped, name) ? mapped[name] : undefined
    if (key !== undefined && values.length > 0) keys[`saml:${key}`] = values
  }
  return keys
}
