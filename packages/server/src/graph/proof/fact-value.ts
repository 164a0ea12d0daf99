import type { FactQuestion } from './fact-option.ts'

/** A member of the resource that wears the target, or of the first thing that is bound. */
export function member({ binding }: Pick<FactQuestion, 'binding'>, name: string): unknown {
  const thing = binding.wearer ?? [...(binding.things?.values() ?? [])][0]
  return thing?.facts[name]
}

/** A value as a text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether a member says that there is something. */
export function isGiven(value: unknown): boolean {
  return value !== false && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}
