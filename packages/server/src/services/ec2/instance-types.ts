import type { Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { type Fields, filteredBy } from './filter.ts'
import { type InstanceType, knownTypes } from './instance-type.ts'
import { pageOf } from './page.ts'

/** What instance types there are. */
export const instanceTypes: Family<Ec2.Operations, 'DescribeInstanceTypes'> = {
  DescribeInstanceTypes: {
    run(input) {
      const asked = input.InstanceTypes ?? []
      const unknown = asked.filter((name) => !knownTypes.some((type) => type.name === name))
      if (unknown.length > 0) {
        throw fault(
          'InvalidInstanceType',
          `The following supplied instance types do not exist: [${unknown.slice(0, 10).join(', ')}]`,
          400,
        )
      }
      const all = asked.length > 0 ? knownTypes.filter((type) => asked.includes(type.name)) : knownTypes
      const found = filteredBy(all, input.Filters, fields)
      const placed = found.map((type, i) => ({ type, id: 'type', createdAt: i }))
      const { page, next } = pageOf(placed, input)
      return { InstanceTypes: page.map(({ type }) => typeOut(type)), NextToken: next }
    },
  },
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
    }, // prettier-ignore
    MemoryInfo: { SizeInMiB: memoryMiB },
    InstanceStorageSupported: false,
    BurstablePerformanceSupported: name.startsWith('t'),
    HibernationSupported: false,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
  }
}

const fields: Fields<InstanceType> = {
  'bare-metal': () => false,
  'burstable-performance-supported': ({ name }) => name.startsWith('t'),
  'current-generation': ({ name }) => !name.startsWith('m1.'),
  'free-tier-eligible': ({ name }) => name === 't2.micro' || name === 't3.micro',
  'instance-type': ({ name }) => name,
  'memory-info.size-in-mib': ({ memoryMiB }) => memoryMiB,
  'processor-info.supported-architecture': ({ arm }) => (arm ? 'arm64' : 'x86_64'),
  'supported-root-device-type': () => 'ebs',
  'supported-usage-class': () => ['on-demand', 'spot'],
  'vcpu-info.default-vcpus': ({ vcpus }) => vcpus,
}
