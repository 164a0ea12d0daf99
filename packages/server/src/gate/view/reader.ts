import type { LayerName } from '@omen-iam/policy'
import { bindingManagement, type Call, type Judged } from '../../authorization/index.ts'
import { type AccountId, parseAccountId } from '../../base/index.ts'

/** The reader of a decision: the account that the reader is limited to; undefined for the server's owner. */
export type Reader = AccountId | undefined

const none: ReadonlySet<LayerName> = new Set()

/**
 * The layers of a decision whose policies another account than the reader's has written: the resource's policy and the
 * organization's. The reader learns that they refuse, in AWS's words, and not their content.
 */
export function foreignLayers({ request }: Judged, call: Call, reader: Reader): ReadonlySet<LayerName> {
  if (reader === undefined) return none
  const { directory } = call.house
  const foreign = new Set<LayerName>()
  const ownerId = parseAccountId(request.resourceAccount ?? '') ?? call.account.id
  if (ownerId !== reader) foreign.add('resource')
  const management = bindingManagement(call.account, directory)
  if (management !== undefined && management.id !== reader) foreign.add('scp')
  const owner = ownerId === call.account.id ? call.account : directory.loaded(ownerId)
  const ofOwner = owner && bindingManagement(owner, directory)
  if (owner === undefined || (ofOwner !== undefined && ofOwner.id !== reader)) foreign.add('rcp')
  return foreign
}

/** Returns whether a condition key reveals another account's resource: its tags, and where its account is. */
export function isForeignKey(key: string): boolean {
  return /^(?:[a-z0-9-]+:ResourceTag\/|aws:ResourceOrg)/i.test(key)
}
