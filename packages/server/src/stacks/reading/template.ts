import { type JsonNode, Lines } from '@omen-iam/policy'
import { taggersOf } from '../../authorization/catalogue/index.ts'
import { type Image, IntakeProblem, imageOfTemplates } from '../../intake/index.ts'
import {
  asNamed,
  at,
  type DecidedTemplate,
  type Given,
  isTemplate,
  member,
  membersOf,
  type NestedPlace,
  type NestedTemplate,
  oneOrMany,
  parseSource,
  type ResolvedResource,
  type ResolvedTemplates,
  readInOneWay,
  resolveTemplates,
  textOf,
  writtenJson,
} from '../../sources/index.ts'
import type { StackPlace } from './place.ts'
import type { Tags } from './tags.ts'

/** The inputs of a template's evaluation. */
export interface StackFacts {
  readonly stack: string
  readonly parameters: ReadonlyMap<string, Given>
  /** Physical ids of resources that exist, by logical id. */
  readonly physicalIds: ReadonlyMap<string, string>
  /** The stack's own tags, which its resources get (behaviour GRD-511). */
  readonly tags: Tags
  /** Whether the template makes a resource anew, so that its present physical id does not count. */
  readonly isReplaced?: (stack: string, logicalId: string) => boolean
}

/** A template, evaluated for one stack. */
export interface StackTemplate {
  readonly resources: readonly ResolvedResource[]
  /** Reads evaluated values. */
  readonly resolved: Pick<ResolvedTemplates, 'text'>
  readonly image: Image
  /** Whether it names a transform, such as SAM's. */
  readonly transforms: boolean
  /** The templates with what was decided about them, nested ones included; none if it is deployed already. */
  readonly decided: readonly DecidedTemplate[]
}

/** A template cannot be evaluated. */
export class UnreadableTemplate extends Error {
  override readonly name = 'UnreadableTemplate'
}

/** Transforms that Omen carries out. */
const transformsKnown: ReadonlySet<string> = new Set([
  'AWS::Serverless-2016-10-31',
  'AWS::LanguageExtensions',
])

/**
 * Evaluates a template.
 * @param readNested reads a template that it nests
 * @param decide whether the template is to be deployed as it was decided
 * @throws UnreadableTemplate if what it creates is unknown
 */
export function readTemplate(
  text: string,
  facts: StackFacts,
  place: StackPlace,
  readNested: (nested: NestedPlace) => NestedTemplate | undefined = () => undefined,
  decide = false,
): StackTemplate {
  const file = 'template'
  const { root, transforms } = parsed(text)
  let nestedTransforms = false
  const options = {
    readNested(nested: NestedPlace) {
      const found = readNested(nested)
      if (found !== undefined) nestedTransforms ||= parsed(found.text).transforms
      return found
    },
    ...place,
    stack: facts.stack,
    parameters: asNamed(root, Object.fromEntries(facts.parameters)),
    physicalIds: staying(facts.stack, facts.physicalIds, facts),
    tags: { given: facts.tags, takes: (type: string) => taggersOf(type) !== undefined },
  }
  try {
    const resolved = resolveTemplates([{ file, text, root }], { ...options, decide })
    const { resources, notes, decided, problems } = resolved
    const whole = resources.find(({ type }) => type.startsWith('AWS::Serverless::'))
    if (whole !== undefined)
      throw new UnreadableTemplate(`What ${whole.logicalId} of ${whole.type} becomes is not known`)
    const [note] = notes
    if (note !== undefined) throw new UnreadableTemplate(`The template is not wholly known: ${note.message}`)
    const image = imageOfTemplates([{ file, text, root }], options)
    const [problem] = problems
    if (problem !== undefined) throw new UnreadableTemplate(problem.message)
    return { resources, resolved, image, transforms: transforms || nestedTransforms, decided }
  } catch (error) {
    if (error instanceof IntakeProblem) throw new UnreadableTemplate(error.reason)
    throw error
  }
}

/** The physical ids of a stack's resources that stay as they are. */
export function staying(
  stack: string,
  ids: ReadonlyMap<string, string>,
  { isReplaced }: Pick<StackFacts, 'isReplaced'>,
): Record<string, string> {
  return Object.fromEntries([...ids].filter(([id]) => isReplaced?.(stack, id) !== true))
}

/**
 * A template in JSON that all readers read in the same way: it is evaluated, and forwarded (behaviours GRD-260, TPL-10).
 * @throws UnreadableTemplate if it can be read in more than one way
 */
export function writtenAnew(text: string): string {
  const root = readInOneWay(text)
  if (root.type !== 'problem') return writtenJson(root)
  const { line, column } = new Lines(text).position(root.start)
  throw new UnreadableTemplate(
    `The template cannot be read in one way, line ${line}, column ${column}: ${root.message}`,
  )
}

/** The tree of a template, and whether it names a transform. @throws UnreadableTemplate if a macro is among them */
function parsed(text: string) {
  const root = parseSource(text, 'template')
  if (root.type === 'problem') throw new UnreadableTemplate(`The template cannot be read: ${root.message}`)
  if (!isTemplate(root)) throw new UnreadableTemplate('The template has no resources')
  const names = oneOrMany(at(root, 'Transform')).map((each) => textOf(each) ?? '')
  const macro = names.find((name) => !transformsKnown.has(name))
  if (macro !== undefined || holdsTransform(root))
    throw new UnreadableTemplate(
      `The template uses a macro${macro ? ` (${macro})` : ''}, and what that makes is not known`,
    )
  return { root, transforms: names.length > 0 }
}

/** Fn::Transform includes what other files contain, or what a macro makes. */
function holdsTransform(node: JsonNode): boolean {
  if (node.type === 'list') return node.items.some(holdsTransform)
  return membersOf(node).some(({ key, value }) => key.value === 'Fn::Transform' || holdsTransform(value))
}

/** Returns whether a resource names its IAM entity. */
export function isNamed({ properties }: ResolvedResource): boolean {
  return nameProperties.some((name) => member(properties, name) !== undefined)
}

const nameProperties = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'InstanceProfileName']
