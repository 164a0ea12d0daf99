import type { JsonNode, JsonObject } from '@omen-iam/policy'
import { nearest } from '../base/index.ts'
import type { ObjectShape, Shape, TextShape } from './shape.ts'

/** The problem of a value, and where it is in the file, in UTF-16 units. */
export interface ShapeProblem {
  readonly message: string
  readonly start: number
  readonly end: number
}

/** The most problems reported for one file. */
const problemsMost = 20

/** The problems of a value, in the order of the file, up to a limit. */
export function checkShape(node: JsonNode, shape: Shape): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = []
  check(node, shape, '', problems)
  return problems
}

function check(node: JsonNode, shape: Shape, path: string, problems: ShapeProblem[]): void {
  if (problems.length >= problemsMost) return
  const wrong = (message: string, at: JsonNode = node) =>
    problems.push({ message: path === '' ? message : `${path}: ${message}`, start: at.start, end: at.end })
  if (!fits(node, shape)) {
    wrong(`must be ${describe(shape)}`)
    return
  }
  switch (shape.type) {
    case 'text':
      checkText(node, shape, wrong)
      return
    case 'list':
      if (node.type === 'list')
        for (const [index, item] of node.items.entries()) check(item, shape.of, `${path}[${index}]`, problems)
      return
    case 'map':
      for (const { key, value } of membersOf(node)) {
        if (shape.keys?.test(key.value) === false)
          wrong(`${JSON.stringify(key.value)} is not a valid name here`, key)
        else check(value, shape.of, join(path, key.value), problems)
      }
      return
    case 'object':
      checkMembers(node, shape, path, problems)
      return
    case 'orNull':
      if (!isNull(node)) check(node, shape.of, path, problems)
      return
    case 'either': {
      const fitting = shape.shapes.find((each) => fits(node, each))
      if (fitting !== undefined) check(node, fitting, path, problems)
    }
  }
}

function checkText(node: JsonNode, { values, pattern }: TextShape, wrong: (message: string) => void): void {
  const value = textOf(node)
  if (values !== undefined && !values.includes(value)) {
    wrong(`${JSON.stringify(value)} is not one of ${values.join(', ')}${meant(value, values)}`)
  } else if (pattern?.test(value) === false) wrong(`${JSON.stringify(value)} does not have the right form`)
}

function checkMembers(node: JsonNode, shape: ObjectShape, path: string, problems: ShapeProblem[]): void {
  const seen = new Set<string>()
  for (const { key, value } of membersOf(node)) {
    const member = Object.hasOwn(shape.members, key.value) ? shape.members[key.value] : undefined
    const at = join(path, key.value)
    const wrong = (message: string) => problems.push({ message, start: key.start, end: key.end })
    if (member === undefined) wrong(`${at}: unknown member${meant(key.value, Object.keys(shape.members))}`)
    else if (seen.has(key.value)) wrong(`${at}: given twice`)
    else check(value, member, at, problems)
    seen.add(key.value)
  }
  for (const name of shape.required ?? []) {
    if (seen.has(name)) continue
    problems.push({
      message: `${path === '' ? '' : `${path}: `}${name} is missing`,
      start: node.start,
      end: node.end,
    })
  }
}

function fits(node: JsonNode, shape: Shape): boolean {
  switch (shape.type) {
    case 'text':
      return node.type === 'string' || (node.type === 'scalar' && typeof node.value === 'number')
    case 'flag':
      return node.type === 'scalar' && typeof node.value === 'boolean'
    case 'number':
      return isNumber(node)
    case 'list':
      return node.type === 'list'
    case 'anything':
      return node.type === 'object'
    case 'map':
    case 'object':
      // YAML writes an empty object as nothing
      return node.type === 'object' || isNull(node)
    case 'orNull':
      return isNull(node) || fits(node, shape.of)
    case 'either':
      return shape.shapes.some((each) => fits(node, each))
  }
}

function isNull(node: JsonNode): boolean {
  return node.type === 'scalar' && node.value === null
}

/** Numbers of YAML are read as texts. */
function isNumber(node: JsonNode): boolean {
  if (node.type === 'scalar') return typeof node.value === 'number'
  return node.type === 'string' && /^-?\d+(?:\.\d+)?$/.test(node.value)
}

function describe(shape: Shape): string {
  switch (shape.type) {
    case 'text':
      return 'a text'
    case 'flag':
      return 'true or false'
    case 'number':
      return 'a number'
    case 'list':
      return 'a list'
    case 'orNull':
      return describe(shape.of)
    case 'either':
      return [...new Set(shape.shapes.map(describe))].join(' or ')
    default:
      return 'an object'
  }
}

function membersOf(node: JsonNode): JsonObject['members'] {
  return node.type === 'object' ? node.members : []
}

function textOf(node: JsonNode): string {
  return node.type === 'string' ? node.value : node.type === 'scalar' ? node.raw : ''
}

function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names)
  return near === undefined ? '' : `; did you mean ${near}?`
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
