import type { Dispatcher } from 'undici'
import type { AccountId } from '../base/index.ts'
import { systemClock } from '../base/index.ts'
import { SigningKeys, signedHeaders } from '../wire/sigv4/index.ts'
import { guardLimits } from './limits.ts'
import type { Upstream } from './upstream.ts'

/** Requests that the guard itself makes to the upstream, with the upstream's own credentials. */
export interface Question {
  readonly account: AccountId
  readonly region: string
  /** The scope of the signature. */
  readonly service: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly path: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds that the answer may take, if they are fewer than usual. */
  readonly patience?: number
}

export interface Reply {
  readonly status: number
  readonly text: string
  /** By their names in lower case; of several with one name, the first. */
  readonly headers: Readonly<Record<string, string>>
}

/** The upstream gave no answer, or none that could be read. */
export class NoReply extends Error {
  override readonly name = 'NoReply'
}

const keys = new SigningKeys(1_000)

/**
 * Sends a request to the upstream. @throws NoReply if it is down, slow or failing, or answers more than a policy can
 * hold
 */
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
  const sendsBody = method === 'POST' || method === 'PUT'
  if (sendsBody) headers['content-length'] = String(body.length)
  if (upstream.separatesAccounts) headers['x-moto-account-id'] = account
  const request = { method, path: rawQuery === '' ? rawPath : `${rawPath}?${rawQuery}`, headers }
  return new Promise((resolve, reject) => {
    const usual = /^(?:cloudformation|iam)$/.test(service) ? longTerms : commonTerms
    const { patience = usual.time } = question
    const terms = { ...usual, time: Math.min(patience, usual.time) }
    upstream.send(request, sendsBody ? body : null, new Listener(resolve, reject, { ...terms, question }))
  })
}

/** The question as its reader knows it: `GetTopicAttributes of sns`, or `GET /bucket?policy of s3`. */
function nameOf({ service, method, path, query = '', headers = {}, body = '' }: Question): string {
  const target = headers['x-amz-target']
  const operation = target?.slice(target.lastIndexOf('.') + 1) ?? /(?:^|&)Action=(\w+)/.exec(body)?.[1]
  const line = `${method} ${path}${query === '' ? '' : `?${query}`}`
  return `${operation ?? (line.length > 200 ? `${line.slice(0, 200)}…` : line)} of ${service}`
}

/** The limits of an answer: its time and its bytes. */
interface Terms {
  readonly time: number
  readonly bytes: number
}

const commonTerms: Terms = { time: guardLimits.ownAnswerTime, bytes: guardLimits.ownAnswer }
/** Templates, and pages of identities with their policies. */
const longTerms: Terms = { time: guardLimits.slowAnswerTime, bytes: guardLimits.templateAnswer }

/** Reads an answer whole, within the limits. */
class Listener implements Dispatcher.DispatchHandler {
  readonly #resolve: (reply: Reply) => void
  readonly #reject: (error: NoReply) => void
  readonly #pieces: Buffer[] = []
  readonly #timer: NodeJS.Timeout
  readonly #most: number
  readonly #question: Question
  #controller: Dispatcher.DispatchController | undefined
  #length = 0
  #status = 0
  #headers: Readonly<Record<string, string | string[] | undefined>> = {}

  constructor(
    resolve: (reply: Reply) => void,
    reject: (error: NoReply) => void,
    terms: Terms & { readonly question: Question },
  ) {
    this.#resolve = resolve
    this.#reject = reject
    this.#most = terms.bytes
    this.#question = terms.question
    this.#timer = setTimeout(() => this.#fail('it is too slow'), terms.time)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    this.#length += piece.length
    if (this.#length > this.#most) this.#fail('its answer is too long')
    else this.#pieces.push(piece)
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer)
    // an endpoint without this operation keeps no such resource
    if (this.#status >= 500 && this.#status !== 501) this.#fail(`it answered ${this.#status}`)
    else {
      const headers = Object.entries(this.#headers).flatMap(([name, value = '']) => [
        [name, [value].flat()[0]!],
      ])
      const text = Buffer.concat(this.#pieces).toString('utf8')
      this.#resolve({ status: this.#status, text, headers: Object.fromEntries(headers) })
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error.message)
  }

  #fail(because: string): void {
    clearTimeout(this.#timer)
    const why = `${because} (${nameOf(this.#question)})`
    this.#reject(new NoReply(why))
    this.#controller?.abort(new NoReply(why))
  }
}
