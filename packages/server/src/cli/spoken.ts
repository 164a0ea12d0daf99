import { systemClock } from '../base/index.ts'
import type { RoleSession } from './become.ts'
import { spokenDuration } from './duration.ts'
import { shortName } from './short-name.ts'

/** `admin ─▶ deployer ─▶ auditor`. */
export function spokenChain(chain: readonly string[]): string {
  return chain.map(shortName).join(' ─▶ ')
}

/** The terminal's report of a session, beside the credentials themselves. */
export function describeSession(session: RoleSession): string {
  const ends = Date.parse(session.expiration)
  const at = new Date(ends).toTimeString().slice(0, 5)
  const left = spokenDuration((ends - systemClock.now()) / 1000)
  return `${describeCut(session)}${spokenChain(session.chain)}    expires ${at} (in ${left})\n`
}

/** Reports that the hour of a chain shortened the session, if it did. */
export function describeCut({ cutFrom }: RoleSession): string {
  if (cutFrom === undefined) return ''
  return `! chained sessions live 1 h at most (AWS rule); ${spokenDuration(cutFrom)} asked, 1 h given\n`
}
