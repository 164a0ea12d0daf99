import type { HttpRequest } from '../../packages/server/src/base/index.ts'

/** A request signed, to all appearances, for a service: `GET /path?query`. */
export function signedRequest(
  line: string,
  scope: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array = '',
): HttpRequest {
  const [method = 'GET', target = '/'] = line.split(' ', 2)
  const question = target.indexOf('?')
  return {
    method,
    rawPath: question < 0 ? target : target.slice(0, question),
    rawQuery: question < 0 ? '' : target.slice(question + 1),
    headers: {
      host: 'localhost:4566',
      'x-amz-date': '20260102T030405Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/${scope}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
      ...headers,
    },
    body: typeof body === 'string' ? Buffer.from(body) : body,
    remoteAddress: '127.0.0.1',
    secure: false,
  }
}
