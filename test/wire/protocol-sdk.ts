import * as cloudtrail from '@aws-sdk/client-cloudtrail'
import * as ec2 from '@aws-sdk/client-ec2'
import * as iam from '@aws-sdk/client-iam'
import * as lambda from '@aws-sdk/client-lambda'
import * as organizations from '@aws-sdk/client-organizations'
import * as sts from '@aws-sdk/client-sts'
import type { HttpRequest, HttpResponse } from '../../packages/server/src/base/index.ts'
import type { Values } from './protocol-values.ts'

const modules = {
  iam: [iam, iam.IAMClient],
  sts: [sts, sts.STSClient],
  cloudtrail: [cloudtrail, cloudtrail.CloudTrailClient],
  organizations: [organizations, organizations.OrganizationsClient],
  ec2: [ec2, ec2.EC2Client],
  lambda: [lambda, lambda.LambdaClient],
} as const

export type Id = keyof typeof modules

export const ids = Object.keys(modules) as readonly Id[]

/** What the SDK's transport sees of a request. */
interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

interface SdkClient {
  send(command: object): Promise<Values>
}

/** A client whose transport is `answer`. */
export function clientOf(id: Id, answer: (request: HttpRequest) => HttpResponse): SdkClient {
  const Client = modules[id][1] as unknown as new (options: object) => SdkClient
  return new Client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: SdkRequest) => {
        const { status, headers, body } = answer(requestOf(request))
        return { response: { statusCode: status, headers, body: Buffer.from(body as string) } }
      },
    },
  })
}

function requestOf({ method, path, query, headers, body }: SdkRequest): HttpRequest {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`),
  )
  return {
    method,
    rawPath: path,
    rawQuery: pairs.join('&'),
    headers,
    body: Buffer.from(body ?? ''),
    remoteAddress: '127.0.0.1',
    secure: false,
  }
}

/** Operations of the models that the SDK's packages do not have yet. */
export const newer: ReadonlySet<string> = new Set(['UpdateOpenIDConnectProvider'])

/** The command that calls an operation. */
export function commandOf(id: Id, operation: string, input: unknown): object {
  const Command = (modules[id][0] as unknown as Readonly<Record<string, new (input: unknown) => object>>)[
    `${operation}Command`
  ]!
  return new Command(input)
}
