import { managedPolicies } from '../authorization/catalogue/index.ts'
import { type ArnOwner, iamArn, type Partition } from '../base/index.ts'
import type { SeedAccount, SeedDocument, SeedManagedPolicy, SeedPolicyOf } from './seed.ts'

/** A policy to attach, or one to put inline. */
export type ReadPolicy =
  | { readonly type: 'attached'; readonly arn: string }
  | { readonly type: 'inline'; readonly name: string; readonly document: SeedDocument }

const awsByName = new Map<Partition, ReadonlyMap<string, string>>()

/** The ARN for the name or ARN of a managed policy in a seed; undefined if there is none of that name. */
export function managedArn(name: string, seed: SeedAccount, account: ArnOwner): string | undefined {
  if (name.startsWith('arn:')) return name
  const own =
    seed.policies === undefined || !Object.hasOwn(seed.policies, name) ? undefined : seed.policies[name]
  if (own !== undefined) return iamArn(account, 'policy', managedParts(own).path ?? '/', name)
  return awsNames(account.partition).get(name)
}

function awsNames(partition: Partition): ReadonlyMap<string, string> {
  const known = awsByName.get(partition)
  if (known !== undefined) return known
  const names = new Map(
    managedPolicies(partition)
      .list()
      .map(({ name, arn }) => [name, arn]),
  )
  awsByName.set(partition, names)
  return names
}

/** The policy of an entry in `policies`; undefined if there is none of that name. */
export function policyOf(
  entry: SeedPolicyOf,
  index: number,
  seed: SeedAccount,
  account: ArnOwner,
): ReadPolicy | undefined {
  if (typeof entry === 'object') {
    if ('document' in entry && typeof entry.name === 'string')
      return { type: 'inline', name: entry.name, document: entry.document as SeedDocument } // its shape has been checked
    return { type: 'inline', name: `inline-${index + 1}`, document: entry as SeedDocument } // as above
  }
  const arn = managedArn(entry, seed, account)
  if (arn !== undefined) return { type: 'attached', arn }
  return isFile(entry) ? { type: 'inline', name: fileName(entry), document: entry } : undefined
}

/** A managed policy with its details; a seed may give the document alone. */
export function managedParts(given: SeedDocument | SeedManagedPolicy): SeedManagedPolicy {
  const isLong = typeof given === 'object' && 'document' in given
  return isLong ? (given as SeedManagedPolicy) : { document: given as SeedDocument } // the line before distinguishes them
}

/** A complete trust policy from its short form; undefined if the text names a file. @param seed the account that the names are of */
export function trustOf(
  trust: string | readonly string[],
  account: ArnOwner,
  seed: SeedAccount = {},
): string | undefined {
  const names = [trust].flat()
  if (typeof trust === 'string' && isFile(trust)) return undefined
  const principal: Record<string, string[]> = {}
  const add = (type: string, value: string) => {
    principal[type] ??= []
    principal[type].push(value)
  }
  const actions = new Set<string>()
  for (const name of names) {
    const provider = /^arn:aws[a-z-]*:iam::\d{12}:(oidc|saml)-provider\//.exec(name)?.[1]
    actions.add(
      provider === 'oidc'
        ? 'sts:AssumeRoleWithWebIdentity'
        : provider === 'saml'
          ? 'sts:AssumeRoleWithSAML'
          : 'sts:AssumeRole',
    )
    if (provider !== undefined) add('Federated', name)
    else if (name.startsWith('user/')) add('AWS', identityArn('user', name.slice(5), seed, account))
    else if (name.startsWith('role/')) add('AWS', identityArn('role', name.slice(5), seed, account))
    else if (/\.amazonaws\.com(?:\.cn)?$/.test(name)) add('Service', name)
    else add('AWS', name === 'root' ? iamArn(account, 'root', '', '') : name)
  }
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: [...actions] }],
  })
}

/** The ARN of a user or role by its name: with the path that the seed gives it. */
export function identityArn(kind: 'user' | 'role', name: string, seed: SeedAccount, owner: ArnOwner): string {
  const named: Readonly<Record<string, { readonly path?: string } | null>> = seed[`${kind}s`] ?? {}
  const identity = Object.hasOwn(named, name) ? named[name] : undefined
  return iamArn(owner, kind, identity?.path ?? '/', name)
}

function isFile(name: string): boolean {
  return /\.(?:json|ya?ml)$/i.test(name)
}

function fileName(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.(?:json|ya?ml)$/i, '')
    .replace(/[^\w+=,.@-]/g, '-')
}
