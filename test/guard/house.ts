import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { IAM } from '@aws-sdk/client-iam'
import { Organizations } from '@aws-sdk/client-organizations'
import { STS } from '@aws-sdk/client-sts'
import { type ClientCredentials, type CreateOmenOptions, createOmen } from 'omen-iam'
import { type AccountId, Secret } from '../../packages/server/src/base/index.ts'
import type { UpstreamOptions } from '../../packages/server/src/guard/index.ts'
import { bodyHash, signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

export const account = '123456789012' as AccountId

/** A policy statement; what is left out is everything. */
export interface Allowed {
  readonly action: string | readonly string[]
  readonly resource?: string | readonly string[]
  readonly condition?: object
}

/** A policy that allows these. */
export function allowing(...statements: readonly Allowed[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(({ action, resource = '*', condition }) => ({
      Effect: 'Allow',
      Action: action,
      Resource: resource,
      ...(condition && { Condition: condition }),
    })),
  })
}

/**
 * A server that guards an upstream, with what tests of it do again and again. The upstream gets what a test sends, and
 * nothing of IAM unless the test says so.
 */
export async function guardServer(options: CreateOmenOptions & { readonly upstream: UpstreamOptions }) {
  const upstream = { sharedIam: false, ...options.upstream }
  const omen = await createOmen({ ...options, upstream })
  const iam = new IAM({ ...omen.clientConfig('admin'), maxAttempts: 1 })
  return {
    omen,
    iam,
    admin: { ...omen.keys.admin } as ClientCredentials,
    /** A user with this policy; its key. Of a name that exists, the policy is put in place of the one before. */
    async user(name: string, policy?: string): Promise<ClientCredentials> {
      await iam.createUser({ UserName: name })
      if (policy !== undefined) await this.allow(name, policy)
      const { AccessKey: key } = await iam.createAccessKey({ UserName: name })
      assert(key?.AccessKeyId !== undefined && key.SecretAccessKey !== undefined)
      return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
    },
    /** Puts a policy in place of the user's. */
    async allow(name: string, policy: string) {
      await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: policy })
    },
    async role(name: string, service: string) {
      const trust = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      }
      const { Role } = await iam.createRole({
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify(trust),
      })
      return Role!.Arn!
    },
    /** The newest events of a name, newest first. */
    async events(name: string) {
      const attribute = { key: 'EventName' as const, value: name }
      const { recorder } = omen.omen.deps
      const found = async (data: boolean) =>
        (await recorder.lookUp({ account, attribute, data, limit: 50 })).events
      const events = [...(await found(false)), ...(await found(true))].sort((a, b) => b.time - a.time)
      return events.map(({ json }) => JSON.parse(json) as Readonly<Record<string, unknown>>)
    },
    async close() {
      iam.destroy()
      await omen.close()
    },
  }
}

export type GuardServer = Awaited<ReturnType<typeof guardServer>>

/** An administrator of another account of the organization. */
export async function visiting({
  omen,
}: GuardServer): Promise<{ visitor: ClientCredentials; visitorAccount: string }> {
  const organizations = omen.client(Organizations, 'admin')
  const sts = omen.client(STS, 'admin')
  await organizations.createOrganization({})
  const { CreateAccountStatus: made } = await organizations.createAccount({
    AccountName: 'visitors',
    Email: 'visitors@example.com',
  })
  const { CreateAccountStatus: status } = await organizations.describeCreateAccountStatus({
    CreateAccountRequestId: made!.Id,
  })
  const { Credentials: given } = await sts.assumeRole({
    RoleArn: `arn:aws:iam::${status!.AccountId}:role/OrganizationAccountAccessRole`,
    RoleSessionName: 'visitor',
  })
  const visitor = {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  }
  return { visitor, visitorAccount: status!.AccountId! }
}

/** What came back over HTTP. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly trailers: NodeJS.Dict<string>
  readonly body: string
}

/** One request as a test writes it. */
export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly service?: string
  /** Left out: us-east-1. */
  readonly region?: string
  readonly as?: ClientCredentials
  /** The body's value in the signature; S3 gets it in a header. */
  readonly payloadHash?: string
}

/** The headers of a request, signed if it has a sender. */
export function headersOf(endpoint: string, sent: Sent): Record<string, string> {
  const { method = 'GET', path = '/', service = 's3', region = 'us-east-1', as, payloadHash } = sent
  const [rawPath = '/', rawQuery = ''] = path.split('?', 2)
  const headers = { host: new URL(endpoint).host, ...sent.headers }
  if (as === undefined) return headers
  const body = Buffer.from(sent.body ?? '')
  const told = payloadHash ?? (service === 's3' ? bodyHash(body) : undefined)
  const hash = told === undefined ? {} : { 'x-amz-content-sha256': told }
  return signedHeaders(
    { method, rawPath, rawQuery, headers: { ...headers, ...hash }, body },
    {
      accessKeyId: as.accessKeyId,
      secret: new Secret(as.secretAccessKey),
      region,
      service,
      ...(as.sessionToken === undefined ? {} : { sessionToken: as.sessionToken }),
    },
    Date.now(),
    payloadHash,
  )
}

/** Sends a request and reads the answer whole. */
export function send(endpoint: string, sent: Sent): Promise<Answer> {
  const { hostname, port } = new URL(endpoint)
  const body = Buffer.from(sent.body ?? '')
  const headers: Record<string, string> = headersOf(endpoint, sent)
  if (body.length > 0 && headers['transfer-encoding'] === undefined)
    headers['content-length'] ??= String(body.length)
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      method: sent.method ?? 'GET',
      path: sent.path ?? '/',
      headers,
      agent: false,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          trailers: response.trailers,
          body: Buffer.concat(pieces).toString('utf8'),
        }),
      )
    })
    request.end(body)
  })
}
