import type { JsonNode } from '@omen-iam/policy'
import { organizationKinds, otherLanguages, policyProperties } from './cloudformation-types.ts'
import { Collector } from './collect.ts'
import { member, membersOf, oneOrMany, rowOf, textAt, textOf } from './nodes.ts'
import { unknownPart } from './print.ts'
import type { SourceOptions, WrittenPolicy } from './source.ts'
import { Ledger } from './template/evaluator.ts'
import { isLoop, usesLanguageExtensions, withoutLoops } from './template/loops.ts'
import { resourcesOf, Stack } from './template/stack.ts'

/** Returns whether it is a CloudFormation or SAM template: its resources have types such as `AWS::S3::Bucket`. */
export function isTemplate(root: JsonNode): boolean {
  return membersOf(member(root, 'Resources')).some(
    ({ key, value }) => /^\w+::/.test(textOf(member(value, 'Type')) ?? '') || isLoop(key.value),
  )
}

/** The policies of a template. */
interface TemplatePolicies {
  readonly policies: readonly WrittenPolicy[]
  /** Places of policies of which the template does not say what they are: `AWS::IAM::Role R Policies`. */
  readonly unread: readonly string[]
}

/**
 * The policies of a template, with its functions evaluated as far as the template determines them. If parameters
 * decide a condition, both outcomes count: a template is checked for everything that it may become.
 */
export function policiesOfTemplate(root: JsonNode, text: string, options: SourceOptions): TemplatePolicies {
  const collector = new Collector(text, 'cloudformation', options)
  const unread: string[] = []
  const ledger = new Ledger()
  const unrolled = usesLanguageExtensions(root) ? withoutLoops(root, options) : root
  const stack = new Stack(unrolled, options, ledger, 'all')
  for (const { id, declaration } of resourcesOf(stack)) {
    const type = textOf(member(declaration, 'Type'))
    if (type === undefined || otherLanguages.has(type)) continue
    const properties = stack.properties(declaration)
    const owner = { type, id }
    const attachedTo = attachedBy(properties)
    const add = (node: JsonNode, property: string, kind?: WrittenPolicy['kind']) => {
      collector.add(node, { owner, property, kind, attachedTo }, ledger.unknown)
      if (kind !== undefined)
        unread.push(...unreadIn(node, ledger).map((each) => `${type} ${id} ${property}${each}`))
    }
    if (type === 'AWS::Organizations::Policy') {
      const kind = rowOf(organizationKinds, textOf(member(properties, 'Type')) ?? '')
      const content = member(properties, 'Content')
      if (kind !== undefined && content !== undefined) add(content, 'Content', kind)
      continue
    }
    for (const [path, kind] of rowOf(policyProperties, type) ?? []) {
      for (const [property, node] of valuesAt(properties, path)) {
        // SAM's list holds names of managed policies and templates of policies, too
        const isDocument =
          !path.startsWith('Policies') || path.endsWith('Document') || member(node, 'Statement')
        if (isDocument) add(node, property, kind)
      }
      // the list of SAM holds documents as well as names
      const list = /^(.+)\[\]\.\w+Document$/.exec(path)?.[1] ?? (path === 'Policies' ? path : undefined)
      for (const [property, node] of list === undefined ? [] : valuesAt(properties, list))
        if ([node, ...oneOrMany(node)].some((each) => ledger.unknown.has(each)))
          unread.push(`${type} ${id} ${property}`)
    }
    // the property Statement of a bus's policy is one statement, not a document
    if (type === 'AWS::Events::EventBusPolicy') {
      const statement = member(properties, 'Statement')
      if (statement !== undefined) add(onlyStatement(statement), 'Statement', 'resource')
      continue
    }
    for (const [property, node] of documentsWithin(properties, '')) add(node, property)
  }
  return { policies: collector.policies, unread }
}

/**
 * The parts of a document of which the template does not say what they are: empty if that is the document or one of its
 * statements, and else the elements that come from outside the template and may say anything (behaviour LNT-52).
 */
function unreadIn(document: JsonNode, { unknown }: Ledger): readonly string[] {
  const written = member(document, 'Statement')
  const statements = written === undefined ? [] : oneOrMany(written)
  if (
    [document, ...(written === undefined ? [] : [written]), ...statements].some((each) => unknown.has(each))
  )
    return ['']
  const isOpen = (node: JsonNode): boolean =>
    node.type === 'object'
      ? node.members.some(({ value }) => isOpen(value))
      : oneOrMany(node).some(
          (each) => textOf(each) === unknownPart && fromOutside.test(unknown.get(each) ?? ''),
        )
  const found = statements.flatMap((statement) =>
    elements.filter((name) => {
      const value = member(statement, name)
      return value !== undefined && isOpen(value)
    }),
  )
  return [...new Set(found)].map((name) => ` ${name}`)
}

/** Elements of a statement that give access. */
const elements = ['Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource']

/** Matches a dependency of a value that the template does not have; a resource of the template is none. */
const fromOutside = /^(?:parameter |the export |the dynamic reference )/

/** A document of one statement, in the version that the service writes. */
function onlyStatement(statement: JsonNode): JsonNode {
  const { start, end } = statement
  return {
    type: 'object',
    members: [
      { key: textAt('Version', statement), value: textAt('2012-10-17', statement) },
      { key: textAt('Statement', statement), value: { type: 'list', items: [statement], start, end } },
    ],
    start,
    end,
  }
}

/** Logical ids, or names, of the roles, users and groups that a policy resource is attached to. */
function attachedBy(properties: JsonNode): readonly string[] {
  return ['Roles', 'Users', 'Groups', 'RoleName', 'UserName', 'GroupName'].flatMap((name) =>
    oneOrMany(member(properties, name)).flatMap((each) => textOf(each) ?? []),
  )
}

/** The values at a path such as `Policies[].PolicyDocument`, with their places. */
function valuesAt(root: JsonNode, path: string): readonly (readonly [place: string, node: JsonNode])[] {
  let found: (readonly [string, JsonNode])[] = [['', root]]
  for (const step of path.split('.')) {
    const name = step.replace('[]', '')
    found = found.flatMap(([place, node]): (readonly [string, JsonNode])[] => {
      const value = member(node, name)
      if (value === undefined) return []
      const at = place === '' ? name : `${place}.${name}`
      if (!step.endsWith('[]')) return [[at, value]]
      return value.type === 'list' ? value.items.map((item, index) => [`${at}[${index}]`, item] as const) : []
    })
  }
  return found
}

/** Objects that are policies by their content, wherever they are: properties of types that no table lists. */
function documentsWithin(node: JsonNode, place: string): readonly (readonly [string, JsonNode])[] {
  switch (node.type) {
    case 'list':
      return node.items.flatMap((item, index) => documentsWithin(item, `${place}[${index}]`))
    case 'object':
      if (member(node, 'Statement') !== undefined) return [[place, node]]
      return node.members.flatMap(({ key, value }) =>
        documentsWithin(value, place === '' ? key.value : `${place}.${key.value}`),
      )
    case 'string':
      return /"Statement"/.test(node.value) ? [[place, node]] : []
    default:
      return []
  }
}
