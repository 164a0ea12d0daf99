import type { LayerName } from '@omen-iam/policy'
import { bindingManagement, type Call, type Judged } from '../../authorization/index.ts'
import { type AccountId, parseAccountId } from '../../base/index.ts'

/** The reader of a decision: the account that the reader is limited to; undefined for the server's owner. */
export type Reader = AccountId | undefined

/** Returns whether the policies allow the reader a further permission. The server's owner has all of them. */
export type May = (action: string, resource: string) => Promise<boolean>

/** What a reader sees of decisions. Every view of a decision is made through one (behaviours RSN-19, RSN-20). */
export interface Sight {
  readonly reader: Reader
  /** The layers of a question's answer whose content the reader must not see. */
  hidden(judged: Judged, call: Call): ReadonlySet<LayerName>
}

/** The server's owner sees everything. */
export const wholeSight: Sight = { reader: undefined, hidden: () => none }

const none: ReadonlySet<LayerName> = new Set()

/**
 * Returns what a reader sees of the answers to some questions. The policies of other accounts are hidden, and what is
 * attached to a resource that the reader may not read: permission to read decisions, or to simulate, covers neither.
 */
export async function sightOf(questions: readonly Judged[], reader: Reader, may: May): Promise<Sight> {
  if (reader === undefined) return wholeSight
  const unreadable = new Set<string>()
  for (const resource of new Set(questions.map(({ access }) => access.resource)))
    for (const action of readBy(resource)) if (!(await may(action, resource))) unreadable.add(resource)
  return {
    reader,
    hidden(judged, call) {
      const foreign = foreignLayers(judged, call, reader)
      return unreadable.has(judged.access.resource) ? new Set([...foreign, 'resource']) : foreign
    },
  }
}

/** The permissions that together show what is attached to a resource: its policy and its tags. */
const readers: readonly (readonly [resource: RegExp, actions: readonly string[]])[] = [
  [/^arn:[\w-]+:iam::\d{12}:role\//, ['iam:GetRole']],
  [/^arn:[\w-]+:iam::\d{12}:user\//, ['iam:GetUser']],
  [/^arn:[\w-]+:iam::\d{12}:policy\//, ['iam:GetPolicy']],
  [/^arn:[\w-]+:iam::\d{12}:instance-profile\//, ['iam:GetInstanceProfile']],
  [/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:/, ['lambda:GetPolicy', 'lambda:ListTags']],
]

function readBy(resource: string): readonly string[] {
  return readers.find(([pattern]) => pattern.test(resource))?.[1] ?? []
}

/**
 * The layers of a decision whose policies another account than the reader's has written: the resource's policy and the
 * organization's. The reader learns that they refuse, in AWS's words, and not their content.
 */
function foreignLayers({ request }: Judged, call: Call, reader: AccountId): ReadonlySet<LayerName> {
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

/** Returns whether a condition key reveals a hidden resource: its tags, and where its account is. */
export function isForeignKey(key: string): boolean {
  return /^(?:[a-z0-9-]+:ResourceTag\/|aws:ResourceOrg)/i.test(key)
}
