import { Secret } from '../../packages/server/src/base/index.ts'
import type { ClientCredentials } from '../../packages/server/src/index.ts'
import type { OmenGraph } from '../../packages/server/src/model/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

type Operations = OmenGraph.Operations

/** Paths of the operations. */
const paths = {
  ListPaths: 'paths',
  GetEdge: 'edge',
  GetReach: 'reach',
  ProposeCut: 'cut',
  ExportGraph: 'export',
  GetAccountDetails: 'account',
} as const

/** What Omen's own API answers. */
export interface Answer<Output> {
  readonly status: number
  readonly error: string | null
  readonly body: Output & { readonly message?: string }
}

/** Calls Omen's own API, signed for the service `omen`. */
export async function ask<Name extends keyof typeof paths>(
  { endpoint }: { readonly endpoint: string },
  as: ClientCredentials,
  operation: Name,
  input: Operations[Name]['input'],
): Promise<Answer<Operations[Name]['output']>> {
  const url = new URL(`/_omen/graph/${paths[operation]}`, endpoint)
  const body = JSON.stringify(input)
  const request = {
    method: 'POST',
    rawPath: url.pathname,
    rawQuery: '',
    headers: { host: url.host },
    body: Buffer.from(body),
  }
  const signer = {
    accessKeyId: as.accessKeyId,
    secret: new Secret(as.secretAccessKey),
    region: 'us-east-1',
    service: 'omen',
  }
  const { host: _, ...headers } = signedHeaders(request, signer, Date.now())
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { ...headers, 'content-type': 'application/json' },
  })
  return {
    status: response.status,
    error: response.headers.get('x-amzn-errortype'),
    body: (await response.json()) as Answer<Operations[Name]['output']>['body'],
  }
}
