import { type JsonNode, Lines, type Span } from '@omen-iam/policy'
import { isTemplate } from './cloudformation.ts'
import { member, textOf } from './nodes.ts'
import { unknownPart } from './print.ts'
import type { PolicyOwner, SourceOptions } from './source.ts'
import { Ledger } from './template/evaluator.ts'
import { usesLanguageExtensions, withoutLoops } from './template/loops.ts'
import { resourcesOf, Stack } from './template/stack.ts'
import { isTerraform, plannedResources } from './terraform.ts'
import { parseSource } from './tree.ts'

/** A resource of a template or plan, with its properties as far as the file determines them. */
export interface DeclaredResource extends PolicyOwner {
  readonly properties: JsonNode
  /** Where a property is written; the resource itself if that is unknown. */
  span(node: JsonNode | undefined): Span
}

/** The resources of some types in a template or plan; none in other files. */
export function declaredResources(
  text: string,
  options: SourceOptions,
  isWanted: (type: string) => boolean,
): readonly DeclaredResource[] {
  const root = parseSource(text, options.file)
  if (root.type === 'problem') return []
  let lines: Lines | undefined
  const placed = (owner: PolicyOwner, properties: JsonNode): DeclaredResource => ({
    ...owner,
    properties,
    span(node = properties) {
      lines ??= new Lines(text)
      return lines.span(node.start, node.end)
    },
  })
  if (isTerraform(root))
    return plannedResources(root).flatMap(({ type, address, isData, values }) =>
      isData || values === undefined || !isWanted(type) ? [] : [placed({ type, id: address }, values)],
    )
  if (!isTemplate(root)) return []
  const unrolled = usesLanguageExtensions(root) ? withoutLoops(root, options) : root
  const stack = new Stack(unrolled, options, new Ledger(), 'all')
  return [...resourcesOf(stack)].flatMap(({ id, declaration }) => {
    const type = textOf(member(declaration, 'Type'))
    if (type === undefined || !isWanted(type)) return []
    return [placed({ type, id }, stack.properties(declaration))]
  })
}

/** The text of a node; undefined if it is none, or a part of it is not known. */
export function knownText(node: JsonNode | undefined): string | undefined {
  const text = textOf(node)
  return text?.includes(unknownPart) === true ? undefined : text
}
