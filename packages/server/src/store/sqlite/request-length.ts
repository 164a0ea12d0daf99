import type { Request } from './request.ts'

/** Returns the texts and bytes of a request. */
export function lengthOf(request: Request): number {
  if (request.verb === 'addWork') return request.work.value.length
  if (request.verb === 'endWork') return request.again?.value.length ?? 0
  if (request.verb === 'keepDelivery')
    return (request.step.files ?? []).reduce(
      (sum, { value }) => sum + value.length,
      request.step.after?.length ?? 0,
    )
  let length = 0
  if (request.verb !== 'commit' && request.verb !== 'record') return length
  for (const { text } of request.events) length += text.length
  for (const { json, documents } of request.denials) {
    length += json.length
    for (const [, text] of documents) length += text.length
  }
  if (request.verb === 'record') return length
  for (const { changes, blobs = [], packed = [] } of request.accounts) {
    for (const pack of packed) length += pack.length
    for (const { value } of changes) length += value?.length ?? 0
    for (const { bytes } of blobs) length += bytes.length
  }
  return length
}
