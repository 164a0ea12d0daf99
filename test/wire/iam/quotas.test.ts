import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { defaultQuotas, type Quotas } from '../../../packages/server/src/directory/index.ts'
import { makeCertificate } from '../iam-credentials/certificate.ts'
import { authenticator, codes, samlMetadata, sshRsa } from '../iam-credentials/material.ts'
import { allow, faultOf, openServer, trust, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

const UserName = 'u'
const GroupName = 'g'
const RoleName = 'r'
const PolicyDocument = allow('s3:*')
/** Longer than the other by twenty characters. */
const longer = allow(`s3:*${'x'.repeat(20)}`)
const size = PolicyDocument.length
const documents = [PolicyDocument, longer] as const
const ofMine = 'arn:aws:iam::123456789012:'
const SerialNumber = `${ofMine}mfa/tagged`
const OpenIDConnectProviderArn = `${ofMine}oidc-provider/tagged.example.com`
const SAMLProviderArn = `${ofMine}saml-provider/tagged`
const SAMLMetadataDocument = samlMetadata(makeCertificate('idp'))
const server = makeCertificate('server')
const ThumbprintList = ['0'.repeat(40)]
const ClientIDList = ['one']
const awsPolicies = ['ReadOnlyAccess', 'PowerUserAccess'].map((name) => `arn:aws:iam::aws:policy/${name}`)

const uploadServerCertificate = (ServerCertificateName: string) =>
  iam.uploadServerCertificate({
    ServerCertificateName,
    CertificateBody: server.pem,
    PrivateKey: server.keyPem,
  })

await iam.createUser({ UserName })
await iam.createGroup({ GroupName })
await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustEc2 })
await iam.createPolicy({ PolicyName: 'p', PolicyDocument })
await iam.createInstanceProfile({ InstanceProfileName: 'i' })
await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'tagged' })
await iam.createOpenIDConnectProvider({
  Url: 'https://tagged.example.com',
  ThumbprintList,
  ClientIDList,
})
await iam.createSAMLProvider({ Name: 'tagged', SAMLMetadataDocument })
await uploadServerCertificate('tagged')

interface Row {
  /** What exists before, so that one more fills the quota. */
  readonly before: number
  /** Makes the first, which still fits, and then the second. */
  readonly make: (n: 0 | 1) => Promise<unknown>
  /** Where it is not `Cannot exceed quota for …`. */
  readonly refusal?: (most: number) => string
}

/** Of an account: the summary shows what exists. */
const tags = (n: number) => [{ Key: `k${n}`, Value: '' }]
const maximum = (whose: string) => (most: number) =>
  `Maximum policy size of ${most} bytes exceeded for ${whose}`
/** A size is filled by the shorter document. */
const filledBySize = size - 1

const rows: Readonly<
  Record<Exclude<keyof Quotas, 'AccountsPerOrganization' | 'OrganizationalUnitsPerOrganization'>, Row>
> = {
  UsersPerAccount: { before: 2, make: (n) => iam.createUser({ UserName: `u${n}` }) },
  GroupsPerAccount: { before: 1, make: (n) => iam.createGroup({ GroupName: `g${n}` }) },
  RolesPerAccount: {
    before: 1,
    make: (n) =>
      n === 0
        ? iam.createRole({ RoleName: 'r0', AssumeRolePolicyDocument: trustEc2 })
        : iam.createServiceLinkedRole({ AWSServiceName: 'batch.amazonaws.com' }), // is a role too
  },
  PoliciesPerAccount: { before: 1, make: (n) => iam.createPolicy({ PolicyName: `p${n}`, PolicyDocument }) },
  InstanceProfilesPerAccount: {
    before: 1,
    make: (n) => iam.createInstanceProfile({ InstanceProfileName: `i${n}` }),
  },
  ServerCertificatesPerAccount: { before: 1, make: (n) => uploadServerCertificate(`s${n}`) },
  OpenIdConnectProvidersPerAccount: {
    before: 1,
    make: (n) => iam.createOpenIDConnectProvider({ Url: `https://i${n}.example.com`, ThumbprintList }),
  },
  SAMLProvidersPerAccount: {
    before: 1,
    make: (n) => iam.createSAMLProvider({ Name: `saml${n}`, SAMLMetadataDocument }),
  },
  GroupsPerUser: { before: 0, make: (n) => iam.addUserToGroup({ UserName, GroupName: ['g', 'g0'][n] }) },
  AccessKeysPerUser: { before: 0, make: () => iam.createAccessKey({ UserName }) },
  MFADevicesPerUser: {
    before: 0,
    async make(n) {
      const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: `m${n}` })
      const shown = codes(authenticator(made?.Base32StringSeed), Date.now())
      return iam.enableMFADevice({ UserName, SerialNumber: made?.SerialNumber, ...shown })
    },
  },
  SSHPublicKeysPerUser: {
    before: 0,
    make: () => iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody: sshRsa().text }),
  },
  CertificatesPerUser: {
    before: 0,
    make: (n) => iam.uploadSigningCertificate({ UserName, CertificateBody: makeCertificate(`c${n}`).pem }),
  },
  PoliciesPerUser: {
    before: 0,
    make: (n) => iam.attachUserPolicy({ UserName, PolicyArn: awsPolicies[n] }),
  },
  PoliciesPerGroup: {
    before: 0,
    make: (n) => iam.attachGroupPolicy({ GroupName, PolicyArn: awsPolicies[n] }),
  },
  PoliciesPerRole: {
    before: 0,
    make: (n) => iam.attachRolePolicy({ RoleName, PolicyArn: awsPolicies[n] }),
  },
  VersionsPerPolicy: {
    before: 1,
    make: () => iam.createPolicyVersion({ PolicyArn: `${ofMine}policy/p`, PolicyDocument }),
    refusal: (most) =>
      `A managed policy can have up to ${most} versions. Before you create a new version, you must delete an existing version.`,
  },
  PolicyVersionsInUse: {
    before: 3, // p has two by now, p0 has one
    make: (n) =>
      n === 0
        ? iam.createPolicy({ PolicyName: 'last', PolicyDocument })
        : iam.createPolicyVersion({ PolicyArn: `${ofMine}policy/last`, PolicyDocument }),
  },
  TagsPerUser: { before: 0, make: (n) => iam.tagUser({ UserName, Tags: tags(n) }) },
  TagsPerRole: { before: 0, make: (n) => iam.tagRole({ RoleName, Tags: tags(n) }) },
  TagsPerPolicy: {
    before: 0,
    make: (n) => iam.tagPolicy({ PolicyArn: `${ofMine}policy/p`, Tags: tags(n) }),
  },
  TagsPerInstanceProfile: {
    before: 0,
    make: (n) => iam.tagInstanceProfile({ InstanceProfileName: 'i', Tags: tags(n) }),
  },
  TagsPerMFADevice: { before: 0, make: (n) => iam.tagMFADevice({ SerialNumber, Tags: tags(n) }) },
  TagsPerServerCertificate: {
    before: 0,
    make: (n) => iam.tagServerCertificate({ ServerCertificateName: 'tagged', Tags: tags(n) }),
  },
  TagsPerOpenIdConnectProvider: {
    before: 0,
    make: (n) => iam.tagOpenIDConnectProvider({ OpenIDConnectProviderArn, Tags: tags(n) }),
  },
  TagsPerSAMLProvider: { before: 0, make: (n) => iam.tagSAMLProvider({ SAMLProviderArn, Tags: tags(n) }) },
  ClientIdsPerOpenIdConnectProvider: {
    before: 1,
    make: (n) => iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: `id${n}` }),
  },
  PolicySize: {
    before: filledBySize,
    make: (n) => iam.createPolicy({ PolicyName: `size${n}`, PolicyDocument: documents[n] }),
  },
  ACLSizePerRole: {
    before: trustEc2.length - 1,
    make: (n) =>
      iam.updateAssumeRolePolicy({
        RoleName,
        PolicyDocument: [trustEc2, trust({ Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] })][n],
      }),
  },
  UserPolicySize: {
    before: filledBySize,
    make: (n) => iam.putUserPolicy({ UserName, PolicyName: 'n', PolicyDocument: documents[n] }),
    refusal: maximum('user u'),
  },
  GroupPolicySize: {
    before: filledBySize,
    make: (n) => iam.putGroupPolicy({ GroupName, PolicyName: `n${n}`, PolicyDocument }),
    refusal: maximum('group g'),
  },
  RolePolicySize: {
    before: filledBySize,
    make: (n) => iam.putRolePolicy({ RoleName, PolicyName: `n${n}`, PolicyDocument }),
    refusal: maximum('role r'),
  },
}

describe("the house's own quotas take the place of AWS's, each of them (IAM-31 to IAM-34)", () => {
  for (const [name, { before, make, refusal }] of Object.entries(rows)) {
    test(name, async () => {
      const most = before + 1
      Object.assign(omen.omen.deps, { quotas: { ...defaultQuotas, [name]: most } })
      await make(0)
      const words = refusal?.(most) ?? `Cannot exceed quota for ${name}: ${most}`
      assert.equal(await faultOf(make(1)), `LimitExceeded 409: ${words}`)
    })
  }

  test('the summary shows them', async () => {
    Object.assign(omen.omen.deps, { quotas: { ...defaultQuotas, UsersPerAccount: 2, RolesPerAccount: 1 } })
    const { SummaryMap } = await iam.getAccountSummary({})
    assert.deepEqual([SummaryMap?.UsersQuota, SummaryMap?.RolesQuota], [2, 1])
  })

  test('docs/behaviour names them with their defaults (IAM-30)', () => {
    const text = readFileSync(new URL('../../../docs/behaviour/iam.md', import.meta.url), 'utf8')
    const written = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, most]) => [
      name,
      Number(most?.replaceAll(',', '')),
    ])
    assert.deepEqual(Object.fromEntries(written), defaultQuotas)
  })
})
