import { type Call, family } from '../../../authorization/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { invalidCombination, invalidParameter, missing } from '../faults.ts'
import { type Vpc, type VpcAttributes, vpcs } from '../records.ts'
import { findHere, getHere, onResource } from '../resource.ts'
import { ensureDefaultNetwork } from './default-network.ts'
import { vpcKeys } from './vpc.ts'

/** Reads and changes single attributes of a VPC (behaviour EC2-46). */
export const vpcAttribute = family<Ec2.Operations>()({
  DescribeVpcAttribute: {
    requests: (input, call) => onVpc(input.VpcId, call),
    run(input, call) {
      const vpc = getHere(call.account.table(vpcs), input.VpcId, 'vpc', call)
      const value = { Value: attributesOf(vpc)[input.Attribute] }
      switch (input.Attribute) {
        case 'enableDnsSupport':
          return { VpcId: vpc.id, EnableDnsSupport: value }
        case 'enableDnsHostnames':
          return { VpcId: vpc.id, EnableDnsHostnames: value }
        case 'enableNetworkAddressUsageMetrics':
          return { VpcId: vpc.id, EnableNetworkAddressUsageMetrics: value }
      }
    },
  },
  ModifyVpcAttribute: {
    requests(input, call) {
      const change = changesIn(input)[0]
      return onVpc(input.VpcId, call, change)
    },
    run(input, call) {
      const [change, ...more] = changesIn(input)
      if (change === undefined) throw missing('attribute')
      if (more.length > 0) throw invalidCombination('Fields for multiple attribute types specified')
      const vpc = getHere(call.account.table(vpcs), input.VpcId, 'vpc', call)
      const attributes = { ...vpc.attributes, [change.name]: change.value }
      const { enableDnsHostnames: names, enableDnsSupport: support } = attributesOf({ ...vpc, attributes })
      if (change.name === 'enableDnsHostnames' && names && !support)
        throw invalidParameter('DNS hostnames cannot be enabled where DNS support is disabled.')
      call.account.table(vpcs).put({ ...vpc, attributes })
      return undefined
    },
  },
})

/** Returns a VPC's attributes: those of a default one give instances names (behaviour EC2-46). */
function attributesOf({ isDefault, attributes }: Vpc): Required<VpcAttributes> {
  return {
    enableDnsSupport: true,
    enableDnsHostnames: isDefault,
    enableNetworkAddressUsageMetrics: false,
    ...attributes,
  }
}

interface Change {
  readonly name: keyof VpcAttributes
  readonly value: boolean
}

function changesIn(input: Ec2.ModifyVpcAttributeRequest): readonly Change[] {
  const values = {
    enableDnsSupport: input.EnableDnsSupport?.Value,
    enableDnsHostnames: input.EnableDnsHostnames?.Value,
    enableNetworkAddressUsageMetrics: input.EnableNetworkAddressUsageMetrics?.Value,
  }
  const names = ['enableDnsSupport', 'enableDnsHostnames', 'enableNetworkAddressUsageMetrics'] as const
  return names.flatMap((name) => {
    const value = values[name]
    return value === undefined ? [] : [{ name, value }]
  })
}

function onVpc(id: string, call: Call, change?: Change) {
  ensureDefaultNetwork(call)
  const vpc = findHere(call.account.table(vpcs), id, call)
  const attribute = change && `${change.name[0]!.toUpperCase()}${change.name.slice(1)}`
  const keys = change && {
    'ec2:Attribute': attribute,
    [`ec2:Attribute/${attribute}`]: String(change.value),
  }
  return [onResource('vpc', id, vpc, call, { ...vpcKeys(vpc), ...keys })]
}
