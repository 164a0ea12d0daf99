import type { SignedCaller } from '../../session/index.ts'

const defaultSeconds = 43_200
/** Root's sessions last an hour, however long was asked for (behaviour STS-32). */
const rootSeconds = 3_600

/** How long credentials live that a long-term key asks for itself or for a federated user. */
export function longTermSeconds(asked: number | undefined, caller: SignedCaller): number {
  const seconds = asked ?? defaultSeconds
  return caller.kind === 'root' ? Math.min(seconds, rootSeconds) : seconds
}
