import { type Served, serveApi } from '../../authorization/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { anchors } from './anchors.ts'
import { lists } from './lists.ts'
import { profiles } from './profiles.ts'
import { session } from './session.ts'
import { subjects } from './subjects.ts'
import { tags } from './tags.ts'

export { signedBy } from './session.ts'

/** Roles for holders of certificates. */
export const rolesAnywhere = serveApi('rolesanywhere', {
  ...anchors,
  ...lists,
  ...profiles,
  ...session,
  ...subjects,
  ...tags,
} satisfies Served<RolesAnywhere.Operations>)
