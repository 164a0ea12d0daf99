import { type Served, serveApi } from '../../authorization/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { operations } from './operations.ts'

export { accountsInView, hasManyAccounts } from './in-view.ts'
export { graphOfAccount, type OpenGraph } from './open.ts'
export { partsOf, type WorldParts, worldOf } from './world.ts'
export { WorldKeeper } from './world-keeper.ts'

/** Omen's own API: who can become whom. */
export const omen = serveApi('omen', operations satisfies Served<OmenGraph.Operations>)
