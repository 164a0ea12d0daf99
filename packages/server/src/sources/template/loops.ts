import type { JsonMember, JsonNode } from '@omen-iam/policy'
import { LimitReached, limits } from '../limits.ts'
import { at, itemsOf, member, membersOf, oneOrMany, textAt, textOf } from '../nodes.ts'
import { calledIn } from './evaluator.ts'
import type { TemplateOptions, Text } from './options.ts'

const loop = 'Fn::ForEach::'

/** Loops within each other. Source: AWS CloudFormation User Guide, Fn::ForEach. */
const nestedMost = 5

/** Returns whether a template uses the transform with loops. */
export function usesLanguageExtensions(root: JsonNode): boolean {
  return oneOrMany(member(root, 'Transform')).some((each) => textOf(each) === 'AWS::LanguageExtensions')
}

/** Returns whether a key begins a loop. */
export function isLoop(key: string): boolean {
  return key.startsWith(loop)
}

/**
 * The template with every Fn::ForEach replaced by what it makes (behaviour TPL-9). Every part has the place of its
 * source.
 *
 * @throws LimitReached if what a loop runs over is not known, or too much is made
 */
export function withoutLoops(root: JsonNode, options: Pick<TemplateOptions, 'parameters'>): JsonNode {
  return new Loops(root, options).expanded(root, new Map(), 0)
}

class Loops {
  readonly #root: JsonNode
  readonly #parameters: TemplateOptions['parameters']
  #left: number = limits.functions

  constructor(root: JsonNode, { parameters }: Pick<TemplateOptions, 'parameters'>) {
    this.#root = root
    this.#parameters = parameters
  }

  expanded(node: JsonNode, values: ReadonlyMap<string, string>, depth: number): JsonNode {
    if (--this.#left < 0)
      throw new LimitReached(`The loops make more than ${limits.functions} values.`, node.start)
    switch (node.type) {
      case 'string':
        return { ...node, value: filled(node.value, values) }
      case 'scalar':
        return node
      case 'list':
        return { ...node, items: node.items.map((item) => this.expanded(item, values, depth)) }
      case 'object': {
        const called = calledIn(node)
        const value = called?.name === 'Ref' ? values.get(textOf(called.argument) ?? '') : undefined
        if (value !== undefined) return textAt(value, node)
        const members = node.members.flatMap((each) =>
          isLoop(each.key.value)
            ? this.#looped(each, values, depth + 1)
            : [
                {
                  key: { ...each.key, value: filled(each.key.value, values) },
                  value: this.expanded(each.value, values, depth),
                },
              ],
        )
        return { ...node, members }
      }
    }
  }

  #looped(
    { key, value }: JsonMember,
    values: ReadonlyMap<string, string>,
    depth: number,
  ): readonly JsonMember[] {
    const name = key.value.slice(loop.length)
    if (depth > nestedMost)
      throw new LimitReached(`Loops are nested more than ${nestedMost} deep.`, key.start)
    const [identifier, collection, body, ...more] = itemsOf(value)
    const variable = textOf(identifier)
    if (variable === undefined || collection === undefined || body?.type !== 'object' || more.length > 0)
      throw new LimitReached(`The loop ${name} needs an identifier, a collection and an object.`, key.start)
    return this.#items(collection, values, name).flatMap((item) => {
      const made = this.expanded(body, new Map([...values, [variable, item]]), depth)
      return membersOf(made)
    })
  }

  /** Returns the items of a loop: texts, or a parameter that is a list. */
  #items(collection: JsonNode, values: ReadonlyMap<string, string>, name: string): readonly string[] {
    const called = calledIn(collection)
    if (called?.name === 'Ref') {
      const parameter = textOf(called.argument) ?? ''
      const given =
        this.#parameters?.[parameter] ?? textOf(at(this.#root, 'Parameters', parameter, 'Default'))
      if (typeof given === 'string') return given.split(',').map((each) => each.trim())
      const items: readonly Text[] = Array.isArray(given) ? given : []
      if (items.length > 0 && items.every(({ dependsOn }) => dependsOn === undefined))
        return items.map((each) => each.value)
      throw new LimitReached(`The loop ${name} runs over ${parameter}, which is not known.`, collection.start)
    }
    const items = oneOrMany(collection).map((each) => this.expanded(each, values, 0))
    return items.map((each) => {
      const text = each.type === 'scalar' ? each.raw : textOf(each)
      if (text === undefined)
        throw new LimitReached(`The loop ${name} runs over values that are not known.`, each.start)
      return text
    })
  }
}

/** `${Name}` is the value, and `&{Name}` the value without what no logical id may have. */
function filled(text: string, values: ReadonlyMap<string, string>): string {
  if (values.size === 0 || !text.includes('{')) return text
  return text.replaceAll(/([$&])\{(\w{1,255})\}/g, (whole, sign: string, name: string) => {
    const value = values.get(name)
    if (value === undefined) return whole
    return sign === '&' ? value.replaceAll(/[^A-Za-z0-9]/g, '') : value
  })
}
