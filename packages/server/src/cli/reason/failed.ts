import { styleText } from 'node:util'
import { rowOf } from '../../sources/index.ts'
import { print, safeTexts } from '../output.ts'
import { widthOf, wrapped } from '../width.ts'
import type { Language } from '../words/language.ts'
import { type ReasonWords, reasonWords } from '../words/reason.ts'

type FailureWords = ReasonWords['failure']

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
  /** The reason that the answer did not say. */
  readonly because?: { readonly kind: string; readonly names: Readonly<Record<string, string>> }
}

/** Returns whether an answer is of such a call. */
export function isFailed(answer: unknown): answer is FailedView {
  return typeof answer === 'object' && answer !== null && 'failed' in answer
}

/** Writes what was wrong with a call before any policy was evaluated, and what to do. */
export function writeFailed(given: FailedView, stream: NodeJS.WriteStream, language: Language): void {
  const t = reasonWords[language]
  const view = safeTexts(given)
  const { service, operation, code, message, caller, requestId, time, sourceIp } = view
  const lines = (text: string) => wrapped(text, widthOf(stream) - 4)
  print(`${styleText('red', t.failed, { stream })}  ${service}:${operation}  ${code}\n`, stream)
  if (caller !== undefined) print(`  ${t.as(caller)}\n`, stream)
  const about = [requestId, time, sourceIp && t.failure.from(sourceIp)].filter(Boolean).join('  ')
  print(`${styleText('dim', `  ${about}`, { stream })}\n`, stream)
  for (const line of lines(message)) print(`  ${line}\n`, stream)
  print(`  ${t.failure.notAsked}\n`, stream)
  for (const text of adviceOf(view, t.failure)) for (const line of lines(text)) print(`  ${line}\n`, stream)
}

function adviceOf(view: FailedView, t: FailureWords): readonly string[] {
  const { problem, accessKeyId, caller, because } = view
  const reason = because && rowOf(t.portal, because.kind)?.(because.names)
  if (reason !== undefined) return [reason]
  const key = accessKeyId ?? t.theKey
  switch (problem) {
    case undefined:
      return []
    case 'unknownKey':
      return t.unknownKey(key)
    case 'mismatch':
      return t.mismatch(key, caller)
    case 'expiredToken':
      return [t.expiredToken]
    case 'invalidToken':
      return [t.invalidToken]
    case 'expired':
    case 'notYetValid':
      return [t.clocks]
    case 'missing':
      return [t.missing]
    case 'scope':
      return [t.scope]
    default:
      return [t.unreadable]
  }
}
