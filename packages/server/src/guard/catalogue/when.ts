import { type Input, partsWithin } from './input.ts'
import type { PackedCondition } from './packed.ts'

/** Returns whether all conditions of a need hold. */
export function holds(when: readonly PackedCondition[] | undefined, input: Input, element: unknown): boolean {
  return when === undefined || when.every((one) => holdsOne(one, input, element))
}

function holdsOne([test, at, text = '']: PackedCondition, input: Input, element: unknown): boolean {
  const found = partsWithin(input, element, at)
  switch (test) {
    case 'present':
      return found.length > 0
    case 'absent':
      return found.length === 0
    case 'equals':
      return found.includes(text)
    case 'differs':
      return !found.includes(text)
    case 'begins':
      return found.some(
        (one) => typeof one === 'string' && one.trimStart().toUpperCase().startsWith(text.toUpperCase()),
      )
    case 'contains':
      return found.some((one) => typeof one === 'string' && one.includes(text))
    case 'lacks':
      return !found.some((one) => typeof one === 'string' && one.includes(text))
  }
}
