import { createHash } from 'node:crypto'
import { type Call, family } from '../../authorization/index.ts'
import { accountInArn } from '../../base/index.ts'
import {
  type Account,
  type AnywhereProfile,
  anywhereProfiles,
  anywhereQuotas,
  anywhereSubjects,
  findRole,
  type Tag,
  type TrustAnchor,
  trustAnchors,
} from '../../directory/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { sessionArn } from '../../session/index.ts'
import type { X509Signer } from '../../wire/sigv4/index.ts'
import type { Attribute, CertificateFacts } from './certificate.ts'
import { denied, invalid, notFound } from './faults.ts'
import { thingArn } from './thing.ts'
import { trustedLeaf } from './trust.ts'

const service = 'rolesanywhere.amazonaws.com'

/** The signer of a request, by its input object: nothing that a client sends can be this. */
const signers = new WeakMap<object, X509Signer>()

/** Notes who signed the request of an input. */
export function signedBy(input: object, signer: X509Signer): void {
  signers.set(input, signer)
}

/** CreateSession: a certificate, and the role that a profile lets its holder wear. */
export const session = family<RolesAnywhere.Operations>()({
  CreateSession: {
    readOnly: false,
    requests: () => [],
    accounts: ({ trustAnchorArn }) => {
      const account = accountInArn(trustAnchorArn)
      return account === undefined ? [] : [account]
    },
    async act(input, call) {
      const signer = signers.get(input)
      if (signer === undefined) throw denied('The request is not signed with a certificate.')
      const { anchor, profile, account } = placesOf(input, call)
      const facts = trustedLeaf(signer, anchor, account, call.now)
      const role = findRole(account, input.roleArn)
      if (!profile.roleArns.includes(input.roleArn) || role === undefined)
        throw denied('The role is not one of the profile.')
      const sessionName = sessionNameOf(input, profile, facts)
      const sourceIdentity = sourceIdentityOf(facts)
      const seconds = input.durationSeconds ?? profile.durationSeconds
      if (seconds > role.maxSessionSeconds)
        throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
      const lifetimeSeconds = Math.min(seconds, Math.floor((facts.until - call.now) / 1000))
      const tags = tagsOf(facts, profile)
      const { sessionPolicy: inline, managedPolicyArns: arns } = profile
      const credentials = await call.deps.assumeForService({
        account,
        role,
        service,
        sessionName,
        lifetimeSeconds,
        region: anchor.region,
        tags,
        ...(sourceIdentity !== undefined && { sourceIdentity }),
        ...((inline !== undefined || arns.length > 0) && {
          policies: { ...(inline !== undefined && { inline }), arns },
        }),
        context: {
          'aws:SourceArn': thingArn(account, anchor.region, 'trust-anchor', anchor.id),
          'aws:SourceAccount': account.id,
          // trust policies name the tags so (behaviour RAN-13)
          ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:PrincipalTag/${Key}`, Value])),
        },
      })
      if (credentials === undefined) throw denied(`Unable to assume role for ${input.roleArn}`)
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentials
      return {
        credentialSet: [
          {
            assumedRoleUser: {
              arn: sessionArn(account, role.name, sessionName),
              assumedRoleId: `${role.id}:${sessionName}`,
            },
            credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: expiresAt },
            packedPolicySize: 0,
            roleArn: input.roleArn,
            ...(sourceIdentity !== undefined && { sourceIdentity }),
          },
        ],
        subjectArn: thingArn(account, anchor.region, 'subject', subjectId(facts)),
      }
    },
    async afterwards(input, _output, call) {
      const signer = signers.get(input)
      if (signer !== undefined) await noteSubject(input, signer, call)
    },
    event: (input, output) => ({
      requestParameters: {
        profileArn: input.profileArn,
        roleArn: input.roleArn,
        trustAnchorArn: input.trustAnchorArn,
        durationSeconds: input.durationSeconds,
        cert: signers.get(input)?.leaf.raw.toString('base64'),
      },
      responseElements:
        output === undefined
          ? null
          : {
              credentialSet: output.credentialSet?.map(({ credentials, ...rest }) => ({
                ...rest,
                credentials: {
                  accessKeyId: credentials?.accessKeyId,
                  sessionToken: credentials?.sessionToken,
                  expiration: new Date(credentials?.expiration ?? 0).toISOString(),
                },
              })),
              subjectArn: output.subjectArn,
            },
    }),
  },
})

interface Places {
  readonly account: Account
  readonly anchor: TrustAnchor
  readonly profile: AnywhereProfile
}

/** @throws Fault ResourceNotFoundException, AccessDeniedException */
function placesOf(
  input: RolesAnywhere.CreateSessionRequest,
  { account, region }: Pick<Call, 'account' | 'region'>,
): Places {
  const inAccount = (arn: string, kind: string) => {
    const [, place, id] =
      new RegExp(`:rolesanywhere:([\\w-]+):${account.id}:${kind}/([0-9a-f-]{36})$`).exec(arn) ?? []
    return place === region ? (id ?? '') : ''
  }
  const anchor = account.table(trustAnchors).find(inAccount(input.trustAnchorArn, 'trust-anchor'))
  if (anchor === undefined) throw notFound('The trust anchor was not found.')
  const profile = account.table(anywhereProfiles).find(inAccount(input.profileArn, 'profile'))
  if (profile === undefined) throw notFound('The profile was not found.')
  if (!anchor.enabled) throw denied('The trust anchor is disabled.')
  if (!profile.enabled) throw denied('The profile is disabled.')
  return { account, anchor, profile }
}

/** The serial number of the certificate, or a name where the profile takes one (behaviour RAN-12). */
function sessionNameOf(
  { roleSessionName }: RolesAnywhere.CreateSessionRequest,
  { acceptsSessionName }: AnywhereProfile,
  { serial }: CertificateFacts,
): string {
  if (roleSessionName === undefined) return serial.padStart(2, '0')
  if (acceptsSessionName) return roleSessionName
  throw denied('The profile does not accept a session name.')
}

function sourceIdentityOf({ subject }: CertificateFacts): string | undefined {
  const name = subject
    .find(([key]) => key === 'CN')?.[1]
    .replace(/[^\w+=,.@-]/g, '_')
    .slice(0, 64)
  return name === undefined || name.length < 2 ? undefined : name
}

/** The tags of a session, by the mappings of the profile (behaviour RAN-14). */
function tagsOf(facts: CertificateFacts, { mappings }: AnywhereProfile): readonly Tag[] {
  const fields: Readonly<Record<string, readonly Attribute[]>> = {
    x509Subject: facts.subject,
    x509Issuer: facts.issuer,
    x509SAN: facts.otherNames,
  }
  const tags = new Map<string, string>()
  for (const { field, specifiers } of mappings) {
    const values = new Map<string, string>()
    for (const [name, value] of fields[field] ?? []) {
      const before = values.get(name)
      // several values of a name are one path; of other names the first counts
      if (before === undefined) values.set(name, value)
      else if (field !== 'x509SAN') values.set(name, `${before}/${value}`)
    }
    for (const [name, value] of values) {
      const isMapped = specifiers.some(
        (each) => each === '*' || each === name || (each === 'Name/*' && name.startsWith('Name/')),
      )
      if (isMapped && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) tags.set(`${field}/${name}`, value)
    }
  }
  return [...tags].slice(0, 50).map(([Key, Value]) => ({ Key, Value }))
}

function nameText(name: readonly Attribute[]): string {
  return name.map(([key, value]) => `${key}=${value}`).join(',')
}

/** The same for the same subject. */
function subjectId({ subject }: CertificateFacts): string {
  const hex = createHash('sha256').update(nameText(subject)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

async function noteSubject(
  input: RolesAnywhere.CreateSessionRequest,
  signer: X509Signer,
  { deps, account: { id }, now, region }: Call,
): Promise<void> {
  await deps.directory.settle(async () => {
    const account = await deps.directory.find(id)
    if (account === undefined) return
    const { anchor } = placesOf(input, { account, region })
    const facts = trustedLeaf(signer, anchor, account, now)
    const table = account.table(anywhereSubjects)
    const before = table.find(subjectId(facts))
    if (before === undefined && table.size >= anywhereQuotas.subjects) return
    table.put({
      id: subjectId(facts),
      region,
      subject: nameText(facts.subject),
      createdAt: before?.createdAt ?? now,
      lastSeenAt: now,
      certificate: {
        serial: facts.serial,
        issuer: nameText(facts.issuer),
        data: signer.leaf.raw.toString('base64'),
      },
    })
    await deps.directory.commit([])
  })
}
