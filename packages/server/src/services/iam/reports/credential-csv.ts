import { iamArn, isoSeconds } from '../../../base/index.ts'
import {
  type AccessKey,
  type Account,
  accessKeys,
  type LoginProfile,
  loginProfiles,
  mfaDevices,
  passwordExpiry,
  passwordPolicyOf,
  users,
} from '../../../directory/index.ts'
import { byName } from '../by-name.ts'
import { type SigningCertificate, signingCertificates } from '../credentials/records.ts'
import { toMinute } from '../to-minute.ts'

/** AWS's columns, in AWS's order (behaviour RPT-3). */
const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  ...keyColumns(1),
  ...keyColumns(2),
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
]

function keyColumns(number: 1 | 2): readonly string[] {
  const names = ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service']
  return names.map((name) => `access_key_${number}_${name}`)
}

/** The credentials of a user, or of root. */
interface Owner {
  /** The user's id, or `root`. */
  readonly id: string
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  readonly passwordLastUsed: number | undefined
}

/** Returns the credentials of root and of every user by name, one row each. */
export function credentialCsv(account: Account): string {
  const { createdAt } = account.settings
  const credentials = credentialsOf(account)
  const root: Owner = {
    id: 'root',
    name: '<root_account>',
    arn: iamArn(account, 'root', '', ''),
    createdAt,
    passwordLastUsed: account.table(loginProfiles).find('root')?.rootUsedAt,
  }
  const lines = [columns, row(root, account, credentials)]
  for (const user of byName(account, users)) {
    const { id, name, path, passwordLastUsed } = user
    const arn = iamArn(account, 'user', path, name)
    lines.push(row({ id, name, arn, createdAt: user.createdAt, passwordLastUsed }, account, credentials))
  }
  return lines.map((cells) => cells.map(cell).join(',')).join('\n')
}

interface Credentials {
  readonly keys: ReadonlyMap<string, readonly AccessKey[]>
  readonly certificates: ReadonlyMap<string, readonly SigningCertificate[]>
  readonly withMfa: ReadonlySet<string>
}

/** Returns all credentials by owner, gathered in one pass for each kind. */
function credentialsOf(account: Account): Credentials {
  const keys = [...account.table(accessKeys).values()].sort(
    (a, b) => activeFirst(a, b) || a.createdAt - b.createdAt,
  )
  const certificates = [...account.table(signingCertificates).values()]
  const withMfa = new Set<string>()
  for (const { use } of account.table(mfaDevices).values()) if (use !== undefined) withMfa.add(use.owner)
  return {
    keys: Map.groupBy(keys, (key) => key.owner),
    certificates: Map.groupBy(
      certificates.sort((a, b) => activeFirst(a, b) || a.uploadedAt - b.uploadedAt),
      (certificate) => certificate.owner,
    ),
    withMfa,
  }
}

/** The columns are not by age: what is active comes first (behaviour RPT-40). */
function activeFirst(a: { readonly active: boolean }, b: { readonly active: boolean }): number {
  return Number(b.active) - Number(a.active)
}

const none = 'N/A'

function row(owner: Owner, account: Account, found: Credentials): readonly string[] {
  const keys = found.keys.get(owner.id) ?? []
  const certificates = found.certificates.get(owner.id) ?? []
  return [
    owner.name,
    owner.arn,
    isoSeconds(owner.createdAt),
    ...passwordCells(owner, account),
    String(found.withMfa.has(owner.id)),
    ...keyCells(keys[0], account),
    ...keyCells(keys[1], account),
    ...certificateCells(certificates[0]),
    ...certificateCells(certificates[1]),
  ]
}

function passwordCells(owner: Owner, account: Account): readonly string[] {
  const profile = account.table(loginProfiles).find(owner.id)
  const lastUsed =
    owner.passwordLastUsed === undefined ? 'no_information' : isoSeconds(owner.passwordLastUsed)
  if (owner.id === 'root') return ['not_supported', lastUsed, 'not_supported', 'not_supported']
  if (profile === undefined) return ['false', none, none, none]
  return ['true', lastUsed, isoSeconds(profile.passwordSetAt), nextRotation(profile, account)]
}

function nextRotation(profile: LoginProfile, account: Account): string {
  const expiry = passwordExpiry(profile, passwordPolicyOf(account))
  return expiry === undefined ? none : isoSeconds(expiry)
}

function keyCells(key: AccessKey | undefined, account: Account): readonly string[] {
  if (key === undefined) return ['false', none, none, none, none]
  const use = account.usage.find(key.id)
  const used =
    use === undefined ? [none, none, none] : [isoSeconds(toMinute(use.at)), use.region, use.service]
  return [String(key.active), isoSeconds(key.createdAt), ...used]
}

function certificateCells(certificate: SigningCertificate | undefined): readonly string[] {
  if (certificate === undefined) return ['false', none]
  return [String(certificate.active), isoSeconds(certificate.uploadedAt)]
}

/** User names may contain commas. */
function cell(text: string): string {
  return text.includes(',') ? `"${text}"` : text
}
