import type { OmittedOperation, OperationModel, ServiceModel } from '../../model/index.ts'
import { decodePercent } from '../text.ts'

/** What a method and path lead to. */
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
  /** A literal segment, or a label; a greedy label takes all that is left. */
  readonly segments: readonly (string | { readonly label: string; readonly greedy: boolean })[]
  /** Parameters that the query string must carry as they stand here: some operations share a path. */
  readonly query: readonly string[]
  readonly target: OperationModel | string
}

/** Compiles the paths of a REST service; the more literal a template, the sooner it is tried. */
export function pathMatcher(
  service: ServiceModel,
): (method: string, path: string, rawQuery: string) => PathMatch | undefined {
  const templates = [
    ...Object.values(service.operations).map((operation) => templateOf(operation.http, operation)),
    ...Object.entries(service.omitted).map(([name, omitted]) => templateOf(omitted, name)),
  ].sort(byLiterals)
  return (method, path, rawQuery) => {
    const segments = split(path)
    const given = rawQuery.split('&')
    for (const template of templates) {
      if (template.method !== method || !template.query.every((pair) => given.includes(pair))) continue
      const labels = matchSegments(template, segments)
      if (!labels) continue
      if (typeof template.target === 'string') return { kind: 'omitted', name: template.target }
      return decodeLabels(template.target, labels)
    }
    return undefined
  }
}

function templateOf(http: OmittedOperation, target: OperationModel | string): Template {
  const [path = '', query] = (http.uri ?? '/').split('?', 2)
  const segments = split(path).map((segment) => {
    const label = /^\{(\w+)(\+?)\}$/.exec(segment)
    return label ? { label: label[1]!, greedy: label[2] === '+' } : segment
  })
  return { method: http.method ?? 'POST', segments, query: query ? query.split('&') : [], target }
}

/** Leading and trailing slashes say nothing: AWS's models write some paths with and clients without one. */
function split(path: string): readonly string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '')
  return trimmed === '' ? [] : trimmed.split('/')
}

function byLiterals(a: Template, b: Template): number {
  const literals = ({ segments, query }: Template): number =>
    segments.filter((segment) => typeof segment === 'string').length + query.length
  return literals(b) - literals(a)
}

function matchSegments(template: Template, segments: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  for (let i = 0; i < template.segments.length; i++) {
    const expected = template.segments[i]!
    const given = segments[i]
    if (given === undefined) return undefined
    if (typeof expected === 'string') {
      if (expected !== given) return undefined
    } else if (expected.greedy) {
      labels[expected.label] = segments.slice(i).join('/')
      return labels
    } else if (given === '') return undefined
    else labels[expected.label] = given
  }
  return segments.length === template.segments.length ? labels : undefined
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
