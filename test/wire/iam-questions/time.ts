import type { RunningOmen } from 'omen-iam'

interface Client {
  readonly config: { systemClockOffset: number }
}

/** Moves time on for the server and for clients, which would else sign for an instant long past. */
export function advance(omen: RunningOmen, milliseconds: number, ...clients: readonly Client[]): void {
  omen.clock.advance(milliseconds)
  for (const client of clients) client.config.systemClockOffset += milliseconds
}
