import { type Fault, fault, type HttpResponse, type RequestHead } from '../../base/index.ts'
import { NoReply } from '../ask.ts'
import { type IdentifiedCall, identifyCall } from '../catalogue/index.ts'
import { unreadable } from '../outcome.ts'
import { type CorsQuestion, type CorsRule, corsHeaders } from './rules.ts'

/** The CORS rules of a bucket; undefined if it has none. */
export type RulesOf = (bucket: string) => Promise<readonly CorsRule[] | undefined>

/** The guard's rules about which pages may read an answer. */
export class Cors {
  readonly #rulesOf: RulesOf

  constructor(rulesOf: RulesOf) {
    this.#rulesOf = rulesOf
  }

  /** The CORS headers of the answer to a call. What the upstream does not report is left out. */
  async ofAnswer(
    found: IdentifiedCall,
    head: RequestHead,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    if (head.headers.origin === undefined) return undefined
    try {
      return await corsOfAnswer(found, head, this.#rulesOf)
    } catch (error) {
      if (error instanceof NoReply) return undefined
      throw error
    }
  }

  /** The answer to a preflight request about a bucket or an object; undefined if the request is none. */
  async ofPreflight(head: RequestHead): Promise<HttpResponse | Fault | undefined> {
    const preflight = preflightOf(head)
    if (preflight === undefined) return undefined
    try {
      return await answerPreflight(preflight, this.#rulesOf)
    } catch (error) {
      if (error instanceof NoReply) return unreadable(error.message)
      throw error
    }
  }
}

/** The most header names that a page can request. */
const mostHeaders = 100

/**
 * The CORS headers of an answer to a call, by the rules of its bucket. The upstream's own headers do not count: many
 * allow every page to read everything (behaviour GRD-107). @throws NoReply if the upstream does not answer
 */
async function corsOfAnswer(
  { service, labels, operation }: IdentifiedCall,
  { method, headers: { origin } }: RequestHead,
  rulesOf: RulesOf,
): Promise<Record<string, string> | undefined> {
  const bucket = service.id === 's3' ? labels.Bucket : undefined
  if (origin === undefined || bucket === undefined) return undefined
  const rules = (await rulesOf(bucket)) ?? []
  return corsHeaders(rules, { origin, method: operation === 'PostObject' ? 'POST' : method, headers: [] })
}

/** A browser's question before it sends a page's call, and the bucket of that call. */
interface Preflight extends CorsQuestion {
  readonly bucket: string
}

/** Reads a preflight request about a bucket or an object; undefined if it is none. */
function preflightOf(head: RequestHead): Preflight | undefined {
  if (head.method !== 'OPTIONS') return undefined
  const { origin, 'access-control-request-method': method, ...rest } = head.headers
  if (origin === undefined || method === undefined) return undefined
  const names = (rest['access-control-request-headers'] ?? '').toLowerCase().split(',')
  const headers = names.map((name) => name.trim()).filter((name) => name !== '')
  if (headers.length > mostHeaders) return undefined
  // the bucket is that of the call to come
  const found = identifyCall({ ...head, method, body: nothing })
  const bucket = 'problem' in found || found.service.id !== 's3' ? undefined : found.labels.Bucket
  return bucket === undefined ? undefined : { origin, method, headers, bucket }
}

const nothing = new Uint8Array(0)

/** S3's answer to a preflight request. @throws NoReply if the upstream does not answer */
async function answerPreflight(
  { bucket, ...question }: Preflight,
  rulesOf: RulesOf,
): Promise<HttpResponse | Fault> {
  const rules = await rulesOf(bucket)
  if (rules === undefined)
    return fault('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.', 403)
  const headers = corsHeaders(rules, question)
  return headers === undefined
    ? fault('AccessForbidden', notAllowed, 403)
    : { status: 200, headers, body: '' }
}

/** In S3's words. */
const notAllowed =
  "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
