import type { ServerResponse } from 'node:http'
import { startSink, type UpstreamServer } from '../support/index.ts'

/** An upstream that answers about S3 what a test sets, and accepts every call. */
export interface SayingS3 extends UpstreamServer {
  /** By account and target, `123456789012 /bucket?policy=`, or by the target alone for every account. */
  readonly says: Map<string, string>
  /** What was asked, as the keys of `says` have it, with the method before it. */
  readonly asked: string[]
}

/** Starts it. It separates accounts by their access key ids. */
export async function startSayingS3(): Promise<SayingS3> {
  const says = new Map<string, string>()
  const asked: string[] = []
  const sink = await startSink((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const asker = /Credential=(\d+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody'
    asked.push(`${method} ${asker} ${url}`)
    incoming.resume()
    incoming.on('end', () => {
      if (method !== 'GET') return outgoing.end()
      const said = says.get(`${asker} ${url}`) ?? says.get(String(url))
      if (said !== undefined) return outgoing.end(said)
      const listed = `<Name>${/^\/([^/?]*)/.exec(url ?? '')?.[1]}</Name>`
      return missing(outgoing, says.get(`${asker} /`)?.includes(listed) === true)
    })
  })
  return { ...sink, says, asked }
}

/** Nothing of the kind, in a bucket that the asker's list has, or no such bucket. */
function missing(outgoing: ServerResponse, isListed: boolean): void {
  const code = isListed ? 'NoSuchKey' : 'NoSuchBucket'
  outgoing.writeHead(404, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`)
}

/** An answer to ListBuckets. */
export function bucketList(ownerId: string, ...names: readonly string[]): string {
  const buckets = names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')
  return `<ListAllMyBucketsResult><Owner><ID>${ownerId}</ID></Owner><Buckets>${buckets}</Buckets></ListAllMyBucketsResult>`
}

/** A public access block with these settings on. */
export function accessBlock(...settings: readonly string[]): string {
  const on = settings.map((name) => `<${name}>true</${name}>`).join('')
  return `<PublicAccessBlockConfiguration>${on}</PublicAccessBlockConfiguration>`
}

/** An ACL with one grant, of something of this owner's. */
export function aclOf(ownerId: string, grantee: string, permission: string): string {
  const grant = `<Grant><Grantee>${grantee}</Grantee><Permission>${permission}</Permission></Grant>`
  return `<AccessControlPolicy><Owner><ID>${ownerId}</ID></Owner><AccessControlList>${grant}</AccessControlList></AccessControlPolicy>`
}

/** An Object Ownership. */
export function ownership(value: string): string {
  return `<OwnershipControls><Rule><ObjectOwnership>${value}</ObjectOwnership></Rule></OwnershipControls>`
}
