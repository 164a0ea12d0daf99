import type { LayerName } from '@omen-iam/policy'
import type { Judged } from '../../authorization/index.ts'
import type { May } from './admin-route.ts'

const none: ReadonlySet<LayerName> = new Set()
const resource: ReadonlySet<LayerName> = new Set(['resource'])

/**
 * Returns the layers of an answer to a hypothetical question that the caller must not see: the trust policy of a role
 * that the caller may not get. Permission to simulate a principal's policies covers only those of the principal.
 */
export async function hiddenTrust({ access }: Judged, may: May): Promise<ReadonlySet<LayerName>> {
  if (access.resourcePolicy?.grant !== 'trust') return none
  return (await may('iam:GetRole', access.resource)) ? none : resource
}
