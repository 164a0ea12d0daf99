import type { Fault, HttpRequest, HttpResponse } from '../base/index.ts'
import type { OperationModel, ServiceModel } from '../model/index.ts'

/** The operation and API of a request, found from the request alone and never from its signature's scope. */
export interface Route {
  readonly service: ServiceModel
  readonly operation: OperationModel
  /** Labels from the path, for the REST protocols. */
  readonly labels: Readonly<Record<string, string>>
  /** Whether the caller asked a query API for JSON (behaviour WIRE-8). */
  readonly json?: true
}

/** One operation's two functions, compiled from its model. */
export interface Codec {
  read(request: HttpRequest, route: Route): Record<string, unknown>
  write(output: Readonly<Record<string, unknown>>, requestId: string): HttpResponse
}

/** The dialect that answers a request without a route. */
export type Dialect = 'query' | 'queryJson' | 'ec2' | 'json10' | 'json11' | 'restJson' | 'restXml'

/** The outcome of identification. A fault here still has a dialect for its answer. */
export type Identified = { readonly route: Route } | { readonly fault: Fault; readonly dialect: Dialect }

/** The wire, both ways, for the APIs it was built with. */
export interface Wire {
  /** Finds the service and operation. Never throws. */
  identify(request: HttpRequest): Identified
  /**
   * Converts the body (and path, query and headers where the protocol uses them) to the operation's input, and checks
   * the model's constraints. Members are named as in the model; timestamps are milliseconds since the epoch, blobs
   * Uint8Array. @throws Fault ValidationError / SerializationException / MalformedInput … depending on the protocol
   */
  parse(route: Route, request: HttpRequest): Record<string, unknown>
  /** Returns the answer's bytes. Undefined members are left out. */
  serialize(route: Route, output: Record<string, unknown> | undefined, requestId: string): HttpResponse
  /** Returns a fault's bytes and status in the route's protocol, or in the dialect if there is no route. */
  serializeFault(to: Route | Dialect, fault: Fault, requestId: string): HttpResponse
}
