/**
 * Every operator that compares values. `Null` is not one of them: it asks whether a key is present. Set operators and
 * `IfExists` are added to these names.
 */
export const operatorNames = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
] as const

export type OperatorName = (typeof operatorNames)[number]

/** The types of values that operators compare and condition keys hold. */
export type ValueType = 'String' | 'Bool' | 'Numeric' | 'Date' | 'IpAddress' | 'Arn' | 'Binary'
