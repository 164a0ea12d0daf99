import type { Call } from '../authorization/index.ts'
import { Fault } from '../base/index.ts'
import { isSigned, type SignedCaller } from '../session/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'

/** Runs an operation of IAM in a caller's name. @throws Fault if it is refused */
export type PerformIam = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
  call: Pick<Call, 'account' | 'origin'> & { readonly caller: SignedCaller },
) => Promise<unknown>

/** The service whose role an operation makes, and how it describes the role. */
interface Making {
  readonly service: string
  readonly description?: string
}

const making: Readonly<Record<string, Making | undefined>> = {
  'ecs:CreateCluster': {
    service: 'ecs.amazonaws.com',
    description: 'Policy to enable Amazon ECS to manage your EC2 instances and related resources.',
  },
  'eks:CreateCluster': { service: 'eks.amazonaws.com' },
}

/**
 * Makes the role of a service for an operation after which AWS makes it, in the caller's name. Without the permission, or if
 * the role is there, the operation succeeds all the same, and the event says so (behaviour GRD-475).
 */
export async function makeLinkedRole(found: IdentifiedCall, call: Call, perform: PerformIam): Promise<void> {
  const made = making[`${found.service.id}:${found.operation}`]
  const { caller, account } = call
  if (made === undefined || call.mode === 'off' || !isSigned(caller)) return
  const by = `aws-called-via-override.${made.service}`
  const origin = { ...call.origin, sourceIp: by, userAgent: by, invokedBy: by }
  const description = made.description === undefined ? {} : { Description: made.description }
  try {
    await perform(
      'CreateServiceLinkedRole',
      { AWSServiceName: made.service, ...description },
      { account, origin, caller },
    )
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}
