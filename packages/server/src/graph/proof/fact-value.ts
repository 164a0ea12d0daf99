import type { FactQuestion } from './fact-option.ts'

/** A member of the resource that runs as the target, or of the first resource that is bound. */
export function member({ binding }: Pick<FactQuestion, 'binding'>, name: string): unknown {
  const resource = binding.workload ?? [...(binding.resources?.values() ?? [])][0]
  return resource?.facts[name]
}

/** A value as a text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether a member says that there is something. */
export function isGiven(value: unknown): boolean {
  return value !== false && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}
