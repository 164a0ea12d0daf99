import { parseArn } from '../../base/index.ts'
import { textFunctions } from './functions.ts'
import { type Input, textsAt, Unreadable } from './input.ts'
import type { Place } from './place.ts'

/** The ARNs that a template makes of an input. */
export interface Made {
  readonly arns: readonly string[]
  /** Whether a place was empty, and stands as `*`. */
  readonly open: boolean
}

/** One call asks about no more resources than this. */
const mostArns = 2_000

const placeholder = /\$\{((?:[^{}|=]|\{#?\})+)(?:\|(\w+))?(?:=([^}]*))?\}/g

/**
 * Fills a template: `${Place}` with the texts there, `${A,B}` with those of both, `${Place>Account}` with the
 * first that holds something, `${Place|function}` with what a function makes of them, `${Place=text}` with that
 * text where nothing stands there, `${/Place}` as it stands in a path. A text that is an ARN of the service
 * already is taken whole where it ends the template (behaviour GRD-12). Undefined: nothing stands at a place
 * of a template that begins with `?`.
 * @throws Unreadable where the template is one place alone and the text there is no ARN
 */
export function fillTemplate(
  template: string,
  input: Input,
  element: unknown,
  where: Place,
): Made | undefined {
  const optional = template.startsWith('?')
  const text = optional ? template.slice(1) : template
  const parts = placesOf(text)
  let made: readonly string[] = ['']
  const whole: string[] = []
  let open = false
  let at = 0
  for (const [index, match] of parts.entries()) {
    const literal = text.slice(at, match.index)
    at = match.index + match[0].length
    const { texts, fixed } = textsOf(match, input, element, where)
    if (texts.length === 0 && optional) return undefined
    const ends = index === parts.length - 1 && /^[/:*]*$/.test(text.slice(at))
    const apply = functionNamed(match[2])
    const results = texts.flatMap((one) =>
      match[2] === 'last' && ends && isOwnArn(one, text) ? [one] : apply(one, where),
    )
    // What a function finds nothing in is as good as not there.
    if (results.length === 0 && optional) return undefined
    if (results.length === 0) open = true
    const arns = ends && !fixed && match[2] !== 'raw' ? results.filter((one) => isOwnArn(one, text)) : []
    if (match[0] === text && arns.length < results.length) throw new Unreadable(`${match[1]} is no ARN`)
    whole.push(...arns)
    const rest = results.length === 0 ? ['*'] : results.filter((one) => !arns.includes(one))
    const plain = match[2] === undefined && !fixed ? rest.map(lastOfArn) : rest
    made = made.flatMap((start) => plain.map((one) => start + literal + one))
    if (made.length + whole.length > mostArns) throw new Unreadable(`More than ${mostArns} resources`)
  }
  const tail = text.slice(at)
  return { arns: [...new Set([...whole, ...made.map((start) => start + tail)])], open }
}

/** The placeholders of templates, taken apart once: there are no more than guard.pack has. */
const places = new Map<string, readonly RegExpExecArray[]>()

function placesOf(template: string): readonly RegExpExecArray[] {
  let parts = places.get(template)
  if (parts === undefined) {
    parts = [...template.matchAll(placeholder)]
    places.set(template, parts)
  }
  return parts
}

/** The texts at a place of the input, or within an element where the place begins with a dot. */
export function textsWithin(input: Input, element: unknown, place: string): readonly string[] {
  if (place === '.') return typeof element === 'string' ? [element] : []
  return place.startsWith('.') ? textsAt(element, place.slice(1)) : textsAt(input, place)
}

/** The function of that name; none is the text itself. */
export function functionNamed(name: string | undefined): (text: string, where: Place) => readonly string[] {
  if (name === undefined) return (text) => [text]
  const found = textFunctions[name]
  if (found === undefined) throw new Error(`guard.pack: no function ${name}`)
  return found
}

/** Texts at the places of a placeholder; fixed ones are the house's own. */
function textsOf(
  [, alternatives = '', , fallback]: RegExpExecArray,
  input: Input,
  element: unknown,
  where: Place,
): { readonly texts: readonly string[]; readonly fixed: boolean } {
  for (const alternative of alternatives.split('>')) {
    const fixed = fixedText(alternative, where)
    if (fixed !== undefined) return { texts: [fixed], fixed: true }
    const texts = alternative
      .split(',')
      .flatMap((place) =>
        place.startsWith('/')
          ? textsAt(input, place.slice(1)).map(encodeURIComponent)
          : textsWithin(input, element, place),
      )
    if (texts.length > 0) return { texts, fixed: false }
  }
  return { texts: fallback === undefined ? [] : [fallback], fixed: fallback !== undefined }
}

function fixedText(name: string, { account, region, partition }: Place): string | undefined {
  switch (name) {
    case 'Account':
      return account
    case 'Region':
      return region
    case 'Partition':
      return partition
    default:
      return undefined
  }
}

/** Whether a text is an ARN of the service whose ARNs the template makes, or of any where it names none. */
function isOwnArn(text: string, template: string): boolean {
  const arn = parseArn(text)
  if (arn === undefined) return false
  const service = /^arn:[^:]+:([\w-]+):/.exec(template)?.[1]
  return service === undefined || service === arn.service
}

/** An ARN where a name belongs: its last part is the name. */
function lastOfArn(text: string): string {
  const resource = parseArn(text)?.resource
  if (resource === undefined) return text
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1)
}
