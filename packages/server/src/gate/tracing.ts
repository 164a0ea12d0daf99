import type { Attributes, Span, SpanKind, Tracer } from '@opentelemetry/api'

/** The spans of a process in which an OpenTelemetry SDK runs. */
export interface Tracing {
  /** The span of a call; it continues the trace that the request's `traceparent` names. */
  begin(name: string, headers: Readonly<Record<string, string>>): TracedCall
  /** Runs something in a span within the current one. */
  within<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** The span of one call. */
export interface TracedCall {
  within<T>(work: () => Promise<T>): Promise<T>
  /** The same in a span of its own, with the headers that continue the trace elsewhere. */
  onward<T>(work: (headers: Readonly<Record<string, string>>) => Promise<T>): Promise<T>
  ended(attributes: Attributes, failed: boolean): void
}

/** Where an SDK registers itself; the API and all SDKs of major version 1 agree on it. */
const registration = Symbol.for('opentelemetry.js.api.1')

/**
 * Returns the spans of this process if an OpenTelemetry SDK was started in it, for example by `node --import`.
 * Otherwise nothing is loaded, and no call pays for it. `version` is Omen's own.
 */
export async function findTracing(version: string): Promise<Tracing | undefined> {
  const registered: unknown = Reflect.get(globalThis, registration)
  if (typeof registered !== 'object' || registered === null || !('trace' in registered)) return undefined
  const api = await import('@opentelemetry/api').catch(() => undefined)
  return api && new Spans(api, api.trace.getTracer('omen-iam', version))
}

type Api = Pick<
  typeof import('@opentelemetry/api'),
  'context' | 'propagation' | 'trace' | 'SpanKind' | 'SpanStatusCode'
>

class Spans implements Tracing {
  readonly #api: Api
  readonly #tracer: Tracer

  constructor(api: Api, tracer: Tracer) {
    this.#api = api
    this.#tracer = tracer
  }

  begin(name: string, headers: Readonly<Record<string, string>>): TracedCall {
    const { context, propagation, trace, SpanKind, SpanStatusCode } = this.#api
    const parent = propagation.extract(context.active(), headers)
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER }, parent)
    const active = trace.setSpan(parent, span)
    return {
      within: (work) => context.with(active, work),
      onward: (work) =>
        context.with(active, () =>
          this.#spanned('omen.upstream', SpanKind.CLIENT, () => {
            const carried: Record<string, string> = {}
            propagation.inject(context.active(), carried)
            return work(carried)
          }),
        ),
      ended(attributes, failed) {
        span.setAttributes(attributes)
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

  within<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#spanned(name, this.#api.SpanKind.INTERNAL, work)
  }

  /** The work begins before this returns: the order of commits is the order of the calls. */
  async #spanned<T>(name: string, kind: SpanKind, work: () => Promise<T>): Promise<T> {
    const { context, trace } = this.#api
    const span: Span = this.#tracer.startSpan(name, { kind })
    try {
      return await context.with(trace.setSpan(context.active(), span), work)
    } catch (error) {
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  }
}
