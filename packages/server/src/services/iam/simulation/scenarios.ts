import { parseArn } from '../../../base/index.ts'
import { invalidInput } from '../faults.ts'

/** The resources that each simulation scenario of EC2 asks for (behaviour SIM-13). */
const scenarios: Readonly<Record<string, readonly string[]>> = {
  'EC2-VPC-InstanceStore': ['instance', 'image', 'security-group', 'network-interface'],
  'EC2-VPC-InstanceStore-Subnet': ['instance', 'image', 'security-group', 'network-interface', 'subnet'],
  'EC2-VPC-EBS': ['instance', 'image', 'security-group', 'network-interface', 'volume'],
  'EC2-VPC-EBS-Subnet': ['instance', 'image', 'security-group', 'network-interface', 'subnet', 'volume'],
}

/** @throws Fault InvalidInput if the scenario is unknown, or lacks a resource */
export function checkScenario(scenario: string | undefined, resources: readonly string[]): void {
  if (scenario === undefined) return
  const wanted = scenarios[scenario]
  if (wanted === undefined) throw invalidInput(`Invalid resource handling option: ${scenario}`)
  const given = new Set(resources.map(ec2Type))
  const missing = wanted.filter((type) => !given.has(type))
  if (missing.length > 0) {
    throw invalidInput(`The resource handling option ${scenario} requires: ${missing.join(', ')}`)
  }
}

function ec2Type(arn: string): string | undefined {
  const parts = parseArn(arn)
  return parts?.service === 'ec2' ? parts.resource.split('/', 1)[0] : undefined
}
