import type { Fault, HttpRequest, HttpResponse } from '../base/index.ts'
import type { OperationModel, ServiceModel } from '../model/index.ts'
import type { FormNode } from './query/form.ts'

/** Which operation of which API a request names; found from the request alone, never from its signature's scope. */
export interface Route {
  readonly service: ServiceModel
  readonly operation: OperationModel
  /** Labels taken from the path by the REST protocols. */
  readonly labels: Readonly<Record<string, string>>
  /** The parameters among which a query API's operation was found. */
  readonly form?: FormNode
  /** Whether the caller asked a query API to answer in JSON (behaviour WIRE-8). */
  readonly json?: true
}

/** One operation's two functions, compiled from its model. */
export interface Codec {
  read(request: HttpRequest, route: Route): Record<string, unknown>
  write(output: Readonly<Record<string, unknown>>, requestId: string): HttpResponse
}

/**
 * Which protocol a request that could not be routed, or failed before its route was known, is to be
 * answered in.
 */
export type Dialect = 'query' | 'queryJson' | 'ec2' | 'json10' | 'json11' | 'restJson' | 'restXml'

/** What a request turned out to name. A fault here still knows in which dialect to answer. */
export type Identified = { readonly route: Route } | { readonly fault: Fault; readonly dialect: Dialect }

/** The wire, both ways, for the APIs it was built with. */
export interface Wire {
  /** Finds service and operation. Never throws. */
  identify(request: HttpRequest): Identified
  /**
   * Turns the body (and path, query, headers where the protocol puts members there) into the
   * operation's input, and checks the model's constraints.
   * Members are named as in the model; timestamps are milliseconds since the epoch, blobs Uint8Array.
   * @throws Fault ValidationError / SerializationException / MalformedInput … as each protocol says it
   */
  parse(route: Route, request: HttpRequest): Record<string, unknown>
  /** The answer's bytes. Members that are undefined are left out. */
  serialize(route: Route, output: Record<string, unknown> | undefined, requestId: string): HttpResponse
  /** A fault's bytes and status in the route's protocol, or in the dialect where there is no route. */
  serializeFault(to: Route | Dialect, fault: Fault, requestId: string): HttpResponse
}
