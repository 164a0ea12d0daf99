import { given } from '../../base/index.ts'
import type { AccountImage, IdentityImage, Image, OrganizationImage } from '../../image/index.ts'
import { defaultDocument, isAwsOwn, linkedService, parsed } from './losses.ts'
import { seedOfCenter } from './seed-center.ts'
import { named, some, tagsOf } from './seed-forms.ts'
import { seedOfLenders } from './seed-lenders.ts'

/**
 * A seed that makes what the image contains: the first account's content at the top, further accounts under `accounts`.
 * docs/TESTING.md describes the form.
 */
export function seedOf({ accounts, organization }: Image): unknown {
  const first = accounts.find(({ account }) => account === organization?.managementAccount) ?? accounts[0]
  if (first === undefined) return {}
  const others = accounts.filter((account) => account !== first)
  return given({
    ...content(first),
    ...seedOfLenders(first),
    accounts:
      others.length === 0
        ? undefined
        : Object.fromEntries(
            others.map((account) => [
              account.account,
              given({
                name: account.name,
                email: account.email,
                ...content(account),
                ...seedOfLenders(account),
              }),
            ]),
          ),
    organization: organization === undefined ? undefined : unitOf(organization, organization.rootId ?? ''),
    identityCenter: seedOfCenter(first),
  })
}

function content(account: AccountImage) {
  const { users, groups, roles, policies, instanceProfiles, alias } = account
  const profiles = new Set(instanceProfiles.filter(({ name, role }) => name === role).map(({ name }) => name))
  return {
    alias: alias ?? undefined,
    policies: named(policies, (policy) =>
      given({
        document: parsed(defaultDocument(policy) ?? '{}'),
        path: pathOf(policy),
        description: policy.description,
        tags: tagsOf(policy.tags),
      }),
    ),
    groups: named(groups, (group) => given({ path: pathOf(group), policies: policiesOf(group) })),
    users: named(users, (user) =>
      given({
        path: pathOf(user),
        tags: tagsOf(user.tags),
        groups: some(user.groups),
        policies: policiesOf(user),
        boundary: user.boundaryArn ?? undefined,
      }),
    ),
    roles: named(
      roles.filter((role) => !isAwsOwn(role) && linkedService(role) === undefined),
      (role) =>
        given({
          trust: parsed(role.trust ?? '{}'),
          path: pathOf(role),
          description: role.description ?? undefined,
          tags: tagsOf(role.tags),
          policies: policiesOf(role),
          boundary: role.boundaryArn ?? undefined,
          maxSessionSeconds: role.maxSessionSeconds === 3_600 ? undefined : role.maxSessionSeconds,
          instanceProfile: profiles.has(role.name) ? true : undefined,
        }),
    ),
  }
}

function policiesOf({ inline = [], attached = [] }: IdentityImage) {
  return some([...attached, ...inline.map(({ name, document }) => ({ name, document: parsed(document) }))])
}

/** A root or unit with what is below it. Two policies of one name in one place become one. */
function unitOf(organization: OrganizationImage, id: string): unknown {
  const { accounts, units, policies, attachments, rootId } = organization
  const parentOf = (thing: { readonly parentId?: string }) => thing.parentId ?? rootId
  const attached = new Set(attachments.filter(({ target }) => target === id).map(({ policyId }) => policyId))
  const here = policies.filter((policy) => attached.has(policy.id) && policy.awsManaged !== true)
  const documents = (type: string) => {
    const policies = here.filter((policy) => policy.type === type && policy.content !== undefined)
    return policies.length === 0
      ? undefined
      : Object.fromEntries(policies.map(({ name, content: document }) => [name, parsed(document ?? '{}')]))
  }
  const below = units.filter((unit) => parentOf(unit) === id)
  return given({
    accounts: some(accounts.filter((account) => parentOf(account) === id).map(({ account }) => account)),
    scp: documents('SERVICE_CONTROL_POLICY'),
    rcp: documents('RESOURCE_CONTROL_POLICY'),
    units:
      below.length === 0
        ? undefined
        : Object.fromEntries(below.map((unit) => [unit.name, unitOf(organization, unit.id)])),
  })
}

function pathOf({ path }: { readonly path?: string }): string | undefined {
  return path === '/' ? undefined : path
}
