import {
  accessRequests,
  authorize,
  type Call,
  type CallMarks,
  type Dependencies,
  type EventNotes,
  type Judged,
  type OfferedApi,
  type Performance,
} from '../authorization/index.ts'
import {
  type AccountId,
  assert,
  Fault,
  factsOf,
  type HttpRequest,
  type HttpResponse,
  uuid,
} from '../base/index.ts'
import { type Account, StaleAccount } from '../directory/index.ts'
import { findOperation, loadModel } from '../model/index.ts'
import { callOf, currentCall, decide, type Watch } from '../pipeline/index.ts'
import { isSigned, type SignedCaller } from '../session/index.ts'
import { isReadOnly, makesSession } from '../trail/index.ts'
import { commonFault, notImplemented, type Route, type Wire } from '../wire/index.ts'
import { Admittance, loadManagement, withAccounts } from './admission.ts'
import { Apis } from './apis.ts'
import { eventsOf, type Outcome } from './record.ts'
import { type SeeksRole, seekRole } from './seek-role.ts'
import { storeFault } from './store-fault.ts'
import { noteUse } from './usage.ts'
import type { PathWatch } from './watch/path-watch.ts'
import { type AnyOperation, tryOut } from './watch/try-out.ts'

export type { Performance } from '../authorization/index.ts'

/** The context of a call's run. */
interface Given {
  /** Other accounts that it concerns. */
  readonly others: readonly AccountId[]
  /** Why what it changes is not kept. */
  readonly denial?: Fault | undefined
}

/** Receives errors that no caller caused. */
export type Complain = (error: unknown, requestId: string) => void

/**
 * The path of one call: `answer` shows it from bytes to bytes, `#outcome` the decision, the operation and the commit.
 * The guard takes the same steps with the same functions (pipeline/), and forwards where this class runs the operation.
 */
export class Answerer {
  readonly #deps: Dependencies
  readonly #wire: Wire
  readonly #apis: Apis
  readonly #admittance: Admittance
  readonly #complain: Complain
  /** Called before an operation that names a role. */
  onRole: SeeksRole | undefined
  /** Watches paths to an administrator, if this is wanted. */
  watch: PathWatch | undefined
  readonly #watch: Watch

  constructor(deps: Dependencies, wire: Wire, apis: readonly OfferedApi[], complain: Complain, watch: Watch) {
    this.#watch = watch
    this.#deps = deps
    this.#wire = wire
    this.#apis = new Apis(apis)
    this.#admittance = new Admittance(deps)
    this.#complain = complain
  }

  /** Answers any request: with the operation's output, or with a fault in its protocol's own form. Never rejects. */
  async answer(request: HttpRequest): Promise<HttpResponse> {
    const id = uuid(this.#deps.random)
    const identified = this.#wire.identify(request)
    if ('fault' in identified) {
      const { dialect, fault } = identified
      const unknown = this.#watch({ id, service: undefined, operation: undefined, request })
      const response = this.#wire.serializeFault(dialect, fault, id)
      unknown.ended({ status: response.status, fault, decision: undefined, caller: undefined })
      return response
    }
    const { route } = identified
    const watched = this.#watch({ id, service: route.service.id, operation: route.operation.name, request })
    const marks: CallMarks = {}
    const now = this.#deps.clock.now()
    let caller: SignedCaller | undefined
    try {
      await this.#apis.ready(route.service.id)
      const admission = await this.#admittance.admit(route, request, now)
      const call = callOf(route, admission, request, { id, now, marks, deps: this.#deps })
      if (isSigned(call.caller)) caller = call.caller
      noteUse(call)
      const { operation, input } = await this.#understand(route, request, call)
      if (this.onRole !== undefined) await seekRole(input, call, this.onRole)
      const output = await watched.within(() => this.#carryOut(operation, input, call))
      const response = this.#wire.serialize(route, output as Record<string, unknown> | undefined, id) // `satisfies` checked it against the model's type
      watched.ended({
        status: response.status,
        fault: undefined,
        decision: marks.decision,
        caller: caller?.arn,
      })
      return marked(response, marks)
    } catch (error) {
      const fault = this.#faultOf(error, route, id)
      if (marks.decision === undefined) this.#noteFailed(fault, route, id, now, caller)
      const response = this.#wire.serializeFault(route, fault, id)
      watched.ended({ status: response.status, fault, decision: marks.decision, caller: caller?.arn })
      return marked(response, marks)
    }
  }

  /** Keeps a call that ended before any decision, for explanations. */
  #noteFailed(
    fault: Fault,
    { service, operation }: Route,
    requestId: string,
    time: number,
    caller: SignedCaller | undefined,
  ): void {
    const who = caller === undefined ? {} : { caller: caller.arn }
    const what = { service: service.signingName, operation: operation.name }
    this.#deps.decisions.failed.note({ time, requestId, ...what, fault, ...who })
  }

  /**
   * Runs an operation in a caller's name, through the same steps as if the caller had sent it: sign-in assumes roles
   * in this way. @throws Fault if it is refused
   */
  async perform(performance: Performance): Promise<unknown> {
    const { caller, account, origin, region } = performance
    const service = loadModel(performance.service)
    await this.#apis.ready(service.id)
    const operation = findOperation(service, performance.operation)
    assert(operation !== undefined, `${performance.service} has no ${performance.operation}`)
    const call: Call = {
      id: uuid(this.#deps.random),
      now: this.#deps.clock.now(),
      service,
      operation,
      region: region ?? factsOf(this.#deps.partition).globalRegion,
      caller,
      account,
      origin,
      deps: this.#deps,
      mode: this.#deps.mode,
      marks: {},
    }
    return this.#carryOut(this.#operationOf({ service, operation, labels: {} }), performance.input, call)
  }

  /** The operation and its input; a call that is not served or does not parse is recorded as failed. */
  #understand(route: Route, request: HttpRequest, call: Call) {
    return this.#recorded(call, undefined, () => ({
      operation: this.#operationOf(route),
      input: this.#wire.parse(route, request),
    }))
  }

  /**
   * Finds out about a call before anything is weighed. If there is a fault in it, a failed call is recorded,
   * as durably as any other (behaviour TRL-50).
   */
  async #recorded<T>(
    call: Call,
    input: Readonly<Record<string, unknown>> | undefined,
    find: () => T,
  ): Promise<T> {
    try {
      return find()
    } catch (error) {
      if (error instanceof Fault) {
        const { service, operation } = call
        if (this.#apis.find(service.id, operation.name)?.unrecorded === true) throw error
        const readOnly = isReadOnly(service.id, operation.name)
        const outcome = { input, output: undefined, fault: error, wouldDeny: undefined, notes: {}, readOnly }
        await this.#deps.directory.commit(eventsOf(call, outcome))
      }
      throw error
    }
  }

  /** Runs the call on fresh state until what it rests on is confirmed; only conflicts with other nodes repeat it. */
  async #carryOut(
    operation: AnyOperation,
    input: Readonly<Record<string, unknown>>,
    given: Call,
  ): Promise<unknown> {
    const { directory } = this.#deps
    let again = false
    const attempt = async () => {
      const account = again ? await directory.find(given.account.id) : given.account
      again = true
      if (account === undefined) throw new StaleAccount(given.account.id)
      return withAccounts(this.#deps, () => this.#attempt(operation, input, { ...given, account }))
    }
    const isReading = operation.readOnly ?? isReadOnly(given.service.id, given.operation.name)
    const { output, call } = await directory.settle(attempt, isReading ? undefined : given.account.id)
    // what follows is independent: the call has succeeded
    await operation
      .afterwards?.(input, output, call)
      .catch((error: unknown) => this.#complain(error, call.id))
    return output
  }

  async #attempt(
    operation: AnyOperation,
    input: Readonly<Record<string, unknown>>,
    given: Call,
  ): Promise<{ readonly output: unknown; readonly call: Call }> {
    const { directory } = this.#deps
    directory.lookAt(given.account)
    const management = loadManagement(given.account, this.#deps)
    if (management !== undefined) await management
    const others = await this.#recorded(given, input, () => operation.accounts?.(input, given) ?? [])
    for (const id of others) {
      const account = directory.loaded(id) ?? (await directory.find(id))
      if (account !== undefined) await loadManagement(account, this.#deps)
    }
    const current = currentCall(given)
    const call = current.caller.kind === 'anonymous' ? this.#concerned(current, others) : current
    const { watch } = this
    const watched = watch?.watchedBy(call)
    if (watch === undefined || watched === undefined) return this.#made(operation, input, call, { others })
    if (watch.refuses)
      return watch.permitted(
        watched,
        call,
        (worldNow) => tryOut(this.#deps, operation, input, call, worldNow),
        (denial) => this.#made(operation, input, currentCall(call), { others, denial }),
      )
    const noted = watch.before(watched, call)
    const isNoted = noted === undefined || (await noted)
    return watch.around(watched, async () => {
      const now = noted === undefined ? call : currentCall(call)
      const made = await this.#made(operation, input, now, { others })
      if (made.isKept && isNoted) watch.after(watched, call)
      return made
    })
  }

  /** Decides, runs the operation and stores what it changes. */
  async #made(
    operation: AnyOperation,
    input: Readonly<Record<string, unknown>>,
    call: Call,
    given: Given,
  ): Promise<{ readonly output: unknown; readonly call: Call; readonly isKept: boolean }> {
    const { directory } = this.#deps
    const { output, refused, seen, kept, events } = await this.#outcome(operation, input, call, given)
    if (kept !== undefined) await kept
    else {
      const confirmed = directory.confirm()
      if (confirmed !== undefined) await confirmed
    }
    for (const pending of seen) if (pending !== undefined) await pending
    if (kept === undefined) this.#deps.recorder.add(events)
    if (refused !== undefined) throw refused
    return { output, call, isKept: kept !== undefined }
  }

  /**
   * Decides, runs the operation and hands over what is to be stored, without a pause in between. If it throws, no
   * change is left behind. `kept` is given if the answer must wait for the commit. `seen` are earlier commits whose
   * changes the call saw: an answer must not leave before they are stored, and does not depend on later ones.
   */
  async #outcome(
    operation: AnyOperation,
    input: Readonly<Record<string, unknown>>,
    given: Call,
    { others, denial }: Given,
  ) {
    const { directory } = this.#deps
    let call = given
    let acted = false
    try {
      let outcome: Pick<Outcome, 'output' | 'fault' | 'wouldDeny' | 'notes'>
      try {
        if (operation.identify !== undefined)
          call = currentCall({ ...call, caller: await operation.identify(input, call) })
        const known = operation.beforehand?.(input, call)
        if (known !== undefined) {
          await known
          call = currentCall(call)
        }
        let wouldDeny = this.#judge(operation, input, call)
        let output: unknown
        if (operation.act !== undefined) {
          // what is done outside cannot be done again: what permits it is confirmed before
          await directory.confirm()
          acted = true
          output = await operation.act(input, call)
        } else {
          const prepared = operation.prepare && (await operation.prepare(input, call))
          // a denial that audit mode allowed is recorded with the call as it was
          if (operation.prepare !== undefined && wouldDeny === undefined) {
            call = currentCall(call)
            wouldDeny = this.#judgeAnew(operation, input, call)
          }
          output = operation.run(input, call, prepared)
        }
        if (denial !== undefined && directory.hasChanges) throw denial
        outcome = { output, fault: undefined, wouldDeny, notes: notesOf(operation, input, output, call) }
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        directory.rollBack()
        if (error !== denial) operation.remains?.(input, call, error)
        const notes = notesOf(operation, input, undefined, call)
        outcome = { output: undefined, fault: error, wouldDeny: undefined, notes }
      }
      const { service, operation: named } = call
      const readOnly = operation.readOnly ?? isReadOnly(service.id, named.name)
      const events = eventsOf(call, { ...outcome, input, readOnly })
      const { output, fault: refused } = outcome
      const waits =
        refused !== undefined || !readOnly || directory.hasChanges || makesSession(service.id, named.name)
      const seen = [...accountsOf(call, others).map(({ pending }) => pending), ...directory.pendings()]
      const keep = () => directory.commit(events)
      const kept = waits ? (acted ? directory.afterAttempt(keep) : keep()) : undefined
      return { output, refused, seen, events, kept }
    } catch (error) {
      directory.rollBack()
      throw error
    }
  }

  /** A permission from before a wait may be gone (behaviour SES-8). */
  #judgeAnew(
    operation: AnyOperation,
    input: Readonly<Record<string, unknown>>,
    call: Call,
  ): Judged | undefined {
    if (call.mode === 'off') return undefined
    const { allowed } = authorize(accessRequests(operation, input, call), call)
    return allowed ? undefined : this.#judge(operation, input, call)
  }

  /** Asks for permission. Returns the denial that audit mode allowed. @throws Fault if the call is refused */
  #judge(operation: AnyOperation, input: Readonly<Record<string, unknown>>, call: Call): Judged | undefined {
    return call.mode === 'off' ? undefined : decide(accessRequests(operation, input, call), call).wouldDeny
  }

  #operationOf(route: Route): AnyOperation {
    const { service, operation } = route
    const found = this.#apis.find(service.id, operation.name)
    if (found === undefined) throw notImplemented(route, service.signingName, operation.name)
    return found as unknown as AnyOperation // see AnyOperation
  }

  /** An unsigned call concerns the account that it names. */
  #concerned(call: Call, others: readonly AccountId[]): Call {
    const account = others[0] === undefined ? undefined : this.#deps.directory.loaded(others[0])
    return account === undefined
      ? call
      : { ...call, account, caller: { kind: 'anonymous', account: account.id } }
  }

  #faultOf(error: unknown, route: Route, id: string): Fault {
    if (error instanceof Fault) return error
    this.#complain(error, id)
    return (
      storeFault(error) ??
      commonFault(
        route,
        'internalFailure',
        'The request processing has failed because of an unknown error, exception or failure.',
      )
    )
  }
}

function notesOf(
  { unrecorded, event }: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  output: unknown,
  call: Call,
): EventNotes {
  return unrecorded === true ? { unrecorded } : (event?.(input, output, call) ?? {})
}

/** Names the decision behind an answer in a header. */
function marked(response: HttpResponse, { decision }: CallMarks): HttpResponse {
  if (decision !== undefined) response.headers['x-omen-decision-id'] = decision
  return response
}

function accountsOf(call: Call, others: readonly AccountId[]): readonly Account[] {
  if (others.length === 0) return [call.account]
  const accounts = new Set<Account>([call.account])
  for (const id of others) {
    const account = call.deps.directory.loaded(id)
    if (account !== undefined) accounts.add(account)
  }
  return [...accounts]
}
