import { type Image, IntakeProblem, imageOfTemplates } from '../intake/index.ts'
import {
  at,
  isTemplate,
  member,
  parseSource,
  type ResolvedResource,
  type ResolvedTemplates,
  resolveTemplates,
  textOf,
} from '../sources/index.ts'
import type { StackPlace } from './place.ts'

/** The inputs of a template's evaluation. */
export interface StackFacts {
  readonly stack: string
  readonly parameters: ReadonlyMap<string, string>
  /** Physical ids of resources that exist, by logical id. */
  readonly physicalIds: ReadonlyMap<string, string>
}

/** A template, evaluated for one stack. */
export interface StackTemplate {
  readonly resources: readonly ResolvedResource[]
  /** Reads evaluated values. */
  readonly resolved: Pick<ResolvedTemplates, 'text'>
  readonly image: Image
  /** Whether it names a transform, such as SAM's. */
  readonly transforms: boolean
}

/** A template cannot be evaluated. */
export class UnreadableTemplate extends Error {
  override readonly name = 'UnreadableTemplate'
}

const serverless = 'AWS::Serverless-2016-10-31'

/** Evaluates a template. @throws UnreadableTemplate if what it creates is unknown */
export function readTemplate(text: string, facts: StackFacts, place: StackPlace): StackTemplate {
  const file = 'template'
  const root = parseSource(text, file)
  if (root.type === 'problem') throw new UnreadableTemplate(`The template cannot be read: ${root.message}`)
  if (!isTemplate(root)) throw new UnreadableTemplate('The template has no resources')
  const transform = at(root, 'Transform')
  const known = transform === undefined || textOf(transform) === serverless
  if (!known || holdsTransform(text))
    throw new UnreadableTemplate('The template uses a macro, and what that makes is not known')
  const options = {
    ...place,
    stack: facts.stack,
    parameters: Object.fromEntries(facts.parameters),
    physicalIds: Object.fromEntries(facts.physicalIds),
  }
  try {
    const resolved = resolveTemplates([{ file, text, root }], options)
    const { resources, notes } = resolved
    const whole = resources.find(({ type }) => type.startsWith('AWS::Serverless::'))
    if (whole !== undefined)
      throw new UnreadableTemplate(`What ${whole.logicalId} of ${whole.type} becomes is not known`)
    const nested = notes.find(({ message }) => message.includes('nested template'))
    if (nested !== undefined) throw new UnreadableTemplate(`The template nests another: ${nested.message}`)
    const image = imageOfTemplates([{ file, text, root }], options)
    return { resources, resolved, image, transforms: transform !== undefined }
  } catch (error) {
    if (error instanceof IntakeProblem) throw new UnreadableTemplate(error.reason)
    throw error
  }
}

/** Fn::Transform includes the content of other files, or the result of a macro. */
function holdsTransform(text: string): boolean {
  return /Fn::Transform|!Transform/.test(text)
}

/** Returns whether a resource names its IAM entity. */
export function isNamed({ properties }: ResolvedResource): boolean {
  return nameProperties.some((name) => member(properties, name) !== undefined)
}

const nameProperties = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'InstanceProfileName']
