import { fault } from '../base/index.ts'
import { bodyOf, type Form } from './form.ts'
import type { StackPlace } from './place.ts'
import type { UpstreamStacks } from './upstream-stacks.ts'

/** How the guard and the upstream name objects of S3. */
export interface ObjectNames {
  /** The bucket and key in a TemplateURL: `bucket/key`. @throws an error if it is not an object's URL */
  readonly objectIn: (url: string) => string
  /** A URL by which the upstream finds an object. */
  readonly objectUrl: (bucket: string, key: string) => string
}

/** Characters of a template in a call; CloudFormation reads longer ones from S3. */
const longestBody = 51_200

/** The template of a call: inline, in S3, or the stack's present one; undefined if there is none. */
export async function templateOf(
  form: Form,
  stack: string,
  {
    place,
    upstream,
    names,
  }: { readonly place: StackPlace; readonly upstream: UpstreamStacks; readonly names: ObjectNames },
): Promise<string | undefined> {
  const body = form.get('TemplateBody')
  const url = form.get('TemplateURL')
  if (body !== undefined && url !== undefined)
    throw fault('ValidationError', 'Either Template URL or Template Body must be specified.', 400)
  if (body !== undefined) return body
  if (url !== undefined) {
    const { bucket, key } = objectOf(url, names)
    return upstream.object(bucket, key, place)
  }
  const previous = form.get('UsePreviousTemplate')?.toLowerCase() === 'true'
  return previous ? upstream.template(stack, place) : undefined
}

/**
 * The call as it is forwarded: with the very template that was authorized, or, if that is too long, with a URL that
 * the upstream understands. Undefined if the call can be forwarded as it is.
 * @param text the template as it was read
 * @param sentText the same with URLs that the upstream understands
 */
export function withTemplate(
  form: Form,
  text: string,
  sentText: string,
  names: ObjectNames,
): Uint8Array | undefined {
  const url = form.get('TemplateURL')
  const sent = new Map(form)
  if (url === undefined) return text === sentText ? undefined : bodyOf(sent.set('TemplateBody', sentText))
  sent.delete('TemplateURL')
  if (sentText.length <= longestBody) return bodyOf(sent.set('TemplateBody', sentText))
  const { bucket, key } = objectOf(url, names)
  return bodyOf(sent.set('TemplateURL', names.objectUrl(bucket, key)))
}

function objectOf(url: string, { objectIn }: ObjectNames) {
  const object = objectIn(url)
  const slash = object.indexOf('/')
  return { bucket: object.slice(0, slash), key: object.slice(slash + 1) }
}
