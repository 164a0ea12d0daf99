import { servedEndpoints } from '../base/index.ts'
import type { Section, Setting } from './aws-file.ts'
import { defaultRegion, type RunningServer } from './home.ts'
import { readTrust, type Trust } from './trust.ts'

/** A role as far as a profile depends on it. */
export interface KnownRole {
  readonly name: string
  readonly arn: string
  /** Its trust policy. */
  readonly trust: string
  readonly maxSessionSeconds: number
}

/** The profiles of a server, in the two files of the AWS clients. */
export interface Profiles {
  readonly config: readonly Section[]
  readonly credentials: readonly Section[]
  /** Roles that none of the profiles can put on. */
  readonly unreached: readonly KnownRole[]
  /** Roles that require MFA while admin has no device. */
  readonly wantMfa: readonly KnownRole[]
  /** Roles with an external id that STS never accepts, and those that are reachable only through them. */
  readonly unusable: readonly KnownRole[]
}

export interface ProfileParts {
  readonly server: RunningServer
  readonly roles: readonly KnownRole[]
  /** The serial number of admin's MFA device. */
  readonly mfaSerial: string | undefined
  /** The prefix of every profile's name. */
  readonly prefix: string
}

const defaultSeconds = 3_600

/**
 * A profile for admin, one for root, and one for every role that admin can assume: directly if the role trusts admin
 * or its account, otherwise through the role that it trusts.
 */
export function profilesOf(parts: ProfileParts): Profiles {
  const { server, roles, prefix } = parts
  const admin = `${prefix}-admin`
  const root = `${prefix}-root`
  const here: Settings = [
    ['region', defaultRegion(server)],
    ['services', prefix],
    ['endpoint_url', server.url],
  ]
  const names = profileNames(roles, prefix, new Set([admin, root]))
  const sources = sourcesOf(roles, server)
  const wantMfa: KnownRole[] = []
  // the AWS CLI caches sessions by role and session name, and those of another server are invalid here
  const sessionName = `admin-${server.keys.admin.accessKeyId.slice(-6)}`
  const config: Section[] = [
    { name: `services ${prefix}`, settings: ownEndpoints(server.url) },
    ...[admin, root].map((name) => ({ name: `profile ${name}`, settings: here })),
  ]
  const unusable = new Set<KnownRole>()
  for (const [role, { trust, source }] of sources) {
    if ((source && unusable.has(source)) || !isExternalId(trust.externalId ?? 'none')) {
      unusable.add(role)
      continue
    }
    const direct = source === undefined
    if (trust.mfa && direct && parts.mfaSerial === undefined) wantMfa.push(role)
    const settings: (readonly [string, Setting[1] | undefined])[] = [
      ['role_arn', role.arn],
      ['source_profile', direct ? admin : names.get(source)],
      ['role_session_name', sessionName],
      ['external_id', trust.externalId],
      ['mfa_serial', trust.mfa && direct ? parts.mfaSerial : undefined],
      [
        'duration_seconds',
        direct && role.maxSessionSeconds !== defaultSeconds ? String(role.maxSessionSeconds) : undefined,
      ],
      ...here,
    ]
    config.push({ name: `profile ${names.get(role)}`, settings: settings.filter(isSaid) })
  }
  return {
    config,
    credentials: [
      { name: admin, settings: keySettings(server.keys.admin) },
      { name: root, settings: keySettings(server.keys.root) },
    ],
    unreached: roles.filter((role) => !sources.has(role)),
    wantMfa,
    unusable: [...unusable],
  }
}

/** The form of an external id that STS accepts (behaviour POL-049). */
function isExternalId(text: string): boolean {
  return /^[\w+=,.@:/-]{2,1224}$/.test(text)
}

type Settings = Section['settings']

function keySettings({ accessKeyId, secretAccessKey }: RunningServer['keys']['admin']): Settings {
  return [
    ['aws_access_key_id', accessKeyId],
    ['aws_secret_access_key', secretAccessKey],
  ]
}

function isSaid(setting: readonly [string, Setting[1] | undefined]): setting is Setting {
  return setting[1] !== undefined
}

/** The endpoint of each service for itself: some clients read no other (behaviour SHL-70). */
function ownEndpoints(url: string): Settings {
  return servedEndpoints.map((name) => [name.toLowerCase(), [['endpoint_url', url]]])
}

/** `omen-deployer`; a role called admin or root becomes `omen-role-admin`. */
function profileNames(roles: readonly KnownRole[], prefix: string, taken: Set<string>) {
  const names = new Map<KnownRole, string>()
  for (const role of roles) {
    let name = role.name
    while (taken.has(`${prefix}-${name}`)) name = `role-${name}`
    taken.add(`${prefix}-${name}`)
    names.set(role, `${prefix}-${name}`)
  }
  return names
}

/** How each role that can be reached is: out of another role, or (undefined) by admin itself. */
function sourcesOf(roles: readonly KnownRole[], { account, partition = 'aws' }: RunningServer) {
  const reached = new Map<KnownRole, { readonly trust: Trust; readonly source: KnownRole | undefined }>()
  const whoTrusts = new Map<string, { readonly role: KnownRole; readonly trust: Trust }[]>()
  const admins = new Set([
    '*',
    account,
    ...['root', 'user/admin'].map((who) => `arn:${partition}:iam::${account}:${who}`),
  ])
  for (const role of roles) {
    const trust = readTrust(role.trust)
    if (trust.principals.some((principal) => admins.has(principal)))
      reached.set(role, { trust, source: undefined })
    for (const principal of trust.principals) {
      const list = whoTrusts.get(principal) ?? []
      if (list.length === 0) whoTrusts.set(principal, list)
      list.push({ role, trust })
    }
  }
  // a map is iterated in insertion order, and entries that are added meanwhile are visited too
  for (const source of reached.keys())
    for (const { role, trust } of whoTrusts.get(source.arn) ?? [])
      if (!reached.has(role)) reached.set(role, { trust, source })
  return reached
}
