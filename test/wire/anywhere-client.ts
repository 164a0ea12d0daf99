import { createHash, sign } from 'node:crypto'
import type { RunningOmen } from 'omen-iam'
import { basicDate } from '../../packages/server/src/wire/sigv4/index.ts'
import type { MadeX509 } from '../support/index.ts'
import type { AnyAnswer } from './signed.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** What CreateSession is sent. */
export interface Wish {
  readonly holder: MadeX509
  readonly key?: MadeX509
  readonly chain?: readonly MadeX509[]
  readonly query: Readonly<Record<string, string>>
  readonly body?: object
  readonly at: number
  readonly tamper?: (headers: Record<string, string>) => void
}

/** CreateSession as aws_signing_helper sends it: names in the query, the rest in the body. */
export async function createSession(
  omen: RunningOmen,
  { holder, key = holder, chain, query, body = {}, at, tamper }: Wish,
): Promise<AnyAnswer> {
  const url = new URL('/sessions', omen.endpoint)
  const pairs = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))
  const rawQuery = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const text = JSON.stringify(body)
  const date = basicDate(at)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: url.host,
    'x-amz-date': date,
    'x-amz-x509': holder.der.toString('base64'),
    ...(chain && { 'x-amz-x509-chain': chain.map(({ der }) => der.toString('base64')).join(',') }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    'POST',
    '/sessions',
    rawQuery,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(text),
  ].join('\n')
  const scope = `${date.slice(0, 8)}/us-east-1/rolesanywhere/aws4_request`
  const kind = key.key.asymmetricKeyType === 'rsa' ? 'RSA' : 'ECDSA'
  const algorithm = `AWS4-X509-${kind}-SHA256`
  const signature = sign(
    'sha256',
    Buffer.from([algorithm, date, scope, sha256(canonical)].join('\n')),
    key.key,
  )
  const { host: _, ...sent } = headers
  sent.authorization = `${algorithm} Credential=${holder.serial}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`
  tamper?.(sent)
  const response = await fetch(`${url}?${rawQuery}`, { method: 'POST', headers: sent, body: text })
  const error = response.headers.get('x-amzn-errortype')
  return { status: response.status, ...(error && { error }), ...JSON.parse((await response.text()) || '{}') }
}
