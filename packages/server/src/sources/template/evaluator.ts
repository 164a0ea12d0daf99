import type { JsonList, JsonNode, JsonObject, JsonString } from '@omen-iam/policy'
import { LimitReached, limits } from '../limits.ts'
import { itemsOf, member, membersOf, textAt, textOf } from '../nodes.ts'
import { unknownPart } from '../print.ts'
import type { State } from './conditions.ts'
import type { Branches, Text } from './options.ts'
import { base64, cidrBlocks } from './pure-functions.ts'

/** The parts of the stack that functions need. */
export interface Scope {
  /** The value of Ref for a name; a list for a list parameter. */
  reference(name: string, place: JsonNode): Text | readonly Text[]
  attribute(id: string, name: string, place: JsonNode): Text
  condition(name: string, place: JsonNode): State
  imported(name: Text, place: JsonNode): Text
  mapping(map: string, first: string, second: string): JsonNode | undefined
  /** Whether a name in the text of Fn::Sub means something of the stack. */
  isName(name: string): boolean
}

/** Why a value is not known, by the string in its place; and how many functions may still be evaluated. */
export class Ledger {
  readonly unknown: Map<JsonNode, string>
  #left: number = limits.functions
  #charactersLeft: number = limits.madeCharacters

  constructor(unknown: Map<JsonNode, string> = new Map()) {
    this.unknown = unknown
  }

  /** @throws LimitReached if functions have made too much text */
  countCharacters(place: JsonNode, number: number): void {
    this.#charactersLeft -= number
    if (this.#charactersLeft < 0)
      throw new LimitReached(
        `The functions return more than ${limits.madeCharacters} characters.`,
        place.start,
      )
  }

  /** @throws LimitReached if too many functions or values were made */
  count(place: JsonNode, number = 1): void {
    this.#left -= number
    if (this.#left < 0)
      throw new LimitReached(`The template has more than ${limits.functions} functions.`, place.start)
  }
}

/**
 * Evaluates intrinsic functions. Their results keep the place of the call. An unknown value is `${unknown}` in the
 * text, and the ledger has the reason.
 */
export class Evaluator {
  readonly #scope: Scope
  readonly #ledger: Ledger
  readonly #branches: Branches
  #depth = 0

  constructor(scope: Scope, ledger: Ledger, branches: Branches) {
    this.#scope = scope
    this.#ledger = ledger
    this.#branches = branches
  }

  /** A value with its functions evaluated; undefined if AWS::NoValue removes it. */
  value(node: JsonNode): JsonNode | undefined {
    switch (node.type) {
      case 'string':
        return node.value.includes('{{resolve:') ? this.#resolved(node) : node
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

  /** The text that a value evaluates to. */
  text(node: JsonNode | undefined): Text {
    return this.textOfValue(node === undefined ? undefined : this.value(node))
  }

  /** The text of a value that is evaluated already. */
  textOfValue(value: JsonNode | undefined): Text {
    if (value?.type === 'scalar') return { value: value.raw }
    if (value?.type === 'list') {
      const parts = value.items.map((each) => this.textOfValue(each))
      return joined(parts, ',')
    }
    if (value?.type !== 'string') return { value: unknownPart, dependsOn: 'a value that is no text' }
    const dependsOn = this.#ledger.unknown.get(value)
    return dependsOn === undefined ? { value: value.value } : { value: value.value, dependsOn }
  }

  /** The texts of a list; of a text, its parts between commas. */
  texts(node: JsonNode | undefined): readonly Text[] {
    const value = node === undefined ? undefined : this.value(node)
    if (value?.type === 'list') return value.items.map((each) => this.textOfValue(each))
    return value === undefined ? [] : [this.textOfValue(value)]
  }

  /** A text in the place of a call. */
  made({ value, dependsOn }: Text, node: JsonNode): JsonString {
    this.#ledger.countCharacters(node, value.length)
    const tooLong = value.length > limits.functionCharacters
    const text = textAt(tooLong ? unknownPart : value, node)
    const reason = tooLong ? 'a text that is too long' : dependsOn
    if (reason !== undefined) this.#ledger.unknown.set(text, reason)
    return text
  }

  /** References to Parameter Store and Secrets Manager are resolved by CloudFormation alone. */
  #resolved(node: JsonString): JsonString {
    const reasons: string[] = []
    const value = node.value.replaceAll(/\{\{resolve:([^{}]*)\}\}/g, (_, of: string) => {
      reasons.push(`the dynamic reference ${of}`)
      return unknownPart
    })
    return reasons.length === 0 ? node : this.made(withReasons(value, reasons), node)
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
      const branches = this.#branches === 'all' ? this.#branchesOf(item) : [item]
      return branches.flatMap((branch) => {
        const evaluated = this.value(branch)
        if (evaluated === undefined) return []
        if (evaluated.type !== 'list' || branch.type !== 'object') return [evaluated]
        // a list from a function is spliced into the list that it is in
        this.#ledger.count(branch, evaluated.items.length)
        return evaluated.items
      })
    })
  }

  /** Both branches of an Fn::If with an unknown condition, and of those within. */
  #branchesOf(node: JsonNode): readonly JsonNode[] {
    const called = calledIn(node)
    if (called?.name !== 'Fn::If') return [node]
    this.#ledger.count(node)
    const [name, ...branches] = itemsOf(called.argument)
    const state = this.#scope.condition(textOf(name) ?? '', node)
    const chosen = typeof state === 'boolean' ? [branches[state ? 0 : 1]] : branches.slice(0, 2)
    return chosen.flatMap((branch) => (branch === undefined ? [] : this.#branchesOf(branch)))
  }

  #call(name: string, argument: JsonNode, node: JsonNode): JsonNode | undefined {
    this.#ledger.count(node)
    if (this.#depth >= limits.references) {
      if (this.#branches === 'all') return this.made({ value: unknownPart, dependsOn: name }, node)
      throw new LimitReached(`Functions are nested more than ${limits.references} deep.`, node.start)
    }
    this.#depth++
    try {
      return this.#evaluate(name, argument, node)
    } finally {
      this.#depth--
    }
  }

  #evaluate(name: string, argument: JsonNode, node: JsonNode): JsonNode | undefined {
    const unknown = (dependsOn: string) => this.made({ value: unknownPart, dependsOn }, node)
    switch (name) {
      case 'Ref': {
        const of = textOf(argument) ?? ''
        return of === 'AWS::NoValue' ? undefined : this.#referred(of, node)
      }
      case 'Fn::If':
        return this.#chosen(argument, node)
      case 'Fn::GetAtt': {
        const { id, attribute } = attributeIn(argument, (each) => this.text(each).value)
        return this.made(this.#scope.attribute(id, attribute, node), node)
      }
      case 'Fn::Sub':
        return this.made(this.#substituted(argument, node), node)
      case 'Fn::Join':
        return this.made(this.#joined(argument), node)
      case 'Fn::Split':
        return this.#split(argument, node)
      case 'Fn::Select':
        return this.#selected(argument, node)
      case 'Fn::FindInMap':
        return this.#mapped(argument, node)
      case 'Fn::ImportValue':
        return this.made(this.#scope.imported(this.text(argument), node), node)
      case 'Fn::Base64': {
        const { value, dependsOn } = this.text(argument)
        if (value.length > limits.functionCharacters) return unknown('a text that is too long')
        return dependsOn === undefined ? this.made({ value: base64(value) }, node) : unknown(dependsOn)
      }
      case 'Fn::Cidr':
        return this.#cidr(argument, node)
      case 'Fn::Length': {
        const value = this.value(argument)
        return value?.type === 'list' ? this.made({ value: String(value.items.length) }, node) : unknown(name)
      }
      case 'Fn::ToJsonString': {
        // a policy is read as what the text says; of a text nothing is made
        const value = this.value(argument)
        return value?.type === 'object' || value?.type === 'list' ? value : unknown(name)
      }
      default: {
        const of = textOf(argument)
        return unknown(of === undefined ? name : `${name} of ${of}`)
      }
    }
  }

  #referred(name: string, node: JsonNode): JsonNode {
    const found = this.#scope.reference(name, node)
    if ('value' in found) return this.made(found, node)
    this.#ledger.count(node, found.length)
    const items = found.map((each) => this.made(each, node))
    return { type: 'list', items, start: node.start, end: node.end }
  }

  #chosen(argument: JsonNode, node: JsonNode): JsonNode | undefined {
    const [name, yes, no] = itemsOf(argument)
    const state = this.#scope.condition(textOf(name) ?? '', node)
    if (typeof state !== 'boolean' && this.#branches === 'chosen')
      return this.made({ value: unknownPart, dependsOn: state.dependsOn }, node)
    const branches = state === true ? [yes] : state === false ? [no] : [yes, no]
    for (const branch of branches) {
      const evaluated = branch === undefined ? undefined : this.value(branch)
      if (evaluated !== undefined) return evaluated
    }
    return undefined
  }

  #substituted(argument: JsonNode, node: JsonNode): Text {
    const [template, values] = argument.type === 'list' ? argument.items : [argument]
    const text = textOf(template) ?? ''
    const reasons: string[] = []
    let length = 0
    const value = text.replaceAll(/\$\{([^{}]*)\}/g, (whole, inner: string) => {
      const name = inner.trim()
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      if (length > limits.functionCharacters) return ''
      this.#ledger.count(node)
      const own = member(values, name)
      const part = own === undefined ? this.#part(name, node) : this.text(own)
      if (part === undefined) return whole
      length += part.value.length
      if (part.dependsOn !== undefined) reasons.push(part.dependsOn)
      return part.value
    })
    if (length > limits.functionCharacters)
      return { value: unknownPart, dependsOn: 'a text that is too long' }
    return withReasons(value, reasons)
  }

  /** A name in the text of Fn::Sub; undefined if it is a policy variable and not a name of the template. */
  #part(name: string, node: JsonNode): Text | undefined {
    if (/^aws:[a-z]/i.test(name) && !name.startsWith('AWS::') && !this.#scope.isName(name)) return undefined
    if (name.includes('.')) {
      const { id, attribute } = attributeIn(textAt(name, node), () => '')
      return this.#scope.attribute(id, attribute, node)
    }
    const found = this.#scope.reference(name, node)
    return 'value' in found ? found : joined(found, ',')
  }

  #joined(argument: JsonNode): Text {
    const [delimiter, list] = itemsOf(argument)
    const values = list === undefined ? undefined : this.value(list)
    // an unknown list joined with anything is unknown as a whole
    if (values?.type === 'string')
      return { value: unknownPart, dependsOn: this.textOfValue(values).dependsOn ?? 'Fn::Join' }
    if (values?.type !== 'list') return { value: unknownPart, dependsOn: 'Fn::Join' }
    return joined(
      values.items.map((item) => this.textOfValue(item)),
      textOf(delimiter) ?? '',
    )
  }

  #split(argument: JsonNode, node: JsonNode): JsonNode {
    const [delimiter, source] = itemsOf(argument)
    const { value, dependsOn } = this.text(source)
    const by = textOf(delimiter)
    if (dependsOn !== undefined || by === undefined || by === '')
      return this.made({ value: unknownPart, dependsOn: dependsOn ?? 'Fn::Split' }, node)
    const items = value.split(by).map((each) => textAt(each, node))
    this.#ledger.count(node, items.length)
    return { type: 'list', items, start: node.start, end: node.end }
  }

  #selected(argument: JsonNode, node: JsonNode): JsonNode | undefined {
    const [index, list] = itemsOf(argument)
    const number = Number(this.text(index).value)
    const values = list === undefined ? undefined : this.value(list)
    const chosen = values?.type === 'list' ? values.items[number] : undefined
    if (chosen !== undefined) return chosen
    const dependsOn = values?.type === 'string' ? this.textOfValue(values).dependsOn : undefined
    return this.made({ value: unknownPart, dependsOn: dependsOn ?? 'Fn::Select' }, node)
  }

  #mapped(argument: JsonNode, node: JsonNode): JsonNode | undefined {
    const items = itemsOf(argument)
    const [map, first, second] = items.slice(0, 3).map((item) => this.text(item))
    if (map === undefined || first === undefined || second === undefined)
      return this.made({ value: unknownPart, dependsOn: 'Fn::FindInMap' }, node)
    const reasons = [map, first, second].flatMap(({ dependsOn }) => dependsOn ?? [])
    if (reasons.length > 0) return this.made({ value: unknownPart, dependsOn: reasons.join(', ') }, node)
    const found = this.#scope.mapping(map.value, first.value, second.value)
    const fallback = found === undefined ? member(items[3], 'DefaultValue') : undefined
    if (fallback !== undefined) return this.value(fallback)
    const isList = found?.type === 'list'
    // a mapping has texts and lists of them: anything else could be copied without end
    if (found !== undefined && found.type !== 'object' && (!isList || found.items.every(isFlat))) {
      this.#ledger.count(node, itemsOf(found).length)
      return this.value(found)
    }
    const dependsOn = `the mapping ${map.value}, which has no ${first.value} with ${second.value}`
    return this.made({ value: unknownPart, dependsOn }, node)
  }

  #cidr(argument: JsonNode, node: JsonNode): JsonNode {
    const [block, count, bits = textAt('8', node)] = itemsOf(argument)
    const given = [this.text(block), this.text(count), this.text(bits)] as const
    const reasons = given.flatMap(({ dependsOn }) => dependsOn ?? [])
    const blocks =
      reasons.length > 0
        ? undefined
        : cidrBlocks(given[0].value, Number(given[1].value), Number(given[2].value))
    if (blocks === undefined)
      return this.made({ value: unknownPart, dependsOn: reasons[0] ?? 'Fn::Cidr' }, node)
    return { type: 'list', items: blocks.map((each) => textAt(each, node)), start: node.start, end: node.end }
  }
}

/** The function that an object calls: its only member has the name of one. */
export function calledIn(node: JsonNode): { readonly name: string; readonly argument: JsonNode } | undefined {
  const [only, ...more] = membersOf(node)
  if (only === undefined || more.length > 0) return undefined
  const { key, value } = only
  return key.value === 'Ref' || key.value.startsWith('Fn::')
    ? { name: key.value, argument: value }
    : undefined
}

/** The resource and the attribute that an Fn::GetAtt names. */
export function attributeIn(
  argument: JsonNode,
  text: (node: JsonNode) => string,
): { readonly id: string; readonly attribute: string } {
  if (argument.type === 'string') {
    const dot = argument.value.indexOf('.')
    if (dot < 0) return { id: argument.value, attribute: '' }
    return { id: argument.value.slice(0, dot), attribute: argument.value.slice(dot + 1) }
  }
  const [id, ...attribute] = itemsOf(argument)
  return { id: id === undefined ? '' : text(id), attribute: attribute.map(text).join('.') }
}

function isFlat(node: JsonNode): boolean {
  return node.type === 'string' || node.type === 'scalar'
}

function joined(parts: readonly Text[], delimiter: string): Text {
  const length = parts.reduce((sum, { value }) => sum + value.length + delimiter.length, 0)
  if (length > limits.functionCharacters) return { value: unknownPart, dependsOn: 'a text that is too long' }
  return withReasons(
    parts.map(({ value }) => value).join(delimiter),
    parts.flatMap(({ dependsOn }) => dependsOn ?? []),
  )
}

function withReasons(value: string, reasons: readonly string[]): Text {
  return reasons.length === 0 ? { value } : { value, dependsOn: [...new Set(reasons)].join(', ') }
}
