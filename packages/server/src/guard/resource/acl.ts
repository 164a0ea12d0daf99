import { parseXml, type XmlElement } from '../../wire/index.ts'

/** The grantee of an ACL: a predefined group, or an account by its canonical user id. */
export interface AclGrant {
  readonly to: 'everyone' | 'authenticated' | { readonly canonicalId: string }
  readonly permission: string
}

const groups: ReadonlyMap<string, 'everyone' | 'authenticated'> = new Map([
  ['http://acs.amazonaws.com/groups/global/AllUsers', 'everyone'],
  ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'authenticated'],
])

/** The canonical user id of the account to which the thing of an ACL belongs; undefined if it is not an ACL. */
export function aclOwnerOf(text: string): string | undefined {
  return textOf(childOf(parseXml(text), 'Owner'), 'ID')
}

/** The grants in an ACL as S3 writes it; empty if it is not an ACL. */
export function grantsOf(text: string): readonly AclGrant[] {
  const list = childOf(parseXml(text), 'AccessControlList')
  return (list?.children ?? []).flatMap((grant): readonly AclGrant[] => {
    const grantee = childOf(grant, 'Grantee')
    const permission = textOf(grant, 'Permission')
    const uri = textOf(grantee, 'URI')
    const canonicalId = textOf(grantee, 'ID')
    if (permission === undefined) return []
    const group = uri === undefined ? undefined : groups.get(uri)
    if (group !== undefined) return [{ to: group, permission }]
    return canonicalId === undefined ? [] : [{ to: { canonicalId }, permission }]
  })
}

/** The canonical user id of each grantee of an ACL in a body; undefined of one that is named otherwise. */
export function granteesOf(body: string): readonly (string | undefined)[] {
  const list = childOf(parseXml(body), 'AccessControlList')
  return (list?.children ?? []).map((grant) => textOf(childOf(grant, 'Grantee'), 'ID'))
}

interface Meaning {
  readonly bucket: RegExp
  readonly object: RegExp
}

/** The actions that a permission allows, on a bucket and on an object (behaviour GRD-31). */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  [
    'READ',
    {
      bucket: /^s3:ListBucket(?:Versions|MultipartUploads)?$/,
      object: /^s3:GetObject(?:Version|Torrent)?$/,
    },
  ],
  ['WRITE', { bucket: /^s3:PutObject$/, object: /^$/ }],
  ['READ_ACP', { bucket: /^s3:GetBucketAcl$/, object: /^s3:GetObject(?:Version)?Acl$/ }],
  ['WRITE_ACP', { bucket: /^s3:PutBucketAcl$/, object: /^s3:PutObject(?:Version)?Acl$/ }],
])
const everyMeaning: readonly Meaning[] = [...meanings.values()]

/** The actions that an ACL of this kind can allow. */
export function aclCovers(action: string, kind: 'bucket' | 'object'): boolean {
  return everyMeaning.some((meaning) => meaning[kind].test(action))
}

/** Returns whether one of the grants allows a caller the action; `signed` is false for an unsigned call. */
export function aclAllows(
  grants: readonly AclGrant[],
  action: string,
  kind: 'bucket' | 'object',
  asker: {
    readonly signed: boolean
    readonly canonicalId: string | undefined
    readonly ignoresPublic: boolean
  },
): boolean {
  return grants.some(({ to, permission }) => {
    const means = permission === 'FULL_CONTROL' ? everyMeaning : [meanings.get(permission)]
    if (!means.some((meaning) => meaning?.[kind].test(action))) return false
    if (typeof to === 'object') return to.canonicalId === asker.canonicalId
    return !asker.ignoresPublic && (to === 'everyone' || asker.signed)
  })
}

/** Canned ACLs that grant something to everybody. */
const publicAcls: ReadonlySet<string> = new Set(['public-read', 'public-read-write', 'authenticated-read'])

/**
 * Returns whether a request would grant something to everybody: by a canned ACL, by its grant headers, or by its body.
 * A body that cannot be read is taken to: the upstream may read it.
 */
export function grantsToPublic(headers: Readonly<Record<string, string>>, body: string): boolean {
  if (publicAcls.has(headers['x-amz-acl'] ?? '')) return true
  const granted = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-grant-'))
  if (granted.some(([, value]) => namesGroup(value))) return true
  if (body.trim() === '') return false
  const root = parseXml(body)
  return root === undefined || textsOf(root).some(namesGroup)
}

function namesGroup(text: string): boolean {
  return [...groups.keys()].some((uri) => text.includes(uri))
}

/** Every text in an element, wherever in it: upstreams differ in how they look for a grantee. */
function textsOf(root: XmlElement): readonly string[] {
  const waiting = [root]
  const texts: string[] = []
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    texts.push(element.text)
    for (const child of element.children) waiting.push(child)
  }
  return texts
}

function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return childOf(element, name)?.text.trim()
}
