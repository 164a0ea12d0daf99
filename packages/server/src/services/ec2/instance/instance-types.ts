import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes } from '../described.ts'
import { invalidParameter } from '../faults.ts'
import { findType, type InstanceType, isBurstable, knownTypes } from '../image/instance-type.ts'
import { zonesOf } from '../network/regions.ts'
import { filters } from '../shown-filters.ts'
import { getInstances, instancesHere } from './instance.ts'

/** Instance types, their offerings, and the credits of their instances. */
export const instanceTypes = family<Ec2.Operations>()({
  DescribeInstanceTypes: describes(
    (asked: readonly string[] = []) => {
      const unknown = asked.filter((name) => findType(name) === undefined)
      if (unknown.length > 0) {
        throw fault(
          'InvalidInstanceType',
          `The following supplied instance types do not exist: [${unknown.slice(0, 10).join(', ')}]`,
          400,
        )
      }
      const namedTypes = [...new Set(asked)].map((name) => findType(name)!) // every one exists
      return inOrder(namedTypes.length > 0 ? namedTypes : knownTypes)
    },
    {
      ids: 'InstanceTypes',
      untagged: true,
      list: 'InstanceTypes',
      show: () => typeOut,
      filters: filters.DescribeInstanceTypes,
    },
  ),
  DescribeInstanceTypeOfferings: describes(
    (_, call, { LocationType: kind = 'region' }: { readonly LocationType?: Ec2.LocationType | undefined }) =>
      inOrder(
        knownTypes.flatMap(({ name }) =>
          locationsOf(kind, call).map((location) => ({
            InstanceType: name,
            LocationType: kind,
            Location: location,
          })),
        ),
      ),
    {
      ids: 'noIds',
      untagged: true,
      list: 'InstanceTypeOfferings',
      show:
        () =>
        ({ InstanceType, LocationType, Location }) => ({ InstanceType, LocationType, Location }),
      filters: filters.DescribeInstanceTypeOfferings,
    },
  ),
  DescribeInstanceCreditSpecifications: describes(
    (ids = [], call) => {
      const all = ids.length > 0 ? getInstances(ids, call) : instancesHere(call)
      const fixed = ids.length > 0 ? all.filter(({ type }) => !isBurstable(type)) : []
      if (fixed.length > 0)
        throw invalidParameter(
          `The following instance(s) do not support CPU credits: ${fixed.map(({ id }) => id).join(', ')}`,
        )
      return all.filter(({ type, state }) => isBurstable(type) && state !== 'terminated')
    },
    {
      ids: 'InstanceIds',
      idsInRefusal: 'instancesSet',
      untagged: true,
      list: 'InstanceCreditSpecifications',
      show:
        () =>
        ({ id, type }) => ({ InstanceId: id, CpuCredits: type.startsWith('t2.') ? 'standard' : 'unlimited' }),
      filters: filters.DescribeInstanceCreditSpecifications,
    },
  ),
})

function locationsOf(kind: Ec2.LocationType, call: Call): readonly string[] {
  if (kind === 'region') return [call.region]
  if (kind === 'outpost') return []
  return zonesOf(call.region).map(({ name, id }) => (kind === 'availability-zone' ? name : id))
}

function typeOut({ name, vcpus, memoryMiB, arm }: InstanceType): Ec2.InstanceTypeInfo {
  const old = name.startsWith('t2.') || name.startsWith('m1.')
  return {
    InstanceType: name,
    CurrentGeneration: !name.startsWith('m1.'),
    FreeTierEligible: name === 't2.micro' || name === 't3.micro',
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: false,
    Hypervisor: old ? 'xen' : 'nitro',
    ProcessorInfo: { SupportedArchitectures: [arm ? 'arm64' : 'x86_64'] },
    VCpuInfo: {
      DefaultVCpus: vcpus,
      DefaultCores: arm || vcpus === 1 ? vcpus : vcpus / 2,
      DefaultThreadsPerCore: arm || vcpus === 1 ? 1 : 2,
    },
    MemoryInfo: { SizeInMiB: memoryMiB },
    InstanceStorageSupported: false,
    BurstablePerformanceSupported: isBurstable(name),
    HibernationSupported: false,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
  }
}

/** Places records without an instant in the order of the list. */
function inOrder<T extends object>(all: readonly T[]) {
  return all.map((each, i) => ({ ...each, id: 'type', createdAt: i }))
}
