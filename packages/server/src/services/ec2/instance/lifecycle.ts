import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { type Instance, instances } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { wholeSecond } from '../instant.ts'
import { networkInterfaces, volumes } from '../records.ts'
import { getInstances, instanceRequests } from './instance.ts'
import { states } from './instance-view.ts'
import { forgetTerminated } from './terminated.ts'

/** Start, stop, reboot and terminate: an instance has its new state when the call has answered (behaviour EC2-30). */
export const lifecycle = family<Ec2.Operations>()({
  StartInstances: {
    requests: (input, call) => instanceRequests(input.InstanceIds, call),
    run: (input, call) => ({
      StartingInstances: getInstances(input.InstanceIds, call).map((instance) => {
        if (instance.state === 'running') return change(instance, 'running')
        if (instance.state === 'terminated') throw wrongState(instance, 'started')
        put({ ...instance, state: 'running', changedAt: call.now, launchedAt: wholeSecond(call.now) }, call)
        return change(instance, 'pending')
      }),
    }),
    afterwards: async (input, _output, call) =>
      call.deps.instancesStarted?.(
        call.account.id,
        getInstances(input.InstanceIds, call).map(({ id }) => id),
      ),
  },
  StopInstances: {
    requests: (input, call) => instanceRequests(input.InstanceIds, call),
    run: (input, call) => ({
      StoppingInstances: getInstances(input.InstanceIds, call).map((instance) => {
        if (instance.state === 'stopped') return change(instance, 'stopped')
        if (instance.state === 'terminated') throw wrongState(instance, 'stopped')
        if (instance.disableApiStop) throw protectedFrom(instance, 'stopped', 'disableApiStop')
        put({ ...instance, state: 'stopped', changedAt: call.now }, call)
        return change(instance, 'stopping')
      }),
    }),
  },
  RebootInstances: {
    requests: (input, call) => instanceRequests(input.InstanceIds, call),
    run(input, call) {
      for (const instance of getInstances(input.InstanceIds, call))
        if (instance.state === 'terminated') throw wrongState(instance, 'rebooted')
      return undefined
    },
  },
  TerminateInstances: {
    requests: (input, call) => instanceRequests(input.InstanceIds, call),
    run(input, call) {
      const instances = getInstances(input.InstanceIds, call)
      const guarded = instances.find((each) => each.disableApiTermination && each.state !== 'terminated')
      if (guarded !== undefined) throw protectedFrom(guarded, 'terminated', 'disableApiTermination')
      const changes = instances.map((instance) => {
        if (instance.state === 'terminated') return change(instance, 'terminated')
        terminate(instance, call)
        return change(instance, 'shutting-down')
      })
      forgetTerminated(call)
      return { TerminatingInstances: changes }
    },
  },
})

/** Deletes what is attached and set to be deleted with it; the rest is detached. */
function terminate(instance: Instance, call: Call): void {
  const { account, now } = call
  const disks = account.table(volumes)
  for (const { volumeId, deleteOnTermination } of instance.volumes) {
    const volume = disks.find(volumeId)
    if (deleteOnTermination) disks.delete(volumeId)
    else if (volume !== undefined) {
      const { attachment: _, ...free } = volume
      disks.put(free)
    }
  }
  const cards = account.table(networkInterfaces)
  for (const id of instance.interfaceIds) {
    const card = cards.find(id)
    if (card?.attachment?.deleteOnTermination !== false) cards.delete(id)
    else {
      const { attachment: _, ...free } = card
      cards.put(free)
    }
  }
  const { profile: _, ...bare } = instance
  put({ ...bare, state: 'terminated', changedAt: now, volumes: [], interfaceIds: [] }, call)
}

function put(instance: Instance, call: Call): void {
  call.account.table(instances).put(instance)
}

function change(before: Instance, now: Ec2.InstanceStateName): Ec2.InstanceStateChange {
  return { InstanceId: before.id, CurrentState: states[now], PreviousState: states[before.state] }
}

function wrongState({ id }: Instance, done: string) {
  return fault(
    'IncorrectInstanceState',
    `The instance '${id}' is not in a state from which it can be ${done}.`,
    400,
  )
}

function protectedFrom({ id }: Instance, done: string, attribute: string) {
  return fault(
    'OperationNotPermitted',
    `The instance '${id}' may not be ${done}. Modify its '${attribute}' instance attribute and try again.`,
    400,
  )
}
