import { Fault, type HttpResponse } from '../../base/index.ts'
import { JsonAnswer, Refusal, Svg, TextAnswer } from './admin-route.ts'

/** Writes the answer of a route under /_omen/, or its refusal. Rejects only for our own mistakes. */
export async function answered(answering: () => Promise<unknown>): Promise<HttpResponse> {
  try {
    const answer = await answering()
    if (answer instanceof Svg) return svg(answer)
    if (answer instanceof JsonAnswer) return json(answer.status, answer.value)
    if (!(answer instanceof TextAnswer)) return json(200, answer)
    return { status: 200, headers: { ...guarded, 'content-type': answer.type }, body: answer.text }
  } catch (error) {
    if (error instanceof Refusal) {
      const { status, code, decision } = error
      return json(status, { code, error: error.error, decision })
    }
    if (error instanceof Fault) return json(error.status ?? 400, { code: error.code, error: error.message })
    throw error
  }
}

/**
 * Answers contain names, sessions and tokens: they must not be cached, and browsers must not read them as another
 * type.
 */
const guarded = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

function svg({ text }: Svg): HttpResponse {
  const headers = {
    ...guarded,
    'content-type': 'image/svg+xml',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  }
  return { status: 200, headers, body: text }
}

function json(status: number, value: unknown): HttpResponse {
  const headers = { ...guarded, 'content-type': 'application/json' }
  return { status, headers, body: `${JSON.stringify(value)}\n` }
}
