import type { NestedPlace, NestedTemplate } from '../../sources/index.ts'
import { sourceLimits } from '../../sources/index.ts'
import { stackNameIn } from './changes.ts'
import { objectAt, type TemplateSource } from './source-of.ts'
import {
  readTemplate,
  type StackFacts,
  type StackTemplate,
  staying,
  UnreadableTemplate,
  writtenAnew,
} from './template.ts'

/** Characters of all templates that one stack nests. */
const longestTogether = 16 * 1024 * 1024

/**
 * Evaluates a template with the templates that it nests.
 * @param deployed whether the stack as it is is meant: its nested templates are then those that the upstream has, and
 * else those that their URLs name
 * @throws UnreadableTemplate if what it makes is not known
 */
export async function readWithNested(
  text: string,
  facts: StackFacts,
  source: TemplateSource,
  deployed: boolean,
): Promise<StackTemplate> {
  const { place, upstream } = source
  const read = new Map<string, NestedTemplate>()
  let characters = 0
  for (;;) {
    // what was not read yet is noted, read, and the template is evaluated once more
    const wanted = new Map<string, NestedPlace>()
    const readNested = (nested: NestedPlace) => {
      const key = JSON.stringify([nested.path, nested.url])
      const found = read.get(key)
      if (found === undefined) wanted.set(key, nested)
      return found
    }
    try {
      return readTemplate(text, facts, place, readNested, !deployed)
    } catch (error) {
      if (!(error instanceof UnreadableTemplate) || wanted.size === 0) throw error
    }
    for (const [key, { url, physicalId }] of wanted) {
      const template =
        deployed && physicalId !== undefined
          ? await upstream.template(physicalId, place)
          : /^(?:https?|s3):/i.test(url)
            ? await objectAt(url, source)
            : undefined
      if (template === undefined)
        throw new UnreadableTemplate(`The template nests another, ${url}, which cannot be read`)
      characters += template.length
      if (characters > longestTogether || read.size >= sourceLimits.stacks)
        throw new UnreadableTemplate('The template nests more than Omen reads')
      const ids = physicalId === undefined ? undefined : await upstream.physicalIds(physicalId, place)
      const physicalIds = ids && staying(stackNameIn(physicalId ?? ''), ids, facts)
      read.set(key, { text: writtenAnew(template), ...(physicalIds && { physicalIds }) })
    }
  }
}
