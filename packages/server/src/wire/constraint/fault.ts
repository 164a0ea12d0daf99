import { Fault } from '../../base/index.ts'
import type { ServiceModel } from '../../model/index.ts'
import { limits } from '../limits.ts'
import type { Failure } from './check.ts'
import { iamFault } from './iam-fault.ts'
import { organizationsFault } from './organizations-fault.ts'
import { detected, failed } from './sentences.ts'

/** Returns the fault for an input's violations, in the service's words (behaviours WIRE-50 to WIRE-57). */
export function constraintFault(
  service: ServiceModel,
  failures: readonly Failure[],
  operation: string,
): Fault {
  if (service.protocol === 'ec2Query') return ec2Fault(failures[0]!)
  if (service.id === 'iam') return iamFault(failures)
  if (service.id === 'organizations') return organizationsFault(failures, operation)
  const code = service.protocol === 'awsQuery' ? 'ValidationError' : 'ValidationException'
  return new Fault(code, detected(failures.map((each) => failed(each, shown(each), each.constraint))), 400)
}

/** Returns the value and a space, or nothing if it is a secret or a structure. */
function shown({ value, sensitive }: Failure): string {
  if (sensitive) return ''
  if (value === null) return 'null '
  const text = textOf(value)
  if (text === undefined) return ''
  return `'${text.length > limits.valueLength ? `${text.slice(0, limits.valueLength)}...` : text}' `
}

/** Formats values as Java prints them. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  if (Array.isArray(value)) {
    const items = value.slice(0, limits.valueLength).map(textOf)
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`
  }
  return undefined
}

/** EC2 reports only the first violation, in its own words (behaviour WIRE-57). */
function ec2Fault({ path, value, rule, sensitive }: Failure): Fault {
  const name = path.replaceAll('.member', '')
  if (rule.kind === 'required') {
    return new Fault('MissingParameter', `The request must contain the parameter ${upperFirst(name)}`, 400)
  }
  const given = sensitive ? '' : (textOf(value) ?? '').slice(0, limits.valueLength)
  if ((rule.kind === 'max' || rule.kind === 'min') && rule.numeric) {
    const than = rule.kind === 'max' ? `less than ${rule.bound}` : `greater than ${rule.bound}`
    return new Fault(
      'InvalidParameterValue',
      `Value ( ${given} ) for parameter ${name} is invalid. Expecting a value ${than}.`,
      400,
    )
  }
  return new Fault('InvalidParameterValue', `Value (${given}) for parameter ${name} is invalid.`, 400)
}

function upperFirst(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1)
}
