import type { ResolvedResource } from '../../sources/index.ts'
import { isTagProperty, nameOf, textOf, writtenJson } from '../../sources/index.ts'
import { readWithNested } from './nested.ts'
import { isAboutAnother } from './other-types.ts'
import { keyOf } from './resource-key.ts'
import type { TemplateSource } from './source-of.ts'
import type { StackFacts, StackTemplate } from './template.ts'

/** A template to deploy, and the resources that it makes anew though the stack has ones of their logical ids. */
export interface WantedTemplate {
  readonly template: StackTemplate
  readonly replaced: ReadonlySet<string>
}

/**
 * Evaluates a template for a stack that has another one. What the template names in another way, or gives another type, is
 * a new resource: its present physical id does not count for it (behaviour GRD-402).
 * @throws UnreadableTemplate if what it makes is not known
 */
export async function readWanted(
  text: string,
  facts: StackFacts,
  have: StackTemplate | undefined,
  source: TemplateSource,
): Promise<WantedTemplate> {
  const template = await readWithNested(text, facts, source, false)
  const before = new Map(have?.resources.map((each) => [keyOf(each), each]))
  const replaced = new Set<string>()
  for (const now of template.resources) {
    const then = before.get(keyOf(now))
    if (then !== undefined && isOther(then, now)) replaced.add(keyOf(now))
  }
  if (replaced.size === 0) return { template, replaced }
  const isReplaced = (stack: string, logicalId: string) => replaced.has(keyOf({ stack, logicalId }))
  return { template: await readWithNested(text, { ...facts, isReplaced }, source, false), replaced }
}

function isOther(then: ResolvedResource, now: ResolvedResource): boolean {
  if (then.type !== now.type || givenName(then) !== givenName(now)) return true
  // what a resource says about another one is written again
  return isAboutAnother(now.type) && said(then) !== said(now)
}

/** The properties of a resource but its tags. */
function said({ properties }: ResolvedResource): string {
  const members = properties.members.filter(({ key }) => !isTagProperty(key.value))
  return writtenJson({ ...properties, members })
}

/** The name that the template gives; empty if CloudFormation makes one. */
function givenName({ type, properties }: ResolvedResource): string {
  const name = nameOf(type, properties)
  return name === undefined ? '' : (textOf(name) ?? writtenJson(name))
}
