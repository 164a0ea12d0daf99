import type { HttpRequest } from '../../base/index.ts'

/** Returns whether a browser's own form was sent, which expects a page and not JSON. */
export function isForm(request: HttpRequest): boolean {
  return mediaType(request) === 'application/x-www-form-urlencoded'
}

/** Returns the media type of a body, without its parameters. */
export function mediaType({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase() // a split has a first part
}
