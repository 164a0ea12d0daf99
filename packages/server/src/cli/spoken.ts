import { systemClock } from '../base/index.ts'
import type { Worn } from './become.ts'
import { spokenDuration } from './duration.ts'

/** The name by which people know who an ARN is: the user, the role that is worn, the service. */
export function shortName(arn: string): string {
  const resource = arn.startsWith('arn:') ? arn.split(':').slice(5).join(':') : arn
  const [kind = '', ...rest] = resource.split('/')
  if (kind === 'assumed-role' && rest[0] !== undefined) return rest[0]
  return rest.at(-1) ?? kind
}

/** `admin ─▶ deployer ─▶ auditor`. */
export function spokenChain(chain: readonly string[]): string {
  return chain.map(shortName).join(' ─▶ ')
}

/** What a terminal is told of a session, beside the credentials themselves. */
export function tellOf(worn: Worn): string {
  const ends = Date.parse(worn.expiration)
  const at = new Date(ends).toTimeString().slice(0, 5)
  const left = spokenDuration((ends - systemClock.now()) / 1000)
  return `${tellOfCut(worn)}${spokenChain(worn.chain)}    expires ${at} (in ${left})\n`
}

/** Says that a chain's hour cut the session, where it did. */
export function tellOfCut({ cutFrom }: Worn): string {
  if (cutFrom === undefined) return ''
  return `! chained sessions live 1 h at most (AWS rule); ${spokenDuration(cutFrom)} asked, 1 h given\n`
}
