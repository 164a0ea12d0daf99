import { type Call, type CallMarks, type Dependencies, refuses } from '../authorization/index.ts'
import {
  Fault,
  factsOf,
  type HttpRequest,
  type HttpResponse,
  resetPaths,
  systemClock,
  uuid,
} from '../base/index.ts'
import { type Admitted, callOf, type StackPlan, type WatchedCall } from '../pipeline/index.ts'
import { isSigned } from '../session/index.ts'
import { commonFault, type Route, wireLimits } from '../wire/index.ts'
import { SigningKeys } from '../wire/sigv4/index.ts'
import { ask, type Question, type Reply } from './ask.ts'
import { bodyPlan } from './body-plan.ts'
import { onlyReads } from './call-data.ts'
import {
  bodyTellsOperation,
  type CallProblem,
  guardCatalogue,
  type IdentifiedCall,
  identifyCall,
  readAhead,
  routeOf,
} from './catalogue/index.ts'
import { Cors } from './cors/cors.ts'
import { depart } from './departure.ts'
import { type BegunEvent, beginEvent, eventsOf, type TakenCall } from './event.ts'
import { Exchange, type ExchangeParts } from './exchange.ts'
import { writeFault } from './faults.ts'
import { forward } from './forward.ts'
import { oldTermsOf } from './old-signature.ts'
import { concealed, type Onward, shownBy, wholeAnswer } from './onward.ts'
import { callerGone, isOk, notDone, type Outcome } from './outcome.ts'
import type { GuardParts } from './parts.ts'
import { type Payload, payloadOf, wholePayload } from './payload.ts'
import { type Permission, Permissions, presentCall, type Undecidable } from './permission.ts'
import { tooLarge, unknownCall } from './refusals.ts'
import { Upstream, type UpstreamRequest } from './upstream.ts'
import { formType, onwardBody, plainEncoding, wholeBody, wholeHeaders } from './whole-body.ts'

/** The caller of a request, and the body if it had to be read to find the caller. */
export type Passed = { readonly by: 'guard' } | { readonly by: 'house'; readonly body?: Uint8Array }

/** The guard's report on its upstream. */
export interface UpstreamState {
  readonly url: string
  /** Services that act on other services with permissions that are not checked. */
  readonly unchecked: readonly string[]
  readonly silentBecause?: string
  /** The upstream is an Omen whose lifetimes run by a clock that its owner moves. */
  readonly testClock?: true
}

/** A call on its way through the guard. */
interface Passage {
  readonly id: string
  readonly marks: CallMarks
  readonly found: IdentifiedCall
  readonly exchange: Exchange
  readonly watched: WatchedCall
  /** The fault that was answered, and who called. */
  refused?: Fault
  caller?: string
  /** Headers that decide which pages may read the answer. */
  cors?: Readonly<Record<string, string>> | undefined
}

const nothing = new Uint8Array(0)

/** The server's pipeline with another last step: a request that is verified, authorized and recorded is forwarded. */
export class Guard {
  readonly #parts: GuardParts
  readonly #deps: Dependencies
  readonly #upstream: Upstream
  readonly #permissions: Permissions
  readonly #keys = new SigningKeys()
  readonly #cors: Cors

  constructor(parts: GuardParts) {
    this.#parts = parts
    this.#deps = parts.deps
    this.#upstream = new Upstream(parts.upstream, parts.disconnected)
    this.#permissions = new Permissions(parts, this.#upstream)
    this.#cors = new Cors((bucket) =>
      this.#permissions.corsRules(
        bucket,
        this.#deps.firstAccount,
        factsOf(this.#deps.partition).globalRegion,
      ),
    )
    readAhead() // before the first caller waits for it
  }

  /** Operations that came and could not be decided on. */
  get undecidable(): readonly Undecidable[] {
    return this.#permissions.undecidable
  }

  /** The upstream's address, why it does not answer if it does not, and what acts there unchecked. */
  async upstream(): Promise<UpstreamState> {
    const { unchecked = [] } = this.#parts.upstream
    return { url: this.#upstream.origin, unchecked, ...(await this.#upstream.reached()) }
  }

  /** Sends a request to the upstream with its own key. @throws NoReply if it does not answer */
  ask(question: Question): Promise<Reply> {
    return ask(question, this.#upstream)
  }

  /** Takes a request over unless the server answers it itself. Rejects only if the caller is gone. */
  async pass(parts: ExchangeParts): Promise<Passed> {
    const bare = { ...parts.head, body: nothing }
    if (this.#parts.ours(bare)) return { by: 'house' }
    const exchange = new Exchange(parts)
    const preflight = await this.#cors.ofPreflight(parts.head)
    if (preflight !== undefined) {
      this.#answerPreflight(preflight, exchange)
      return { by: 'guard' }
    }
    let body: Uint8Array | undefined
    if (bodyTellsOperation(bare)) {
      body = await exchange.readBody(wireLimits.formBytes)
      if (body === undefined) {
        this.#reply(exchange, { protocol: 'awsQuery' }, tooLarge(wireLimits.formBytes), this.#newId())
        return { by: 'guard' }
      }
    }
    const found = identifyCall(body === undefined ? bare : { ...bare, body })
    if (this.#parts.serves(found)) {
      return body === undefined ? { by: 'house' } : { by: 'house', body }
    }
    if ('problem' in found) this.#reply(exchange, found, unknownCall(found), this.#newId())
    else await this.#watched(found, exchange, body)
    return { by: 'guard' }
  }

  /** Empties the upstream by its own means, if it has any, and forgets its answers. @throws NoReply if it is silent */
  async reset(): Promise<string | undefined> {
    const place = { account: this.#deps.firstAccount, region: factsOf(this.#deps.partition).globalRegion }
    for (const path of resetPaths(this.#parts.upstream.passes)) {
      const { status } = await this.ask({ ...place, service: 's3', method: 'POST', path })
      if (status >= 300) continue
      this.forget()
      await this.#parts.bucketOwners.forgetAll()
      return path
    }
    return undefined
  }

  /** Forgets the upstream's answers: the upstream, or this server, has another state now. */
  forget(): void {
    this.#permissions.forget()
  }

  /** Ends connections to the upstream that wait. */
  close(): Promise<void> {
    return this.#upstream.close()
  }

  async #watched(found: IdentifiedCall, exchange: Exchange, body: Uint8Array | undefined): Promise<void> {
    const id = this.#newId()
    const { service, operation } = routeOf(found)
    const call = { id, service: service.id, operation: operation.name, request: exchange.head }
    const passage: Passage = { id, marks: {}, found, exchange, watched: this.#parts.watch(call) }
    try {
      await passage.watched.within(() => this.#answer(passage, body))
    } finally {
      const { refused, marks, caller } = passage
      const status = exchange.outgoing.statusCode
      passage.watched.ended({ status, fault: refused, decision: marks.decision, caller })
    }
  }

  async #answer(passage: Passage, read: Uint8Array | undefined): Promise<void> {
    const { id, exchange, found } = passage
    const source = `${found.service.host}.amazonaws.com`
    let call: Call | undefined
    let body: Uint8Array | Payload
    let permission: Permission
    let asked: Permission['asked'] = []
    let begun: BegunEvent | undefined
    let onward: Onward = {}
    try {
      const now = this.#deps.clock.now()
      passage.cors = await this.#cors.ofAnswer(found, exchange.head)
      const admitted = await this.#admit(passage, read, now)
      body = admitted.body
      const facts = { id, now, marks: passage.marks, deps: this.#deps }
      call = callOf(routeOf(found), admitted, exchange.head, facts)
      if (isSigned(call.caller)) passage.caller = call.caller.arn
      this.#parts.noteUse(call)
      const given = call
      const decide = async () => {
        const asking = await this.#permissions.ask({ ...found, request: admitted.request }, given)
        const now = presentCall(asking)
        call = now
        asked = asking.requests
        return { asking, call: now, permission: this.#permissions.decide({ ...asking, call: now }) }
      }
      const decided = await this.#deps.directory.decided(() => this.#parts.withAccounts(decide))
      const { asking } = decided
      call = decided.call
      permission = decided.permission
      const unsigned = !refuses(this.#deps.mode) && admitted.unsigned && asking.formSigned !== true
      const shown = shownBy(found, call, this.#parts.stacks)
      onward = { unsigned, conceals: refuses(call.mode) && concealed(found), shown }
      body = asking.body ?? body
      onward = { ...onward, remainder: permission.remainder, stack: permission.stack }
      begun = await this.#begin({ ...permission, call, source })
    } catch (error) {
      const refused = this.#faultOf(error, passage)
      const taken = call && { call, source, asked, parameters: {} }
      const reply = taken === undefined ? refused : await this.#keep(taken, refused, passage)
      this.#reply(exchange, found, reply, id, passage)
      return
    }
    await this.#parts.mirrored()
    const outcome = await this.#forward(passage, call, permission.remainder?.body ?? body, onward)
    if (!isOk(outcome)) await this.#ended(permission.stack, outcome, id)
    this.#record({ ...permission, call, source, outcome, begun })
    this.#permissions.passed(found, permission.asked, call, outcome)
    if (outcome.kind !== 'failed') return
    if (outcome.fault === callerGone || exchange.outgoing.headersSent) exchange.outgoing.destroy()
    else this.#reply(exchange, found, outcome.fault, id, passage)
  }

  #answerPreflight(answered: HttpResponse | Fault, exchange: Exchange): void {
    const s3 = { protocol: 'restXml', service: guardCatalogue().byId.get('s3')! } as const // the catalogue has S3
    if (answered instanceof Fault) this.#reply(exchange, s3, answered, this.#newId())
    else exchange.answer({ ...answered, headers: { ...answered.headers, ...this.#marked({}) } })
  }

  /** Never rejects: the outcome of a begun call is always recorded, even if the failure is the guard's own. */
  async #forward(passage: Passage, call: Call, body: Uint8Array | Payload, onward: Onward): Promise<Outcome> {
    const { id, exchange, found } = passage
    const { remainder } = onward
    if (remainder !== undefined && remainder.body === undefined) {
      const headers = { 'content-type': remainder.type, 'x-amz-request-id': id, ...this.#marked(passage) }
      exchange.answer({ status: 200, headers, body: remainder.answer('') })
      return { kind: 'answered', status: 200 }
    }
    try {
      await onward.stack?.before?.()
      const request = this.#departure(passage, call, body, onward)
      return await passage.watched.onward((traced) =>
        forward({
          exchange,
          upstream: this.#upstream,
          call,
          request: { ...request, headers: { ...request.headers, ...traced } },
          body,
          requestId: id,
          headers: this.#marked(passage),
          ofWhole: wholeAnswer(onward, () => this.#permissions.ofMissing(found, call)),
          ofBegun: (begun) => this.#permissions.ofBegun(found, call, begun),
        }),
      )
    } catch (error) {
      return { kind: 'failed', fault: this.#faultOf(error, passage) }
    }
  }

  /** A stack that the upstream did not change, or of which nobody knows whether it did. */
  async #ended(stack: StackPlan | undefined, outcome: Outcome, id: string): Promise<void> {
    await stack?.after(notDone(outcome)).catch((error: unknown) => this.#parts.complain(error, id))
  }

  /** The caller and the body: whole and verified, or with the way in which it is verified as it passes. */
  async #admit(
    { found, exchange }: Passage,
    read: Uint8Array | undefined,
    now: number,
  ): Promise<Admitted & { readonly request: HttpRequest; readonly body: Uint8Array | Payload }> {
    const { head } = exchange
    const { service, operation } = routeOf(found)
    const unsigned = operation.unsigned === true || unsignedServices.has(found.service.id)
    const route: Route = { service, operation: { ...operation, unsigned }, labels: found.labels }
    const plan = bodyPlan(found)
    const old = oldTermsOf(
      found,
      this.#parts.upstream.sigv2 !== false,
      factsOf(this.#deps.partition).globalRegion,
    )
    if (plan.kind === 'whole') {
      const request = { ...head, body: read ?? (await wholeBody(exchange, plan.bytes)) }
      const admitted = await this.#parts.admission.admit(route, request, now, old)
      return { ...admitted, request, body: onwardBody(request) }
    }
    const admitted = await this.#parts.admission.admitHead(route, head, now, old)
    if (plan.kind === 'passing') {
      return { ...admitted, request: found.request, body: payloadOf(head, admitted.proof) }
    }
    const body = wholePayload(head, admitted.proof, await wholeBody(exchange, plan.bytes))
    return { ...admitted, request: { ...head, body }, body: onwardBody({ ...head, body }) }
  }

  #departure(
    { found, exchange }: Passage,
    call: Call,
    body: Uint8Array | Payload,
    { unsigned = false, remainder }: Onward,
  ): UpstreamRequest {
    const whole = body instanceof Uint8Array
    const departure = {
      head: exchange.head,
      account: call.account.id,
      region: call.region,
      service: found.service.signs,
      bucketInHost: found.bucketInHost,
      payloadHash: whole ? undefined : body.hash,
      body: whole ? body : nothing,
      replaced: whole
        ? {
            ...wholeHeaders(exchange, body),
            ...formType(found),
            ...plainEncoding(found, body),
            ...remainder?.headers,
          }
        : body.headers,
      now: systemClock.now(),
      unsigned,
    }
    return depart(departure, this.#upstream, this.#keys)
  }

  /**
   * Stores the event of a call that may change something before it is forwarded, so that no change goes unrecorded
   * even if this process ends (behaviour GRD-90). Undefined for reads.
   */
  async #begin(taken: TakenCall): Promise<BegunEvent | undefined> {
    const { service, operation } = taken.call
    if (onlyReads(service.id, operation.name)) return undefined
    const { begun, event } = beginEvent(taken)
    await this.#deps.recorder.begin(event)
    return begun
  }

  /** Stores the event of a refused call, and returns the fault for the caller. */
  async #keep(taken: TakenCall, refused: Fault, passage: Passage): Promise<Fault> {
    try {
      for (const event of eventsOf({ ...taken, refused })) await this.#deps.recorder.keep(event)
      return refused
    } catch (error) {
      return this.#faultOf(error, passage)
    }
  }

  /** Records the outcome of a forwarded call. */
  #record(taken: TakenCall): void {
    const [own, ...others] = eventsOf(taken)
    if (taken.begun !== undefined) this.#deps.recorder.end(own)
    this.#deps.recorder.add(taken.begun === undefined ? [own, ...others] : others)
  }

  #reply(
    exchange: Exchange,
    { protocol, service }: Pick<CallProblem, 'protocol' | 'service'>,
    refused: Fault,
    id: string,
    taken: Partial<Pick<Passage, 'marks' | 'cors' | 'refused'>> = {},
  ): void {
    taken.refused = refused
    const response = writeFault({ protocol, service: service?.id, head: exchange.head }, refused, id)
    Object.assign(response.headers, this.#marked(taken))
    exchange.answer(response)
  }

  /**
   * The guard's own headers in every answer: its decision, who may read it, and the time by which clients correct
   * their clock skew.
   */
  #marked({ marks, cors }: Partial<Pick<Passage, 'marks' | 'cors'>>): Record<string, string> {
    const decision = marks?.decision
    return {
      date: this.#parts.date(),
      ...(decision === undefined ? {} : { 'x-omen-decision-id': decision }),
      ...cors,
    }
  }

  #faultOf(error: unknown, { id, found }: Passage): Fault {
    if (error instanceof Fault) return error
    this.#parts.complain(error, id)
    const route = { ...routeOf(found), labels: {} }
    return commonFault(
      route,
      'internalFailure',
      'The guard failed because of an unknown error, exception or failure.',
    )
  }

  #newId(): string {
    return uuid(this.#deps.random)
  }
}

/** Services whose resource policies may allow callers that sign nothing (behaviour GRD-85). */
const unsignedServices: ReadonlySet<string> = new Set(['s3', 'sqs'])
