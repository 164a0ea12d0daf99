import { systemClock } from '../base/index.ts'
import { parseDuration } from './duration.ts'
import { badSyntax } from './failure.ts'

/** An ISO instant, given as one or as a duration that ends now. @throws CommandFailure if it is neither */
export function instantOf(text: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const time = Date.parse(text)
    if (Number.isNaN(time)) throw badSyntax(`${text} is no instant`)
    return new Date(time).toISOString()
  }
  return new Date(systemClock.now() - parseDuration(text) * 1_000).toISOString()
}
