import {
  type ConditionEntry,
  type Finding,
  type Operator,
  parseOperator,
  type SetOperator,
  type Statement,
  type ValueType,
} from '@omen-iam/policy'
import { prefixOf, serviceInfo } from './catalogue/index.ts'

/** The types of operators that match the type of a service's key, by AWS's word for it; the best one first. */
const fitting: Readonly<Record<string, readonly ValueType[] | undefined>> = {
  Bool: ['Bool'],
  Numeric: ['Numeric'],
  Date: ['Date'],
  IPAddress: ['IpAddress'],
  // A text may have the form of any type except an address.
  String: ['String', 'Arn', 'Numeric', 'Bool', 'Date', 'Binary'],
  ARN: ['Arn', 'String'],
}

/** Finds operators and set operators that do not match a service's key (behaviour RSN-2). */
export function keyTypeFindings({ index, condition }: Statement): readonly Finding[] {
  return condition.flatMap((entry): Finding[] => {
    const type = typeOf(entry.key)
    const { set, operator } = parseOperator(entry.operator)
    const fault =
      type === undefined || operator === undefined ? undefined : faultOf(entry, type, set, operator)
    if (fault === undefined) return []
    return [
      { ...fault, path: ['Statement', index, 'Condition', entry.operator, entry.key], span: entry.span },
    ]
  })
}

function faultOf(
  { key }: ConditionEntry,
  type: string,
  set: SetOperator | undefined,
  operator: Operator,
): Pick<Finding, 'class' | 'code' | 'message'> | undefined {
  const many = type.startsWith('ArrayOf')
  const types = fitting[many ? type.slice('ArrayOf'.length) : type]
  if (types?.includes(operator.type) === false) {
    const message = `Use the operator type ${types[0]} instead of operator ${operator.name} for the condition key ${key}.`
    return { class: 'warning', code: 'TYPE_MISMATCH', message }
  }
  // the policy package knows which keys hold lists (behaviour POL-200)
  if (many || set !== 'ForAllValues') return undefined
  const message = `Using ForAllValues qualifier with the single-valued condition key ${key} can be overly permissive. We recommend that you remove ForAllValues:.`
  return { class: 'securityWarning', code: 'FORALLVALUES_WITH_SINGLE_VALUED_KEY', message }
}

/** Returns the type of a service's own condition key, or of each of its values; undefined for unknown keys. */
export function valueTypeOf(key: string): ValueType | undefined {
  const type = typeOf(key)?.replace('ArrayOf', '')
  return type === undefined ? undefined : (valueTypes[type] ?? 'String')
}

const valueTypes: Readonly<Record<string, ValueType | undefined>> = {
  Bool: 'Bool',
  Numeric: 'Numeric',
  Date: 'Date',
  IPAddress: 'IpAddress',
  ARN: 'Arn',
}

/**
 * Returns the type of a service's own key if its name is complete. The policy package knows the keys of every service.
 */
function typeOf(key: string): string | undefined {
  const lowered = key.toLowerCase()
  return serviceInfo(prefixOf(key))?.conditionKeys.find((known) => known.key.toLowerCase() === lowered)?.type
}
