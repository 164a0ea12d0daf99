import { type Clock, monotonic } from '../base/index.ts'
import type { Directory } from '../directory/index.ts'
import { type Histogram, observeStore, Registry } from '../metrics/index.ts'
import type { CallEnd, CallStart, WatchedCall } from '../pipeline/index.ts'
import type { Store } from '../store/index.ts'
import { clockFor } from './store-clock.ts'
import { findTracing, type TracedCall, type Tracing } from './tracing.ts'

/** Bounds of the time of a call, in seconds. */
const times = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The outcome of a call: done, refused by policies, refused for another reason, or failed because of the server. */
type CallOutcome = 'ok' | 'denied' | 'fault' | 'error'

/** One answered call, as logs show it. It contains nothing of the request's or the answer's content. */
export interface CallRecord {
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly requestId: string
  readonly service: string | undefined
  readonly operation: string | undefined
  readonly caller: string | undefined
  readonly sourceIp: string
  readonly status: number
  readonly outcome: CallOutcome
  /** The error code of a fault. */
  readonly error: string | undefined
  /** The id of the decision, for `omen why`. */
  readonly decisionId: string | undefined
  readonly milliseconds: number
}

/** The parts of a server that telemetry needs. */
export interface TelemetryParts {
  readonly store: Store
  readonly version: string
  /** The clock of the server. Default: the machine's, or the store's if several nodes share it. */
  readonly clock?: Clock
  /** The name of this process among the nodes of a server. If absent, it has none. */
  readonly node?: string
  /** Called for each answered call. */
  readonly onCall?: (call: CallRecord) => void
}

/** The counters of one operation. */
interface OperationCounters {
  readonly outcomes: Readonly<Record<CallOutcome, { add(): void }>>
  readonly seconds: Histogram
}

/** Metrics, records and spans of the calls of a server. */
export class Telemetry {
  readonly metrics: Registry
  /** The store, measured. */
  readonly store: Store
  /** The clock of the server. */
  readonly clock: Clock
  readonly #onCall: TelemetryParts['onCall']
  readonly #tracing: Tracing | undefined
  readonly #operations = new Map<string, Map<string, OperationCounters>>()
  readonly #counters
  readonly #seconds

  static async open(parts: TelemetryParts): Promise<Telemetry> {
    return new Telemetry(parts, await findTracing(parts.version))
  }

  private constructor(parts: TelemetryParts, tracing: Tracing | undefined) {
    const { version, node, clock = clockFor(parts.store), onCall } = parts
    this.clock = clock
    this.#onCall = onCall
    this.#tracing = tracing
    this.metrics = new Registry()
    this.metrics.info(
      { name: 'omen_build', help: 'The version of Omen and of Node.js, and the name of the node.' },
      { version, node_version: process.versions.node, ...(node === undefined ? {} : { node }) },
    )
    this.#counters = this.metrics.counters({
      name: 'omen_calls',
      help: 'Answered calls: ok, denied (by policies), fault (of the caller) or error (of the server).',
    })
    this.#seconds = this.metrics.histograms(
      { name: 'omen_call_seconds', help: 'Time from a whole request to its answer.', unit: 'seconds' },
      times,
    )
    const observed = observeStore(parts.store, this.metrics, clock)
    this.store = observed.store
    if (tracing !== undefined) observed.trace((name, work) => tracing.within(name, work))
  }

  /** Makes a span of each confirmation that a call waits for. Questions of several calls travel together to the store. */
  traceConfirmations(directory: Directory): void {
    const tracing = this.#tracing
    if (tracing !== undefined) directory.around = (work) => tracing.within('omen.confirm', work)
  }

  /** Begins to watch a call. */
  readonly watch = (call: CallStart): WatchedCall => {
    const { service, operation, request } = call
    const begun = monotonic()
    const traced = this.#tracing?.begin(
      service === undefined ? 'unknown call' : `${service} ${operation}`,
      request.headers,
    )
    return {
      within: traced === undefined ? (work) => work() : traced.within,
      onward: traced === undefined ? (work) => work({}) : traced.onward,
      ended: (end) => this.#ended(call, end, monotonic() - begun, traced),
    }
  }

  #ended(call: CallStart, end: CallEnd, milliseconds: number, traced: TracedCall | undefined): void {
    const { service, operation } = call
    const outcome = outcomeOf(end)
    const counters = this.#of(service, operation)
    counters.outcomes[outcome].add()
    counters.seconds.observe(milliseconds / 1_000)
    traced?.ended(
      {
        'rpc.system': 'aws-api',
        ...(service === undefined ? {} : { 'rpc.service': service, 'rpc.method': operation }),
        'http.response.status_code': end.status,
        'aws.request_id': call.id,
        ...(end.fault === undefined ? {} : { 'error.type': end.fault.code }),
        ...(end.decision === undefined ? {} : { 'omen.decision_id': end.decision }),
      },
      outcome === 'error',
    )
    this.#onCall?.({
      time: this.clock.now(),
      requestId: call.id,
      service,
      operation,
      caller: end.caller,
      sourceIp: call.request.remoteAddress,
      status: end.status,
      outcome,
      error: end.fault?.code,
      decisionId: end.decision,
      milliseconds,
    })
  }

  /** Names come from models, so there are only so many of them. */
  #of(service = 'unknown', operation = 'unknown'): OperationCounters {
    let operations = this.#operations.get(service)
    if (operations === undefined) {
      operations = new Map()
      this.#operations.set(service, operations)
    }
    const known = operations.get(operation)
    if (known !== undefined) return known
    // a series is made when it is first counted, and looked up only then
    const counter = (outcome: CallOutcome) => {
      let series: { add(): void } | undefined
      return {
        add: () => {
          series ??= this.#counters.of({ service, operation, outcome })
          series.add()
        },
      }
    }
    const counters = {
      outcomes: {
        ok: counter('ok'),
        denied: counter('denied'),
        fault: counter('fault'),
        error: counter('error'),
      },
      seconds: this.#seconds.of({ service }),
    }
    operations.set(operation, counters)
    return counters
  }
}

/** Codes by which services refuse what policies deny. */
const denials = /^(?:AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized)/

function outcomeOf({ status, fault }: CallEnd): CallOutcome {
  if (status >= 500) return 'error'
  if (fault !== undefined && denials.test(fault.code)) return 'denied'
  return fault !== undefined || status >= 400 ? 'fault' : 'ok'
}
