import type { IncomingMessage } from 'node:http'
import type { AccountId } from '../base/index.ts'
import { systemClock } from '../base/index.ts'
import { SigningKeys, signedHeaders } from '../wire/sigv4/index.ts'
import { guardLimits } from './limits.ts'
import type { Upstream } from './upstream.ts'

/** What the guard itself asks the upstream, with the upstream's own credentials. */
export interface Question {
  readonly account: AccountId
  readonly region: string
  /** What the signature is for. */
  readonly service: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Reply {
  readonly status: number
  readonly text: string
}

/** The upstream gave no answer, or none that could be read. */
export class NoReply extends Error {
  override readonly name = 'NoReply'
}

const keys = new SigningKeys(1_000)

/** Asks the upstream. @throws NoReply where it is down, slow, fails, or answers more than a policy can be */
export function ask(question: Question, upstream: Upstream): Promise<Reply> {
  const { method, path: rawPath, query: rawQuery = '', account, region, service } = question
  const body = Buffer.from(question.body ?? '')
  const given = { host: upstream.host, ...question.headers }
  const headers: Record<string, string> = signedHeaders(
    { method, rawPath, rawQuery, headers: given, body },
    upstream.signer(account, region, service),
    systemClock.now(),
    undefined,
    keys,
  )
  if (method === 'POST') headers['content-length'] = String(body.length)
  if (upstream.tellsAccounts) headers['x-moto-account-id'] = account
  const sent = upstream.open({ method, path: rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`, headers })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => sent.destroy(new Error('too slow')), guardLimits.ownAnswerTime)
    const fail = (error: unknown) => {
      clearTimeout(timer)
      reject(new NoReply(error instanceof Error ? error.message : String(error)))
    }
    sent.on('error', fail)
    sent.on('response', (response) => {
      read(response)
        .then((text) => {
          clearTimeout(timer)
          const status = response.statusCode ?? 500
          if (status >= 500) fail(new Error(`the upstream answered ${status}`))
          else resolve({ status, text })
        })
        .catch(fail)
    })
    sent.end(body)
  })
}

async function read(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  // no encoding is set: pieces are bytes
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > guardLimits.ownAnswer) {
      response.destroy()
      throw new Error('the answer is too long')
    }
    pieces.push(piece)
  }
  if (!response.complete) throw new Error('the answer broke off')
  return Buffer.concat(pieces).toString('utf8')
}
