import { createHash } from 'node:crypto'
import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { type Instance, instances } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import {
  checkHops,
  groupNotNamed,
  invalidCombination,
  invalidParameter,
  invalidValue,
  missing,
  notThere,
} from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { getImage, type Image } from '../image/image.ts'
import { isArm, isTypeName } from '../image/instance-type.ts'
import { attachInterfaces, SubnetAddresses } from '../instance/attach.ts'
import { instanceOut } from '../instance/instance-view.ts'
import { type Launch, readLaunch } from '../instance/launch.ts'
import { checkVolumes } from '../instance/launch-volume.ts'
import { getProfile, newAssociation, passedBy } from '../instance/profile.ts'
import { forgetTerminated } from '../instance/terminated.ts'
import { wholeSecond } from '../instant.ts'
import { limits } from '../limits.ts'
import { defaultVpcId } from '../network/launch-interface.ts'
import { networkInterfaces, volumes } from '../records.ts'
import { checkTags } from '../tag.ts'
import { getTemplate, getVersion } from '../template.ts'
import { launchRequests } from './launch-requests.ts'

/** RunInstances: many permissions are asked, a role may be passed, and instances exist only as records. */
export const runInstances = family<Ec2.Operations>()({
  RunInstances: {
    requests(input, call) {
      checkSize(input)
      return launchRequests(readLaunch(input, call), call)
    },
    passes: (input, call) => passedBy(readLaunch(input, call).given.IamInstanceProfile, call),
    run(input, call) {
      const repeated = earlierLaunch(input, call)
      if (repeated !== undefined) return reservationOut(repeated, call)
      const launch = readLaunch(input, call)
      checkLaunch(launch, call)
      return reservationOut(launchAll(launch, call), call, 'pending')
    },
    afterwards: async (_input, output, call) =>
      call.deps.instancesStarted?.(
        call.account.id,
        (output.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []),
      ),
    event: (_input, output, call) => ({
      ...(output && { resources: launchedForEvent(output.Instances ?? [], call) }),
    }),
  },
})

/** The most resources of each kind in a request; requests with more are refused before permission is asked. */
function checkSize(input: Ec2.RunInstancesRequest): void {
  if ((input.NetworkInterfaces?.length ?? 0) > limits.interfacesPerInstance)
    throw fault('NetworkInterfaceLimitExceeded', 'The request names too many network interfaces.', 400)
  if ((input.BlockDeviceMappings?.length ?? 0) > limits.volumesPerInstance)
    throw fault('AttachmentLimitExceeded', 'The request names too many block devices.', 400)
  const groups = [
    input.SecurityGroupIds,
    input.SecurityGroups,
    ...(input.NetworkInterfaces ?? []).map((each) => each.Groups),
  ]
  if (groups.some((list) => (list?.length ?? 0) > limits.groupsPerInterface)) {
    throw fault(
      'SecurityGroupsPerInterfaceLimitExceeded',
      `The maximum number of security groups per interface (${limits.groupsPerInterface}) has been reached.`,
      400,
    )
  }
}

/** Returns the instances that an earlier call with the same client token made (behaviour EC2-22). */
function earlierLaunch(input: Ec2.RunInstancesRequest, call: Call): readonly Instance[] | undefined {
  if (input.ClientToken === undefined) return undefined
  const table = call.account.table(instances)
  const first = table.findBy('clientToken', `${call.region}\n${input.ClientToken}`)
  if (first === undefined) return undefined
  if (first.requestHash !== hashOf(input)) {
    throw fault(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
      400,
    )
  }
  const launched = [...table.values()].filter((each) => each.reservationId === first.reservationId)
  if (launched.every((each) => each.state === 'terminated')) {
    throw fault(
      'IdempotentInstanceTerminated',
      'The client token you have provided is associated with an instance that has been terminated. Please use a different client token.',
      400,
    )
  }
  return launched
}

function hashOf(input: Ec2.RunInstancesRequest): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url').slice(0, 22)
}

/** Checks everything that can be wrong with a launch, in the order of EC2's faults (behaviour EC2-23). */
function checkLaunch(launch: Launch, call: Call): void {
  const { own, given } = launch
  if ((own.ClientToken?.length ?? 0) > limits.clientToken)
    throw invalidParameter(`A client token has no more than ${limits.clientToken} characters.`)
  if (launch.templateName !== undefined)
    getVersion(getTemplate(launch.templateName, call), launch.templateName.Version, call)
  if (given.IamInstanceProfile !== undefined) getProfile(given.IamInstanceProfile, call)
  if (own.MinCount < 1) throw invalidValue('minCount', String(own.MinCount), 'Expected a positive integer')
  if (own.MaxCount < own.MinCount) {
    throw invalidParameter(
      `Maximum instance count must not be smaller than minimum instance count. Specify a minimum or maximum value.`,
    )
  }
  if (given.ImageId === undefined) throw missing('ImageId')
  const image = getImage(given.ImageId, call)
  checkType(launch, image)
  if (given.KeyName !== undefined && launch.keyPair === undefined)
    throw fault('InvalidKeyPair.NotFound', `The key pair '${given.KeyName}' does not exist`, 400)
  checkNetwork(launch, call)
  checkVolumes(launch.volumes)
  checkHops(launch.metadata.hopLimit)
  checkUserData(given.UserData)
  checkTags(launch.tags, ['instance', 'volume', 'network-interface', 'spot-instances-request'])
  checkCount(launch, call)
}

function checkType({ type }: Launch, { architecture, unknown }: Image): void {
  if (!isTypeName(type))
    throw fault('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`, 400)
  if (unknown || isArm(type) === (architecture === 'arm64')) return
  throw fault(
    'InvalidParameterValue',
    `The architecture '${isArm(type) ? 'arm64' : 'x86_64'}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
    400,
  )
}

function checkNetwork({ own, interfaces, given }: Launch, call: Call): void {
  if (own.NetworkInterfaces !== undefined) {
    for (const [member, what] of [
      ['SubnetId', 'subnet ID'],
      ['SecurityGroupIds', 'security groups'],
      ['SecurityGroups', 'security groups'],
    ] as const)
      if (own[member] !== undefined)
        throw invalidCombination(
          `Network interfaces and an instance-level ${what} may not be specified on the same request`,
        )
  }
  for (const each of interfaces) {
    if (each.description.length > 255)
      throw invalidParameter('A network interface description has no more than 255 characters.')
    if (each.existingId !== undefined) throw takenOrMissing(each.existingId, call)
    if (each.subnet === undefined) {
      if (each.subnetId !== undefined) throw notThere('subnet', each.subnetId)
      const zone = given.Placement?.AvailabilityZone
      if (zone !== undefined) throw invalidParameter(`Invalid availability zone: [${zone}]`)
      throw fault('VPCIdNotSpecified', 'No default VPC for this user', 400)
    }
    for (const { named, byName, group } of each.groups) {
      if (group === undefined)
        throw byName ? groupNotNamed(named, defaultVpcId(call)) : notThere('group', named)
      if (group.vpcId !== each.subnet.vpcId) {
        throw invalidParameter(
          `Security group ${group.id} and subnet ${each.subnet.id} belong to different networks.`,
        )
      }
    }
  }
}

/** Interfaces exist here only with their instances: a named one is in use or missing. */
function takenOrMissing(id: string, call: Call) {
  return call.account.table(networkInterfaces).find(id)?.region === call.region
    ? fault('InvalidNetworkInterface.InUse', `Interface: [${id}] in use.`, 400)
    : notThere('networkInterface', id)
}

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(userData.replaceAll(/\s+/g, '')))
    throw fault('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.', 400)
  if (Buffer.byteLength(userData, 'base64') > limits.userDataBytes)
    throw invalidParameter(`User data is limited to ${limits.userDataBytes} bytes`)
}

function checkCount({ own, type }: Launch, call: Call): void {
  if (own.MaxCount > limits.instancesPerCall) throw tooMany(own.MaxCount, limits.instancesPerCall, type)
  let living = 0
  for (const each of call.account.table(instances).values())
    if (each.region === call.region && each.state !== 'terminated') living++
  if (living + own.MinCount > limits.instancesPerRegion)
    throw tooMany(own.MinCount, limits.instancesPerRegion, type)
}

function tooMany(asked: number, limit: number, type: string) {
  return fault(
    'InstanceLimitExceeded',
    `You have requested more instances (${asked}) than your current instance limit of ${limit} allows for the specified instance type (${type}). Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
    400,
  )
}

/** Creates the instances. `checkLaunch` has verified that everything exists. */
function launchAll(launch: Launch, call: Call): readonly Instance[] {
  forgetTerminated(call)
  const reservationId = newResourceId('r', call.deps.random)
  const addresses = new SubnetAddresses(call)
  const launched: Instance[] = []
  for (let index = 0; index < launch.own.MaxCount; index++)
    launched.push(launchOne(launch, index, reservationId, addresses, call))
  return launched
}

function launchOne(
  launch: Launch,
  launchIndex: number,
  reservationId: string,
  addresses: SubnetAddresses,
  call: Call,
): Instance {
  const { given, own } = launch
  const id = newResourceId('i', call.deps.random)
  const image = getImage(given.ImageId!, call) // checked to be there
  const interfaces = attachInterfaces(launch, id, addresses, call)
  const primary = interfaces[0]!
  const profile = given.IamInstanceProfile && getProfile(given.IamInstanceProfile, call)
  const instance: Instance = {
    id,
    region: call.region,
    reservationId,
    launchIndex,
    imageId: image.id,
    type: launch.type,
    architecture: image.unknown && isArm(launch.type) ? 'arm64' : image.architecture,
    ...(image.platform === undefined ? {} : { platform: image.platform }),
    state: 'running',
    changedAt: call.now,
    launchedAt: wholeSecond(call.now),
    createdAt: call.now,
    zone: primary.zone,
    zoneId: primary.zoneId,
    tenancy: given.Placement?.Tenancy ?? 'default',
    vpcId: primary.vpcId,
    subnetId: primary.subnetId,
    privateIp: primary.privateIp,
    ...(primary.publicIp === undefined ? {} : { publicIp: primary.publicIp }),
    mac: primary.mac,
    groups: primary.groups,
    interfaceIds: interfaces.map((each) => each.id),
    rootDevice: image.rootDevice,
    volumes: makeVolumes(launch, id, primary, call),
    ...(launch.keyPair && { keyName: launch.keyPair.name, publicKey: launch.keyPair.publicKey }),
    ...(given.UserData === undefined ? {} : { userData: given.UserData }),
    ...(profile === undefined ? {} : { profile: newAssociation(profile, call) }),
    metadata: launch.metadata,
    ebsOptimized: given.EbsOptimized ?? false,
    monitoring: given.Monitoring?.Enabled ?? false,
    disableApiTermination: given.DisableApiTermination ?? false,
    disableApiStop: given.DisableApiStop ?? false,
    shutdownBehavior: given.InstanceInitiatedShutdownBehavior ?? 'stop',
    sourceDestCheck: true,
    spot: given.InstanceMarketOptions?.MarketType === 'spot',
    ...(own.ClientToken === undefined ? {} : { clientToken: own.ClientToken }),
    requestHash: hashOf(own),
    tags: launch.tags.get('instance') ?? [],
  }
  call.account.table(instances).put(instance)
  return instance
}

function makeVolumes(
  launch: Launch,
  instanceId: string,
  { zone, zoneId }: { readonly zone: string; readonly zoneId: string },
  call: Call,
) {
  return launch.volumes.map((volume) => {
    const id = newResourceId('vol', call.deps.random)
    const { device, deleteOnTermination, namedSnapshot: _, ...kept } = volume
    call.account.table(volumes).put({
      ...kept,
      id,
      region: call.region,
      createdAt: call.now,
      tags: launch.tags.get('volume') ?? [],
      zone,
      zoneId,
      attachment: { instanceId, device, deleteOnTermination, at: wholeSecond(call.now) },
    })
    return { device, volumeId: id, deleteOnTermination }
  })
}

/** Returns a reservation: the instances of one launch. */
export function reservationOut(
  made: readonly Instance[],
  call: Call,
  state?: Ec2.InstanceStateName,
): Ec2.Reservation {
  return {
    ReservationId: made[0]?.reservationId,
    OwnerId: call.account.id,
    Groups: [],
    Instances: made.map((instance) => instanceOut(instance, call, state)),
  }
}

/** The event's resources (behaviour EC2-85). */
function launchedForEvent(launched: readonly Ec2.Instance[], { account, region }: Call) {
  return launched.map(({ InstanceId }) => ({
    accountId: account.id,
    type: 'AWS::EC2::Instance',
    ARN: ec2Arn({ region, account }, account.id, 'instance', `${InstanceId}`),
  }))
}
