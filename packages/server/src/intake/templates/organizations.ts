import { parseAccountId } from '../../base/index.ts'
import type { ResolvedResource } from '../../sources/index.ts'
import type { ImageBuilder } from './builder.ts'
import { type Fields, NotTakeable } from './fields.ts'

/** Takes resources of Organizations, whose management account is that of the template. Returns whether the type is one. */
export function takeOrganization(fields: Fields, builder: ImageBuilder, resource: ResolvedResource): boolean {
  const { home } = fields.declared
  const { at } = fields
  switch (resource.type) {
    case 'AWS::Organizations::Organization': {
      const featureSet =
        fields.optional('FeatureSet') === 'CONSOLIDATED_BILLING' ? 'CONSOLIDATED_BILLING' : 'ALL'
      const { value: rootId } = resource.attribute('RootId')
      builder.organization(home, at, (organization) => ({
        ...organization,
        at,
        featureSet,
        id: physicalId(resource),
        rootId,
      }))
      return true
    }
    case 'AWS::Organizations::Policy': {
      const id = physicalId(resource)
      const description = fields.optional('Description')
      const policy = {
        at,
        id,
        type: fields.text('Type'),
        name: fields.text('Name'),
        content: fields.document(fields.node('Content'), 'the content'),
        ...(description === undefined ? {} : { description }),
      }
      const targets = fields.texts('TargetIds') ?? []
      builder.organization(home, at, (organization) => ({
        ...organization,
        policies: [...organization.policies, policy],
        attachments: [
          ...organization.attachments,
          ...targets.map((target) => ({ at, policyId: id, target })),
        ],
      }))
      return true
    }
    case 'AWS::Organizations::OrganizationalUnit': {
      const unit = {
        at,
        id: physicalId(resource),
        name: fields.text('Name'),
        parentId: fields.text('ParentId'),
      }
      builder.organization(home, at, (organization) => ({
        ...organization,
        units: [...organization.units, unit],
      }))
      return true
    }
    case 'AWS::Organizations::Account': {
      const account = parseAccountId(physicalId(resource))
      if (account === undefined) throw new NotTakeable('AWS chooses its number, which is not known')
      const [parentId] = fields.texts('ParentIds') ?? []
      const member = {
        at,
        account,
        name: fields.text('AccountName'),
        email: fields.text('Email'),
        ...(parentId === undefined ? {} : { parentId }),
      }
      builder.organization(home, at, (organization) => ({
        ...organization,
        accounts: [...organization.accounts, member],
      }))
      return true
    }
    default:
      return false
  }
}

function physicalId({ physicalId: { value, dependsOn } }: ResolvedResource): string {
  if (dependsOn !== undefined) throw new NotTakeable(`its id depends on ${dependsOn}`)
  return value
}
