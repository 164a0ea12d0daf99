import { type Call, family } from '../../authorization/index.ts'
import { organizationAccounts, organizations } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { bringAwsPolicies } from './aws-policies.ts'
import { handshakeViolates, refuse } from './faults.ts'
import { handshakeView, isOpen, send } from './handshake.ts'
import { within } from './operation.ts'
import type { Place } from './place.ts'
import { checkMayLink, serviceLinkedRole } from './preconfigured-roles.ts'
import { type Handshake, handshakes } from './records.ts'

/**
 * The change from consolidated billing to all features: every invited member is asked, then the management account
 * confirms.
 */
export const allFeatures = family<Organizations.Operations>()({
  EnableAllFeatures: within('management', {
    accounts: (_input, place) => invitedMembers(place),
    run(_input, place, call) {
      const { management, organization } = place
      if (organization.featureSet === 'ALL') {
        throw handshakeViolates(
          'ORGANIZATION_ALREADY_HAS_ALL_FEATURES',
          'All features are already enabled on this organization.',
        )
      }
      for (const handshake of management.table(handshakes).values()) {
        if (handshake.action === 'ENABLE_ALL_FEATURES' && isOpen(handshake, call.now)) {
          throw handshakeViolates(
            'ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION',
            'The handshake request is invalid because the organization has already started the process to enable all features.',
          )
        }
      }
      const party = { Id: organization.id, Type: 'ORGANIZATION' } as const
      const resource = { Type: 'ORGANIZATION', Value: organization.id } as const
      const action = 'ENABLE_ALL_FEATURES' as const
      const membersAsked = invitedMembers(place)
      // OPEN means that all have answered; if no one is asked, from the start
      const state = membersAsked.length === 0 ? 'OPEN' : 'REQUESTED'
      const parent = send(
        place,
        management,
        { action, state, parties: [party], resources: [resource], tags: [] },
        call,
      )
      for (const id of membersAsked) {
        const member = call.deps.directory.loaded(id)
        if (member === undefined) continue // gone from the store: nobody is left to ask
        const parties = [party, { Id: id, Type: 'ACCOUNT' as const }]
        const resources = [resource, { Type: 'PARENT_HANDSHAKE' as const, Value: parent.id }]
        send(
          place,
          member,
          { action, state: 'OPEN', parties, resources, parentId: parent.id, tags: [] },
          call,
        )
      }
      return { Handshake: handshakeView({ place, handshake: parent }, call.now) }
    },
  }),
})

/** A member agreed, or the management account confirms (behaviour ORG-83). */
export function approve(place: Place, handshake: Handshake, call: Call): void {
  const { management, organization } = place
  checkMayLink(call)
  if (handshake.parentId !== undefined) {
    serviceLinkedRole(call.account, call)
    const table = management.table(handshakes)
    const parent = table.find(handshake.parentId)
    // this one is about to be accepted
    if (parent?.state === 'REQUESTED' && !isWaiting(place, parent.id, handshake.id)) {
      table.put({ ...parent, state: 'OPEN' })
    }
    return
  }
  if (isWaiting(place, handshake.id)) throw refuse('InvalidHandshakeTransitionException')
  management.table(organizations).put({ ...organization, featureSet: 'ALL' })
  bringAwsPolicies(management)
  serviceLinkedRole(management, call)
}

/** Returns whether a member that was asked, other than the given one, has not accepted. */
function isWaiting({ management }: Place, parentId: string, except?: string): boolean {
  for (const part of management.table(handshakes).values()) {
    if (part.parentId === parentId && part.id !== except && part.state !== 'ACCEPTED') return true
  }
  return false
}

function invitedMembers({ management }: Place) {
  return [...management.table(organizationAccounts).values()]
    .filter(
      ({ id, joinedMethod, status }) =>
        id !== management.id && joinedMethod === 'INVITED' && status === 'ACTIVE',
    )
    .map(({ id }) => id)
}
