import type { JsonList, JsonNode, JsonObject, JsonString } from '@omen-iam/policy'
import { LimitReached, limits } from './limits.ts'
import { at, itemsOf, member, membersOf, textAt, textOf } from './nodes.ts'
import { unknownPart } from './print.ts'
import { arnOf, nameOf, refOf } from './resource-names.ts'
import type { SourceOptions } from './source.ts'

/** A text that functions return, and on what it depends where it is not known. */
interface Text {
  readonly value: string
  readonly dependsOn?: string
}

const account = '123456789012'
const region = 'us-east-1'

/**
 * Evaluates the intrinsic functions of one CloudFormation template as far as the template says what they return.
 * Resources get names made of their logical ids; what depends on anything else stays unknown and says on what.
 * In a list, both branches of Fn::If count; elsewhere its first.
 */
export class Functions {
  /** Why a value is not known, by the string in its place. */
  readonly unknown = new Map<JsonNode, string>()
  readonly #template: JsonNode
  readonly #options: SourceOptions
  readonly #names = new Map<string, Text>()
  #left: number = limits.functions
  #depth = 0

  constructor(template: JsonNode, options: SourceOptions) {
    this.#template = template
    this.#options = options
  }

  /** A value with its functions evaluated; undefined where AWS::NoValue removes it. */
  value(node: JsonNode): JsonNode | undefined {
    switch (node.type) {
      case 'string':
      case 'scalar':
        return node
      case 'list':
        return { ...node, items: this.#items(node) }
      case 'object': {
        const called = calledIn(node)
        return called === undefined ? this.#members(node) : this.#call(called.name, called.argument, node)
      }
    }
  }

  #members(node: JsonObject): JsonObject {
    const members = node.members.flatMap(({ key, value }) => {
      const evaluated = this.value(value)
      return evaluated === undefined ? [] : [{ key, value: evaluated }]
    })
    return { ...node, members }
  }

  #items(list: JsonList): readonly JsonNode[] {
    return list.items.flatMap((item) => {
      const branches = this.#branchesOf(item)
      return branches.flatMap((branch) => {
        const evaluated = this.value(branch)
        if (evaluated === undefined) return []
        // a list from a function is spliced into the list that it is in
        return evaluated.type === 'list' && branch.type === 'object' ? evaluated.items : [evaluated]
      })
    })
  }

  /** Both branches of an Fn::If, and of those within. */
  #branchesOf(node: JsonNode): readonly JsonNode[] {
    const called = calledIn(node)
    if (called?.name !== 'Fn::If') return [node]
    this.#count()
    return itemsOf(called.argument)
      .slice(1, 3)
      .flatMap((branch) => this.#branchesOf(branch))
  }

  #call(name: string, argument: JsonNode, node: JsonNode): JsonNode | undefined {
    this.#count()
    if (this.#depth >= limits.references) return this.#text({ value: unknownPart, dependsOn: name }, node)
    this.#depth++
    try {
      return this.#evaluate(name, argument, node)
    } finally {
      this.#depth--
    }
  }

  #evaluate(name: string, argument: JsonNode, node: JsonNode): JsonNode | undefined {
    switch (name) {
      case 'Ref': {
        const of = textOf(argument)
        if (of === 'AWS::NoValue') return undefined
        const listed = of === undefined ? undefined : this.#listParameter(of, node)
        return listed ?? this.#text(this.#ref(of ?? ''), node)
      }
      case 'Fn::If':
        for (const branch of itemsOf(argument).slice(1, 3)) {
          const evaluated = this.value(branch)
          if (evaluated !== undefined) return evaluated
        }
        return undefined
      case 'Fn::GetAtt':
        return this.#text(this.#attribute(argument), node)
      case 'Fn::Sub':
        return this.#text(this.#substituted(argument), node)
      case 'Fn::Join':
        return this.#text(this.#joined(argument), node)
      case 'Fn::Split':
        return this.#split(argument, node)
      case 'Fn::Select':
        return this.#selected(argument, node)
      case 'Fn::FindInMap':
        return this.#mapped(argument) ?? this.#text({ value: unknownPart, dependsOn: name }, node)
      case 'Fn::ToJsonString':
        return this.value(argument)
      default: {
        const of = textOf(argument)
        return this.#text(
          { value: unknownPart, dependsOn: of === undefined ? name : `${name} of ${of}` },
          node,
        )
      }
    }
  }

  #count(): void {
    if (this.#left-- <= 0) throw new LimitReached(`The template has more than ${limits.functions} functions.`)
  }

  #text({ value, dependsOn }: Text, node: JsonNode): JsonString {
    const tooLong = value.length > limits.functionCharacters
    const made = textAt(tooLong ? unknownPart : value, node)
    const reason = tooLong ? 'a text that is too long' : dependsOn
    if (reason !== undefined) this.unknown.set(made, reason)
    return made
  }

  /** The text that a value evaluates to. */
  #textOf(node: JsonNode | undefined): Text {
    const value = node === undefined ? undefined : this.value(node)
    if (value?.type === 'scalar') return { value: value.raw }
    if (value?.type !== 'string') return { value: unknownPart, dependsOn: 'a value that is no text' }
    const dependsOn = this.unknown.get(value)
    return dependsOn === undefined ? { value: value.value } : { value: value.value, dependsOn }
  }

  #ref(name: string): Text {
    const pseudo = this.#pseudoParameter(name)
    if (pseudo !== undefined) return { value: pseudo }
    const parameter = at(this.#template, 'Parameters', name)
    if (parameter !== undefined) {
      const value = this.#parameter(name, parameter)
      return value === undefined ? { value: unknownPart, dependsOn: `parameter ${name}` } : { value }
    }
    return this.#named(`Ref ${name}`, name, (resource, called) => refOf(resource, called))
  }

  #pseudoParameter(name: string): string | undefined {
    switch (name) {
      case 'AWS::AccountId':
        return this.#options.account ?? account
      case 'AWS::Region':
        return this.#options.region ?? region
      case 'AWS::Partition':
        return 'aws'
      case 'AWS::URLSuffix':
        return 'amazonaws.com'
      default:
        return undefined
    }
  }

  /** The given value of a parameter, or its default; parameters of Systems Manager are names of values elsewhere. */
  #parameter(name: string, parameter: JsonNode): string | undefined {
    const given = this.#options.parameters
    if (given !== undefined && Object.hasOwn(given, name)) return given[name]
    if (textOf(member(parameter, 'Type'))?.startsWith('AWS::SSM::') === true) return undefined
    const value = member(parameter, 'Default')
    if (value?.type === 'scalar') return value.raw
    return textOf(value)
  }

  #listParameter(name: string, node: JsonNode): JsonList | undefined {
    const parameter = at(this.#template, 'Parameters', name)
    const type = textOf(member(parameter, 'Type')) ?? ''
    if (parameter === undefined || !/^(?:CommaDelimitedList|List<)/.test(type)) return undefined
    const value = this.#parameter(name, parameter)
    if (value === undefined) return undefined
    const items = value.split(',').map((each) => textAt(each.trim(), node))
    return { type: 'list', items, start: node.start, end: node.end }
  }

  #attribute(argument: JsonNode): Text {
    const [id = '', name = ''] =
      argument.type === 'string'
        ? split(argument.value)
        : itemsOf(argument).map((item) => this.#textOf(item).value)
    if (name !== 'Arn' && !name.endsWith('Arn')) return { value: unknownPart, dependsOn: `${id}.${name}` }
    return this.#named(`${id}.${name}`, id, (resource, called) => arnOf(resource, called, name))
  }

  /** What a resource's name makes of it, worked out once. */
  #named(dependsOn: string, id: string, make: (type: string, name: string) => string | undefined): Text {
    const kept = this.#names.get(dependsOn)
    if (kept !== undefined) return kept
    const resource = at(this.#template, 'Resources', id)
    const type = textOf(member(resource, 'Type'))
    let text: Text = { value: unknownPart, dependsOn }
    if (type !== undefined) {
      this.#names.set(dependsOn, text)
      const named = this.#textOf(
        nameOf(type, member(resource, 'Properties')) ?? textAt(standIn(type, id), this.#template),
      )
      const made = make(type, named.value)
      if (made !== undefined) {
        const value = this.#filled(made)
        text = named.dependsOn === undefined ? { value } : { value, dependsOn: named.dependsOn }
      }
    }
    this.#names.set(dependsOn, text)
    return text
  }

  #filled(arn: string): string {
    return arn
      .replaceAll('{region}', this.#options.region ?? region)
      .replaceAll('{account}', this.#options.account ?? account)
  }

  #substituted(argument: JsonNode): Text {
    const [template, values] = argument.type === 'list' ? argument.items : [argument]
    const text = textOf(template) ?? ''
    const reasons: string[] = []
    const value = text.replaceAll(/\$\{([^{}]*)\}/g, (whole, inner: string) => {
      const name = inner.trim()
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      const own = member(values, name)
      const part = own === undefined ? this.#part(name) : this.#textOf(own)
      if (part === undefined) return whole
      if (part.dependsOn !== undefined) reasons.push(part.dependsOn)
      return part.value
    })
    return withReasons(value, reasons)
  }

  /** A name in the text of Fn::Sub; undefined where it is no name of the template, but a variable of a policy. */
  #part(name: string): Text | undefined {
    this.#count()
    if (/^aws:[a-z]/i.test(name) && !name.startsWith('AWS::')) return undefined
    return name.includes('.') ? this.#attribute(textAt(name, this.#template)) : this.#ref(name)
  }

  #joined(argument: JsonNode): Text {
    const [delimiter, list] = itemsOf(argument)
    const values = list === undefined ? undefined : this.value(list)
    if (values?.type !== 'list') return { value: unknownPart, dependsOn: 'Fn::Join' }
    const parts = values.items.map((item) => this.#textOf(item))
    const reasons = parts.flatMap(({ dependsOn }) => dependsOn ?? [])
    const length = parts.reduce((sum, { value }) => sum + value.length, 0)
    if (length > limits.functionCharacters)
      return { value: unknownPart, dependsOn: 'a text that is too long' }
    return withReasons(parts.map(({ value }) => value).join(textOf(delimiter) ?? ''), reasons)
  }

  #split(argument: JsonNode, node: JsonNode): JsonNode {
    const [delimiter, source] = itemsOf(argument)
    const { value, dependsOn } = this.#textOf(source)
    const by = textOf(delimiter)
    if (dependsOn !== undefined || by === undefined || by === '')
      return this.#text({ value: unknownPart, dependsOn: dependsOn ?? 'Fn::Split' }, node)
    const items = value.split(by).map((each) => textAt(each, node))
    return { type: 'list', items, start: node.start, end: node.end }
  }

  #selected(argument: JsonNode, node: JsonNode): JsonNode | undefined {
    const [index, list] = itemsOf(argument)
    const number = Number(this.#textOf(index).value)
    const values = list === undefined ? undefined : this.value(list)
    const chosen = values?.type === 'list' ? values.items[number] : undefined
    return chosen ?? this.#text({ value: unknownPart, dependsOn: 'Fn::Select' }, node)
  }

  #mapped(argument: JsonNode): JsonNode | undefined {
    const names = itemsOf(argument)
      .slice(0, 3)
      .map((item) => this.#textOf(item).value)
    const found = names.length === 3 ? at(this.#template, 'Mappings', ...names) : undefined
    return found === undefined ? undefined : this.value(found)
  }
}

/** The function that an object calls: its only member has the name of one. */
function calledIn(node: JsonNode): { readonly name: string; readonly argument: JsonNode } | undefined {
  const [only, ...more] = membersOf(node)
  if (only === undefined || more.length > 0) return undefined
  const { key, value } = only
  return key.value === 'Ref' || key.value.startsWith('Fn::')
    ? { name: key.value, argument: value }
    : undefined
}

function withReasons(value: string, reasons: readonly string[]): Text {
  return reasons.length === 0 ? { value } : { value, dependsOn: [...new Set(reasons)].join(', ') }
}

/** The resource and the attribute in `Resource.Attribute`. */
function split(text: string): readonly [id: string, name: string] {
  const dot = text.indexOf('.')
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)]
}

/** Names of buckets have no capitals; of other resources the logical id serves. */
function standIn(type: string, id: string): string {
  return type === 'AWS::S3::Bucket' ? id.toLowerCase() : id
}
