import type { OneOrMany } from '../case.ts'

/** Three answers: what cannot be evaluated is not "no". */
export type Answer = 'yes' | 'no' | 'unknown'

export function yesIf(condition: boolean): Answer {
  return condition ? 'yes' : 'no'
}

export function not(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown'
}

export function and(answers: readonly Answer[]): Answer {
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes'
}

export function or(answers: readonly Answer[]): Answer {
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
}

export function list<T>(value: OneOrMany<T>): readonly T[] {
  // Array.isArray does not narrow a readonly array out of a union, hence the two casts.
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
