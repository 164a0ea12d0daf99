import { styleText } from 'node:util'
import { oneLine } from '../trail/index.ts'
import { safe } from './output.ts'
import { shortName } from './spoken.ts'

/** An event as the house tells it to those who follow. */
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

const longestObject = 60

/** `12:09:47  alice  iam:CreateRole  deployer  ✓  d-7f3k1`. */
export function eventLine({ record, decision }: EventView, stream: NodeJS.WriteStream): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream })
  const time = new Date(record.eventTime).toTimeString().slice(0, 8)
  const service = record.eventSource.split('.')[0] ?? ''
  const failure = record.errorCode ?? record.errorMessage
  const outcome = failure === undefined ? paint('green', '✓') : paint('red', `✗ ${safe(failure)}`)
  return [
    paint('dim', time),
    safe(whoOf(record)).padEnd(16),
    safe(`${service}:${record.eventName}`).padEnd(30),
    safe(objectOf(record)),
    outcome,
    paint('dim', safe(decision ?? '')),
  ]
    .filter((part) => part !== '')
    .join('  ')
}

/** CloudTrail's record in one line, and the decision behind it as its last member. */
export function eventJson({ record, decision }: EventView): string {
  return oneLine({ ...record, omenDecisionId: decision })
}

function whoOf({ userIdentity: identity }: EventView['record']): string {
  const name = identity.userName ?? (identity.arn === undefined ? undefined : shortName(identity.arn))
  const who = name ?? identity.invokedBy ?? identity.principalId ?? identity.type
  return identity.invokedBy !== undefined && name !== undefined ? `${who} by ${identity.invokedBy}` : who
}

/** What the call was about: the first thing that its event names. */
function objectOf({ resources, requestParameters }: EventView['record']): string {
  const arn = resources?.find(({ ARN }) => ARN !== undefined)?.ARN
  const first = Object.entries(requestParameters ?? {}).find(
    ([name, value]) => /(?:name|arn|id)$/i.test(name) && typeof value === 'string',
  )
  const text = arn === undefined ? String(first?.[1] ?? '') : nameOf(arn)
  return text.length > longestObject ? `${text.slice(0, longestObject - 1)}…` : text
}

/** A pattern's last part may be `*` alone, as of a stack whose id AWS knows: `Shop/*` tells more. */
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
