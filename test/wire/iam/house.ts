import assert from 'node:assert/strict'
import { IAM } from '@aws-sdk/client-iam'
import { type As, type CreateOmenOptions, createOmen } from 'omen-iam'
import { policyText, trustPolicy } from '../../kit/index.ts'

/** A server in process with a client of admin's. Its refusals end without the id of their authorization. */
export async function openServer(options: CreateOmenOptions = {}) {
  const omen = await createOmen({ authorizationIds: false, ...options })
  const clients: IAM[] = []
  const as = (who: As) => {
    // the SDK takes LimitExceeded for throttling and would try again
    const client = new IAM({ ...omen.clientConfig(who), maxAttempts: 1 })
    clients.push(client)
    return client
  }
  return {
    omen,
    iam: as('admin'),
    as,
    async close() {
      for (const client of clients) client.destroy()
      await omen.close()
    },
  }
}

/** The fault that a call ends with: `Code status: message`. */
export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    const {
      Error: fault,
      message,
      $metadata,
    } = error as {
      Error?: { Code?: string }
      message: string
      $metadata?: { httpStatusCode?: number }
    }
    if ($metadata === undefined) throw error
    return `${fault?.Code} ${$metadata.httpStatusCode}: ${message}`
  }
  assert.fail('the call succeeded')
}

/** The answer without what the SDK adds. */
export function bare<T extends { $metadata: unknown }>(answer: T): Omit<T, '$metadata'> {
  const { $metadata: _, ...rest } = answer
  return rest
}

/** A policy of one statement that allows. */
export function allow(
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
  condition?: object,
) {
  return policyText({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  })
}

/** A trust policy for these principals. */
export function trust(principal: object | string) {
  return trustPolicy(principal)
}

export const trustEc2 = trust({ Service: 'ec2.amazonaws.com' })

/** A document as it was before it was encoded. */
export function decoded(document: string | undefined): unknown {
  assert(document !== undefined)
  return JSON.parse(decodeURIComponent(document))
}

/** The long-term key of a new user. */
export async function newKey(iam: IAM, userName: string) {
  const { AccessKey: key } = await iam.createAccessKey({ UserName: userName })
  assert(key?.AccessKeyId !== undefined && key.SecretAccessKey !== undefined)
  return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
}
