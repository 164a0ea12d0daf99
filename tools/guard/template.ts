import {
  accountPart,
  type FixedPart,
  type PackedBlank,
  type PackedPart,
  type PackedPlace,
  type PackedTemplate,
  partitionPart,
  regionPart,
  type TextFunction,
  textFunctions,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { pathOf } from './place.ts'

const fixedParts: Readonly<Record<string, FixedPart>> = {
  Partition: partitionPart,
  Region: regionPart,
  Account: accountPart,
}

/** What is in the braces of a blank: places, a function, a default. */
const blank = /\$\{((?:[^{}|=$]|\{#?\})+)(?:\|(\w+))?(?:=([^{}]*))?\}/g

/**
 * Reads a template.
 * @throws Error where it is none
 */
export function templateOf(written: string): PackedTemplate {
  const optional = written.startsWith('?')
  const text = optional ? written.slice(1) : written
  const matches = [...text.matchAll(blank)]
  const parts: PackedPart[] = []
  let at = 0
  for (const [index, match] of matches.entries()) {
    const [all, places = '', name, fallback] = match
    const literal = literalOf(text.slice(at, match.index), written)
    if (literal !== '') parts.push(literal)
    at = match.index + all.length
    const fixed = fixedParts[places]
    if (fixed !== undefined) {
      if (all !== `\${${places}}` || all === text) throw new Error(`no template: ${written}`)
      parts.push(fixed)
      continue
    }
    const ends = index === matches.length - 1 && /^[/:*]*$/.test(text.slice(at))
    const made = functionNamed(name)
    parts.push({
      from: places.split('>').map(alternativeOf),
      ...(fallback !== undefined && { fallback }),
      ...(made !== undefined && { function: made }),
      ...(ends && { ends }),
      ...(all === text && { alone: true }),
      ...((all === text || /^(?:[^:]*:){5}$/.test(text.slice(0, match.index))) && { anyKind: true }),
    })
  }
  const tail = literalOf(text.slice(at), written)
  const [, service, resource] = /^arn:[^:]+:([\w-]+):[^:]*:(?:\$\{[^}]*\}|[^:])*:([^$]*)/.exec(text) ?? []
  const ofService = service ?? /^arn:[^:]+:([\w-]+):/.exec(text)?.[1]
  return {
    // Without a blank nothing can be absent.
    ...(optional && parts.some((part) => typeof part === 'object') && { optional }),
    parts,
    ...(tail !== '' && { tail }),
    ...(ofService !== undefined && { service: ofService }),
    ...(resource !== undefined && { kind: `${service}:${resource}` }),
    ...(/^arn:[^:]*:[^:]*:\$\{Region\}:/.test(text) && { regional: true }),
    ...(/^arn:[^:]*:[^:]*:\$\{\./.test(text) && { placed: true }),
    ...(/^arn:[^:]*:[^:]*:[^:]*:\$\{(?:\w+>)?Account\}:/.test(text) && { owned: true }),
  }
}

/** The function of that name; undefined if none is named. */
export function functionNamed(name: string | undefined): TextFunction | undefined {
  if (name === undefined || isFunction(name)) return name
  throw new Error(`no function: ${name}`)
}

function isFunction(name: string): name is TextFunction {
  return Object.hasOwn(textFunctions, name)
}

function alternativeOf(places: string): PackedBlank['from'][number] {
  return fixedParts[places] ?? places.split(',').map(placeOf)
}

function placeOf(place: string): PackedPlace {
  if (fixedParts[place] !== undefined) throw new Error(`no place beside others: ${place}`)
  return place.startsWith('/') ? { escaped: pathOf(place.slice(1)) } : pathOf(place)
}

function literalOf(text: string, written: string): string {
  if (/[${}]/.test(text)) throw new Error(`no template: ${written}`)
  return text
}
