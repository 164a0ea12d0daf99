import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Instance } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { invalidParameter } from '../faults.ts'
import { type Fields, filteredBy } from '../filter.ts'
import { findType, type InstanceType, isBurstable, knownTypes } from '../image/instance-type.ts'
import { zonesOf } from '../network/regions.ts'
import { checkNoIdsWithPage, pageOf } from '../page.ts'
import { getInstances, instancesHere } from './instance.ts'

/** Instance types, their offerings, and the credits of their instances. */
export const instanceTypes = family<Ec2.Operations>()({
  DescribeInstanceTypes: {
    run(input) {
      const asked = input.InstanceTypes ?? []
      const unknown = asked.filter((name) => findType(name) === undefined)
      if (unknown.length > 0) {
        throw fault(
          'InvalidInstanceType',
          `The following supplied instance types do not exist: [${unknown.slice(0, 10).join(', ')}]`,
          400,
        )
      }
      const named = [...new Set(asked)].map((name) => findType(name)!) // every one was found
      const all = named.length > 0 ? named : knownTypes
      const found = filteredBy(all, input.Filters, fields)
      const placed = found.map((type, i) => ({ type, id: 'type', createdAt: i }))
      const { page, next } = pageOf(placed, input)
      return { InstanceTypes: page.map(({ type }) => typeOut(type)), NextToken: next }
    },
  },
  DescribeInstanceTypeOfferings: {
    run(input, call) {
      const kind = input.LocationType ?? 'region'
      const offered = knownTypes.flatMap(({ name }) =>
        locationsOf(kind, call).map((location) => ({ name, kind, location })),
      )
      const placed = filteredBy(offered, input.Filters, offeringFields).map((each, i) => ({
        ...each,
        id: 'offering',
        createdAt: i,
      }))
      const { page, next } = pageOf(placed, input)
      const offerings = page.map((each) => ({
        InstanceType: each.name,
        LocationType: each.kind,
        Location: each.location,
      }))
      return { InstanceTypeOfferings: offerings, NextToken: next }
    },
  },
  DescribeInstanceCreditSpecifications: {
    run(input, call) {
      checkNoIdsWithPage(input.InstanceIds, input.MaxResults, 'instancesSet')
      const named = (input.InstanceIds?.length ?? 0) > 0
      const all = named ? getInstances(input.InstanceIds ?? [], call) : instancesHere(call)
      const fixed = named ? all.filter(({ type }) => !isBurstable(type)) : []
      if (fixed.length > 0) {
        const ids = fixed.map(({ id }) => id).join(', ')
        throw invalidParameter(`The following instance(s) do not support CPU credits: ${ids}`)
      }
      const burstable = all.filter(({ type, state }) => isBurstable(type) && state !== 'terminated')
      const { page, next } = pageOf(filteredBy(burstable, input.Filters, creditFields), input)
      return {
        InstanceCreditSpecifications: page.map(({ id, type }) => ({
          InstanceId: id,
          CpuCredits: type.startsWith('t2.') ? 'standard' : 'unlimited',
        })),
        NextToken: next,
      }
    },
  },
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

const offeringFields: Fields<{ readonly name: string; readonly location: string }> = {
  'instance-type': ({ name }) => name,
  location: ({ location }) => location,
}

const creditFields: Fields<Instance> = { 'instance-id': ({ id }) => id }

const fields: Fields<InstanceType> = {
  'bare-metal': () => false,
  'burstable-performance-supported': ({ name }) => isBurstable(name),
  'current-generation': ({ name }) => !name.startsWith('m1.'),
  'free-tier-eligible': ({ name }) => name === 't2.micro' || name === 't3.micro',
  'instance-type': ({ name }) => name,
  'memory-info.size-in-mib': ({ memoryMiB }) => memoryMiB,
  'processor-info.supported-architecture': ({ arm }) => (arm ? 'arm64' : 'x86_64'),
  'supported-root-device-type': () => 'ebs',
  'supported-usage-class': () => ['on-demand', 'spot'],
  'vcpu-info.default-vcpus': ({ vcpus }) => vcpus,
}
