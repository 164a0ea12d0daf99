import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { type Instance, instances, type ProfileAssociation } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes } from '../described.ts'
import { filters } from '../shown-filters.ts'
import { getInstance, instanceRequests, instancesHere } from './instance.ts'
import { findProfile, getProfile, newAssociation, passedBy, profileArn } from './profile.ts'
import { isVisible } from './terminated.ts'

/** The instance profile of an instance. Replacing it passes the new profile's role, as a launch does. */
export const association = family<Ec2.Operations>()({
  AssociateIamInstanceProfile: {
    requests: (input, call) => instanceRequests([input.InstanceId], call, newProfile(input, call)),
    passes: (input, call) => passedBy(input.IamInstanceProfile, call),
    run(input, call) {
      const instance = getInstance(input.InstanceId, call)
      const profile = getProfile(input.IamInstanceProfile, call)
      if (instance.state === 'terminated') {
        throw fault(
          'IncorrectInstanceState',
          `The instance '${instance.id}' is not in the 'running' or 'stopped' state`,
          400,
        )
      }
      if (instance.profile !== undefined)
        throw incorrectState(`There is an existing association for instance ${instance.id}`)
      const association = newAssociation(profile, call)
      call.account.table(instances).put({ ...instance, profile: association })
      return { IamInstanceProfileAssociation: associationOut(instance, association, 'associating') }
    },
    afterwards: async (_input, output, call) => started(output, call),
  },
  ReplaceIamInstanceProfileAssociation: {
    requests: (input, call) =>
      instanceRequests([associated(input.AssociationId, call)?.id ?? '*'], call, newProfile(input, call)),
    passes: (input, call) => passedBy(input.IamInstanceProfile, call),
    run(input, call) {
      const instance = getAssociated(input.AssociationId, call)
      const profile = getProfile(input.IamInstanceProfile, call)
      // a stopped instance's association can only be removed and created again (behaviour EC2-15)
      if (instance.state !== 'running')
        throw incorrectState(`The association ${input.AssociationId} is not the active association`)
      const association = newAssociation(profile, call)
      call.account.table(instances).put({ ...instance, profile: association })
      return { IamInstanceProfileAssociation: associationOut(instance, association, 'associating') }
    },
    afterwards: async (_input, output, call) => started(output, call),
  },
  DisassociateIamInstanceProfile: {
    requests: (input, call) => instanceRequests([associated(input.AssociationId, call)?.id ?? '*'], call),
    run(input, call) {
      const { profile, ...bare } = getAssociated(input.AssociationId, call)
      call.account.table(instances).put(bare)
      return { IamInstanceProfileAssociation: associationOut(bare, profile, 'disassociating') }
    },
  },
  DescribeIamInstanceProfileAssociations: describes(
    (ids = [], call) => {
      const wantedIds = new Set(ids)
      for (const id of wantedIds) getAssociated(id, call)
      return instancesHere(call).flatMap((instance) => {
        const { profile } = instance
        if (profile === undefined || (wantedIds.size > 0 && !wantedIds.has(profile.id))) return []
        return [{ ...profile, instance, createdAt: profile.at }]
      })
    },
    {
      ids: 'AssociationIds',
      list: 'IamInstanceProfileAssociations',
      untagged: true,
      show: () => (each) => associationOut(each.instance, each, 'associated'),
      filters: filters.DescribeIamInstanceProfileAssociations,
    },
  ),
})

/** ec2:NewInstanceProfile: the requested profile. */
function newProfile(
  input: { readonly IamInstanceProfile?: Ec2.IamInstanceProfileSpecification },
  call: Call,
) {
  const profile = findProfile(input.IamInstanceProfile, call)
  return { 'ec2:NewInstanceProfile': profile && profileArn(profile, call) }
}

function associated(associationId: string, call: Call) {
  const instance = call.account.table(instances).findBy('association', associationId)
  return instance?.region === call.region && isVisible(instance, call.now) ? instance : undefined
}

function getAssociated(
  associationId: string,
  call: Call,
): Instance & { readonly profile: ProfileAssociation } {
  const instance = associated(associationId, call)
  if (instance?.profile !== undefined) return { ...instance, profile: instance.profile }
  throw fault(
    'InvalidAssociationID.NotFound',
    `An invalid association-id of '${associationId}' was given`,
    400,
  )
}

function associationOut(
  { id }: Pick<Instance, 'id'>,
  made: ProfileAssociation,
  state: Ec2.IamInstanceProfileAssociationState,
): Ec2.IamInstanceProfileAssociation {
  return {
    AssociationId: made.id,
    InstanceId: id,
    IamInstanceProfile: { Arn: made.profileArn, Id: made.profileId },
    State: state,
    Timestamp: made.at,
  }
}

function incorrectState(message: string) {
  return fault('IncorrectState', message, 400)
}

/** The role of the instance is assumed at once (behaviour WKL-22). */
async function started(
  {
    IamInstanceProfileAssociation: made,
  }: { readonly IamInstanceProfileAssociation?: Ec2.IamInstanceProfileAssociation | undefined },
  call: Call,
): Promise<void> {
  if (made?.InstanceId !== undefined) await call.deps.instancesStarted?.(call.account.id, [made.InstanceId])
}
