import {
  type Organization,
  organizationArn,
  organizationPolicies,
  organizationPolicyArn,
} from '../../directory/index.ts'
import { nodeType, type Place } from './place.ts'

export function arnOfOrganization({ id, managementAccount }: Organization): string {
  return `arn:aws:organizations::${managementAccount}:organization/${id}`
}

export function arnOfAccount({ organization }: Place, id: string): string {
  return organizationArn(organization, 'account', id)
}

/** The ARN of a root, unit or account; of an id that is none of these, of what it looks like. */
export function arnOfNode(place: Place, id: string): string {
  switch (nodeType(place, id) ?? lookOf(id)) {
    case 'ROOT':
      return organizationArn(place.organization, 'root', id)
    case 'ORGANIZATIONAL_UNIT':
      return organizationArn(place.organization, 'ou', id)
    case 'ACCOUNT':
      return arnOfAccount(place, id)
  }
}

/** The ARN of a policy; `*` where there is none of that id, because the ARN holds its type. */
export function arnOfPolicy({ management, organization }: Place, id: string): string {
  const policy = management.table(organizationPolicies).find(id)
  return policy === undefined ? '*' : organizationPolicyArn(organization, policy)
}

function lookOf(id: string) {
  if (id.startsWith('r-')) return 'ROOT'
  return id.startsWith('ou-') ? 'ORGANIZATIONAL_UNIT' : 'ACCOUNT'
}
