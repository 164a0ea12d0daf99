/**
 * Three values, because a condition that cannot be evaluated is neither true nor false. NO and YES combine as usual;
 * UNKNOWN wins only if the other operands do not decide (Kleene). An Allow needs YES; a Deny is stopped only by NO.
 */
export const NO = 0
export const YES = 1
export const UNKNOWN = 2
export type Truth = typeof NO | typeof YES | typeof UNKNOWN

export function not(truth: Truth): Truth {
  return truth === UNKNOWN ? UNKNOWN : truth === YES ? NO : YES
}

export function truthOf(value: boolean): Truth {
  return value ? YES : NO
}
