import type { JsonNode, JsonObject } from '@omen-iam/policy'
import { lastPiece } from '../../base/index.ts'
import { LimitReached, limits } from '../limits.ts'
import { at, member, membersOf, rowOf, textAt, textOf } from '../nodes.ts'
import { unknownPart } from '../print.ts'
import { type State, stateOf } from './conditions.ts'
import { Evaluator, type Ledger, type Scope } from './evaluator.ts'
import { defaults, PhysicalNames, urlSuffix } from './names.ts'
import { type Naming, nameOf, namingOf } from './naming.ts'
import type { Branches, TemplateOptions, Text } from './options.ts'
import { type ParameterValue, parameterValue } from './parameters.ts'

/** The stacks beside a stack, as far as it needs them. */
export interface Neighbours {
  /** The export of this name, from the stack that exports it. */
  imported(name: Text): Text
  /** An output of the stack that a resource nests. */
  output(parent: Stack, logicalId: string, output: string, place: JsonNode): Text
}

const alone: Neighbours = {
  imported: ({ value, dependsOn }) => ({
    value: unknownPart,
    dependsOn: dependsOn ?? `Fn::ImportValue of ${value}`,
  }),
  output: (_, logicalId, output) => ({ value: unknownPart, dependsOn: `${logicalId}.Outputs.${output}` }),
}

/** One template with its parameters: its names, and its values with their functions evaluated. */
export class Stack implements Scope {
  readonly root: JsonNode
  readonly options: TemplateOptions
  readonly #ledger: Ledger
  readonly #neighbours: Neighbours
  readonly #branches: Branches
  readonly #evaluator: Evaluator
  readonly #names: PhysicalNames
  readonly #known = new Map<string, Text>()
  readonly #states = new Map<string, State>()
  readonly #parameters = new Map<string, ParameterValue | undefined>()
  readonly #sections = new Map<string, ReadonlyMap<string, JsonNode>>()
  readonly #inProgress = new Set<string>()
  /** How many conditions are being evaluated, one within the other. */
  #inCondition = 0

  constructor(
    root: JsonNode,
    options: TemplateOptions,
    ledger: Ledger,
    branches: Branches,
    neighbours: Neighbours = alone,
  ) {
    this.root = root
    this.options = options
    this.#ledger = ledger
    this.#branches = branches
    this.#neighbours = neighbours
    this.#evaluator = new Evaluator(this, ledger, branches)
    this.#names = new PhysicalNames(options)
  }

  /** A value with its functions evaluated; undefined if AWS::NoValue removes it. */
  value(node: JsonNode): JsonNode | undefined {
    return this.#evaluator.value(node)
  }

  text(node: JsonNode | undefined): Text {
    return this.#evaluator.text(node)
  }

  texts(node: JsonNode | undefined): readonly Text[] {
    return this.#evaluator.texts(node)
  }

  /** The text of a value that is evaluated already. */
  textOfValue(node: JsonNode | undefined): Text {
    return this.#evaluator.textOfValue(node)
  }

  /** The properties of a resource, evaluated. */
  properties(resource: JsonNode): JsonObject {
    const written = member(resource, 'Properties')
    const value = written === undefined ? undefined : this.value(written)
    return value?.type === 'object'
      ? value
      : { type: 'object', members: [], start: resource.start, end: resource.end }
  }

  /** Returns whether a resource or an output is made: the state of its condition. */
  isMade(declaration: JsonNode): State {
    const name = textOf(member(declaration, 'Condition'))
    return name === undefined ? true : this.condition(name, member(declaration, 'Condition') ?? declaration)
  }

  /** The value of a condition of the template; unknown if it depends on an unknown value. */
  condition(name: string, place: JsonNode): State {
    const kept = this.#states.get(name)
    if (kept !== undefined) return kept
    const written = this.#in('Conditions', name)
    if (written === undefined) return this.#wrong(`There is no condition ${name}.`, place)
    const key = `condition ${name}`
    if (this.#inProgress.has(key)) return this.#wrong(`The condition ${name} depends on itself.`, place)
    if (this.#inCondition >= limits.references)
      return this.#wrong(`Conditions are nested more than ${limits.references} deep.`, place)
    this.#inProgress.add(key)
    this.#inCondition++
    try {
      const state = stateOf(written, {
        condition: (other, at) => this.condition(other, at),
        text: (node) => this.text(node),
        texts: (node) => this.texts(node),
        count: () => this.#ledger.count(place),
      })
      const named: State =
        typeof state === 'boolean' ? state : { dependsOn: `condition ${name}: ${state.dependsOn}` }
      this.#states.set(name, named)
      return named
    } finally {
      this.#inCondition--
      this.#inProgress.delete(key)
    }
  }

  reference(name: string, place: JsonNode): Text | readonly Text[] {
    const found = this.#pseudoParameter(name) ?? this.#parameter(name)
    if (found !== undefined) return found
    // SAM's `Function.Version` and `Function.Alias`
    const [id = ''] = name.split('.')
    if (id !== name && this.#in('Resources', id) !== undefined)
      return { value: unknownPart, dependsOn: `Ref ${name}` }
    return this.physicalId(name, place)
  }

  attribute(id: string, name: string, place: JsonNode): Text {
    const resource = this.#in('Resources', id)
    const type = textOf(member(resource, 'Type')) ?? ''
    if (resource === undefined) return this.#wrong(`There is no resource ${id}.`, place)
    if (/^AWS::(?:CloudFormation::Stack|Serverless::Application)$/.test(type) && name.startsWith('Outputs.'))
      return this.#neighbours.output(this, id, name.slice('Outputs.'.length), place)
    const naming = namingOf(type)
    return this.#named(id, name, place, (given) => given ?? (naming && rowOf(naming.attributes, name)))
  }

  /** The result of Ref for a resource: its physical id. */
  physicalId(id: string, place: JsonNode): Text {
    const resource = this.#in('Resources', id)
    if (resource === undefined) return this.#wrong(`There is no parameter or resource ${id}.`, place)
    const naming = namingOf(textOf(member(resource, 'Type')) ?? '')
    return this.#named(id, 'Ref', place, (given) => {
      const { ref } = naming ?? {}
      return ref === undefined ? (given ?? '{name}') : naming?.attributes[ref]
    })
  }

  /** The ARN of a resource, if its type is known to have one. */
  arn(id: string, place: JsonNode): Text | undefined {
    const type = textOf(member(this.#in('Resources', id), 'Type')) ?? ''
    const { attributes = {} } = namingOf(type) ?? {}
    const attribute = Object.keys(attributes).find((each) => each.endsWith('Arn'))
    return attribute === undefined ? undefined : this.attribute(id, attribute, place)
  }

  /** The name of a resource, as its service knows it. */
  name(id: string, place: JsonNode): Text {
    return this.#named(id, 'name', place, (given) => given ?? '{name}')
  }

  /** Pseudo-random characters that belong to one resource and purpose. */
  random(logicalId: string, purpose: string, length: number): string {
    return this.#names.random(logicalId, purpose, length)
  }

  imported(name: Text): Text {
    return this.#neighbours.imported(name)
  }

  mapping(map: string, first: string, second: string): JsonNode | undefined {
    return at(this.root, 'Mappings', map, first, second)
  }

  isParameter(name: string): boolean {
    return this.#in('Parameters', name) !== undefined
  }

  isName(name: string): boolean {
    return this.#in('Parameters', name) !== undefined || this.#in('Resources', name) !== undefined
  }

  /** An output by its name. */
  output(name: string, place: JsonNode): Text {
    const declaration = this.#in('Outputs', name)
    if (declaration === undefined) return this.#wrong(`There is no output ${name}.`, place)
    const key = `output ${name}`
    if (this.#inProgress.has(key)) return this.#wrong(`The output ${name} depends on itself.`, place)
    this.#inProgress.add(key)
    try {
      return this.text(member(declaration, 'Value'))
    } finally {
      this.#inProgress.delete(key)
    }
  }

  #pseudoParameter(name: string): Text | readonly Text[] | undefined {
    if (!name.startsWith('AWS::')) return undefined
    const {
      account = defaults.account,
      region = defaults.region,
      partition = defaults.partition,
    } = this.options
    const { stack } = this.options
    switch (name) {
      case 'AWS::AccountId':
        return { value: account }
      case 'AWS::Region':
        return { value: region }
      case 'AWS::Partition':
        return { value: partition }
      case 'AWS::URLSuffix':
        return { value: urlSuffix(partition) }
      case 'AWS::StackName':
        return stack === undefined ? { value: unknownPart, dependsOn: name } : { value: stack }
      case 'AWS::StackId': {
        if (stack === undefined) return { value: unknownPart, dependsOn: name }
        const pattern = 'arn:{partition}:cloudformation:{region}:{account}:stack/'
        return {
          value: `${this.#names.filled(pattern, '', 'stack')}${stack}/${this.#names.filled('{uuid}', '', 'stack')}`,
        }
      }
      default:
        return { value: unknownPart, dependsOn: name }
    }
  }

  #parameter(name: string): ParameterValue | undefined {
    const { parameters = {} } = this.options
    const given = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    // if all branches count, a default does not choose one
    if (this.#inCondition > 0 && this.#branches === 'all' && given === undefined) {
      if (this.#in('Parameters', name) === undefined) return undefined
      return { value: unknownPart, dependsOn: `parameter ${name}` }
    }
    if (!this.#parameters.has(name)) {
      const declaration = this.#in('Parameters', name)
      const value = declaration === undefined ? undefined : parameterValue(name, declaration, given)
      // an empty default says nothing about the value that will be given
      const isOpen =
        this.#branches === 'all' && given === undefined && Array.isArray(value) && value.length === 0
      this.#parameters.set(name, isOpen ? [{ value: unknownPart, dependsOn: `parameter ${name}` }] : value)
    }
    return this.#parameters.get(name)
  }

  /** The entry of a resource in the table of names, computed once; unknown if the table lacks the type. */
  #named(
    id: string,
    what: string,
    place: JsonNode,
    make: (given: string | undefined) => string | undefined,
  ): Text {
    const key = `${id}.${what}`
    const kept = this.#known.get(key)
    if (kept !== undefined) return kept
    const resource = this.#in('Resources', id)
    const type = textOf(member(resource, 'Type'))
    if (resource === undefined || type === undefined) return this.#wrong(`There is no resource ${id}.`, place)
    if (this.#branches === 'chosen' && this.isMade(resource) === false)
      return this.#wrong(`The resource ${id} is not made under the present conditions.`, place)
    if (this.#inProgress.has(key)) {
      this.#cycle(id, place)
      return { value: unknownPart, dependsOn: key }
    }
    this.#inProgress.add(key)
    try {
      const text = this.#withName(id, what, type, resource, make) ?? {
        value: unknownPart,
        dependsOn: what === 'Ref' ? `Ref ${id}` : key,
      }
      this.#known.set(key, text)
      return text
    } finally {
      this.#inProgress.delete(key)
    }
  }

  #withName(
    id: string,
    what: string,
    type: string,
    resource: JsonNode,
    make: (given: string | undefined) => string | undefined,
  ): Text | undefined {
    const naming = namingOf(type)
    const { physicalIds = {} } = this.options
    const physical = Object.hasOwn(physicalIds, id) ? physicalIds[id] : undefined
    // a service's answer is the result of Ref; for a type that Ref names, it is the name as well
    if (physical !== undefined && what === 'Ref') return { value: physical }
    if (naming === undefined && what !== 'name') return undefined
    const name = this.#nameOf(id, type, resource, naming ?? noNaming, physical)
    const pattern = make(undefined)
    if (pattern === undefined) return undefined
    const path = pattern.includes('{path}') ? this.#path(resource) : { value: '/' }
    const value = this.#names
      .filled(pattern, id, 'attribute')
      .replaceAll('{path}', () => path.value)
      .replaceAll('{name}', () => name.value)
    const reasons = [name.dependsOn, path.dependsOn].filter((each) => each !== undefined)
    return reasons.length === 0 ? { value } : { value, dependsOn: reasons.join(', ') }
  }

  #nameOf(id: string, type: string, resource: JsonNode, naming: Naming, physical: string | undefined): Text {
    if (physical !== undefined) return { value: nameIn(physical, type) }
    const given = nameOf(type, member(resource, 'Properties'))
    const value = given === undefined ? undefined : this.value(given)
    if (value?.type === 'list')
      return { value: unknownPart, dependsOn: `a list in place of the name of ${id}` }
    if (value !== undefined) return this.textOfValue(value)
    if (type === 'AWS::IAM::OIDCProvider') {
      const { value: url, dependsOn } = this.text(at(resource, 'Properties', 'Url') ?? textAt('', resource))
      const host = url.replace(/^https:\/\//, '')
      return dependsOn === undefined ? { value: host } : { value: host, dependsOn }
    }
    return { value: this.#names.made(id, type, naming) }
  }

  #path(resource: JsonNode): Text {
    const written = at(resource, 'Properties', 'Path')
    const value = written === undefined ? undefined : this.value(written)
    return value === undefined ? { value: '/' } : this.textOfValue(value)
  }

  /** A declaration of a section, by its name; the sections are indexed once. */
  #in(section: string, name: string): JsonNode | undefined {
    let index = this.#sections.get(section)
    if (index === undefined) {
      index = new Map(membersOf(member(this.root, section)).map(({ key, value }) => [key.value, value]))
      this.#sections.set(section, index)
    }
    return index.get(name)
  }

  #cycle(id: string, place: JsonNode): void {
    if (this.#branches === 'chosen')
      throw new LimitReached(`The resource ${id} depends on itself: circular dependency.`, place.start)
  }

  /** A mistake of the template: refused if it is to be deployed, otherwise an unknown value. */
  #wrong(message: string, place: JsonNode): Text & { readonly dependsOn: string } {
    if (this.#branches === 'chosen') throw new LimitReached(message, place.start)
    return { value: unknownPart, dependsOn: message.replace(/\.$/, '') }
  }
}

const noNaming: Naming = { attributes: {} }

/** The name within a physical id that is an ARN or a URL. */
function nameIn(physicalId: string, type: string): string {
  if (physicalId.startsWith('https://')) return physicalId.slice(physicalId.lastIndexOf('/') + 1)
  if (!physicalId.startsWith('arn:')) return physicalId
  const resource = physicalId.split(':').slice(5).join(':')
  if (type === 'AWS::IAM::OIDCProvider') return resource.slice(resource.indexOf('/') + 1)
  return lastPiece(resource)
}

/** Logical ids and declarations of the template's resources that are made or may be. */
export function* resourcesOf(
  stack: Stack,
): Iterable<{ readonly id: string; readonly declaration: JsonNode; readonly state: State }> {
  for (const { key, value } of membersOf(member(stack.root, 'Resources'))) {
    const state = stack.isMade(value)
    if (state !== false) yield { id: key.value, declaration: value, state }
  }
}

/** How many of each section a template may have. */
export const sectionLimits: Readonly<Record<string, number | undefined>> = {
  Resources: limits.resources,
  Parameters: limits.parameters,
  Mappings: limits.mappings,
  Outputs: limits.outputs,
}
