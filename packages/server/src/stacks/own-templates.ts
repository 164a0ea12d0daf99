import { createHash } from 'node:crypto'
import { type JsonNode, parseJson } from '@omen-iam/policy'
import { fault } from '../base/index.ts'
import { member, sourceLimits, textAt, textOf, writtenJson } from '../sources/index.ts'
import { wayOf } from './nested.ts'
import type { StackPlace } from './place.ts'
import type { ObjectNames } from './source-of.ts'
import { UnreadableTemplate } from './template.ts'
import type { UpstreamStacks } from './upstream-stacks.ts'

/** Templates to forward: the outermost, and those that it nests by their keys in the guard's own bucket. */
export interface SentTemplates {
  readonly text: string
  readonly objects: ReadonlyMap<string, string>
}

/** The guard's own bucket of an account and a region: nobody writes into it through the guard (behaviour GRD-263). */
export function ownBucket({ account, region }: Pick<StackPlace, 'account' | 'region'>): string {
  return `omen-guard-templates-${account}-${region}`
}

/** Returns whether a bucket is one of the guard's own. */
export function isOwnBucket(name: string): boolean {
  return /^omen-guard-templates-/i.test(name)
}

/**
 * The templates as they are forwarded: each nested TemplateURL names a copy of what was evaluated, so that no object is
 * exchanged between the decision and the deployment.
 * @param nested the texts of nested templates by the logical ids on the way to them
 * @throws UnreadableTemplate if a nested stack is not written in the template itself
 */
export function sentTemplates(
  text: string,
  nested: ReadonlyMap<string, string>,
  place: StackPlace,
  { objectUrl }: ObjectNames,
): SentTemplates {
  if (nested.size === 0) return { text, objects: new Map() }
  const objects = new Map<string, string>()
  const replaced = new Set<string>()
  const sent = (whole: string, path: readonly string[]): string => {
    const root = parseJson(whole, sourceLimits.depth)
    if (root.type !== 'object') throw new UnreadableTemplate('The template cannot be read')
    const resources = member(root, 'Resources')
    if (resources?.type !== 'object') return whole
    const members = resources.members.map(({ key, value }) => {
      const way = wayOf([...path, key.value])
      const inner = nested.get(way)
      if (inner === undefined || textOf(member(value, 'Type')) !== 'AWS::CloudFormation::Stack')
        return { key, value }
      replaced.add(way)
      const written = sent(inner, [...path, key.value])
      const object = `${createHash('sha256').update(written).digest('hex')}.json`
      objects.set(object, written)
      return { key, value: withUrl(value, objectUrl(ownBucket(place), object)) }
    })
    const found = root.members.map((each) =>
      each.value === resources ? { key: each.key, value: { ...resources, members } } : each,
    )
    return writtenJson({ ...root, members: found })
  }
  const outermost = sent(text, [])
  const other = [...nested.keys()].find((way) => !replaced.has(way))
  if (other !== undefined)
    throw new UnreadableTemplate(
      `The nested stack ${other} is made by a loop or a macro, and cannot be forwarded`,
    )
  return { text: outermost, objects }
}

/** A nested stack with another TemplateURL. */
function withUrl(declaration: JsonNode, url: string): JsonNode {
  if (declaration.type !== 'object') return declaration
  const members = declaration.members.map((each) => {
    if (each.key.value !== 'Properties' || each.value.type !== 'object') return each
    const properties = each.value.members.map((property) =>
      property.key.value === 'TemplateURL'
        ? { key: property.key, value: textAt(url, property.value) }
        : property,
    )
    return { key: each.key, value: { ...each.value, members: properties } }
  })
  return { ...declaration, members }
}

/** Writes nested templates into the guard's own bucket. @throws Fault if the upstream does not take them */
export async function putTemplates(
  { objects }: SentTemplates,
  place: StackPlace,
  upstream: UpstreamStacks,
): Promise<void> {
  if (objects.size === 0) return
  const bucket = ownBucket(place)
  await upstream.makeBucket(bucket, place)
  for (const [key, text] of objects)
    if (!(await upstream.putObject(bucket, key, text, place)))
      throw fault('ServiceUnavailable', 'The upstream does not take the templates that the stack nests.', 503)
}
