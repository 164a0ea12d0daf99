import { iamArn } from '../../base/index.ts'
import type { AccountImage, IdentityImage } from '../../image/index.ts'
import { inTrustOrder } from './cloudformation.ts'
import { defaultDocument, isAwsOwn, linkedService } from './losses.ts'

type Tags = readonly { readonly Key: string; readonly Value: string }[]

/**
 * A script for a POSIX shell that creates an account's content with the AWS CLI, in an order in which every reference
 * exists. It stops at the first refusal. @param quote quotes a text for the shell @param notes become comments
 */
export function cliScript(
  account: AccountImage,
  quote: (text: string) => string,
  notes: readonly string[],
): string {
  const lines: string[] = [
    '#!/bin/sh',
    ...notes.map((note) => `# ${note.replace(/[\r\n]/g, ' ')}`),
    'set -eu',
    '',
  ]
  const call = (
    operation: string,
    options: Readonly<Record<string, string | number | readonly string[] | undefined>>,
  ) => {
    const words = Object.entries(options).flatMap(([name, value]) => {
      if (value === undefined) return []
      const values = [value].flat().map(String)
      // the AWS CLI takes a word that begins with a dash for an option
      if (!values.some((each) => each.startsWith('-'))) return [`--${name}`, ...values.map(quote)]
      return [`--${name}=${quote(Array.isArray(value) ? JSON.stringify(values) : String(value))}`]
    })
    lines.push(['aws iam', operation, ...words].join(' '))
  }
  const { users, groups, roles, policies, instanceProfiles, oidcProviders, samlProviders } = account
  if (typeof account.alias === 'string') call('create-account-alias', { 'account-alias': account.alias })
  if (account.passwordPolicy) lines.push(passwordPolicy(account.passwordPolicy))
  for (const { url, clientIds = [], thumbprints = [], tags } of oidcProviders)
    call('create-open-id-connect-provider', {
      url: `https://${url}`,
      ...(clientIds.length === 0 ? {} : { 'client-id-list': clientIds }),
      ...(thumbprints.length === 0 ? {} : { 'thumbprint-list': thumbprints }),
      tags: tagsOf(tags),
    })
  for (const { name, metadata, tags } of samlProviders)
    if (metadata !== undefined)
      call('create-saml-provider', { name, 'saml-metadata-document': metadata, tags: tagsOf(tags) })
  for (const policy of policies) managedPolicy(policy, account, call)
  for (const group of groups) {
    call('create-group', { 'group-name': group.name, path: pathOf(group) })
    identity('group', group, call)
  }
  for (const user of users) {
    call('create-user', {
      'user-name': user.name,
      path: pathOf(user),
      'permissions-boundary': user.boundaryArn ?? undefined,
      tags: tagsOf(user.tags),
    })
    for (const name of user.groups ?? [])
      call('add-user-to-group', { 'user-name': user.name, 'group-name': name })
    identity('user', user, call)
  }
  const kept = inTrustOrder(
    roles.filter((role) => !isAwsOwn(role)),
    account,
  )
  const made = new Set<string>()
  const later: AccountImage['roles'][number][] = []
  for (const role of kept) {
    const linked = linkedService(role)
    if (linked !== undefined) {
      call('create-service-linked-role', {
        'aws-service-name': linked.service,
        'custom-suffix': linked.suffix,
        description: role.description ?? undefined,
      })
      continue
    }
    // roles that trust each other in a circle: the first of them trusts the account's root until all exist
    const waits = trusted(role, account).some((name) => !made.has(name))
    if (waits) later.push(role)
    call('create-role', {
      'role-name': role.name,
      path: pathOf(role),
      'assume-role-policy-document': waits ? rootTrust(account) : (role.trust ?? '{}'),
      description: role.description ?? undefined,
      'max-session-duration': role.maxSessionSeconds,
      'permissions-boundary': role.boundaryArn ?? undefined,
      tags: tagsOf(role.tags),
    })
    made.add(role.name.toLowerCase())
    identity('role', role, call)
  }
  for (const { name, trust = '{}' } of later)
    call('update-assume-role-policy', { 'role-name': name, 'policy-document': trust })
  for (const profile of instanceProfiles) {
    call('create-instance-profile', {
      'instance-profile-name': profile.name,
      path: pathOf(profile),
      tags: tagsOf(profile.tags),
    })
    if (typeof profile.role === 'string')
      call('add-role-to-instance-profile', {
        'instance-profile-name': profile.name,
        'role-name': profile.role,
      })
  }
  return `${lines.join('\n')}\n`
}

type Call = (
  operation: string,
  options: Readonly<Record<string, string | number | readonly string[] | undefined>>,
) => void

function managedPolicy(policy: AccountImage['policies'][number], account: AccountImage, call: Call): void {
  const { name, versions = [], defaultVersion } = policy
  const [first] = versions
  if (first === undefined) return
  const arn = iamArn(
    { id: account.account, partition: account.partition },
    'policy',
    policy.path ?? '/',
    name,
  )
  call('create-policy', {
    'policy-name': name,
    path: pathOf(policy),
    description: policy.description,
    'policy-document': first.document,
    tags: tagsOf(policy.tags),
  })
  for (const version of versions.slice(1)) {
    const isDefault = version.document === defaultDocument(policy) && version.id === defaultVersion
    call('create-policy-version', {
      'policy-arn': arn,
      'policy-document': version.document,
      ...(isDefault ? { 'set-as-default': [] } : {}),
    })
  }
}

function identity(
  kind: 'user' | 'group' | 'role',
  { name, inline = [], attached = [] }: IdentityImage,
  call: Call,
): void {
  for (const policy of inline)
    call(`put-${kind}-policy`, {
      [`${kind}-name`]: name,
      'policy-name': policy.name,
      'policy-document': policy.document,
    })
  for (const arn of attached) call(`attach-${kind}-policy`, { [`${kind}-name`]: name, 'policy-arn': arn })
}

/** Names of roles of the same account that a role trusts. */
function trusted(
  { trust = '' }: AccountImage['roles'][number],
  { account, partition }: AccountImage,
): readonly string[] {
  const pattern = new RegExp(`"arn:${partition}:iam::${account}:role/(?:[^"]*/)?([^"/]+)"`, 'g')
  return [...trust.matchAll(pattern)].map(([, name = '']) => name.toLowerCase())
}

function rootTrust({ account: id, partition }: AccountImage): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: iamArn({ id, partition }, 'root', '', '') },
        Action: 'sts:AssumeRole',
      },
    ],
  })
}

function passwordPolicy(policy: NonNullable<AccountImage['passwordPolicy']>): string {
  const flag = (isOn: boolean, name: string) => (isOn ? `--${name}` : `--no-${name}`)
  const words = [
    'aws iam update-account-password-policy',
    `--minimum-password-length ${policy.minimumLength}`,
    flag(policy.symbols, 'require-symbols'),
    flag(policy.numbers, 'require-numbers'),
    flag(policy.uppercase, 'require-uppercase-characters'),
    flag(policy.lowercase, 'require-lowercase-characters'),
    flag(policy.usersMayChange, 'allow-users-to-change-password'),
  ]
  if (policy.maximumAge !== undefined) words.push(`--max-password-age ${policy.maximumAge}`)
  if (policy.reusePrevention !== undefined)
    words.push(`--password-reuse-prevention ${policy.reusePrevention}`)
  if (policy.hardExpiry === true) words.push('--hard-expiry')
  return words.join(' ')
}

function pathOf({ path }: { readonly path?: string }): string | undefined {
  return path === '/' ? undefined : path
}

function tagsOf(tags: Tags | undefined): string | undefined {
  return tags === undefined || tags.length === 0 ? undefined : JSON.stringify(tags)
}
