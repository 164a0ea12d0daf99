import type { Texts } from './constraint.ts'
import type { Shape, ShapeVariable } from './question.ts'

export function variablesOf(shape: Shape): readonly ShapeVariable[] {
  return shape.filter((part) => typeof part === 'object')
}

/** The text of a shape whose variables have texts. */
export function filled(shape: Shape, texts: Texts): string {
  return shape.map((part) => (typeof part === 'string' ? part : (texts.get(part.variable) ?? ''))).join('')
}
