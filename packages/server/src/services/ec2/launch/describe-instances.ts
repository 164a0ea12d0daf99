import { family } from '../../../authorization/index.ts'
import type { Instance } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { type Fields, filtered, nowhere } from '../filter.ts'
import { getInstances, instancesHere } from '../instance/instance.ts'
import { instanceFields } from '../instance/instance-fields.ts'
import { states } from '../instance/instance-view.ts'
import { checkNoIdsWithPage, pageOf } from '../page.ts'
import { reservationOut } from './run-instances.ts'

/** Lists instances. */
export const describeInstances = family<Ec2.Operations>()({
  DescribeInstances: {
    run(input, call) {
      checkNoIdsWithPage(input.InstanceIds, input.MaxResults, 'instancesSet')
      const named = (input.InstanceIds?.length ?? 0) > 0
      const all = named ? getInstances(input.InstanceIds ?? [], call) : instancesHere(call)
      const { page, next } = pageOf(filtered(all, input.Filters, instanceFields(call)), input)
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
  DescribeInstanceStatus: {
    run(input, call) {
      checkNoIdsWithPage(input.InstanceIds, input.MaxResults, 'instancesSet')
      const named = (input.InstanceIds?.length ?? 0) > 0
      const all = named ? getInstances(input.InstanceIds ?? [], call) : instancesHere(call)
      const shown = all.filter((each) => input.IncludeAllInstances === true || each.state === 'running')
      const { page, next } = pageOf(filtered(shown, input.Filters, statusFields), input)
      return { InstanceStatuses: page.map(statusOut), NextToken: next }
    },
  },
})

function statusOut(instance: Instance): Ec2.InstanceStatus {
  const status = instance.state === 'running' ? 'ok' : 'not-applicable'
  const summary: Ec2.InstanceStatusSummary =
    instance.state === 'running'
      ? { Status: status, Details: [{ Name: 'reachability', Status: 'passed' }] }
      : { Status: status }
  return {
    AvailabilityZone: instance.zone,
    InstanceId: instance.id,
    InstanceState: states[instance.state],
    InstanceStatus: summary,
    SystemStatus: summary,
  }
}

const statusFields: Fields<Instance> = {
  ...nowhere(
    'event.code event.description event.instance-event-id event.not-after event.not-before',
    'event.not-before-deadline attached-ebs-status.status application-status.status operator.principal',
  ),
  'operator.managed': () => false,
  'availability-zone-id': (each) => each.zoneId,
  'instance-status.reachability': (each) => (each.state === 'running' ? 'passed' : undefined),
  'system-status.reachability': (each) => (each.state === 'running' ? 'passed' : undefined),
  'availability-zone': (each) => each.zone,
  'instance-state-code': (each) => states[each.state].Code,
  'instance-state-name': (each) => each.state,
  'instance-status.status': (each) => (each.state === 'running' ? 'ok' : 'not-applicable'),
  'system-status.status': (each) => (each.state === 'running' ? 'ok' : 'not-applicable'),
}
