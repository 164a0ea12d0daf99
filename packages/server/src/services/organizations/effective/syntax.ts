import type { Operator, Scalar, Setting } from './document.ts'

/** The syntax of a place in a document. */
export type Syntax =
  | { readonly is: 'fields'; readonly fields: Readonly<Record<string, Syntax>>; readonly others?: Syntax }
  | { readonly is: 'keys'; readonly accepts: (key: string) => boolean; readonly of: (key: string) => Syntax }
  | {
      readonly is: 'value'
      readonly list: boolean
      readonly fits: Fits
      readonly operators: readonly Operator[]
    }
  | { readonly is: 'anything' }

type Fits = (value: Scalar) => boolean

/** Whatever the guides leave open. */
export const anything: Syntax = { is: 'anything' }

/** A container of known keys; others are refused, unless `others` says what they hold. */
export function fields(of: Readonly<Record<string, Syntax>>, others?: Syntax): Syntax {
  return { is: 'fields', fields: of, ...(others && { others }) }
}

/** A container of keys that a policy chooses. */
export function keys(
  of: Syntax | ((key: string) => Syntax),
  accepts: (key: string) => boolean = () => true,
): Syntax {
  return { is: 'keys', accepts, of: typeof of === 'function' ? of : () => of }
}

/** A setting with one value, which can only be assigned. */
export function text(fits: (text: string) => boolean = () => true): Syntax {
  return { is: 'value', list: false, fits: ofText(fits), operators: ['@@assign'] }
}

/** A setting with a list of texts. */
export function texts(fits: (text: string) => boolean = () => true): Syntax {
  return scalars(ofText(fits))
}

/** A setting with a list of values of any kind. */
export function scalars(fits: Fits): Syntax {
  return { is: 'value', list: true, fits, operators: ['@@assign', '@@append', '@@remove'] }
}

/** Returns whether a place of a document follows the syntax. Only a setting has operators (behaviour ORG-121). */
export function follows(setting: Setting, syntax: Syntax): boolean {
  switch (syntax.is) {
    case 'anything':
      return true
    case 'value':
      return setting.children.size === 0 && hasValues(setting, syntax)
    case 'fields':
      return everyChild(setting, (key) =>
        Object.hasOwn(syntax.fields, key) ? syntax.fields[key] : syntax.others,
      )
    case 'keys':
      return everyChild(setting, (_key, { name }) => (syntax.accepts(name) ? syntax.of(name) : undefined))
  }
}

function everyChild(
  { values, children }: Setting,
  syntaxOf: (key: string, child: Setting) => Syntax | undefined,
): boolean {
  if (values.size > 0) return false
  for (const [key, child] of children) {
    const syntax = syntaxOf(key, child)
    if (syntax === undefined || !follows(child, syntax)) return false
  }
  return true
}

function hasValues(
  { values }: Setting,
  { list, fits, operators }: Syntax & { readonly is: 'value' },
): boolean {
  for (const [operator, value] of values) {
    if (!operators.includes(operator) || isList(value) !== list) return false
    if (!(isList(value) ? value.every(fits) : fits(value))) return false
  }
  return true
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value)
}

function ofText(fits: (text: string) => boolean): Fits {
  return (value) => typeof value === 'string' && fits(value)
}
