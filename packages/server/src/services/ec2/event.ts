import type { Call, EventNotes } from '../../authorization/index.ts'
import type { ServiceModel } from '../../model/index.ts'

/** What an event says in place of a secret (behaviour EC2-83). */
const removed = '<sensitiveDataRemoved>'

/**
 * EC2's events name parameters and results after its XML: lists are sets of items, instants numbers
 * (behaviours EC2-80 and EC2-81). Refused calls tell their parameters too (EC2-82).
 */
export function ec2Event(input: Readonly<Record<string, unknown>>, output: unknown, call: Call): EventNotes {
  const { service, operation, id } = call
  const wrapped = wrappedOperations.test(operation.name)
  const parameters = wrapped
    ? { [`${operation.name}Request`]: hideSecrets(input) }
    : legacyParameters(operation.name, input)
  if (output === undefined || operation.output === undefined) {
    const done = output === undefined ? null : { requestId: id, _return: true }
    return { requestParameters: parameters, ...(isRead(operation.name) ? {} : { responseElements: done }) }
  }
  if (isRead(operation.name)) return { requestParameters: parameters }
  const shaped = shape(service, operation.output, output) as Readonly<Record<string, unknown>> // an operation's output is a structure
  return {
    requestParameters: parameters,
    responseElements: wrapped
      ? { [`${operation.name}Response`]: { xmlns: service.xmlNamespace, requestId: id, ...shaped } }
      : { requestId: id, ...shaped },
  }
}

/** Operations of EC2's newer kind, whose events carry the request and the response whole (behaviour EC2-84). */
const wrappedOperations = /IamInstanceProfile|LaunchTemplate|InstanceMetadataOptions/

function isRead(name: string): boolean {
  return /^(?:Describe|Get)/.test(name)
}

/** Lists of ids and how the older operations' events write them: set, then the name in each item. */
const sets: Readonly<Record<string, readonly [set: string, item: string]>> = {
  InstanceIds: ['instancesSet', 'instanceId'],
  ImageIds: ['imagesSet', 'imageId'],
  VpcIds: ['vpcSet', 'vpcId'],
  SubnetIds: ['subnetSet', 'subnetId'],
  GroupIds: ['securityGroupIdSet', 'groupId'],
  GroupNames: ['securityGroupSet', 'groupName'],
  SecurityGroupIds: ['groupSet', 'groupId'],
  SecurityGroups: ['groupSet', 'groupName'],
  KeyNames: ['keySet', 'keyName'],
  Resources: ['resourcesSet', 'resourceId'],
  VolumeIds: ['volumeSet', 'volumeId'],
  NetworkInterfaceIds: ['networkInterfaceIdSet', 'networkInterfaceId'],
  RegionNames: ['regionSet', 'regionName'],
  Owners: ['ownersSet', 'owner'],
  Values: ['valueSet', 'value'],
}

/** Lists of structures. */
const structureSets: Readonly<Record<string, string>> = {
  Filters: 'filterSet',
  Tags: 'tagSet',
  TagSpecifications: 'tagSpecificationSet',
  BlockDeviceMappings: 'blockDeviceMapping',
  NetworkInterfaces: 'networkInterfaceSet',
  IpPermissions: 'ipPermissions',
}

function legacyParameters(
  name: string,
  input: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { DryRun: _, ...given } = input
  if (name !== 'RunInstances') return members(given)
  const { ImageId: imageId, MinCount: minCount, MaxCount: maxCount, KeyName: keyName, ...rest } = given
  return {
    instancesSet: { items: [{ imageId, minCount, maxCount, keyName }] },
    blockDeviceMapping: {},
    ...members(rest),
  }
}

function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return { items: value.map(lowered) }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return typeof value === 'object' && value !== null ? members(value) : value
}

function members(structure: object): Record<string, unknown> {
  const written: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(structure)) {
    if (each === undefined) continue
    const set = Object.hasOwn(sets, name) ? sets[name] : undefined
    if (name === 'UserData') written.userData = removed
    else if (set !== undefined && Array.isArray(each))
      written[set[0]] = { items: each.map((text) => ({ [set[1]]: text })) }
    else written[structureSets[name] ?? lowerFirst(name)] = lowered(each)
  }
  return written
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === 'UserData' ? removed : hideSecrets(each)]),
  )
}

/** A result by the names that the model gives its XML elements. */
function shape(model: ServiceModel, name: string, value: unknown): unknown {
  const described = model.shapes[name]
  if (described === undefined || value === undefined || value === null) return undefined
  if (described.sensitive === true) return removed
  if (described.type === 'list') {
    const items = Array.isArray(value) ? value : []
    return items.length === 0
      ? {}
      : { items: items.map((each) => shape(model, described.member.shape, each)) }
  }
  if (described.type !== 'structure') return value
  const written: Record<string, unknown> = {}
  const given = value as Readonly<Record<string, unknown>> // the output's structure is the model's
  for (const [member, { shape: target, locationName }] of Object.entries(described.members)) {
    const each = shape(model, target, given[member])
    if (each !== undefined) written[locationName ?? lowerFirst(member)] = each
  }
  return written
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
