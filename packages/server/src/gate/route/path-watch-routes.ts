import type { Dependencies } from '../../authorization/index.ts'
import { AccountNotLoaded } from '../../directory/index.ts'
import type { PathWatch, WatchState } from '../watch/path-watch.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** The most loads of accounts that are not in memory, for one answer. */
const loadsMost = 60

/** `GET /_omen/api/path-watch`: what is watched of the paths to an administrator of the account. */
export function pathWatchRoutes(
  deps: Dependencies,
  watchNow: () => PathWatch | undefined,
): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/path-watch$/,
      by: { action: 'omen:ListPaths' },
      async answer(_groups, _body, signer, _query, within): Promise<WatchState | { watched: 'off' }> {
        const id = signer?.account ?? within ?? deps.firstAccount
        const account = await deps.directory.find(id)
        if (account === undefined) throw new Refusal(404, 'There is no such account here.')
        const watch = watchNow()
        if (watch === undefined) return { watched: 'off' }
        for (let loads = 0; ; loads++) {
          try {
            return watch.stateOf(account)
          } catch (error) {
            if (!(error instanceof AccountNotLoaded) || loads >= loadsMost) throw error
            await deps.directory.find(error.account)
          }
        }
      },
    },
  ]
}
