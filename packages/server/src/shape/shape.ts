/** The shape of a value in a JSON or YAML file. Data, so that the same shape checks files and becomes a JSON Schema. */
export type Shape =
  | TextShape
  | { readonly type: 'flag'; readonly description?: string }
  | { readonly type: 'number'; readonly description?: string }
  | { readonly type: 'list'; readonly of: Shape; readonly description?: string }
  | { readonly type: 'map'; readonly of: Shape; readonly keys?: RegExp; readonly description?: string }
  | ObjectShape
  /** A value of the shape, or `null`. */
  | { readonly type: 'orNull'; readonly of: Shape; readonly description?: string }
  | { readonly type: 'either'; readonly shapes: readonly Shape[]; readonly description?: string }
  /** A JSON object of any content. */
  | { readonly type: 'anything'; readonly description?: string }

export interface TextShape {
  readonly type: 'text'
  readonly pattern?: RegExp
  /** The only texts allowed. */
  readonly values?: readonly string[]
  readonly description?: string
}

export interface ObjectShape {
  readonly type: 'object'
  readonly members: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly description?: string
}

/** A text. */
export function text(description?: string, pattern?: RegExp): TextShape {
  return {
    type: 'text',
    ...(description === undefined ? {} : { description }),
    ...(pattern === undefined ? {} : { pattern }),
  }
}

/** One of these texts. */
export function oneOf(values: readonly string[], description?: string): TextShape {
  return { type: 'text', values, ...(description === undefined ? {} : { description }) }
}

/** A list. */
export function list(of: Shape, description?: string): Shape {
  return { type: 'list', of, ...(description === undefined ? {} : { description }) }
}

/** An object whose members have names of the user's choice. */
export function map(of: Shape, description?: string, keys?: RegExp): Shape {
  return {
    type: 'map',
    of,
    ...(description === undefined ? {} : { description }),
    ...(keys === undefined ? {} : { keys }),
  }
}

/** An object with these members. */
export function object(
  members: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
  description?: string,
): ObjectShape {
  return { type: 'object', members, required, ...(description === undefined ? {} : { description }) }
}

/** Any of these shapes; the first whose kind of value fits is the one that is checked. */
export function either(shapes: readonly Shape[], description?: string): Shape {
  return { type: 'either', shapes, ...(description === undefined ? {} : { description }) }
}

/** A value of this shape, or `null`, which says that there is none. */
export function orNull(of: Shape): Shape {
  return { type: 'orNull', of }
}

/** One value, or a list of them. */
export function oneOrMany(of: Shape, description?: string): Shape {
  return either([of, list(of)], description)
}
