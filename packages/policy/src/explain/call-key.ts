/** The parts of a call that a caller can change, by the condition key that shows them. */
export type CallPart =
  | 'mfa'
  | 'externalId'
  | 'tag'
  | 'tagKeys'
  | 'region'
  | 'session'
  | 'https'
  | 'network'
  | 'time'
  | 'sessionName'
  | 'sourceIdentity'
  | 'boundary'
  | 'parameter'

const parts: ReadonlyMap<string, CallPart> = new Map([
  ['aws:multifactorauthpresent', 'mfa'],
  ['aws:multifactorauthage', 'mfa'],
  ['sts:externalid', 'externalId'],
  ['aws:requesttag/', 'tag'],
  ['aws:tagkeys', 'tagKeys'],
  ['aws:requestedregion', 'region'],
  ['aws:tokenissuetime', 'session'],
  ['aws:securetransport', 'https'],
  ['aws:sourceip', 'network'],
  ['aws:vpcsourceip', 'network'],
  ['aws:sourcevpc', 'network'],
  ['aws:sourcevpce', 'network'],
  ['aws:currenttime', 'time'],
  ['aws:epochtime', 'time'],
  ['sts:rolesessionname', 'sessionName'],
  ['sts:sourceidentity', 'sourceIdentity'],
  ['iam:permissionsboundary', 'boundary'],
])

/** Keys of services that say what a resource is, not what the caller sends. */
const ofResources =
  /(?:resourcetag|existingobjecttag|passedtoservice|associatedresourcearn|resourcearn|owner)(?:\/|$)/

/** Keys of services that a call gets by sending something more; others it has or has not by what it is about. */
const added = /^(?:s3:(?:x-amz-|prefix$|delimiter$|max-keys$|versionid$)|kms:encryptioncontext[:/])/

/** Whether a call that does not have the key can get it. */
export function isAddable(part: CallPart, key: string): boolean {
  return part !== 'parameter' || added.test(key.toLowerCase())
}

/** The part of a call that a condition key shows; undefined if the caller cannot change it by calling otherwise. */
export function callPartOf(key: string): CallPart | undefined {
  const lowered = key.toLowerCase()
  const known = parts.get(lowered.replace(/\/.*/s, '/'))
  if (known !== undefined) return known
  return lowered.startsWith('aws:') || ofResources.test(lowered) ? undefined : 'parameter'
}
