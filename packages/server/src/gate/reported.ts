import type { HttpRequest, HttpResponse } from '../base/index.ts'
import type { Complain } from './answer.ts'
import { storeFault } from './store-fault.ts'

/** Returns an answer of Omen's own pages and API, or that it failed because of the store or for a reason of ours. */
export async function reported(
  answer: Promise<HttpResponse>,
  request: HttpRequest,
  complain: Complain,
): Promise<HttpResponse> {
  try {
    return await answer
  } catch (error) {
    complain(error, request.rawPath)
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    const { code, message } = storeFault(error) ?? {}
    return code === undefined
      ? { status: 500, headers, body: '{"error":"InternalFailure"}' }
      : { status: 503, headers, body: JSON.stringify({ code, error: message }) }
  }
}
