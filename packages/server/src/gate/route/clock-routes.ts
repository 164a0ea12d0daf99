import type { Dependencies } from '../../authorization/index.ts'
import { TestClock } from '../../base/index.ts'
import { aheadOf, moveClock } from '../test-clock.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** The clock of a server for tests, which its owner moves (behaviour SSO-102). */
export function clockRoutes(deps: Dependencies): readonly AdminRoute[] {
  const shown = () => ({ time: new Date(deps.clock.now()).toISOString(), ...aheadOf(deps.clock) })
  return [
    { method: 'GET', path: /^\/_omen\/clock$/, answer: shown },
    {
      method: 'POST',
      path: /^\/_omen\/clock$/,
      async answer(_groups, { ahead, advance }) {
        const { clock } = deps
        if (!(clock instanceof TestClock))
          throw new Refusal(409, 'The clock of this server does not move: start it with --test-clock.')
        const seconds = ahead ?? advance
        if (!Number.isSafeInteger(seconds) || (ahead !== undefined && advance !== undefined))
          throw new Refusal(400, 'Give ahead or advance, in seconds.')
        const milliseconds = Number(seconds) * 1_000 + (advance === undefined ? 0 : clock.shift)
        if (!(await moveClock(milliseconds, deps)))
          throw new Refusal(400, 'The clock moves between the present and ten years from it.')
        return shown()
      },
    },
  ]
}
