import {
  type Organization,
  organizationAccounts,
  organizationArn,
  organizationalUnits,
  organizationPolicies,
  organizationPolicyArn,
  organizations,
  type Tag,
} from '../../directory/index.ts'
import type { Place } from './place.ts'
import { outboundTransfers, transfers } from './transfers/record.ts'
import { transferArn } from './transfers/transfer.ts'

/** A resource of an organization that policies name and that has tags. */
export interface OrganizationResource {
  readonly arn: string
  readonly tags: readonly Tag[]
  /** Replaces its tags. Undefined if AWS permits no one to do so. */
  readonly retag: ((tags: readonly Tag[]) => void) | undefined
}

/** Returns the root, unit, account, policy, resource policy or transfer of this id; its prefix gives the kind. */
export function findResource(place: Place, id: string): OrganizationResource | undefined {
  if (id.startsWith('r-')) return root(place, id)
  if (id.startsWith('ou-')) return unit(place, id)
  if (id.startsWith('p-')) return policy(place, id)
  if (id.startsWith('rp-')) return resourcePolicy(place, id)
  if (id.startsWith('rt-')) return transfer(place, id)
  return account(place, id)
}

/**
 * Returns the ARN of a resource in policies. For a missing one, the ARN that it would have; for a missing policy or
 * transfer `*`, because its ARN contains more than its id.
 */
export function arnOf(place: Place, id: string): string {
  const resource = findResource(place, id)
  if (resource !== undefined) return resource.arn
  const { organization } = place
  if (id.startsWith('r-')) return organizationArn(organization, 'root', id)
  if (id.startsWith('ou-')) return organizationArn(organization, 'ou', id)
  if (id.startsWith('p-') || id.startsWith('rt-')) return '*'
  if (id.startsWith('rp-')) return organizationArn(organization, 'resourcepolicy', id)
  return organizationArn(organization, 'account', id)
}

export function arnOfOrganization({ id, managementAccount, partition = 'aws' }: Organization): string {
  return `arn:${partition}:organizations::${managementAccount}:organization/${id}`
}

function root({ management, organization }: Place, id: string): OrganizationResource | undefined {
  if (id !== organization.rootId) return undefined
  return {
    arn: organizationArn(organization, 'root', id),
    tags: organization.rootTags,
    retag: (rootTags) => management.table(organizations).put({ ...organization, rootTags }),
  }
}

function unit({ management, organization }: Place, id: string): OrganizationResource | undefined {
  const table = management.table(organizationalUnits)
  const record = table.find(id)
  return (
    record && {
      arn: organizationArn(organization, 'ou', id),
      tags: record.tags,
      retag: (tags) => table.put({ ...record, tags }),
    }
  )
}

function account({ management, organization }: Place, id: string): OrganizationResource | undefined {
  const table = management.table(organizationAccounts)
  const record = table.find(id)
  return (
    record && {
      arn: organizationArn(organization, 'account', id),
      tags: record.tags,
      retag: (tags) => table.put({ ...record, tags }),
    }
  )
}

function policy({ management, organization }: Place, id: string): OrganizationResource | undefined {
  const table = management.table(organizationPolicies)
  const record = table.find(id)
  return (
    record && {
      arn: organizationPolicyArn(organization, record),
      tags: record.tags,
      retag: record.awsManaged ? undefined : (tags) => table.put({ ...record, tags }),
    }
  )
}

/** Each account of a transfer has its own tags on it. */
function transfer(place: Place, id: string): OrganizationResource | undefined {
  const { management } = place
  const inbound = management.table(transfers).find(id)
  if (inbound !== undefined) {
    return {
      arn: transferArn(place, 'inbound', id),
      tags: inbound.tags,
      retag: (tags) => management.table(transfers).put({ ...inbound, tags }),
    }
  }
  const outbound = management.table(outboundTransfers).find(id)
  return (
    outbound && {
      arn: transferArn(place, 'outbound', id),
      tags: outbound.tags,
      retag: (tags) => management.table(outboundTransfers).put({ ...outbound, tags }),
    }
  )
}

function resourcePolicy({ management, organization }: Place, id: string): OrganizationResource | undefined {
  const record = organization.resourcePolicy
  if (record?.id !== id) return undefined
  return {
    arn: organizationArn(organization, 'resourcepolicy', id),
    tags: record.tags,
    retag: (tags) =>
      management.table(organizations).put({ ...organization, resourcePolicy: { ...record, tags } }),
  }
}
