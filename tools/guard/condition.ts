import type { PackedCondition } from '../../packages/server/src/guard/catalogue/index.ts'
import { pathOf } from './place.ts'

const tests = { '=': 'equals', '!=': 'differs', '^=': 'begins', '~': 'contains' } as const

/**
 * Reads the conditions of a need.
 * @throws Error where one of them is none
 */
export function conditionsOf(when: string): readonly PackedCondition[] {
  return when.split(' & ').map(conditionOf)
}

function conditionOf(text: string): PackedCondition {
  const [, not, place = '', sign, value = ''] = /^(!?)([^=!^~]+)(?:(!=|\^=|=|~)(.+))?$/s.exec(text) ?? []
  const at = pathOf(place)
  if (sign === undefined) return [not === '!' ? 'absent' : 'present', at]
  const test = tests[sign as keyof typeof tests] // one of those that the expression takes
  if (not !== '!') return [test, at, value]
  if (test !== 'contains') throw new Error(`no condition: ${text}`)
  return ['lacks', at, value]
}
