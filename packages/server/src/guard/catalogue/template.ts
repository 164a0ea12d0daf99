import { ownTexts, parseArn, perText } from '../../base/index.ts'
import { textFunctions } from './functions.ts'
import { type Input, textsAt, Unreadable } from './input.ts'
import type { Place } from './place.ts'
import { arnReadings, fits, hasPieces, lastPiece, readingsOf } from './readings.ts'

/** The ARNs that a template makes of an input. */
export interface Made {
  readonly arns: readonly string[]
  /** Whether a place was empty, and stands as `*`. */
  readonly open: boolean
  /** ARNs that came whole. */
  readonly whole: ReadonlyMap<string, Whole>
}

/** An ARN that came where a template has a name. */
export interface Whole {
  /** What else it may be taken for. */
  readonly others: readonly string[]
  /** Whether it has the template's pieces. */
  readonly formed: boolean
}

/** One call asks about no more resources than this. */
const mostArns = 2_000

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
  const { optional, blanks, tail, service } = templateOf(template)
  let made: readonly string[] = ['']
  const whole = new Map<string, Whole>()
  let open = false
  for (const blank of blanks) {
    const { literal, ends, plain, takesArns } = blank
    const { texts, fixed } = textsOf(blank, input, element, where)
    const results = resultsOf(blank, texts, service, where)
    // What a function finds nothing in is as good as not there.
    if (results.length === 0 && optional) return undefined
    if (results.length === 0) open = true
    const names: string[] = results.length === 0 ? ['*'] : []
    for (const one of results) {
      if (ends && !fixed && takesArns && isOwnArn(one, service))
        whole.set(
          one,
          blank.anyKind ? { others: arnReadings(one), formed: true } : wholeOf(one, made, blank, tail),
        )
      else if (blank.alone) throw new Unreadable(`${blank.places} is no ARN`)
      else if (plain && !fixed)
        names.push(...readingsOf(lastOfArn(one), blank.anyKind ? kindOf(blank.kind, one) : blank.kind))
      else names.push(one)
    }
    made = begun(made, literal, names)
    if (made.length + whole.size > mostArns) throw new Unreadable(`More than ${mostArns} resources`)
  }
  if (made.length === 1 && whole.size === 0) return { arns: [made[0] + tail], open, whole }
  return { arns: [...new Set([...whole.keys(), ...made.map((start) => start + tail)])], open, whole }
}

/**
 * What an ARN may be taken for that stands where a template has a name: nothing else where it has the template's form and
 * agrees with what the input says beside it; else the thing of its last piece (behaviour GRD-51).
 */
function wholeOf(text: string, starts: readonly string[], { literal, kind }: Blank, tail: string): Whole {
  const { resource } = parseArn(text)! // callers looked
  const forms = starts.map((start) => parseArn(`${start}${literal}*${tail}`)?.resource ?? '')
  if (forms.some((form) => fits(resource, form, kind))) return { others: [], formed: true }
  const name = lastPiece(resource)
  return {
    others: starts.map((start) => `${start}${literal}${name}${tail}`),
    formed: forms.some((form) => hasPieces(resource, form)),
  }
}

/** The kind of what a name says itself: `alias/a` of `kms:`. */
function kindOf(service: string, name: string): string {
  return service + (/^[^/:]*[/:]/.exec(name)?.[0] ?? '')
}

/** What a blank's function makes of the texts there; nearly always one of one. */
function resultsOf(
  { apply, takesWhole }: Blank,
  texts: readonly string[],
  service: string | undefined,
  where: Place,
): readonly string[] {
  const resultOf = (one: string) => (takesWhole && isOwnArn(one, service) ? [one] : apply(one, where))
  return texts.length === 1 ? resultOf(texts[0]!) : texts.flatMap(resultOf)
}

/** Every beginning with every name behind it. */
function begun(starts: readonly string[], literal: string, names: readonly string[]): readonly string[] {
  const longer: string[] = []
  for (const start of starts) for (const name of names) longer.push(start + literal + name)
  return longer
}

/** A template, taken apart. */
interface Template {
  readonly optional: boolean
  readonly blanks: readonly Blank[]
  /** What follows the last of them. */
  readonly tail: string
  /** The service whose ARNs it makes; undefined where it names none. */
  readonly service: string | undefined
}

/** One place to fill, and what stands before it. */
interface Blank {
  readonly literal: string
  /** Service and resource as its ARNs begin, up to the first blank of the resource. */
  readonly kind: string
  /** As they are written. */
  readonly places: string
  readonly alternatives: readonly (readonly string[])[]
  readonly fallback: string | undefined
  readonly apply: TextFunction
  /** No function is named: of an ARN, the name in it counts. */
  readonly plain: boolean
  /** It ends the template, but for slashes and colons. */
  readonly ends: boolean
  /** It is the whole template. */
  readonly alone: boolean
  /** Which kind of thing it is, it says itself. */
  readonly anyKind: boolean
  readonly takesArns: boolean
  /** An ARN of the service stands for itself, whatever the function. */
  readonly takesWhole: boolean
}

const placeholder = /\$\{((?:[^{}|=]|\{#?\})+)(?:\|(\w+))?(?:=([^}]*))?\}/g

const templateOf = perText(readTemplate, ownTexts)

function readTemplate(template: string): Template {
  const optional = template.startsWith('?')
  const text = optional ? template.slice(1) : template
  const matches = [...text.matchAll(placeholder)]
  const [, service, resource = ''] =
    /^arn:[^:]+:([\w-]+):[^:]*:(?:\$\{[^}]*\}|[^:])*:([^$]*)/.exec(text) ?? []
  const kind = `${service}:${resource}`
  let at = 0
  const blanks = matches.map((match, index): Blank => {
    const [written, places = '', name, fallback] = match
    const literal = text.slice(at, match.index)
    at = match.index + written.length
    const ends = index === matches.length - 1 && /^[/:*]*$/.test(text.slice(at))
    return {
      literal,
      kind,
      places,
      alternatives: places.split('>').map((alternative) => alternative.split(',')),
      fallback,
      apply: functionNamed(name),
      plain: name === undefined,
      ends,
      alone: written === text,
      anyKind: written === text || /^(?:[^:]*:){5}$/.test(text.slice(0, match.index)),
      takesArns: name !== 'raw',
      takesWhole: name === 'last' && ends,
    }
  })
  return {
    optional,
    blanks,
    tail: text.slice(at),
    service: service ?? /^arn:[^:]+:([\w-]+):/.exec(text)?.[1],
  }
}

/** The texts at a place of the input, or within an element where the place begins with a dot. */
export function textsWithin(input: Input, element: unknown, place: string): readonly string[] {
  if (place === '.') return typeof element === 'string' ? [element] : []
  return place.startsWith('.') ? textsAt(element, place.slice(1)) : textsAt(input, place)
}

type TextFunction = (text: string, where: Place) => readonly string[]

/** The function of that name; none is the text itself. */
export function functionNamed(name: string | undefined): TextFunction {
  if (name === undefined) return itself
  const found = textFunctions[name]
  if (found === undefined) throw new Error(`guard.pack: no function ${name}`)
  return found
}

const itself: TextFunction = (text) => [text]

/** Texts at the places of a blank; fixed ones are the house's own. */
function textsOf(
  { alternatives, fallback }: Blank,
  input: Input,
  element: unknown,
  where: Place,
): { readonly texts: readonly string[]; readonly fixed: boolean } {
  for (const places of alternatives) {
    const fixed = places.length === 1 ? fixedText(places[0]!, where) : undefined
    if (fixed !== undefined) return { texts: [fixed], fixed: true }
    const textsOfPlace = (place: string) =>
      place.startsWith('/')
        ? textsAt(input, place.slice(1)).map(encodeURIComponent)
        : textsWithin(input, element, place)
    const texts = places.length === 1 ? textsOfPlace(places[0]!) : places.flatMap(textsOfPlace)
    // an empty text is as good as none to many, who put what they have by default in its place
    const given = texts.includes('') ? texts.filter((text) => text !== '') : texts
    if (given.length > 0) return { texts: given, fixed: false }
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

/** Whether a text is an ARN of that service, or any at all where none is named. */
function isOwnArn(text: string, service: string | undefined): boolean {
  const arn = parseArn(text)
  return arn !== undefined && (service === undefined || service === arn.service)
}

/** An ARN where a name belongs: its last part is the name. */
function lastOfArn(text: string): string {
  const resource = parseArn(text)?.resource
  if (resource === undefined) return text
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1)
}
