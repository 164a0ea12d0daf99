import type { JsonNode, JsonObject } from '@omen-iam/policy'
import { itemsOf, member, membersOf, textAt } from '../nodes.ts'
import type { StackTags } from './options.ts'

/** Returns whether a property holds the tags of its resource: `Tags`, `UserPoolTags`, `HostedZoneTags`. */
export function isTagProperty(name: string): boolean {
  return /^(?:[A-Z][A-Za-z]*)?Tags$/.test(name)
}

/** The tags in evaluated properties, by their keys: a list of `Key` and `Value`, or an object. */
export function givenTags(
  properties: JsonNode | undefined,
  textOf: (node: JsonNode | undefined) => string,
): ReadonlyMap<string, string> {
  const found = membersOf(properties).filter(({ key }) => isTagProperty(key.value))
  return new Map(
    found.flatMap(({ value }): (readonly [string, string])[] =>
      value.type === 'object'
        ? value.members.map(({ key, value: each }) => [key.value, textOf(each)])
        : itemsOf(value).flatMap((item) => {
            const key = member(item, 'Key') ?? member(item, 'key')
            return key === undefined
              ? []
              : [[textOf(key), textOf(member(item, 'Value') ?? member(item, 'value'))]]
          }),
    ),
  )
}

/** Properties of a resource with the tags of its stack; its own tags of the same keys stay. */
export function withStackTags(
  type: string,
  properties: JsonObject,
  tags: StackTags | undefined,
  textOf: (node: JsonNode | undefined) => string,
): JsonObject {
  if (tags === undefined || tags.given.size === 0 || !tags.takes(type)) return properties
  const own = givenTags(properties, textOf)
  const more = [...tags.given].filter(([key]) => !own.has(key))
  if (more.length === 0) return properties
  const at = properties.members.find(({ key }) => isTagProperty(key.value))
  const place = at?.value ?? properties
  const { start, end } = place
  const text = (value: string) => textAt(value, place)
  const value: JsonNode =
    at?.value.type === 'object'
      ? {
          ...at.value,
          members: [
            ...at.value.members,
            ...more.map(([key, each]) => ({ key: text(key), value: text(each) })),
          ],
        }
      : {
          type: 'list',
          items: [
            ...itemsOf(at?.value),
            ...more.map(
              ([key, each]): JsonNode => ({
                type: 'object',
                members: [
                  { key: text('Key'), value: text(key) },
                  { key: text('Value'), value: text(each) },
                ],
                start,
                end,
              }),
            ),
          ],
          start,
          end,
        }
  const key = at?.key ?? text('Tags')
  return { ...properties, members: [...properties.members.filter((each) => each !== at), { key, value }] }
}
