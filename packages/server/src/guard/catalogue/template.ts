import { lastPiece, parseArn } from '../../base/index.ts'
import { textFunctions } from './functions.ts'
import { type Input, placeText, textsAt, textsWithin, Unreadable } from './input.ts'
import {
  accountPart,
  type FixedPart,
  type PackedBlank,
  type PackedPlace,
  type PackedTemplate,
  partitionPart,
  regionPart,
} from './packed.ts'
import type { Place } from './place.ts'
import { arnReadings, fits, hasPieces, readingsOf } from './readings.ts'

/** The ARNs that a template makes of an input. */
export interface Made {
  readonly arns: readonly string[]
  /** Whether a place was empty and became `*`. */
  readonly open: boolean
  /** ARNs that came whole. */
  readonly whole: ReadonlyMap<string, Whole>
}

/** An ARN given at the place of a name. */
export interface Whole {
  /** Its other readings. */
  readonly others: readonly string[]
  /** Whether it has the template's pieces. */
  readonly formed: boolean
}

/** The most resources of one call. */
const mostArns = 2_000

/**
 * Fills a template. An ARN of the service at the end of the template is taken whole (behaviour GRD-12). Undefined if
 * nothing is given for a blank of an optional template. @throws Unreadable if the template is one blank alone and the
 * text there is not an ARN
 */
export function fillTemplate(
  template: PackedTemplate,
  input: Input,
  element: unknown,
  where: Place,
): Made | undefined {
  const { parts, tail = '', service, kind = '' } = template
  let made: readonly string[] = ['']
  const whole = new Map<string, Whole>()
  let open = false
  for (const part of parts) {
    if (typeof part !== 'object') {
      const text = typeof part === 'string' ? part : fixedText(part, where)
      made = made.length === 1 ? [made[0] + text] : made.map((start) => start + text)
      continue
    }
    const { texts, fixed } = textsOf(part, input, element, where)
    const results = resultsOf(part, texts, service, where)
    // A text in which a function finds nothing counts as absent.
    if (results.length === 0 && template.optional) return undefined
    if (results.length === 0) open = true
    const names: string[] = results.length === 0 ? ['*'] : []
    for (const one of results) {
      if (part.ends && !fixed && part.function !== 'raw' && isOwnArn(one, service))
        whole.set(
          one,
          part.anyKind ? { others: arnReadings(one), formed: true } : wholeOf(one, made, kind, tail),
        )
      else if (part.alone) throw new Unreadable(`${placesText(part)} is no ARN`)
      else if (part.function === undefined && !fixed)
        names.push(...readingsOf(lastOfArn(one), part.anyKind ? kindOf(kind, one) : kind))
      else names.push(one)
    }
    made = begun(made, names)
    if (made.length + whole.size > mostArns) throw new Unreadable(`More than ${mostArns} resources`)
  }
  if (made.length === 1 && whole.size === 0) return { arns: [made[0] + tail], open, whole }
  return { arns: [...new Set([...whole.keys(), ...made.map((start) => start + tail)])], open, whole }
}

/**
 * The readings of an ARN at the place of a name. An ARN in the template's form that agrees with the rest of the input
 * has no other; any other ARN may also mean the resource of its last piece (behaviour GRD-51).
 */
function wholeOf(text: string, starts: readonly string[], kind: string, tail: string): Whole {
  const { resource } = parseArn(text)! // callers looked
  const forms = starts.map((start) => parseArn(`${start}*${tail}`)?.resource ?? '')
  if (forms.some((form) => fits(resource, form, kind))) return { others: [], formed: true }
  const name = lastPiece(resource)
  return {
    others: starts.map((start) => `${start}${name}${tail}`),
    formed: forms.some((form) => hasPieces(resource, form)),
  }
}

/** The kind in a name itself: `alias/a` of `kms:`. */
function kindOf(service: string, name: string): string {
  return service + (/^[^/:]*[/:]/.exec(name)?.[0] ?? '')
}

/** The results of a blank's function over the texts there; nearly always one of one. */
function resultsOf(
  { function: name, ends }: PackedBlank,
  texts: readonly string[],
  service: string | undefined,
  where: Place,
): readonly string[] {
  if (name === undefined) return texts
  const apply = textFunctions[name]
  // An ARN of the service is taken whole if a name of several pieces would be shortened.
  const takesWhole = name === 'last' && ends === true
  const resultOf = (one: string) => (takesWhole && isOwnArn(one, service) ? [one] : apply(one, where))
  return texts.length === 1 ? resultOf(texts[0]!) : texts.flatMap(resultOf)
}

/** Every beginning with every name behind it. */
function begun(starts: readonly string[], names: readonly string[]): readonly string[] {
  const longer: string[] = []
  for (const start of starts) for (const name of names) longer.push(start + name)
  return longer
}

/** The texts at the places of a blank; fixed ones are the server's own. */
function textsOf(
  { from, fallback }: PackedBlank,
  input: Input,
  element: unknown,
  where: Place,
): { readonly texts: readonly string[]; readonly fixed: boolean } {
  for (const places of from) {
    if (typeof places === 'number') return { texts: [fixedText(places, where)], fixed: true }
    const textsOfPlace = (place: PackedPlace) =>
      'escaped' in place
        ? textsAt(input, place.escaped).map(encodeURIComponent)
        : textsWithin(input, element, place)
    const texts = places.length === 1 ? textsOfPlace(places[0]!) : places.flatMap(textsOfPlace)
    // many readers put a default in the place of an empty text
    const given = texts.includes('') ? texts.filter((text) => text !== '') : texts
    if (given.length > 0) return { texts: given, fixed: false }
  }
  return { texts: fallback === undefined ? [] : [fallback], fixed: fallback !== undefined }
}

function fixedText(part: FixedPart, { account, region, partition }: Place): string {
  switch (part) {
    case partitionPart:
      return partition
    case regionPart:
      return region
    case accountPart:
      return account
  }
}

function placesText({ from }: PackedBlank): string {
  const places = from.flatMap((each) => (typeof each === 'number' ? [] : each))
  return places.map((place) => placeText('escaped' in place ? place.escaped : place)).join(' or ')
}

/** Returns whether a text is an ARN of that service, or any ARN if no service is named. */
function isOwnArn(text: string, service: string | undefined): boolean {
  const arn = parseArn(text)
  return arn !== undefined && (service === undefined || service === arn.service)
}

/** An ARN at the place of a name: its last part is the name. */
function lastOfArn(text: string): string {
  const resource = parseArn(text)?.resource
  return resource === undefined ? text : lastPiece(resource)
}
