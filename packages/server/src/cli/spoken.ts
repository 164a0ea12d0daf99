import { systemClock } from '../base/index.ts'
import type { Worn } from './become.ts'
import { spokenDuration } from './duration.ts'
import { shortName } from './short-name.ts'

/** `admin ─▶ deployer ─▶ auditor`. */
export function spokenChain(chain: readonly string[]): string {
  return chain.map(shortName).join(' ─▶ ')
}

/** The terminal's report of a session, beside the credentials themselves. */
export function describeSession(worn: Worn): string {
  const ends = Date.parse(worn.expiration)
  const at = new Date(ends).toTimeString().slice(0, 5)
  const left = spokenDuration((ends - systemClock.now()) / 1000)
  return `${describeCut(worn)}${spokenChain(worn.chain)}    expires ${at} (in ${left})\n`
}

/** Reports that the hour of a chain shortened the session, if it did. */
export function describeCut({ cutFrom }: Worn): string {
  if (cutFrom === undefined) return ''
  return `! chained sessions live 1 h at most (AWS rule); ${spokenDuration(cutFrom)} asked, 1 h given\n`
}
