import type { JsonNode } from '@omen-iam/policy'
import { LimitReached } from '../limits.ts'
import { itemsOf, member, membersOf, oneOrMany, rowOf, textOf } from '../nodes.ts'
import { attributeIn, calledIn } from './evaluator.ts'
import type { TemplateOptions } from './options.ts'
import { refusalOf } from './parameters.ts'
import { sectionLimits } from './stack.ts'

/** The sections of a template. Source: AWS CloudFormation User Guide, template sections; SAM specification. */
const sections: readonly string[] = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
  'Globals',
]

/** Sections whose entries have names that must be unique. */
const named: readonly string[] = ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Resources', 'Outputs']

/**
 * Checks what CloudFormation checks first: sections, names, numbers of entries, types, given values of parameters, and
 * that resources refer to existing ones and not to each other in a circle. @throws LimitReached with the place of the
 * first mistake
 */
export function checkTemplate(root: JsonNode, options: TemplateOptions): void {
  if (root.type !== 'object') throw new LimitReached('The template is no object.', root.start)
  unique(root, 'section')
  for (const { key, value } of root.members) {
    if (!sections.includes(key.value))
      throw new LimitReached(`A template has no section ${key.value}.`, key.start)
    if (named.includes(key.value)) checkSection(key.value, value)
  }
  if (member(root, 'Resources') === undefined)
    throw new LimitReached('The template has no resources.', root.start)
  checkParameters(root, options)
  checkReferences(root)
}

function checkSection(name: string, section: JsonNode): void {
  if (section.type !== 'object') throw new LimitReached(`The section ${name} is no object.`, section.start)
  const most = rowOf(sectionLimits, name)
  if (most !== undefined && section.members.length > most)
    throw new LimitReached(`The section ${name} has more than ${most} entries.`, section.start)
  unique(section, `entry of ${name}`)
  if (name !== 'Resources') return
  if (section.members.length === 0) throw new LimitReached('The template has no resources.', section.start)
  for (const { key, value } of section.members) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(key.value))
      throw new LimitReached(`The logical id ${key.value} is not alphanumeric.`, key.start)
    if (textOf(member(value, 'Type')) === undefined)
      throw new LimitReached(`The resource ${key.value} has no Type.`, key.start)
    unique(value, `attribute of ${key.value}`)
  }
}

/** An entry that is written twice: readers differ in which one counts. */
function unique(node: JsonNode, what: string): void {
  const seen = new Set<string>()
  for (const { key } of membersOf(node)) {
    if (seen.has(key.value)) throw new LimitReached(`The ${what} ${key.value} is there twice.`, key.start)
    seen.add(key.value)
  }
}

function checkParameters(root: JsonNode, { parameters = {} }: TemplateOptions): void {
  const declared = new Map(membersOf(member(root, 'Parameters')).map(({ key, value }) => [key.value, value]))
  for (const [name, value] of Object.entries(parameters)) {
    const declaration = declared.get(name)
    if (declaration === undefined || typeof value !== 'string') continue
    const reason = refusalOf(name, declaration, value)
    if (reason !== undefined) throw new LimitReached(reason, declaration.start)
  }
}

/** Names that resources may refer to, and the resources that each refers to. */
function checkReferences(root: JsonNode): void {
  const resources = membersOf(member(root, 'Resources'))
  const ids = new Set(resources.map(({ key }) => key.value))
  const others = new Set(membersOf(member(root, 'Parameters')).map(({ key }) => key.value))
  const conditions = new Set(membersOf(member(root, 'Conditions')).map(({ key }) => key.value))
  const edges = new Map<string, readonly Reference[]>()
  for (const { key, value } of resources) {
    const found = referencesOf(value)
    for (const { name, kind, place } of found) {
      if (
        kind === 'condition' ? conditions.has(name) : ids.has(name) || (kind === 'name' && isParameter(name))
      )
        continue
      const what = { condition: 'condition', resource: 'resource', name: 'parameter or resource' }[kind]
      throw new LimitReached(
        `${key.value} refers to the ${what} ${name}, which the template does not have.`,
        place.start,
      )
    }
    edges.set(
      key.value,
      found.filter(({ name, kind }) => kind !== 'condition' && ids.has(name)),
    )
  }
  refuseCycles(edges)

  function isParameter(name: string): boolean {
    return others.has(name) || name.startsWith('AWS::')
  }
}

interface Reference {
  readonly name: string
  readonly kind: 'name' | 'resource' | 'condition'
  readonly place: JsonNode
}

function referencesOf(resource: JsonNode): readonly Reference[] {
  const found: Reference[] = []
  const properties = member(resource, 'Properties')
  if (properties !== undefined) collect(properties, found)
  for (const each of oneOrMany(member(resource, 'DependsOn')))
    found.push({ name: textOf(each) ?? '', kind: 'resource', place: each })
  const condition = member(resource, 'Condition')
  if (condition?.type === 'string') found.push({ name: condition.value, kind: 'condition', place: condition })
  return found
}

function collect(node: JsonNode, found: Reference[]): void {
  if (node.type === 'list') for (const item of node.items) collect(item, found)
  if (node.type !== 'object') return
  const called = calledIn(node)
  if (called === undefined) {
    for (const { value } of node.members) collect(value, found)
    return
  }
  const { name, argument } = called
  if (name === 'Ref' && argument.type === 'string')
    found.push({ name: argument.value.split('.')[0] ?? '', kind: 'name', place: argument })
  if (name === 'Fn::GetAtt') {
    const { id } = attributeIn(argument, (each) => textOf(each) ?? '')
    if (id !== '') found.push({ name: id, kind: 'resource', place: argument })
  }
  if (name === 'Fn::If') {
    const [condition] = itemsOf(argument)
    if (condition?.type === 'string')
      found.push({ name: condition.value, kind: 'condition', place: condition })
  }
  if (name === 'Fn::Sub') {
    const [text, values] = argument.type === 'list' ? argument.items : [argument]
    const own = new Set(membersOf(values).map(({ key }) => key.value))
    for (const [, inner = ''] of (textOf(text) ?? '').matchAll(/\$\{([^{}!][^{}]*)\}/g)) {
      const [id = ''] = inner.trim().split('.')
      if (own.has(inner.trim())) continue
      found.push({ name: id, kind: inner.includes('.') ? 'resource' : 'name', place: argument })
    }
  }
  collect(argument, found)
}

/** Walks the graph without recursion: a template may chain all of its resources. */
function refuseCycles(edges: ReadonlyMap<string, readonly Reference[]>): void {
  const done = new Set<string>()
  for (const first of edges.keys()) {
    if (done.has(first)) continue
    const path: { readonly id: string; next: number }[] = [{ id: first, next: 0 }]
    const within = new Set([first])
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const edge = edges.get(last.id)?.[last.next++]
      if (edge === undefined) {
        done.add(last.id)
        within.delete(last.id)
        path.pop()
      } else if (within.has(edge.name)) {
        const ids = path.map(({ id }) => id)
        const circle = [...ids.slice(ids.indexOf(edge.name)), edge.name].join(' → ')
        throw new LimitReached(`Circular dependency between resources: ${circle}.`, edge.place.start)
      } else if (!done.has(edge.name)) {
        within.add(edge.name)
        path.push({ id: edge.name, next: 0 })
      }
    }
  }
}
