import {
  eachStep,
  elementStep,
  keys,
  type Path,
  values,
} from '../../packages/server/src/guard/catalogue/index.ts'

const name = String.raw`[\w-]+`
const whole = new RegExp(String.raw`^(?:\.|\.?${name}(?:\.${name}|\[\]|\{(?:#|${name})?\})*)$`)

/** Whether a text is a place. */
export function isPlace(text: string): boolean {
  return whole.test(text)
}

/**
 * The steps of a place as they are written: names, `[]`, `{}`, `{#}`, `{name}`. Of a place in an element, those within it.
 * @throws Error where the text is no place
 */
export function stepsOf(place: string): readonly string[] {
  if (!isPlace(place)) throw new Error(`no place: ${place}`)
  return place.match(/\[\]|\{[^{}]*\}|[^.[\]{}]+/g) ?? []
}

/** A place in the form that the guard reads. */
export function pathOf(place: string): Path {
  const steps = stepsOf(place).map((step) => {
    if (step === '[]') return eachStep
    if (step === '{}') return values
    if (step === '{#}') return keys
    return step.startsWith('{') ? step.slice(1, -1) : step
  })
  return place.startsWith('.') ? [elementStep, ...steps] : steps
}
