import { type Call, family } from '../../../authorization/index.ts'
import type { Instance } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes, matching, shownFields } from '../described.ts'
import { getInstances, instancesHere } from '../instance/instance.ts'
import { states } from '../instance/instance-view.ts'
import { checkNoIdsWithPage, pageOf } from '../page.ts'
import { filters } from '../shown-filters.ts'
import { reservationOut } from './run-instances.ts'

const fields = shownFields(filters.DescribeInstances)

/** Lists instances. */
export const describeInstances = family<Ec2.Operations>()({
  DescribeInstances: {
    run(input, call) {
      checkNoIdsWithPage(input.InstanceIds, input.MaxResults, 'instancesSet')
      const instances = matching(
        instancesAsked(input.InstanceIds, call),
        input.Filters,
        fields,
        (each) => whole(reservationOut([each], call)),
        (each) => each.tags,
        { 'iam-instance-profile.name': ({ profile }) => profile?.profileArn.split('/').at(-1) },
      )
      const { page, next } = pageOf(instances, input)
      const reservations = new Map<string, Instance[]>()
      for (const instance of page) {
        const together = reservations.get(instance.reservationId)
        if (together === undefined) reservations.set(instance.reservationId, [instance])
        else together.push(instance)
      }
      return {
        Reservations: [...reservations.values()].map((together) => reservationOut(together, call)),
        NextToken: next,
      }
    },
  },
  DescribeInstanceStatus: describes(
    (ids, call, { IncludeAllInstances: all }: { readonly IncludeAllInstances?: boolean | undefined }) =>
      instancesAsked(ids, call).filter((each) => all === true || each.state === 'running'),
    {
      ids: 'InstanceIds',
      idsInRefusal: 'instancesSet',
      list: 'InstanceStatuses',
      show: () => statusOut,
      filters: filters.DescribeInstanceStatus,
    },
  ),
})

function instancesAsked(ids: readonly string[] = [], call: Call): readonly Instance[] {
  return ids.length > 0 ? getInstances(ids, call) : instancesHere(call)
}

/** Returns the members of a reservation and of its one instance: filters compare both. */
function whole(reservation: Ec2.Reservation): object {
  return { ...reservation, ...reservation.Instances?.[0] }
}

function statusOut(instance: Instance): Ec2.InstanceStatus {
  const status = instance.state === 'running' ? 'ok' : 'not-applicable'
  const summary: Ec2.InstanceStatusSummary =
    instance.state === 'running'
      ? { Status: status, Details: [{ Name: 'reachability', Status: 'passed' }] }
      : { Status: status }
  return {
    AvailabilityZone: instance.zone,
    AvailabilityZoneId: instance.zoneId,
    InstanceId: instance.id,
    InstanceState: states[instance.state],
    InstanceStatus: summary,
    SystemStatus: summary,
  }
}
