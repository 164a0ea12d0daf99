import { styleText } from 'node:util'
import { oneLine } from '../base/index.ts'
import { safe } from './output.ts'
import { shortName } from './short-name.ts'
import { cut } from './width.ts'

/** An event as the server reports it to followers. */
export interface EventView {
  readonly record: {
    readonly eventTime: string
    readonly eventSource: string
    readonly eventName: string
    readonly awsRegion: string
    readonly recipientAccountId: string
    readonly errorCode?: string
    /** A sign-in that failed has it alone. */
    readonly errorMessage?: string
    readonly resources?: readonly { readonly ARN?: string }[]
    /** A call that audit mode allowed has the denial that it would have got. */
    readonly additionalEventData?: Readonly<Record<string, unknown>>
    /** An event of the server itself has its subject there. */
    readonly serviceEventDetails?: Readonly<Record<string, unknown>>
    readonly requestParameters: Readonly<Record<string, unknown>> | null
    readonly userIdentity: {
      readonly type: string
      readonly arn?: string
      readonly userName?: string
      readonly principalId?: string
      readonly invokedBy?: string
    }
  }
  readonly decision?: string
}

/** Columns of a line, by the available width: from 120 on there is room for every event's whole id (behaviour SHL-26). */
interface Columns {
  readonly who: number
  readonly action: number
  readonly about: number
  readonly id: number
}

const narrow: Columns = { who: 12, action: 26, about: 13, id: 11 }
const wide: Columns = { who: 14, action: 30, about: 22, id: 36 }
const wideFrom = 120

/** The width of everything between a line's columns: the mark, the time, and the spaces. */
const besides = 18

/**
 * `✓ 12:09:47  alice  iam:CreateRole  deployer  d-7f3k1`: first whether it was allowed (✓), denied (✗), failed (!), or
 * allowed only by audit mode (~). `width` absent: nothing is cut.
 */
export function eventLine(
  { record, decision = '' }: EventView,
  stream: NodeJS.WriteStream,
  width?: number,
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream })
  const columns = width === undefined || width >= wideFrom ? wide : narrow
  const { mark, style, words } = verdictOf(record)
  // of a request's id the first group is enough for omen why
  const id = columns === wide || decision.startsWith('d-') ? decision : (decision.split('-', 1)[0] ?? '')
  const idWidth = Math.max(columns.id, id.length)
  const spare = Math.max(
    0,
    (width ?? 0) - besides - columns.who - columns.action - columns.about - columns.id,
  )
  const about = columns.about + spare + (id === '' ? columns.id + 2 : columns.id - idWidth)
  const fit = (text: string, most: number) =>
    (width === undefined ? safe(text) : cut(safe(text), most)).padEnd(most)
  return [
    `${paint(style, mark)} ${paint('dim', timeOf(record))}`,
    fit(whoOf(record), columns.who),
    fit(`${record.eventSource.split('.')[0] ?? ''}:${record.eventName}`, columns.action),
    fit([words, objectOf(record)].filter((part) => part !== '').join(' '), about),
    paint('dim', safe(id)),
  ]
    .join('  ')
    .trimEnd()
}

function timeOf({ eventTime }: EventView['record']): string {
  return new Date(eventTime).toTimeString().slice(0, 8)
}

const denials = /^(?:AccessDenied(?:Exception)?|UnauthorizedOperation)$/

function verdictOf({ errorCode, errorMessage, additionalEventData }: EventView['record']) {
  const failure = errorCode?.replace(/^Client\./, '') ?? errorMessage
  if (failure !== undefined)
    return denials.test(failure)
      ? ({ mark: '✗', style: 'red', words: failure } as const)
      : ({ mark: '!', style: 'yellow', words: failure } as const)
  return additionalEventData?.wouldDeny === undefined
    ? ({ mark: '✓', style: 'green', words: '' } as const)
    : ({ mark: '~', style: 'yellow', words: 'would be denied:' } as const)
}

/** CloudTrail's record in one line, and the decision behind it as its last member. */
export function eventJson({ record, decision }: EventView): string {
  return oneLine({ ...record, omenDecisionId: decision })
}

/** The longest object; a longer one is always cut. */
const longestObject = 60

function whoOf({ userIdentity: identity }: EventView['record']): string {
  const name = identity.userName ?? (identity.arn === undefined ? undefined : shortName(identity.arn))
  const who = name ?? identity.invokedBy ?? identity.principalId ?? identity.type
  return identity.invokedBy !== undefined && name !== undefined ? `${who} by ${identity.invokedBy}` : who
}

/** The object of the call: the first resource that its event names, or the principal of an event of the server itself. */
function objectOf({ resources, requestParameters, serviceEventDetails }: EventView['record']): string {
  const { principal } = serviceEventDetails ?? {}
  const named = resources?.find(({ ARN }) => ARN !== undefined)?.ARN
  const arn = named ?? (typeof principal === 'string' ? principal : undefined)
  const first = Object.entries(requestParameters ?? {}).find(
    ([name, value]) => /(?:name|arn|id)$/i.test(name) && typeof value === 'string',
  )
  return cut(arn === undefined ? String(first?.[1] ?? '') : nameOf(arn), longestObject)
}

/** A pattern's last part may be `*` alone, as for a stack whose id only AWS knows: `Shop/*` says more. */
function nameOf(arn: string): string {
  const name = shortName(arn)
  return name === '*'
    ? arn
        .slice(arn.lastIndexOf(':') + 1)
        .split('/')
        .slice(-2)
        .join('/')
    : name
}
