import { techniqueTable } from '../../../authorization/catalogue/index.ts'
import type { Dependencies } from '../../../authorization/index.ts'
import type { Account } from '../../../directory/index.ts'
import { type Graph, graphOf } from '../../../graph/index.ts'
import { partsOf, revisionOf } from '../index.ts'
import { worldOf } from './world-of.ts'

/** The graph of an account, and the revision of the account that it is of. */
export interface OpenGraph {
  readonly account: Account
  readonly graph: Graph
  readonly revision: string
}

const opened = new WeakMap<Account, OpenGraph>()

/**
 * The graph of an account as it is now, made once for each revision, for a server that no one else calls: it is made and
 * searched in the thread that asks.
 * @throws AccountNotLoaded if another account is needed that is not in memory
 */
export function graphOfAccount(account: Account, deps: Dependencies): OpenGraph {
  const revision = revisionOf(account, deps)
  const known = opened.get(account)
  if (known?.revision === revision) return known
  const graph = graphOf(worldOf(partsOf(account, deps)), techniqueTable())
  const open = { account, graph, revision }
  opened.set(account, open)
  return open
}
