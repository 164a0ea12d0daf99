import { type Fault, fault } from '../../base/index.ts'
import { isResourceId, type Prefix } from './ids.ts'

/** EC2's errors have no shapes in the model: each is a code, a sentence and usually status 400 (behaviour EC2-70). */

export function dryRunFault(): Fault {
  return fault('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
}

/** `Value (x) for parameter p is invalid. …` */
export function invalidValue(parameter: string, value: string, why: string): Fault {
  return fault('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${why}`, 400)
}

export function invalidParameter(message: string): Fault {
  return fault('InvalidParameterValue', message, 400)
}

export function invalidCombination(message: string): Fault {
  return fault('InvalidParameterCombination', message, 400)
}

export function missing(parameter: string): Fault {
  return fault('MissingParameter', `The request must contain the parameter ${parameter}`, 400)
}

/** @throws Fault for an invalid hop limit of instance metadata */
export function checkHops(hops: number): void {
  if (hops < 1 || hops > 64) throw invalidParameter('The hop limit must be an integer from 1 to 64.')
}

/** The name of each kind of resource in faults. */
const kinds = {
  instance: { code: 'InvalidInstanceID', what: 'instance', prefix: 'i' },
  vpc: { code: 'InvalidVpcID', what: 'vpc', prefix: 'vpc' },
  subnet: { code: 'InvalidSubnetID', what: 'subnet', prefix: 'subnet' },
  group: { code: 'InvalidGroup', what: 'security group', prefix: 'sg' },
  rule: { code: 'InvalidSecurityGroupRuleId', what: 'security group rule', prefix: 'sgr' },
  networkInterface: { code: 'InvalidNetworkInterfaceID', what: 'networkInterface', prefix: 'eni' },
  volume: { code: 'InvalidVolume', what: 'volume', prefix: 'vol' },
  image: { code: 'InvalidAMIID', what: 'image id', prefix: 'ami' },
} as const satisfies Readonly<Record<string, { code: string; what: string; prefix: Prefix }>>

export type Kind = keyof typeof kinds

/** Returns the fault for a missing resource or a malformed id: `…NotFound` or `…Malformed`. */
export function notThere(kind: Kind, id: string): Fault {
  const { code, what, prefix } = kinds[kind]
  if (!isResourceId(prefix, id)) return malformed(kind, id)
  switch (kind) {
    case 'instance':
    case 'subnet':
    case 'networkInterface':
    case 'vpc':
      return fault(`${code}.NotFound`, `The ${what} ID '${id}' does not exist`, 400)
    case 'volume':
      return fault(`${code}.NotFound`, `The volume '${id}' does not exist.`, 400)
    case 'image':
      return fault(`${code}.NotFound`, `The image id '[${id}]' does not exist`, 400)
    case 'group':
      return fault(`${code}.NotFound`, `The security group '${id}' does not exist`, 400)
    case 'rule':
      return fault(`${code}.NotFound`, `The security group rule ID '${id}' does not exist`, 400)
  }
}

/** A group that is given by name must be in the default VPC (behaviour EC2-42). */
export function groupNotNamed(name: string, defaultVpcId: string | undefined): Fault {
  const where = defaultVpcId === undefined ? 'default VPC' : `default VPC '${defaultVpcId}'`
  return fault('InvalidGroup.NotFound', `The security group '${name}' does not exist in ${where}`, 400)
}

function malformed(kind: Kind, id: string): Fault {
  const { code, prefix } = kinds[kind]
  switch (kind) {
    case 'instance':
      // unlike the others, without what is expected (behaviour EC2-71)
      return fault(`${code}.Malformed`, `Invalid id: "${id}"`, 400)
    case 'image':
    case 'group':
      return fault(
        kind === 'group' ? 'InvalidGroupId.Malformed' : `${code}.Malformed`,
        `Invalid id: "${id}" (expecting "${prefix}-...")`,
        400,
      )
    case 'vpc':
      return fault('InvalidVpcId.Malformed', `The vpc ID ${id} is malformed`, 400)
    case 'volume':
      return invalidValue('volumeId', id, `Expected: 'vol-...'.`)
    default:
      return fault(`${code}.Malformed`, `Invalid id: "${id}" (expecting "${prefix}-...")`, 400)
  }
}
