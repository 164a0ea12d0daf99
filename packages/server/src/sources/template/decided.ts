import type { JsonMember, JsonNode, JsonObject } from '@omen-iam/policy'
import { LimitReached } from '../limits.ts'
import { itemsOf, member, membersOf, textAt, textOf } from '../nodes.ts'
import { writtenJson } from '../one-reading.ts'
import type { State } from './conditions.ts'
import { calledIn } from './evaluator.ts'
import { isLoop } from './loops.ts'

/** The questions to an evaluated stack. */
export interface Decider {
  condition(name: string, place: JsonNode): State
  /** A value with its functions evaluated; undefined if AWS::NoValue removes it. */
  value(node: JsonNode): JsonNode | undefined
  /** Whether a name is a parameter of the stack. */
  isParameter(name: string): boolean
}

/** Why a value, or a part of it, is unknown. */
type UnknownIn = (node: JsonNode | undefined) => string | undefined

/**
 * A template with all that was decided about it: another reader evaluates nothing that could become something else
 * there (behaviour GRD-400). Conditions are true or false, resources and outputs that are not made are left out, the
 * branches of Fn::If are chosen, and functions have their values. Functions that name a resource stay, with decided
 * arguments. So do loops of AWS::LanguageExtensions.
 *
 * @throws LimitReached if a function has other members beside it: readers differ in what they take
 */
export function decidedTemplate(written: JsonNode, decider: Decider, unknownIn: UnknownIn): JsonNode {
  return written.type === 'object' ? new Decided(decider, unknownIn).template(written) : written
}

/** Pseudo parameters that are known before the stack exists. */
const knownBefore = /^AWS::(?:AccountId|NoValue|Partition|Region|StackName|URLSuffix)$/

/** Functions of nothing but their arguments. Fn::If and references are looked at one by one. */
const pure = /^Fn::(?:Base64|Cidr|FindInMap|Join|Length|Select|Split|ToJsonString)$/

/** Members of a resource that hold no value to decide. */
const undecided: ReadonlySet<string> = new Set(['Type', 'DependsOn', 'Metadata'])

class Decided {
  readonly #decider: Decider
  readonly #unknownIn: UnknownIn
  readonly #gone = new Set<string>()
  readonly #pure = new Map<JsonNode, boolean>()

  constructor(decider: Decider, unknownIn: UnknownIn) {
    this.#decider = decider
    this.#unknownIn = unknownIn
  }

  template(root: JsonObject): JsonNode {
    for (const { key, value } of membersOf(member(root, 'Resources')))
      if (this.#stateOf(value) === false) this.#gone.add(key.value)
    const members = root.members.map(({ key, value }): JsonMember => {
      switch (key.value) {
        case 'Conditions':
          return { key, value: mapped(value, (each) => this.#constant(each)) }
        case 'Resources':
        case 'Outputs':
          return { key, value: mapped(value, (each) => this.#made(each)) }
        default:
          return { key, value }
      }
    })
    return { ...root, members }
  }

  #stateOf(declaration: JsonNode): State {
    const condition = member(declaration, 'Condition')
    if (condition === undefined) return true
    const name = textOf(condition)
    if (name === undefined)
      throw new LimitReached('Condition must be the name of a condition.', condition.start)
    return this.#decider.condition(name, condition)
  }

  #constant({ key, value }: JsonMember): JsonMember {
    const state = this.#decider.condition(key.value, key)
    if (typeof state !== 'boolean') return { key, value }
    const items = ['true', String(state)].map((text) => textAt(text, value))
    return { key, value: call('Fn::Equals', { type: 'list', items, start: value.start, end: value.end }) }
  }

  /** A resource or an output; undefined if it is not made. */
  #made({ key, value }: JsonMember): JsonMember | undefined {
    if (isLoop(key.value) || value.type !== 'object') return { key, value }
    const state = this.#stateOf(value)
    if (state === false) return undefined
    const members = value.members.flatMap((each): readonly JsonMember[] => {
      if (each.key.value === 'Condition') return state === true ? [] : [each]
      if (each.key.value === 'DependsOn') return this.#waits(each)
      if (undecided.has(each.key.value)) return [each]
      const decided = this.#value(each.value)
      return decided === undefined ? [] : [{ key: each.key, value: decided }]
    })
    return { key, value: { ...value, members } }
  }

  /** DependsOn without what is not made. */
  #waits({ key, value }: JsonMember): readonly JsonMember[] {
    const isGone = (node: JsonNode) => this.#gone.has(textOf(node) ?? '')
    if (value.type !== 'list') return isGone(value) ? [] : [{ key, value }]
    const items = value.items.filter((each) => !isGone(each))
    return items.length === 0 ? [] : [{ key, value: { ...value, items } }]
  }

  /** A value as it was decided; undefined if it is removed. */
  #value(node: JsonNode): JsonNode | undefined {
    if (node.type === 'list') return { ...node, items: node.items.flatMap((each) => this.#items(each)) }
    if (node.type !== 'object') return node
    const called = calledIn(node)
    if (called === undefined) return mapped(node, (each) => this.#member(each))
    const { name, argument } = called
    if (this.#isPure(node)) return this.#evaluated(name, argument, node)
    if (name === 'Fn::If') {
      const chosen = this.#chosen(argument)
      if (chosen !== undefined) return this.#value(chosen)
    }
    if (name === 'Ref' || name === 'Fn::GetAtt') return node
    if (name === 'Fn::Sub') return call(name, this.#substituted(argument))
    return call(name, this.#value(argument) ?? argument)
  }

  /** Returns the items that an item of a list becomes: a list of a function is spliced into the list that it is in. */
  #items(item: JsonNode): readonly JsonNode[] {
    const decided = this.#value(item)
    if (decided === undefined) return []
    return decided.type === 'list' && item.type === 'object' ? decided.items : [decided]
  }

  #member({ key, value }: JsonMember): JsonMember | undefined {
    if ((key.value === 'Ref' || key.value.startsWith('Fn::')) && !isLoop(key.value))
      throw new LimitReached(
        `The function ${key.value.slice(0, 100)} has other members beside it.`,
        key.start,
      )
    if (isLoop(key.value)) return { key, value }
    const decided = this.#value(value)
    return decided === undefined ? undefined : { key, value: decided }
  }

  #evaluated(name: string, argument: JsonNode, node: JsonNode): JsonNode | undefined {
    const value = this.#decider.value(node)
    if (this.#unknownIn(value) !== undefined) return node
    // documents are read as what the text says, and sent as the text
    return name === 'Fn::ToJsonString' && value !== undefined ? textAt(writtenJson(value), argument) : value
  }

  /** The branch of Fn::If that counts; undefined if its condition is not known. */
  #chosen(argument: JsonNode): JsonNode | undefined {
    const [name, yes, no] = itemsOf(argument)
    const state = this.#decider.condition(textOf(name) ?? '', argument)
    return typeof state === 'boolean' ? (state ? yes : no) : undefined
  }

  /** The list form of Fn::Sub has values of its own. */
  #substituted(argument: JsonNode): JsonNode {
    const [text, values] = itemsOf(argument)
    if (argument.type !== 'list' || text === undefined || values?.type !== 'object') return argument
    return { ...argument, items: [text, mapped(values, (each) => this.#member(each))] }
  }

  /** Returns whether a value has nothing of a resource, of another stack, or of another service. Each value is looked at once. */
  #isPure(node: JsonNode): boolean {
    const known = this.#pure.get(node)
    if (known !== undefined) return known
    const found = this.#looksPure(node)
    this.#pure.set(node, found)
    return found
  }

  #looksPure(node: JsonNode): boolean {
    switch (node.type) {
      case 'string':
        return !node.value.includes('{{resolve:')
      case 'scalar':
        return true
      case 'list':
        return node.items.every((each) => this.#isPure(each))
      case 'object': {
        const called = calledIn(node)
        if (called === undefined) return node.members.every(({ value }) => this.#isPure(value))
        const { name, argument } = called
        if (name === 'Ref') return this.#isKnown(textOf(argument) ?? '')
        if (name === 'Fn::If') {
          const chosen = this.#chosen(argument)
          return chosen !== undefined && this.#isPure(chosen)
        }
        if (name === 'Fn::Sub') return this.#isPureText(argument)
        return pure.test(name) && this.#isPure(argument)
      }
    }
  }

  #isPureText(argument: JsonNode): boolean {
    const [text, values] = argument.type === 'list' ? argument.items : [argument]
    const names = [...(textOf(text) ?? '').matchAll(/\$\{([^{}]*)\}/g)].map(([, name = '']) => name.trim())
    return names.every((name) => {
      const own = member(values, name)
      return own === undefined ? name.startsWith('!') || this.#isKnown(name) : this.#isPure(own)
    })
  }

  /** Of names in Fn::Sub those of IAM's variables are texts. */
  #isKnown(name: string): boolean {
    return knownBefore.test(name) || this.#decider.isParameter(name) || /^aws:[a-z]/.test(name)
  }
}

/** An object with other members; undefined leaves one out. */
function mapped(node: JsonNode, change: (member: JsonMember) => JsonMember | undefined): JsonNode {
  if (node.type !== 'object') return node
  return { ...node, members: node.members.flatMap((each) => change(each) ?? []) }
}

function call(name: string, argument: JsonNode): JsonNode {
  const { start, end } = argument
  const key = { type: 'string', value: name, start, end: start } as const
  return { type: 'object', members: [{ key, value: argument }], start, end }
}
