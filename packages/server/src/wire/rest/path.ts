import {
  type OmittedOperation,
  type OperationModel,
  type ServiceModel,
  structureNamed,
} from '../../model/index.ts'
import { decodePercent } from '../text.ts'

/** The operation of a method and path. */
export type PathMatch =
  | {
      readonly kind: 'operation'
      readonly operation: OperationModel
      readonly labels: Readonly<Record<string, string>>
    }
  | { readonly kind: 'omitted'; readonly name: string }
  /** The path's percent encoding is malformed. */
  | { readonly kind: 'malformed' }

interface Template {
  readonly method: string
  /** A literal segment, or a label; a greedy label takes all remaining segments. */
  readonly segments: readonly (string | { readonly label: string; readonly greedy: boolean })[]
  /** Parameters that the query string must contain exactly, because some operations share a path. */
  readonly query: readonly string[]
  /**
   * Parameters that the input requires. Among operations that share a path, the one with these parameters is chosen.
   */
  readonly required: readonly string[]
  readonly target: OperationModel | string
}

/** Compiles the paths of a REST service. Templates with more literal segments are tried first. */
export function pathMatcher(
  service: ServiceModel,
): (method: string, path: string, rawQuery: string) => PathMatch | undefined {
  const templates = [
    ...Object.values(service.operations).map((operation) =>
      templateOf(operation.http, operation, requiredQuery(service, operation)),
    ),
    ...Object.entries(service.omitted).map(([name, omitted]) => templateOf(omitted, name, [])),
  ].sort((a, b) => weight(b) - weight(a))
  return (method, path, rawQuery) => {
    const segments = split(path)
    const given = rawQuery === '' ? [] : rawQuery.split('&')
    let second: PathMatch | undefined
    for (const template of templates) {
      if (template.method !== method || !template.query.every((pair) => isGiven(given, pair))) continue
      const labels = matchSegments(template, segments)
      if (!labels) continue
      const match: PathMatch =
        typeof template.target === 'string'
          ? { kind: 'omitted', name: template.target }
          : decodeLabels(template.target, labels)
      if (template.required.every((name) => isGiven(given, name))) return match
      // A missing parameter is reported by the constraints, unless another operation matches better.
      second ??= match
    }
    return second
  }
}

function templateOf(
  http: OmittedOperation,
  target: OperationModel | string,
  required: readonly string[],
): Template {
  const [path = '', query] = (http.uri ?? '/').split('?', 2)
  const segments = split(path)
    .filter((segment) => segment !== '')
    .map((segment) => {
      const label = /^\{(\w+)(\+?)\}$/.exec(segment)
      return label ? { label: label[1]!, greedy: label[2] === '+' } : segment
    })
  return { method: http.method ?? 'POST', segments, query: query ? query.split('&') : [], required, target }
}

function requiredQuery(service: ServiceModel, operation: OperationModel): readonly string[] {
  if (operation.input === undefined) return []
  const { members, required = [] } = structureNamed(service, operation.input)
  return required.flatMap((name) => {
    const member = members[name]
    return member?.location === 'querystring' ? [member.locationName ?? name] : []
  })
}

function weight({ segments, query, required }: Template): number {
  const literals = segments.filter((segment) => typeof segment === 'string').length
  return (literals + query.length) * 100 + required.length
}

/** `name=value` exactly; `name` alone matches any value. */
function isGiven(given: readonly string[], parameter: string): boolean {
  if (parameter.includes('=')) return given.includes(parameter)
  return given.some((pair) => pair === parameter || pair.startsWith(`${parameter}=`))
}

function split(path: string): readonly string[] {
  return (path.startsWith('/') ? path.slice(1) : path).split('/')
}

function matchSegments(template: Template, segments: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  const { length } = template.segments
  for (let i = 0; i < length; i++) {
    const expected = template.segments[i]!
    const given = segments[i]
    if (given === undefined || given === '') return undefined
    if (typeof expected === 'string') {
      if (expected !== given) return undefined
    } else if (expected.greedy) {
      labels[expected.label] = segments.slice(i).join('/')
      return labels
    } else labels[expected.label] = given
  }
  // A slash at the end has no meaning: some of AWS's models have one where clients send none.
  const complete = segments.length === length || (segments.length === length + 1 && segments[length] === '')
  return complete ? labels : undefined
}

function decodeLabels(operation: OperationModel, labels: Readonly<Record<string, string>>): PathMatch {
  const decoded: Record<string, string> = {}
  for (const [label, text] of Object.entries(labels)) {
    const value = decodePercent(text)
    if (value === undefined) return { kind: 'malformed' }
    decoded[label] = value
  }
  return { kind: 'operation', operation, labels: decoded }
}
