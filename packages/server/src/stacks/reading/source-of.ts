import { fault } from '../../base/index.ts'
import type { Form } from './form.ts'
import { longestTemplate, originalOf } from './original.ts'
import type { StackPlace } from './place.ts'
import { writtenAnew } from './template.ts'
import type { UpstreamStacks } from './upstream-stacks.ts'

/** Where templates come from. */
export interface TemplateSource {
  readonly place: StackPlace
  readonly upstream: UpstreamStacks
  /** The text of an object of the upstream's S3 by its URL; undefined if there is none. @throws an error if it is not an object's URL */
  readonly object: (url: string) => Promise<string | undefined>
}

/** Bytes of a template in a call (behaviour TPL-11). */
const longestBody = 51_200

/** A template as its caller wrote it, and as all readers read it in the same way. */
export interface CallTemplate {
  readonly original: string
  readonly text: string
}

/**
 * The template of a call, inline, in S3, or the stack's present one; undefined if there is none.
 * @param stack the name or ARN of the stack in the call
 * @throws Fault if it is too long
 * @throws UnreadableTemplate if it cannot be read in one way
 */
export async function templateOf(
  form: Form,
  stack: string,
  source: TemplateSource,
): Promise<CallTemplate | undefined> {
  const body = form.get('TemplateBody')
  const url = form.get('TemplateURL')
  const previous = form.get('UsePreviousTemplate')?.toLowerCase() === 'true'
  if (Number(body !== undefined) + Number(url !== undefined) + Number(previous) > 1)
    throw fault('ValidationError', 'Either Template URL or Template Body must be specified.', 400)
  if (body !== undefined) {
    if (Buffer.byteLength(body) > longestBody)
      throw fault(
        'ValidationError',
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${longestBody}`,
        400,
      )
    return readAs(body)
  }
  const text = previous
    ? await presentOf(stack, source)
    : url === undefined
      ? undefined
      : await objectAt(url, source)
  return text === undefined ? undefined : readAs(text)
}

/** The template that a stack was last changed with. */
async function presentOf(stack: string, { place, upstream }: TemplateSource) {
  const text = await upstream.template(stack, place)
  return text === undefined ? undefined : originalOf(text)
}

function readAs(original: string): CallTemplate {
  return { original, text: writtenAnew(original) }
}

/** The text of a template at a URL of the upstream's S3. @throws Fault if it is too long */
export async function objectAt(
  url: string,
  { object }: Pick<TemplateSource, 'object'>,
): Promise<string | undefined> {
  const text = await object(url)
  if (text !== undefined && Buffer.byteLength(text) > longestTemplate)
    throw fault('ValidationError', `Template may not exceed ${longestTemplate} bytes in size.`, 400)
  return text
}
