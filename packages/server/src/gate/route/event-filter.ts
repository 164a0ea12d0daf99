import { wildcardMatcher } from '@omen-iam/policy'
import type { StoredEvent } from '../../store/index.ts'
import { Refusal } from './admin-route.ts'

const longest = 2_048

type Fits = (event: StoredEvent) => boolean

/** A filter of events: all of `who`, `action`, `role`, `errors` and `from` that are given must match. */
export function eventFilter(query: URLSearchParams): Fits {
  const wanted: Fits[] = []
  const add = (name: string, make: (text: string) => Fits) => {
    const text = query.get(name)
    if (text === null) return
    if (text === '' || text.length > longest) throw new Refusal(400, `${name} must be a text`)
    wanted.push(make(text))
  }
  add('since', (text) => {
    const from = Date.parse(text)
    return (event) => event.time >= from
  })
  add('errors', () => isFailed)
  add('action', ofAction)
  add('who', ofCaller)
  add('role', ofRole)
  return (event) => wanted.every((fits) => fits(event))
}

/**
 * Refused or failed: a failed sign-in has a message and no code (behaviour SGN-11). What audit mode allowed counts,
 * too: enforce mode would refuse it.
 */
function isFailed({ errorCode, source, json, decision }: StoredEvent): boolean {
  if (errorCode !== undefined) return true
  if (decision === undefined && source !== 'signin.amazonaws.com') return false
  const marks = JSON.parse(json) as FailureMarks // what makeEvent wrote
  if (decision !== undefined && marks.additionalEventData?.wouldDeny !== undefined) return true
  return source === 'signin.amazonaws.com' && marks.errorMessage !== undefined
}

interface FailureMarks {
  readonly errorMessage?: string
  readonly additionalEventData?: { readonly wouldDeny?: string }
}

/** `CreateRole`, `iam:CreateRole`, `iam:*`: without a colon the operation of any service. */
function ofAction(text: string): Fits {
  const colon = text.indexOf(':')
  const service = colon < 0 ? undefined : text.slice(0, colon).toLowerCase()
  const name = wildcardMatcher(text.slice(colon + 1), { ignoreCase: true })
  return (event) =>
    (service === undefined || service === '*' || event.source.startsWith(`${service}.`)) && name(event.name)
}

/** A user's or session's name, an ARN, or an access key id. */
function ofCaller(text: string): Fits {
  return (event) => {
    if (event.username === text || event.accessKeyId === text) return true
    const { arn, invokedBy } = identityOf(event)
    return arn === text || invokedBy === text || (arn?.endsWith(`/${text}`) ?? false)
  }
}

/** A role by name or ARN: the calls of its sessions, and who assumed it. */
function ofRole(text: string): Fits {
  const isIt = (arn: string) => arn === text || arn.endsWith(`/${text}`)
  return (event) => {
    if (event.resources.some(({ type, name }) => type === 'AWS::IAM::Role' && isIt(name))) return true
    const issuer = identityOf(event).sessionContext?.sessionIssuer
    return issuer?.type === 'Role' && issuer.arn !== undefined && isIt(issuer.arn)
  }
}

interface Identity {
  readonly arn?: string
  readonly invokedBy?: string
  readonly sessionContext?: { readonly sessionIssuer?: { readonly type?: string; readonly arn?: string } }
}

function identityOf(event: StoredEvent): Identity {
  return (JSON.parse(event.json) as { readonly userIdentity: Identity }).userIdentity // what makeEvent wrote
}
