import type { Call, EventNotes } from '../../authorization/index.ts'
import type { ServiceModel, Shape } from '../../model/index.ts'
import { queryForm, removed, xmlForm } from './event-whole.ts'

/**
 * EC2's events name parameters and results after its XML: lists are sets of items, instants numbers (behaviours EC2-80
 * and EC2-81). Refused calls have their parameters too (EC2-82).
 */
export function ec2Event(input: Readonly<Record<string, unknown>>, output: unknown, call: Call): EventNotes {
  const { service, operation, id } = call
  const wrapped = wrappedOperations.test(operation.name)
  const parameters = wrapped
    ? { [`${operation.name}Request`]: queryForm(service, operation.input, input) }
    : legacyParameters(operation.name, input, call)
  if (output === undefined || operation.output === undefined) {
    const done = output === undefined ? null : { requestId: id, _return: true }
    return { requestParameters: parameters, ...(isRead(operation.name) ? {} : { responseElements: done }) }
  }
  if (isRead(operation.name)) return { requestParameters: parameters }
  if (wrapped) {
    const answered = xmlForm(service, operation.output, output)
    const whole = { xmlns: service.xmlNamespace, requestId: id, ...(answered as object) } // an operation's output is a structure
    return { requestParameters: parameters, responseElements: { [`${operation.name}Response`]: whole } }
  }
  const { return: done, ...shaped } = shape(service, operation.output, output) as Record<string, unknown> // the same
  return {
    requestParameters: parameters,
    responseElements: { requestId: id, ...(done === undefined ? {} : { _return: done }), ...shaped },
  }
}

/** Newer operations of EC2, whose events contain the complete request and response (behaviour EC2-84). */
const wrappedOperations =
  /IamInstanceProfile|LaunchTemplate|InstanceMetadataOptions|InstanceCreditSpecification|InstanceTypes?(?:Offerings)?$/

function isRead(name: string): boolean {
  return /^(?:Describe|Get)/.test(name)
}

/** Lists of ids, and their names in the events of older operations: the set, then the name in each item. */
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

/** The oldest operations: their events have omitted lists as empty sets. */
const listsInEvents = new Set(
  ['Images', 'InstanceStatus', 'Instances', 'KeyPairs', 'NetworkInterfaces', 'Regions', 'SecurityGroups']
    .concat('Subnets', 'Tags', 'Volumes', 'Vpcs')
    .map((what) => `Describe${what}`),
)

function emptySets(input: Shape | undefined): Readonly<Record<string, object>> {
  const memberNames = input?.type === 'structure' ? Object.keys(input.members) : []
  const setNames = memberNames.flatMap((name) => sets[name]?.[0] ?? structureSets[name] ?? [])
  return Object.fromEntries(setNames.map((name) => [name, {}]))
}

function legacyParameters(
  name: string,
  input: Readonly<Record<string, unknown>>,
  { service, operation }: Call,
): Readonly<Record<string, unknown>> {
  const { DryRun: _, ...given } = input
  const membersOf = (part: object) => members(service, operation.input ?? '', part)
  if (/^(?:Authorize|Revoke)SecurityGroup/.test(name)) return { ipPermissions: {}, ...membersOf(given) }
  if (listsInEvents.has(name))
    return { ...emptySets(service.shapes[operation.input ?? '']), ...membersOf(given) }
  if (name !== 'RunInstances') return membersOf(given)
  const { ImageId: imageId, MinCount: minCount, MaxCount: maxCount, KeyName: keyName, ...rest } = given
  return {
    instancesSet: { items: [{ imageId, minCount, maxCount, keyName }] },
    blockDeviceMapping: {},
    monitoring: { enabled: false },
    disableApiTermination: false,
    disableApiStop: false,
    ...membersOf(rest),
  }
}

/** Returns a structure's members by their names in XML, lists as sets of items. */
function members(model: ServiceModel, shapeName: string, structure: object): Record<string, unknown> {
  const described = model.shapes[shapeName]
  const memberShapes = described?.type === 'structure' ? described.members : {}
  const written: Record<string, unknown> = shapeName === 'IpPermission' ? { ...noPeers } : {}
  for (const [name, each] of Object.entries(structure)) {
    if (each === undefined) continue
    const set = Object.hasOwn(sets, name) ? sets[name] : undefined
    const target = memberShapes[name]?.shape ?? ''
    if (name === 'UserData') written.userData = removed
    // the only list that is written as a list
    else if (shapeName === 'TagSpecification' && Array.isArray(each))
      written.tags = each.map((tag) => lowered(model, 'Tag', tag))
    else if (set !== undefined && Array.isArray(each))
      written[set[0]] = { items: each.map((text) => ({ [set[1]]: text })) }
    else written[nameOf(name, memberShapes[name]?.locationName)] = lowered(model, target, each)
  }
  return written
}

function lowered(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const described: Shape | undefined = model.shapes[shapeName]
  if (Array.isArray(value)) {
    const member = described?.type === 'list' ? described.member.shape : ''
    return { items: value.map((each) => lowered(model, member, each)) }
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return typeof value === 'object' && value !== null ? members(model, shapeName, value) : value
}

/** Peers of a permission are written even if there are none. */
const noPeers = { groups: {}, ipRanges: {}, ipv6Ranges: {}, prefixListIds: {} }

/** A list in a query has the name of one of its items; the member's own name counts there. */
function nameOf(member: string, inXml: string | undefined): string {
  if (Object.hasOwn(structureSets, member)) return structureSets[member]!
  const ofItem = inXml !== undefined && /^[A-Z]/.test(inXml) && member.endsWith('s')
  return lowerFirst(ofItem ? member : (inXml ?? member))
}

/** The members that events have of a launched instance beyond the answer (behaviour EC2-85). */
const beyondModel: Readonly<Record<string, object>> = {
  InstanceMetadataOptionsResponse: { httpProtocolIpv4: 'enabled' },
  InstanceNetworkInterface: { tagSet: {} },
}

/** Returns a result by the names of its XML elements in the model. */
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
  const written: Record<string, unknown> = { ...beyondModel[name] }
  const values = value as Readonly<Record<string, unknown>> // the output's structure is the model's
  for (const [member, { shape: target, locationName }] of Object.entries(described.members)) {
    const each = shape(model, target, values[member])
    if (each === undefined || each === '') continue
    const name = locationName ?? lowerFirst(member)
    written[name] = name === 'privateIpAddressesSet' ? itemOf(each) : each
  }
  return written
}

/** The only list whose items are under `item` (behaviour EC2-81). */
function itemOf(list: unknown): unknown {
  return typeof list === 'object' && list !== null && 'items' in list ? { item: list.items } : list
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
