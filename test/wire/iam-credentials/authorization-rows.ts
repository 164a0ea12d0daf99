import type { Row } from '../iam/authorization-rows.ts'
import { makeCertificate } from './certificate.ts'
import { authenticator, codes, password, samlMetadata, sshRsa } from './material.ts'

const account = 'arn:aws:iam::123456789012:'
const whole = (spoken: string) => ({ on: '*', spoken })
const itself = (resource: string) => ({ on: account + resource, spoken: account + resource })
const user = { on: `${account}user/probe`, spoken: 'user probe' }

/** A user with an MFA device needs a session with MFA for its own (behaviour CRED-95), so the device is another's. */
const owner = { on: `${account}user/owner`, spoken: 'user owner' }

const UserName = 'probe'
const Tags = [{ Key: 'k', Value: 'v' }]
const TagKeys = ['k']

/** A value from an earlier row's answer. */
const told: Record<string, string> = {}
const keep = (name: string, ...path: readonly string[]) => ({
  keep(answer: Readonly<Record<string, unknown>>) {
    let value: unknown = answer
    for (const member of path) value = (value as Readonly<Record<string, unknown>>)[member]
    told[name] = value as string
  },
})

const passwordRows: readonly Row[] = [
  { operation: 'CreateLoginProfile', input: { UserName, Password: password }, ...user },
  { operation: 'GetLoginProfile', input: { UserName }, ...user },
  { operation: 'UpdateLoginProfile', input: { UserName, PasswordResetRequired: true }, ...user },
  {
    operation: 'ChangePassword',
    input: { OldPassword: password, NewPassword: `${password}!` },
    ...user,
  },
  { operation: 'DeleteLoginProfile', input: { UserName }, ...user },
  { operation: 'UpdateAccountPasswordPolicy', input: { MinimumPasswordLength: 9 }, ...whole('*') },
  { operation: 'GetAccountPasswordPolicy', input: {}, ...whole('*') },
  { operation: 'DeleteAccountPasswordPolicy', input: {}, ...whole('*') },
]

const mfa = itself('mfa/p/phone')
const SerialNumber = mfa.on
let code = (_at: number) => ''

const mfaRows: readonly Row[] = [
  {
    operation: 'CreateVirtualMFADevice',
    input: { VirtualMFADeviceName: 'phone', Path: '/p/', Tags },
    ...mfa,
    also: [['iam:TagMFADevice', mfa.on]],
    keep(answer) {
      const { Base32StringSeed } = answer.VirtualMFADevice as { Base32StringSeed: Uint8Array }
      code = authenticator(Base32StringSeed)
    },
  },
  { operation: 'ListVirtualMFADevices', input: {}, ...whole(`${account}mfa/`) },
  { operation: 'TagMFADevice', input: { SerialNumber, Tags }, ...mfa },
  { operation: 'ListMFADeviceTags', input: { SerialNumber }, ...mfa },
  { operation: 'UntagMFADevice', input: { SerialNumber, TagKeys }, ...mfa },
  {
    operation: 'EnableMFADevice',
    input: () => ({ UserName: 'owner', SerialNumber, ...codes(code, Date.now()) }),
    ...owner,
  },
  {
    operation: 'ResyncMFADevice',
    input: () => ({ UserName: 'owner', SerialNumber, ...codes(code, Date.now() + 60_000) }),
    ...owner,
  },
  { operation: 'ListMFADevices', input: { UserName: 'owner' }, ...owner },
  {
    operation: 'GetMFADevice',
    input: { UserName: 'owner', SerialNumber },
    ...owner,
    fails: 'ValidationError',
  },
  { operation: 'DeactivateMFADevice', input: { UserName: 'owner', SerialNumber }, ...owner },
  { operation: 'DeleteVirtualMFADevice', input: { SerialNumber }, ...mfa },
]

const SSHPublicKeyId = () => told.ssh
const CertificateId = () => told.signing
const ServiceSpecificCredentialId = () => told.service
const ssh = sshRsa()
const certificate = makeCertificate('authorization')

const keyRows: readonly Row[] = [
  {
    operation: 'UploadSSHPublicKey',
    input: { UserName, SSHPublicKeyBody: ssh.text },
    ...user,
    ...keep('ssh', 'SSHPublicKey', 'SSHPublicKeyId'),
  },
  {
    operation: 'GetSSHPublicKey',
    input: () => ({ UserName, SSHPublicKeyId: SSHPublicKeyId(), Encoding: 'PEM' }),
    ...user,
  },
  { operation: 'ListSSHPublicKeys', input: { UserName }, ...user },
  {
    operation: 'UpdateSSHPublicKey',
    input: () => ({ UserName, SSHPublicKeyId: SSHPublicKeyId(), Status: 'Inactive' }),
    ...user,
  },
  { operation: 'DeleteSSHPublicKey', input: () => ({ UserName, SSHPublicKeyId: SSHPublicKeyId() }), ...user },
  {
    operation: 'UploadSigningCertificate',
    input: { UserName, CertificateBody: certificate.pem },
    ...user,
    ...keep('signing', 'Certificate', 'CertificateId'),
  },
  { operation: 'ListSigningCertificates', input: { UserName }, ...user },
  {
    operation: 'UpdateSigningCertificate',
    input: () => ({ UserName, CertificateId: CertificateId(), Status: 'Inactive' }),
    ...user,
  },
  {
    operation: 'DeleteSigningCertificate',
    input: () => ({ UserName, CertificateId: CertificateId() }),
    ...user,
  },
  {
    operation: 'CreateServiceSpecificCredential',
    input: { UserName, ServiceName: 'codecommit.amazonaws.com' },
    ...user,
    ...keep('service', 'ServiceSpecificCredential', 'ServiceSpecificCredentialId'),
  },
  { operation: 'ListServiceSpecificCredentials', input: { UserName }, ...user },
  { operation: 'ListServiceSpecificCredentials', input: { AllUsers: true }, ...whole('*') },
  {
    operation: 'ResetServiceSpecificCredential',
    input: () => ({ UserName, ServiceSpecificCredentialId: ServiceSpecificCredentialId() }),
    ...user,
  },
  {
    operation: 'UpdateServiceSpecificCredential',
    input: () => ({
      UserName,
      ServiceSpecificCredentialId: ServiceSpecificCredentialId(),
      Status: 'Inactive',
    }),
    ...user,
  },
  {
    operation: 'DeleteServiceSpecificCredential',
    input: () => ({ UserName, ServiceSpecificCredentialId: ServiceSpecificCredentialId() }),
    ...user,
  },
]

const ServerCertificateName = 's'
const server = { on: `${account}server-certificate/p/s`, spoken: 'server certificate s' }

const serverRows: readonly Row[] = [
  {
    operation: 'UploadServerCertificate',
    input: {
      ServerCertificateName,
      Path: '/p/',
      CertificateBody: certificate.pem,
      PrivateKey: certificate.keyPem,
      Tags,
    },
    ...itself('server-certificate/p/s'),
    also: [['iam:TagServerCertificate', server.on]],
  },
  { operation: 'GetServerCertificate', input: { ServerCertificateName }, ...server },
  { operation: 'ListServerCertificates', input: {}, ...whole(`${account}server-certificate/`) },
  { operation: 'TagServerCertificate', input: { ServerCertificateName, Tags }, ...server },
  { operation: 'ListServerCertificateTags', input: { ServerCertificateName }, ...server },
  { operation: 'UntagServerCertificate', input: { ServerCertificateName, TagKeys }, ...server },
  { operation: 'UpdateServerCertificate', input: { ServerCertificateName, NewPath: '/p/' }, ...server },
  {
    operation: 'UpdateServerCertificate',
    input: { ServerCertificateName, NewServerCertificateName: 't' },
    ...server,
    also: [['iam:UpdateServerCertificate', `${account}server-certificate/p/t`]],
  },
  {
    operation: 'DeleteServerCertificate',
    input: { ServerCertificateName: 't' },
    on: `${account}server-certificate/p/t`,
    spoken: 'server certificate t',
  },
]

const saml = itself('saml-provider/idp')
const oidc = itself('oidc-provider/idp.example.com/tenant')
const SAMLProviderArn = saml.on
const OpenIDConnectProviderArn = oidc.on
const SAMLMetadataDocument = samlMetadata(certificate)

const providerRows: readonly Row[] = [
  {
    operation: 'CreateSAMLProvider',
    input: { Name: 'idp', SAMLMetadataDocument, Tags },
    ...saml,
    also: [['iam:TagSAMLProvider', saml.on]],
  },
  { operation: 'GetSAMLProvider', input: { SAMLProviderArn }, ...saml },
  { operation: 'ListSAMLProviders', input: {}, ...whole(`${account}saml-provider/*`) },
  { operation: 'UpdateSAMLProvider', input: { SAMLProviderArn, SAMLMetadataDocument }, ...saml },
  { operation: 'TagSAMLProvider', input: { SAMLProviderArn, Tags }, ...saml },
  { operation: 'ListSAMLProviderTags', input: { SAMLProviderArn }, ...saml },
  { operation: 'UntagSAMLProvider', input: { SAMLProviderArn, TagKeys }, ...saml },
  { operation: 'DeleteSAMLProvider', input: { SAMLProviderArn }, ...saml },
  {
    operation: 'CreateOpenIDConnectProvider',
    input: { Url: 'https://idp.example.com/tenant', Tags },
    ...oidc,
    also: [['iam:TagOpenIDConnectProvider', oidc.on]],
  },
  { operation: 'GetOpenIDConnectProvider', input: { OpenIDConnectProviderArn }, ...oidc },
  { operation: 'ListOpenIDConnectProviders', input: {}, ...whole(`${account}oidc-provider/*`) },
  {
    operation: 'AddClientIDToOpenIDConnectProvider',
    input: { OpenIDConnectProviderArn, ClientID: 'app' },
    ...oidc,
  },
  {
    operation: 'RemoveClientIDFromOpenIDConnectProvider',
    input: { OpenIDConnectProviderArn, ClientID: 'app' },
    ...oidc,
  },
  {
    operation: 'UpdateOpenIDConnectProviderThumbprint',
    input: { OpenIDConnectProviderArn, ThumbprintList: ['a'.repeat(40)] },
    ...oidc,
  },
  {
    operation: 'UpdateOpenIDConnectProvider',
    input: { OpenIDConnectProviderArn, RemoveContextProvider: true },
    ...oidc,
  },
  { operation: 'TagOpenIDConnectProvider', input: { OpenIDConnectProviderArn, Tags }, ...oidc },
  { operation: 'ListOpenIDConnectProviderTags', input: { OpenIDConnectProviderArn }, ...oidc },
  { operation: 'UntagOpenIDConnectProvider', input: { OpenIDConnectProviderArn, TagKeys }, ...oidc },
  { operation: 'DeleteOpenIDConnectProvider', input: { OpenIDConnectProviderArn }, ...oidc },
]

/** Every operation on credentials and identity providers. */
export const credentialRows: readonly Row[] = [
  ...passwordRows,
  ...mfaRows,
  ...keyRows,
  ...serverRows,
  ...providerRows,
]
