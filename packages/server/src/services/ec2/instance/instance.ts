import type { AccessRequest, Call, ContextKeys } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { type Instance, instances } from '../../../directory/index.ts'
import { notThere } from '../faults.ts'
import { ec2Arn, isResourceId } from '../ids.ts'
import { limits } from '../limits.ts'
import { resourceTagKeys } from '../tag.ts'
import { isVisible } from './terminated.ts'

/** Returns the instance in this region while it is visible. */
export function findInstance(id: string, call: Call): Instance | undefined {
  const instance = call.account.table(instances).find(id)
  return instance?.region === call.region && isVisible(instance, call.now) ? instance : undefined
}

/** @throws Fault InvalidInstanceID.Malformed or .NotFound */
export function getInstance(id: string, call: Call): Instance {
  const instance = findInstance(id, call)
  if (instance === undefined) throw notThere('instance', id)
  return instance
}

/** Returns all of them, each once. @throws Fault that names every missing one (behaviour EC2-71) */
export function getInstances(ids: readonly string[], call: Call): readonly Instance[] {
  const distinctIds = [...new Set(ids)]
  for (const id of distinctIds) if (!isResourceId('i', id)) throw notThere('instance', id)
  const absent = distinctIds.filter((id) => findInstance(id, call) === undefined)
  if (absent.length === 1) throw notThere('instance', absent[0]!)
  if (absent.length > 1) {
    throw fault('InvalidInstanceID.NotFound', `The instance IDs '${absent.join(', ')}' do not exist`, 400)
  }
  return distinctIds.map((id) => getInstance(id, call))
}

/** Returns the visible instances of this region. */
export function instancesHere(call: Call): readonly Instance[] {
  const here: Instance[] = []
  for (const instance of call.account.table(instances).values())
    if (instance.region === call.region && isVisible(instance, call.now)) here.push(instance)
  return here
}

/** Returns one question for each instance; missing ones are asked as `instance/*` (behaviour EC2-8). */
export function instanceRequests(
  ids: readonly string[],
  call: Call,
  more: ContextKeys = {},
): readonly AccessRequest[] {
  if (ids.length > limits.idsPerCall) throw tooManyIds()
  const action = `ec2:${call.operation.name}`
  return [...new Set(ids)].map((id) => {
    const instance = findInstance(id, call)
    const resource = ec2Arn(call, call.account.id, 'instance', instance?.id ?? '*')
    return { action, resource, context: { ...instanceKeys(instance), ...more } }
  })
}

function tooManyIds() {
  return fault(
    'InvalidParameterValue',
    `No more than ${limits.idsPerCall} ids may be given in one call.`,
    400,
  )
}

/** Returns the condition keys of an existing instance. */
export function instanceKeys(instance: Instance | undefined): ContextKeys {
  if (instance === undefined) return {}
  const { metadata } = instance
  return {
    'ec2:InstanceMarketType': instance.spot ? 'spot' : 'on-demand',
    'ec2:AvailabilityZone': instance.zone,
    'ec2:AvailabilityZoneId': instance.zoneId,
    'ec2:ebsOptimized': instance.ebsOptimized,
    'ec2:InstanceType': instance.type,
    'ec2:RootDeviceType': 'ebs',
    'ec2:InstanceID': instance.id,
    'ec2:Tenancy': instance.tenancy,
    'ec2:InstanceProfile': instance.profile?.profileArn,
    'ec2:MetadataHttpEndpoint': metadata.endpoint,
    'ec2:MetadataHttpPutResponseHopLimit': metadata.hopLimit,
    'ec2:MetadataHttpTokens': metadata.tokens,
    'ec2:InstanceMetadataTags': metadata.tags,
    'ec2:InstanceAutoRecovery': 'default',
    ...resourceTagKeys(instance.tags),
  }
}
