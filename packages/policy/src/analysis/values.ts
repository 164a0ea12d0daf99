import { isBase64 } from '../condition/binary.ts'
import { isBool } from '../condition/bool.ts'
import { parseDate } from '../condition/date.ts'
import { parseAddress } from '../condition/ip.ts'
import { parseNumber } from '../condition/number.ts'
import type { ValueType } from '../condition/operator-names.ts'
import { splitArn } from '../match/arn.ts'

/** Whether a value is possible for a key of a type. */
export function isPossible(type: ValueType, value: string): boolean {
  switch (type) {
    case 'Bool':
      return isBool(value)
    case 'Numeric':
      return parseNumber(value) !== undefined
    case 'Date':
      return parseDate(value) !== undefined
    case 'IpAddress':
      return parseAddress(value) !== undefined
    case 'Arn':
      return isPossibleArn(value)
    case 'Binary':
      return isBase64(value)
    case 'String':
      return true
  }
}

/** Whether a value has the form of AWS's ARNs. */
export function isPossibleArn(value: string): boolean {
  const arn = splitArn(value)
  return (
    arn !== undefined &&
    /^aws(?:-[a-z]+)*$/.test(arn.partition) &&
    /^[a-z0-9-]+$/.test(arn.service) &&
    /^[a-z0-9-]*$/.test(arn.region) &&
    /^(?:\d{12}|aws)?$/.test(arn.account) &&
    arn.resource !== ''
  )
}
