import type { Dependencies } from '../../authorization/index.ts'
import type { HttpRequest, HttpResponse } from '../../base/index.ts'
import type { Store } from '../../store/index.ts'
import type { Readiness } from '../readiness.ts'
import { type AdminRoute, JsonAnswer, Refusal } from './admin-route.ts'
import { answered } from './answered.ts'

/** A question that anyone may ask: its answer says nothing about the accounts. */
export interface Probe extends AdminRoute {
  readonly method: 'GET'
  readonly by: 'anyone'
  answer(): unknown
}

/** The probes of an orchestrator and a load balancer, and the server's health. */
export function probesOf(
  deps: Dependencies,
  store: Pick<Store, 'standbys'>,
  readiness: Readiness,
): readonly Probe[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/health$/,
      by: 'anyone',
      answer() {
        const standbys = store.standbys?.()
        const status = statusOf(deps)
        return new JsonAnswer(status === 'ok' ? 200 : 503, {
          status,
          ...(standbys && { synchronousStandbys: standbys.count }),
        })
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/live$/,
      by: 'anyone',
      answer: () => ({ status: 'live' }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/ready$/,
      by: 'anyone',
      answer() {
        const { unready } = readiness
        if (unready !== undefined) throw new Refusal(503, unready, 'NotReady')
        return { status: 'ready' }
      },
    },
  ]
}

/** Answers a probe, for which the rest under /_omen/ need not be read; undefined if it is none. */
export function answerProbe(
  probes: readonly Probe[],
  { method, rawPath }: HttpRequest,
): Promise<HttpResponse> | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const probe = probes.find(({ path }) => path.test(rawPath))
  return probe && answered(async () => probe.answer())
}

/** Returns `ok`, or what the store does not accept. */
export function statusOf({ recorder, directory }: Dependencies): string {
  if (directory.refused) return 'changes cannot be kept'
  return recorder.failing ? 'the trail cannot be kept' : 'ok'
}
