import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { HttpRequest } from '../../base/index.ts'
import { canonicalRequest } from './canonical.ts'
import type { Claim } from './types.ts'

/** Each byte but the unreserved characters of RFC 3986 as `%XX`; each character of the text is a byte. */
function encoded(text: string, keep = ''): string {
  return [...text]
    .map((character) =>
      /[A-Za-z0-9\-._~]/.test(character) || keep.includes(character)
        ? character
        : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
}

function decoded(text: string): string {
  const blank = text.split('+').join(' ')
  return blank.replace(/%[0-9a-fA-F]{2}/g, (byte) => String.fromCharCode(Number(`0x${byte.slice(1)}`)))
}

/** The canonical query string, plainly (behaviour SIG-22). */
function plainQuery(rawQuery: string, presigned: boolean): string {
  const pairs = rawQuery
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=')
      return [encoded(decoded(name)), encoded(decoded(value.join('=')))] as const
    })
  const signature = presigned ? pairs.findIndex(([name]) => name === 'X-Amz-Signature') : -1
  return pairs
    .filter((_, index) => index !== signature)
    .toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : x === y ? 0 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
}

/** The canonical path of all but S3, plainly (behaviour SIG-21). */
function plainPath(rawPath: string): string {
  const kept: string[] = []
  for (const segment of rawPath.split('/'))
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  if (kept.length === 0) return '/'
  return encoded(`/${kept.join('/')}${rawPath.endsWith('/') ? '/' : ''}`, '/')
}

const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts)
const joined = (parts: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(parts, { maxLength }).map((list) => list.join(''))

const claimOf = (signedHeaders: readonly string[], form: Claim['form'] = 'header') =>
  ({ form, signedHeaders }) as unknown as Claim // the canonical request reads nothing else
const requestOf = (parts: Partial<HttpRequest>): HttpRequest => ({
  method: 'PUT',
  rawPath: '/',
  rawQuery: '',
  headers: {},
  body: new Uint8Array(),
  remoteAddress: '::1',
  secure: false,
  ...parts,
})

describe('canonical requests', () => {
  it('have the query that a plain reading has (SIG-22)', () => {
    const part = oneOf(
      'a',
      'B',
      'b',
      '=',
      '%',
      '%41',
      '%2b',
      '%2B',
      '+',
      '%zz',
      '%e9',
      '\xe9',
      '~',
      '/',
      'X-Amz-Signature',
      '*',
    )
    const query = fc.array(joined(part, 4), { maxLength: 6 }).map((list) => list.join('&'))
    fc.assert(
      fc.property(query, fc.boolean(), (rawQuery, presigned) => {
        const canonical = canonicalRequest(
          claimOf([], presigned ? 'query' : 'header'),
          requestOf({ rawQuery }),
          { s3: false },
          'hash',
        )
        assert.equal(canonical, `PUT\n/\n${plainQuery(rawQuery, presigned)}\n\n\nhash`)
      }),
      { numRuns: 3_000 },
    )
  })

  it('have the path that a plain reading has, and S3’s as it was sent (SIG-21)', () => {
    const path = joined(oneOf('/', '.', '..', '/./', '/../', 'a', '%20', '%2F', ' ', '~', '\xe9', '*'), 7)
    fc.assert(
      fc.property(path, (rawPath) => {
        const of = (s3: boolean) =>
          canonicalRequest(claimOf([]), requestOf({ rawPath }), { s3 }, '').split('\n')[1]
        assert.equal(of(false), plainPath(rawPath))
        assert.equal(of(true), rawPath)
      }),
      { numRuns: 2_000 },
    )
  })

  it('have each signed header in the claim’s order, blanks collapsed (SIG-20)', () => {
    const value = joined(oneOf('a', 'B', ' ', '  ', '\t', '\xa0', '"', ',', '\v'), 6)
    fc.assert(
      fc.property(value, value, (one, other) => {
        const headers = { host: one, 'x-a': other, 'x-b': 'not signed' }
        const collapsed = (text: string) =>
          text
            .split(/[ \t\v]+/)
            .filter((word) => word !== '')
            .join(' ')
        assert.equal(
          canonicalRequest(claimOf(['x-a', 'host', 'x-none']), requestOf({ headers }), { s3: true }, 'h'),
          `PUT\n/\n\nx-a:${collapsed(other)}\nhost:${collapsed(one)}\nx-none:\n\nx-a;host;x-none\nh`,
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
