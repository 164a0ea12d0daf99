import { ownTexts, perText } from '../../base/index.ts'
import { type Input, partsAt } from './input.ts'

const test = /^(!?)([^=!^~]+)(?:(!=|\^=|=|~)(.*))?$/

/** Whether what a need depends on holds: `Place`, `!Place`, `Place=a`, `Place!=a`, `Place^=begins`, `Place~holds`, joined by ` & `. */
export function holds(when: string | undefined, input: Input, element: unknown): boolean {
  return when === undefined || conditionsOf(when).every((one) => holdsOne(one, input, element))
}

const conditionsOf = perText(
  (when) =>
    when.split(' & ').map((text) => {
      const [, not, place = '', sign, value = ''] = test.exec(text) ?? []
      return { not, place, sign, value }
    }),
  ownTexts,
)

type Condition = ReturnType<typeof conditionsOf>[number]

function holdsOne({ not, place, sign, value }: Condition, input: Input, element: unknown): boolean {
  const found = place.startsWith('.') ? partsAt(element, place.slice(1)) : partsAt(input, place)
  switch (sign) {
    case '=':
      return found.includes(value)
    case '!=':
      return !found.includes(value)
    case '^=':
      return found.some(
        (one) => typeof one === 'string' && one.trimStart().toUpperCase().startsWith(value.toUpperCase()),
      )
    case '~':
      return found.some((one) => typeof one === 'string' && one.includes(value)) !== (not === '!')
    default:
      return found.length > 0 !== (not === '!')
  }
}
