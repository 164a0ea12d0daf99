import { attachablePolicies } from '../../authorization/catalogue/index.ts'
import { family, parsedDocument } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type CenterPlace, pageOf } from '../../center/index.ts'
import {
  centerQuotas,
  type PermissionSet,
  type PolicyReference,
  permissionSets,
} from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { getSet, invalid, notFound, tooMany, within } from './operation.ts'

/**
 * The policies of a permission set: an inline policy, policies of AWS, references to policies of the accounts, and a
 * boundary.
 */
export const policiesOfSets = family<SsoAdmin.Operations>()({
  PutInlinePolicyToPermissionSet: within({
    run(input: SsoAdmin.PutInlinePolicyToPermissionSetRequest, place) {
      const { InlinePolicy: inline } = input
      const parsed = parsedDocument(inline, 'identity')
      if (!parsed.ok) throw invalid(`Invalid InlinePolicy: ${parsed.message}`)
      if (Buffer.byteLength(inline) > centerQuotas.inlineBytes)
        throw tooMany('The inline policy is too long.')
      return change(input, place, (set) => ({ ...set, inline }))
    },
  }),
  GetInlinePolicyForPermissionSet: within({
    run: (input: SsoAdmin.GetInlinePolicyForPermissionSetRequest, place) => ({
      InlinePolicy: getSet(place, input.PermissionSetArn).inline ?? '',
    }),
  }),
  DeleteInlinePolicyFromPermissionSet: within({
    run: (input: SsoAdmin.DeleteInlinePolicyFromPermissionSetRequest, place) =>
      change(input, place, ({ inline: _, ...set }) => set),
  }),

  AttachManagedPolicyToPermissionSet: within({
    run: (input: SsoAdmin.AttachManagedPolicyToPermissionSetRequest, place) =>
      change(input, place, (set) => {
        const { ManagedPolicyArn: arn } = input
        if (!attachablePolicies(place.owner.partition).includes(arn))
          throw notFound(`Policy ${arn} does not exist or is not attachable.`)
        if (set.managed.includes(arn))
          throw fault('ConflictException', `Managed policy ${arn} is attached already.`, 400)
        checkRoom(set)
        return { ...set, managed: [...set.managed, arn] }
      }),
  }),
  DetachManagedPolicyFromPermissionSet: within({
    run: (input: SsoAdmin.DetachManagedPolicyFromPermissionSetRequest, place) =>
      change(input, place, (set) => {
        if (!set.managed.includes(input.ManagedPolicyArn))
          throw notFound('The managed policy is not attached.')
        return { ...set, managed: set.managed.filter((arn) => arn !== input.ManagedPolicyArn) }
      }),
  }),
  ListManagedPoliciesInPermissionSet: within({
    run(input: SsoAdmin.ListManagedPoliciesInPermissionSetRequest, place) {
      const { items, NextToken } = pageOf(getSet(place, input.PermissionSetArn).managed, (arn) => arn, input)
      const AttachedManagedPolicies = items.map((arn) => ({
        Name: arn.slice(arn.lastIndexOf('/') + 1),
        Arn: arn,
      }))
      return { AttachedManagedPolicies, NextToken }
    },
  }),

  AttachCustomerManagedPolicyReferenceToPermissionSet: within({
    run: (input: SsoAdmin.AttachCustomerManagedPolicyReferenceToPermissionSetRequest, place) =>
      change(input, place, (set) => {
        const reference = referenceOf(input.CustomerManagedPolicyReference)
        if (set.referred.some((each) => isSame(each, reference)))
          throw fault(
            'ConflictException',
            `Customer managed policy ${reference.name} is attached already.`,
            400,
          )
        checkRoom(set)
        return { ...set, referred: [...set.referred, reference] }
      }),
  }),
  DetachCustomerManagedPolicyReferenceFromPermissionSet: within({
    run: (input: SsoAdmin.DetachCustomerManagedPolicyReferenceFromPermissionSetRequest, place) =>
      change(input, place, (set) => {
        const reference = referenceOf(input.CustomerManagedPolicyReference)
        const referred = set.referred.filter((each) => !isSame(each, reference))
        if (referred.length === set.referred.length)
          throw notFound('The customer managed policy is not attached.')
        return { ...set, referred }
      }),
  }),
  ListCustomerManagedPolicyReferencesInPermissionSet: within({
    run(input: SsoAdmin.ListCustomerManagedPolicyReferencesInPermissionSetRequest, place) {
      const { referred } = getSet(place, input.PermissionSetArn)
      const { items, NextToken } = pageOf(referred, ({ path, name }) => `${path}${name}`, input)
      return {
        CustomerManagedPolicyReferences: items.map(({ name, path }) => ({ Name: name, Path: path })),
        NextToken,
      }
    },
  }),

  PutPermissionsBoundaryToPermissionSet: within({
    run(input: SsoAdmin.PutPermissionsBoundaryToPermissionSetRequest, place) {
      const { ManagedPolicyArn: arn, CustomerManagedPolicyReference: reference } = input.PermissionsBoundary
      if ((arn === undefined) === (reference === undefined)) throw invalid('A boundary is one policy.')
      if (arn !== undefined && !attachablePolicies(place.owner.partition).includes(arn))
        throw notFound(`Policy ${arn} does not exist or is not attachable.`)
      const boundary = reference === undefined ? { arn: arn! } : { reference: referenceOf(reference) } // one of them, by the check above
      return change(input, place, (set) => ({ ...set, boundary }))
    },
  }),
  GetPermissionsBoundaryForPermissionSet: within({
    run(input: SsoAdmin.GetPermissionsBoundaryForPermissionSetRequest, place) {
      const { boundary } = getSet(place, input.PermissionSetArn)
      if (boundary === undefined) throw notFound('The permission set has no permissions boundary.')
      if ('arn' in boundary) return { PermissionsBoundary: { ManagedPolicyArn: boundary.arn } }
      const { name, path } = boundary.reference
      return { PermissionsBoundary: { CustomerManagedPolicyReference: { Name: name, Path: path } } }
    },
  }),
  DeletePermissionsBoundaryFromPermissionSet: within({
    run: (input: SsoAdmin.DeletePermissionsBoundaryFromPermissionSetRequest, place) =>
      change(input, place, ({ boundary: _, ...set }) => set),
  }),
})

/** Changes a set; its roles change with the next provisioning. */
function change(
  { PermissionSetArn }: { readonly PermissionSetArn: string },
  place: CenterPlace,
  to: (set: PermissionSet) => PermissionSet,
): Record<string, never> {
  place.owner.table(permissionSets).put(to(getSet(place, PermissionSetArn)))
  return {}
}

function checkRoom({ managed, referred }: PermissionSet): void {
  if (managed.length + referred.length >= centerQuotas.policiesOfSet)
    throw tooMany('The permission set has too many policies.')
}

function referenceOf({ Name, Path = '/' }: SsoAdmin.CustomerManagedPolicyReference): PolicyReference {
  return { name: Name, path: Path }
}

function isSame(a: PolicyReference, b: PolicyReference): boolean {
  return a.name === b.name && a.path === b.path
}
