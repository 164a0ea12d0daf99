/**
 * Three values, because a condition that cannot be evaluated is neither true nor false. NO and YES combine as usual;
 * UNKNOWN wins only if the other operands do not decide (Kleene). An Allow needs YES; a Deny is stopped only by NO.
 */
export const truthNo = 0
export const truthYes = 1
export const truthUnknown = 2
export type Truth = typeof truthNo | typeof truthYes | typeof truthUnknown

export function not(truth: Truth): Truth {
  return truth === truthUnknown ? truthUnknown : truth === truthYes ? truthNo : truthYes
}

export function truthOf(value: boolean): Truth {
  return value ? truthYes : truthNo
}

/**
 * Whether a request's value fits a policy's values. `fitsNeither`: the value is not of the operator's type, so that the
 * operator does not hold, nor does its negation (behaviours POL-204 and POL-208).
 */
export const fitsNeither = 3
export type Fit = Truth | typeof fitsNeither
