import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { Fault, type RequestHead, Secret } from '../../packages/server/src/base/index.ts'
import {
  isOldSigned,
  mentionsOldSignature,
  type OldClaim,
  readOldClaim,
  verifyOldSignature,
} from '../../packages/server/src/wire/sigv4/index.ts'
import { httpRequest } from './sigv4-check.ts'

const secret = new Secret('uV3F3YluFJax1cknvbcGwgjvx4QpvB+leU8dUj2o')
const now = Date.UTC(2007, 2, 27, 19, 36, 42)
const date = 'Tue, 27 Mar 2007 19:36:42 +0000'

function head(parts: Partial<RequestHead>): RequestHead {
  return httpRequest(parts)
}

/** The fault that something throws: its code, status, message and members. */
function faultOf(run: () => unknown): readonly unknown[] | undefined {
  try {
    run()
    return undefined
  } catch (thrown) {
    assert.ok(thrown instanceof Fault, String(thrown))
    return [thrown.code, thrown.status, thrown.message]
  }
}

const sign = (text: string) => createHmac('sha1', secret.reveal()).update(text, 'latin1').digest('base64')

/** Whether the signature over exactly this text is right for a request. */
function accepts(
  text: string,
  parts: Partial<RequestHead>,
  bucket?: string,
  more: Partial<OldClaim> = {},
): boolean {
  const claim: OldClaim = { form: 'header', accessKeyId: 'A', signature: sign(text), ...more }
  return faultOf(() => verifyOldSignature(claim, head(parts), bucket, secret, now)) === undefined
}

describe('signatures of version 2 (SIG-40)', () => {
  it('are recognised', () => {
    assert.equal(isOldSigned(head({ headers: { authorization: 'AWS a:b' } })), true)
    for (const authorization of ['AWS4-HMAC-SHA256 a', 'AWSa', 'x AWS a:b', ''])
      assert.equal(isOldSigned(head({ headers: { authorization } })), false, authorization)
    for (const query of ['Signature=', 'a&Signature=1', 'AWSAccessKeyId=A', 'a=b&AWSAccessKeyId='])
      assert.equal(isOldSigned(head({ rawQuery: query })), true, query)
    for (const query of ['', 'X-Amz-Signature=1', 'aSignature=1', 'Signature', 'xAWSAccessKeyId=A'])
      assert.equal(mentionsOldSignature(query), false, query)
  })

  it('are read of a header', () => {
    const read = (authorization: string, more: Record<string, string> = {}, rawQuery = '') =>
      readOldClaim(head({ headers: { authorization, ...more }, rawQuery }))
    assert.deepEqual(read('AWS A.b-C_1:aB+/='), {
      form: 'header',
      accessKeyId: 'A.b-C_1',
      signature: 'aB+/=',
    })
    assert.deepEqual(read('AWS A:b', { 'x-amz-security-token': 't' }), {
      form: 'header',
      accessKeyId: 'A',
      signature: 'b',
      sessionToken: 't',
    })
    for (const text of [
      'AWS A',
      'AWS :b',
      'AWS A:',
      'xAWS A:b',
      'AWS A:b=c',
      'AWS A:b===',
      'AWS A:b c',
      `AWS ${'A'.repeat(129)}:b`,
      `AWS A:${'b'.repeat(129)}`,
    ])
      assert.deepEqual(
        faultOf(() => read(text)),
        ['InvalidArgument', 400, 'AWS authorization header is invalid.  Expected AwsAccessKeyId:signature'],
        text,
      )
    assert.deepEqual(read(`AWS ${'A'.repeat(128)}:${'b'.repeat(128)}==`).signature.length, 130)
    for (const query of ['x-amz-acl=private', 'a&X-Amz-Acl=private', '%78-amz-acl'])
      assert.deepEqual(
        faultOf(() => read('AWS A:b', {}, query)),
        ['AccessDenied', 403, 'There were headers present in the request which were not signed'],
        query,
      )
    assert.equal(
      faultOf(() => read('AWS A:b', {}, 'ax-amz-acl=1')),
      undefined,
    )
  })

  it('are read of a query string', () => {
    const read = (rawQuery: string, headers: Record<string, string> = {}) =>
      readOldClaim(head({ rawQuery, headers }))
    assert.deepEqual(read('AWSAccessKeyId=A&Signature=a%2Bb+c%3D&Expires=1'), {
      form: 'query',
      accessKeyId: 'A',
      signature: 'a+b+c=',
      expires: '1',
    })
    const claim = { form: 'query', accessKeyId: 'A', signature: 'b', expires: '1' }
    const query = 'AWSAccessKeyId=A&Signature=b&Expires=1'
    assert.deepEqual(read(`${query}&Signature=c`), claim)
    assert.deepEqual(read(query, { 'x-amz-security-token': 'h' }), { ...claim, sessionToken: 'h' })
    assert.deepEqual(read(`${query}&x-amz-security-token=q`, { 'x-amz-security-token': 'h' }), {
      ...claim,
      sessionToken: 'q',
    })
    for (const part of [
      'AWSAccessKeyId=A&Signature=b',
      'AWSAccessKeyId=A&Expires=1',
      'Signature=b&Expires=1',
      'AWSAccessKeyId=&Signature=b&Expires=1',
    ])
      assert.deepEqual(
        faultOf(() => read(part)),
        [
          'AccessDenied',
          403,
          'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
        ],
        part,
      )
    const both = [
      'InvalidArgument',
      400,
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    ]
    assert.deepEqual(
      faultOf(() => read(query, { authorization: 'x' })),
      both,
    )
    for (const other of ['X-Amz-Signature=1', 'x-amz-algorithm=', 'X-AMZ-CREDENTIAL=x'])
      assert.deepEqual(
        faultOf(() => read(`${query}&${other}`)),
        both,
        other,
      )
    assert.deepEqual(
      faultOf(() => read(query, { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' })),
      ['InvalidRequest', 400, 'Signed chunks need a signature of version 4.'],
    )
    assert.equal(
      faultOf(() => read(query, { 'x-amz-content-sha256': 'xSTREAMING-' })),
      undefined,
    )
  })

  it('sign the texts of the Developer Guide', () => {
    assert.ok(
      accepts(
        `GET\n\n\n${date}\n/awsexamplebucket1/photos/puppy.jpg`,
        { headers: { date }, rawPath: '/photos/puppy.jpg' },
        'awsexamplebucket1',
      ),
    )
    assert.ok(
      accepts(`PUT\nmd5\nimage/jpeg\n${date}\n/b/k`, {
        method: 'PUT',
        headers: { date, 'content-type': 'image/jpeg', 'content-md5': 'md5' },
        rawPath: '/b/k',
      }),
    )
    assert.ok(
      accepts(`GET\n\n\n${date}\n/b/`, {
        headers: { date },
        rawPath: '/b/',
        rawQuery: 'prefix=photos&max-keys=50&marker=puppy',
      }),
    )
    assert.ok(accepts(`GET\n\n\n${date}\n/b/?acl`, { headers: { date }, rawPath: '/b/', rawQuery: 'acl' }))
    assert.ok(accepts(`GET\n\n\n${date}\n/b/?acl`, { headers: { date }, rawPath: '/b/', rawQuery: 'acl=' }))
    // a character is a byte: these are two of UTF-8
    const bytes = '\xc3\xa9'
    assert.ok(
      accepts(`GET\n\n\n${date}\nx-amz-meta-a:${bytes}\n/b/k`, {
        headers: { date, 'x-amz-meta-a': bytes },
        rawPath: '/b/k',
      }),
    )
    assert.ok(
      accepts(`DELETE\n\n\n\nx-amz-date:${date}\n/b/k`, {
        method: 'DELETE',
        headers: { date: 'Tue, 27 Mar 2007 21:20:27 +0000', 'x-amz-date': date },
        rawPath: '/b/k',
      }),
    )
    assert.ok(
      accepts(
        `PUT\n\n\n${date}\nx-amz-acl:public-read\nx-amz-meta-a:b c d\nx-amz-meta-z:1\n/b/k?partNumber=1&uploadId=u+x&versionId`,
        {
          method: 'PUT',
          headers: {
            date,
            'x-amz-meta-z': '1',
            'x-amz-meta-a': ' b\r\n c \n\n d',
            'x-amz-acl': 'public-read',
            'x-other': 'o',
          },
          rawPath: '/b/k',
          rawQuery: 'versionId&uploadId=u%2Bx&prefix=p&partNumber=1&partNumber=2'.replace(
            '&partNumber=2',
            '',
          ),
        },
      ),
    )
  })

  it('of a URL sign its end in place of a date, and its parameters as headers', () => {
    const expires = String(now / 1000 + 1)
    const query = `AWSAccessKeyId=A&Signature=x&Expires=${expires}`
    const url = { form: 'query', expires } as const
    assert.ok(accepts(`GET\n\n\n${expires}\n/b/k`, { rawPath: '/b/k', rawQuery: query }, undefined, url))
    assert.ok(
      accepts(
        `GET\nm\nt\n${expires}\nx-amz-acl:private\nx-amz-meta-a:1\n/b/k?acl`,
        {
          rawPath: '/b/k',
          rawQuery: `${query}&content-md5=m&content-type=t&X-Amz-Acl=private&acl`,
          headers: { 'x-amz-meta-a': '1' },
        },
        undefined,
        url,
      ),
    )
    // of a signature in a header, none of the parameters counts
    assert.ok(
      !accepts(`GET\nm\n\n${date}\n/b/k`, { rawPath: '/b/k', rawQuery: 'content-md5=m', headers: { date } }),
    )
  })

  it('end, and are of now', () => {
    const claim = (expires: string): OldClaim => ({
      form: 'query',
      accessKeyId: 'A',
      signature: sign(`GET\n\n\n${expires}\n/`),
      expires,
    })
    const verifyAt = (expires: string, at: number) =>
      faultOf(() => verifyOldSignature(claim(expires), head({}), undefined, secret, at))
    assert.equal(verifyAt('1000', 999_999), undefined)
    assert.deepEqual(verifyAt('1000', 1_000_000), ['AccessDenied', 403, 'Request has expired'])
    try {
      verifyOldSignature(claim('1000'), head({}), undefined, secret, 1_000_500)
    } catch (thrown) {
      assert.ok(thrown instanceof Fault)
      assert.deepEqual(thrown.members, {
        Expires: '1970-01-01T00:16:40Z',
        ServerTime: '1970-01-01T00:16:40Z',
      })
    }
    for (const expires of ['x', '1x', 'x1', '-1', '1.5', '1'.repeat(16)])
      assert.deepEqual(verifyAt(expires, 0), [
        'AccessDenied',
        403,
        `Invalid date (should be seconds since epoch): ${expires}`,
      ])
    assert.deepEqual(
      verifyAt('x'.repeat(40), 0)?.[2],
      `Invalid date (should be seconds since epoch): ${'x'.repeat(32)}`,
    )
    assert.equal(verifyAt('9'.repeat(15), now), undefined)

    const dated = (text: string, name = 'date', at = now) => {
      const signature = sign(
        `GET\n\n\n${name === 'date' ? text : ''}\n${name === 'date' ? '' : `${name}:${text}\n`}/`,
      )
      const old: OldClaim = { form: 'header', accessKeyId: 'A', signature }
      return faultOf(() =>
        verifyOldSignature(old, head({ headers: { [name]: text } }), undefined, secret, at),
      )
    }
    for (const text of [
      date,
      'Tue, 27 Mar 2007 19:36:42 GMT',
      'Tue, 27 Mar 2007 19:36:42 UTC',
      '20070327T193642Z',
    ]) {
      assert.equal(dated(text), undefined, text)
      assert.equal(dated(text, 'x-amz-date'), undefined, text)
    }
    const invalid = ['AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header']
    for (const text of ['', 'Tue, 27 Mar 2007 19:36:42 +0100', 'Tue, 27 Mar 2007 19:36:42', '2007'])
      assert.deepEqual(dated(text), invalid, text)
    assert.deepEqual(
      faultOf(() => verifyOldSignature(claim('1'), head({}), undefined, secret, 0)),
      undefined,
    )
    const without: OldClaim = { form: 'header', accessKeyId: 'A', signature: 'x' }
    assert.deepEqual(
      faultOf(() => verifyOldSignature(without, head({}), undefined, secret, 0)),
      invalid,
    )
    const quarter = 15 * 60_000
    assert.equal(dated(date, 'date', now + quarter), undefined)
    assert.equal(dated(date, 'date', now - quarter), undefined)
    const skewed = [
      'RequestTimeTooSkewed',
      403,
      'The difference between the request time and the current time is too large.',
    ]
    assert.deepEqual(dated(date, 'date', now + quarter + 1), skewed)
    assert.deepEqual(dated(date, 'date', now - quarter - 1), skewed)
  })

  it('refuse another text, and what no signature covers', () => {
    const text = `GET\n\n\n${date}\n/b/k`
    const wrong = [
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ]
    const answer = (signature: string, parts: Partial<RequestHead> = {}) =>
      faultOf(() =>
        verifyOldSignature(
          { form: 'header', accessKeyId: 'A', signature },
          head({ headers: { date }, rawPath: '/b/k', ...parts }),
          undefined,
          secret,
          now,
        ),
      )
    assert.equal(answer(sign(text)), undefined)
    assert.deepEqual(answer(sign(`${text}x`)), wrong)
    assert.deepEqual(answer(sign(text).slice(0, -1)), wrong)
    assert.deepEqual(answer(`${sign(text)}=`), wrong)
    assert.deepEqual(answer(sign(text), { method: 'PUT' }), wrong)
    const open = ['AccessDenied', 403, 'There were headers present in the request which were not signed']
    for (const rawQuery of [
      'unknown=1',
      'retention',
      'acl&acl',
      'prefix=a&prefix=b',
      'xprefix=1',
      'prefixx=1',
    ])
      assert.deepEqual(answer(sign(text), { rawQuery }), open, rawQuery)
    for (const rawQuery of ['prefix=a', 'list-type=2&max-keys=1', 'x-id=GetObject', '&&', 'PREFIX=a'])
      assert.equal(answer(sign(text), { rawQuery }), undefined, rawQuery)
  })
})
