import { createHash } from 'node:crypto'
import type { JsonNode } from '@omen-iam/policy'
import { member, textAt, textOf, writtenJson } from '../../sources/index.ts'
import type { Sent } from './messages.ts'
import { withOriginal } from './original.ts'
import type { StackPlace } from './place.ts'
import { type StackTemplate, UnreadableTemplate } from './template.ts'

/** The guard's own bucket of an account and a region: nobody writes into it through the guard (behaviour GRD-263). */
export function ownBucket({ account, region }: Pick<StackPlace, 'account' | 'region'>): string {
  return `omen-guard-templates-${account}-${region}`
}

/** Returns whether a bucket is one of the guard's own. */
export function isOwnBucket(name: string): boolean {
  return /^omen-guard-templates-/i.test(name)
}

/**
 * The templates as they are forwarded: with what was decided about them, and each nested TemplateURL names a copy of what
 * was evaluated, so that no object is exchanged between the decision and the deployment.
 * @param original the outermost template as its caller wrote it
 * @param bucket the URL of the guard's own bucket, with a slash at its end
 * @throws UnreadableTemplate if a nested stack is not written in the template itself
 */
export function sentTemplates({ decided }: StackTemplate, original: string, bucket: string): Sent {
  const objects = new Map<string, string>()
  const urls = new Map<string, string>()
  let text = ''
  // the innermost first: the URL of each is that of a copy
  for (const { path, root } of decided.toSorted((a, b) => b.path.length - a.path.length)) {
    const sent = withUrls(root, (id) => {
      const way = wayOf([...path, id])
      const url = urls.get(way)
      urls.delete(way)
      return url
    })
    if (path.length === 0) {
      text = writtenJson(withOriginal(sent, original))
      continue
    }
    const written = writtenJson(sent)
    const object = `${createHash('sha256').update(written).digest('hex')}.json`
    objects.set(object, written)
    urls.set(wayOf(path), `${bucket}${object}`)
  }
  const [other] = urls.keys()
  if (other !== undefined)
    throw new UnreadableTemplate(
      `The nested stack ${other} is made by a loop or a macro, and cannot be forwarded`,
    )
  return { text, objects }
}

/** The logical ids on the way to a nested template, as one text. */
const wayOf = (path: readonly string[]) => JSON.stringify(path)

/** A template whose nested stacks have other URLs. */
function withUrls(root: JsonNode, urlOf: (id: string) => string | undefined): JsonNode {
  const resources = member(root, 'Resources')
  if (root.type !== 'object' || resources?.type !== 'object') return root
  const members = resources.members.map(({ key, value }) => {
    const url = nestedType.test(textOf(member(value, 'Type')) ?? '') ? urlOf(key.value) : undefined
    return { key, value: url === undefined ? value : withUrl(value, url) }
  })
  return {
    ...root,
    members: root.members.map((each) =>
      each.value === resources ? { key: each.key, value: { ...resources, members } } : each,
    ),
  }
}

const nestedType = /^AWS::CloudFormation::Stack$/

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
