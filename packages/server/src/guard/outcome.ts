import { type Fault, fault } from '../base/index.ts'

/** The end of a forwarded call. */
export type Outcome =
  /** The upstream's answer went to the caller whole. */
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly errorCode?: string
      readonly errorMessage?: string
    }
  /** The answer had begun when the upstream, or the caller, broke off. */
  | { readonly kind: 'brokenOff'; readonly status: number; readonly by: 'upstream' | 'caller' }
  /** It was forwarded by a process that ended before it knew more. */
  | { readonly kind: 'unknown' }
  /** There was no answer to pass on: the caller gets this. */
  | { readonly kind: 'failed'; readonly fault: Fault }

/** Whether the upstream did what was called for, and the caller has its whole answer. */
export function isOk(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.status === 200
}

/** Of another outcome: false if the upstream refused, undefined if nobody knows what it did. */
export function notDone(outcome: Outcome): false | undefined {
  return outcome.kind === 'answered' && outcome.status < 500 ? false : undefined
}

/** The caller's fault if the upstream gives nothing to pass on (behaviour GRD-70). */
export const upstreamFaults = {
  unreachable: () =>
    fault(
      'ServiceUnavailable',
      'The request was authorized, but the upstream behind the guard cannot be reached.',
      503,
    ),
  silent: () =>
    fault(
      'GatewayTimeout',
      'The request was authorized, but the upstream behind the guard did not answer in time.',
      504,
    ),
  brokenOff: () =>
    fault(
      'BadGateway',
      'The request was authorized, but the upstream behind the guard broke off its answer.',
      502,
    ),
} as const

/** The fault if the upstream withholds what must be weighed: nothing is then allowed. */
export const unreadable = (because: string) =>
  fault(
    'ServiceUnavailable',
    `What the upstream behind the guard knows of the resource cannot be read: ${because}`,
    503,
  )

/** The caller broke off its own request: nothing can be answered. */
export const callerGone = fault('RequestAborted', 'The caller broke off its request.', 400)

/** The fault where the waiting bodies of all requests leave no room (behaviour GRD-622). */
export const noRoom = () => fault('SlowDown', 'Please reduce your request rate.', 503)

/** An upstream's fault, as far as headers or the beginning of the body show it. */
export interface UpstreamError {
  readonly errorCode: string
  readonly errorMessage?: string
}

/** Returns the fault in an upstream's answer; undefined if it is none. */
export function upstreamError(
  status: number,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  beginning: Uint8Array | undefined,
): UpstreamError | undefined {
  if (status < 400) return undefined
  const type = headers['x-amzn-errortype']
  const text = beginning === undefined ? '' : Buffer.from(beginning.subarray(0, readBytes)).toString('utf8')
  const found =
    /<Code>([\w.:-]{1,128})<\/Code>/.exec(text) ?? /"(?:__type|code|Code)"\s*:\s*"([^"]{1,256})"/.exec(text)
  const errorCode =
    typeof type === 'string' ? shapeName(type) : found === null ? String(status) : shapeName(found[1]!)
  const errorMessage = messageIn(text)
  return errorMessage === undefined ? { errorCode } : { errorCode, errorMessage }
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' }

function messageIn(text: string): string | undefined {
  const xml = /<[Mm]essage>([^<]{1,4096})<\/[Mm]essage>/.exec(text)?.[1]
  if (xml !== undefined) return xml.replace(/&(quot|apos|lt|gt|amp);/g, (_, name: string) => entities[name]!)
  const json = /"(?:message|Message|errorMessage)"\s*:\s*("(?:[^"\\\r\n]|\\.){1,4096}")/.exec(text)?.[1]
  if (json === undefined) return undefined
  try {
    return JSON.parse(json) as string // of a quoted text
  } catch {
    return undefined
  }
}

const readBytes = 8192

/** `com.amazonaws.sqs#QueueDoesNotExist:http://…` is QueueDoesNotExist. */
function shapeName(type: string): string {
  const name = type.slice(type.lastIndexOf('#') + 1)
  return name.split(':', 1)[0]!.slice(0, 128)
}
