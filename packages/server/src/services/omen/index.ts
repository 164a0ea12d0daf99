import { type Served, serveApi } from '../../authorization/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { cuts } from './cut.ts'
import { exports } from './export.ts'
import { paths } from './paths.ts'
import { reach } from './reach.ts'

export { graphOfAccount, type OpenGraph } from './open.ts'
export { partsOf, type WorldParts, worldOf } from './world.ts'

/** Omen's own API: who can become whom. */
export const omen = serveApi('omen', {
  ...cuts,
  ...exports,
  ...paths,
  ...reach,
} satisfies Served<OmenGraph.Operations>)
