import { styleText } from 'node:util'
import { print, safeTexts } from '../output.ts'
import { widthOf, wrapped } from '../width.ts'

/** A call that ended before any policy was evaluated, as the server's own API views it. */
export interface FailedView {
  readonly failed: true
  readonly time: string
  readonly requestId?: string
  readonly service: string
  readonly operation: string
  readonly code: string
  readonly message: string
  readonly problem?: string
  readonly accessKeyId?: string
  readonly caller?: string
  readonly sourceIp?: string
}

/** Returns whether an answer is of such a call. */
export function isFailed(answer: unknown): answer is FailedView {
  return typeof answer === 'object' && answer !== null && 'failed' in answer
}

/** Writes what was wrong with a call before any policy was evaluated, and what to do. */
export function writeFailed(given: FailedView, stream: NodeJS.WriteStream): void {
  const view = safeTexts(given)
  const { service, operation, code, message, caller, requestId, time, sourceIp } = view
  const lines = (text: string) => wrapped(text, widthOf(stream) - 4)
  print(`${styleText('red', '✗ FAILED', { stream })}  ${service}:${operation}  ${code}\n`, stream)
  if (caller !== undefined) print(`  as ${caller}\n`, stream)
  const about = [requestId, time, sourceIp && `from ${sourceIp}`].filter(Boolean).join('  ')
  print(`${styleText('dim', `  ${about}`, { stream })}\n`, stream)
  for (const line of lines(message)) print(`  ${line}\n`, stream)
  print('  No policy was asked: the call ended before that.\n', stream)
  for (const text of adviceOf(view)) for (const line of lines(text)) print(`  ${line}\n`, stream)
}

function adviceOf({ problem, accessKeyId = 'the key', caller }: FailedView): readonly string[] {
  switch (problem) {
    case undefined:
      return []
    case 'unknownKey':
      return [
        `This server has no active key ${accessKeyId}: the key belongs to another server or to AWS, or was deleted or made inactive.`,
        'Keys of this server: eval "$(omen env)"',
      ]
    case 'mismatch':
      return [
        `The key ${accessKeyId} is known${caller === undefined ? '' : ` (${caller})`}, but the request was signed with another secret, or changed on its way (a proxy, another Host).`,
        'The secret of this server: eval "$(omen env)"',
      ]
    case 'expiredToken':
      return ['The session is over: put the role on again (omen assume).']
    case 'invalidToken':
      return [
        'The session token does not come from this server, does not belong to the key, or was altered; or the session, its role or its user is gone.',
      ]
    case 'expired':
    case 'notYetValid':
      return ['The clocks of the caller and of the server differ: omen doctor shows by how much.']
    case 'missing':
      return ['The request has no signature: the client found no credentials. eval "$(omen env)"']
    case 'scope':
      return ['It was signed for another service, region or day than it was sent to.']
    default:
      return ['The request was signed, but not so that the signature can be checked.']
  }
}
