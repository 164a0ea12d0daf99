import { createHash } from 'node:crypto'
import { type AccountId, type ArnOwner, factsOf, type Partition, parseAccountId } from '../base/index.ts'
import { podSubject } from '../directory/index.ts'
import {
  type AccountImage,
  emptyAccount,
  type IdentityImage,
  type Image,
  type NotTaken,
  type SourcePlace,
} from '../intake/index.ts'
import { roleArn } from './lenders.ts'
import { managedArn, managedParts, policyOf, trustOf } from './names.ts'
import type { ReadSeed, SeedPath } from './read.ts'
import type { SeedAccount, SeedDocument, SeedPolicyOf, SeedTags } from './seed.ts'

/**
 * A seed's content as an image, for a running server. Passwords and the organization are not in it: operations make
 * them at a first start. @param first the account of the seed's top level @throws SeedProblem if the seed names
 * something that does not exist
 */
export function imageOfSeed(read: ReadSeed, file: string, first: AccountId, partition: Partition): Image {
  const notTaken: NotTaken[] = []
  const accounts = [accountOf(read, file, read.seed, [], { id: first, partition }, notTaken)]
  for (const [number, given] of Object.entries(read.seed.accounts ?? {})) {
    const at = ['accounts', number]
    const id = parseAccountId(number)
    if (id === undefined) throw read.problem(at, `${number} is no account number`)
    const { name, email, ...content } = given ?? {}
    const image = accountOf(read, file, content, at, { id, partition }, notTaken)
    accounts.push({
      ...image,
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
    })
  }
  if (read.seed.organization !== undefined)
    notTaken.push({
      at: placeIn(read, file, ['organization']),
      kind: 'organization',
      name: 'organization',
      reason: 'the organization of a seed is made at a first start: omen start --seed',
    })
  if (read.seed.identityCenter !== undefined)
    notTaken.push({
      at: placeIn(read, file, ['identityCenter']),
      kind: 'identityCenter',
      name: 'identityCenter',
      reason: 'IAM Identity Center of a seed is made at a first start: omen start --seed',
    })
  return { accounts, notTaken, findings: [] }
}

function accountOf(
  read: ReadSeed,
  file: string,
  seed: SeedAccount,
  under: SeedPath,
  owner: ArnOwner & { readonly id: AccountId },
  notTaken: NotTaken[],
): AccountImage {
  const at = (...path: SeedPath): SourcePlace => placeIn(read, file, [...under, ...path])
  const text = (document: SeedDocument, ...path: SeedPath) =>
    typeof document === 'string' ? read.document(document, [...under, ...path]) : JSON.stringify(document)
  const policies = (
    given: readonly SeedPolicyOf[] | undefined,
    ...path: SeedPath
  ): Pick<IdentityImage, 'inline' | 'attached'> => {
    const inline: NonNullable<IdentityImage['inline']>[number][] = []
    const attached: string[] = []
    for (const [index, entry] of (given ?? []).entries()) {
      const place = [...path, 'policies', index]
      const policy = policyOf(entry, index, seed, owner)
      if (policy === undefined)
        throw read.problem([...under, ...place], `there is no policy ${String(entry)}`)
      if (policy.type === 'attached') attached.push(policy.arn)
      else inline.push({ at: at(...place), name: policy.name, document: text(policy.document, ...place) })
    }
    return { inline, attached }
  }
  const boundary = (name: string | undefined, ...path: SeedPath): string | null => {
    if (name === undefined) return null
    const arn = managedArn(name, seed, owner)
    if (arn === undefined)
      throw read.problem([...under, ...path, 'boundary'], `there is no managed policy ${name}`)
    return arn
  }
  const image = emptyAccount(owner.id, owner.partition, at())
  const roles = Object.entries(seed.roles ?? {})
  for (const [name, user] of Object.entries(seed.users ?? {}))
    if (user?.password !== undefined)
      notTaken.push({
        at: at('users', name, 'password'),
        account: owner.id,
        kind: 'password',
        name,
        reason: 'passwords of a seed are set at a first start: use aws iam create-login-profile',
      })
  for (const kind of ['identityPools', 'trustAnchors', 'certificateProfiles'] as const)
    if (seed[kind] !== undefined)
      notTaken.push({
        at: at(kind),
        account: owner.id,
        kind,
        name: kind,
        reason: 'what gives roles to pools and certificates is made at a first start: omen start --seed',
      })
  return {
    ...image,
    ...(seed.alias === undefined ? {} : { alias: seed.alias }),
    policies: Object.entries(seed.policies ?? {}).map(([name, given]) => {
      const { document, path = '/', description, tags } = managedParts(given)
      const place = at('policies', name)
      return {
        at: place,
        name,
        path,
        ...(description === undefined ? {} : { description }),
        tags: tagsOf(tags),
        versions: [{ at: place, document: text(document, 'policies', name) }],
      }
    }),
    podAssociations: (seed.pods ?? []).map((pod, index) => {
      const { cluster, namespace, serviceAccount, role, region = factsOf(owner.partition).globalRegion } = pod
      const subject = { region, cluster, namespace, serviceAccount }
      return {
        at: at('pods', index),
        // the same again for the same pods: a seed has no ids
        id: `a-${createHash('sha256').update(podSubject(subject)).digest('hex').slice(0, 17)}`,
        ...subject,
        roleArn: roleArn(role, seed, owner),
        tags: Object.fromEntries(Object.entries(pod.tags ?? {}).map(([key, value]) => [key, String(value)])),
      }
    }),
    groups: Object.entries(seed.groups ?? {}).map(([name, group]) => ({
      at: at('groups', name),
      name,
      path: group?.path ?? '/',
      ...policies(group?.policies, 'groups', name),
    })),
    users: Object.entries(seed.users ?? {}).map(([name, user]) => ({
      at: at('users', name),
      name,
      path: user?.path ?? '/',
      tags: tagsOf(user?.tags),
      groups: user?.groups ?? [],
      boundaryArn: boundary(user?.boundary, 'users', name),
      ...policies(user?.policies, 'users', name),
    })),
    roles: roles.map(([name, role]) => ({
      at: at('roles', name),
      name,
      path: role.path ?? '/',
      trust: trustText(role.trust, seed, owner, (document) => text(document, 'roles', name, 'trust')),
      description: role.description ?? null,
      tags: tagsOf(role.tags),
      boundaryArn: boundary(role.boundary, 'roles', name),
      maxSessionSeconds: role.maxSessionSeconds ?? 3_600,
      ...policies(role.policies, 'roles', name),
    })),
    oidcProviders: Object.entries(seed.oidcProviders ?? {}).map(([url, provider]) => ({
      at: at('oidcProviders', url),
      url,
      clientIds: provider?.clientIds ?? [],
      thumbprints: provider?.thumbprints ?? [],
      tags: tagsOf(provider?.tags),
    })),
    resourcePolicies: Object.entries(seed.resources ?? {}).map(([arn, document]) => ({
      at: at('resources', arn),
      arn,
      document: text(document, 'resources', arn),
    })),
    instanceProfiles: roles
      .filter(([, role]) => role.instanceProfile === true)
      .map(([name]) => ({ at: at('roles', name), name, role: name })),
  }
}

function trustText(
  trust: string | readonly string[] | SeedDocument,
  seed: SeedAccount,
  owner: ArnOwner,
  text: (document: SeedDocument) => string,
): string {
  if (typeof trust === 'object' && !Array.isArray(trust)) return JSON.stringify(trust)
  const names = trust as string | readonly string[] // no document, by the line before
  return trustOf(names, owner, seed) ?? text(String(names))
}

function placeIn(read: ReadSeed, file: string, path: SeedPath): SourcePlace {
  const { line, column } = read.place(path)
  return { file, line, column }
}

function tagsOf(tags: SeedTags | undefined) {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value: String(Value) }))
}
