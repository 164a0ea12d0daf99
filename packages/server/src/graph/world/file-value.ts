import { WorldProblem } from './problem.ts'

/** A value of a file that must be a list. @throws WorldProblem if it is none */
export function listOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new WorldProblem(`${name} is no list.`)
  return value
}

/** A value of a file that must be an object. @throws WorldProblem if it is none */
export function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WorldProblem(`${name} is no object.`)
  return value as Readonly<Record<string, unknown>> // an object that is not a list
}

/** A value of a file if it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
