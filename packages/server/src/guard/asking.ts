import { type AccessRequest, authorize, type Call } from '../authorization/index.ts'
import { rootArn } from '../session/index.ts'
import { type IdentifiedCall, readInput, Unreadable } from './catalogue/index.ts'
import { eventParameters } from './parameters.ts'

/** The call of the account's root, as calls with unknown keys count in mode off. */
export function asRoot(call: Call): Call {
  const { id: account } = call.account
  const arn = rootArn(call.account)
  return { ...call, caller: { kind: 'root', account, arn, accessKeyId: 'unverified' } }
}

/**
 * Returns whether the resource's own policy lets a service do what is requested; its caller then needs no permission
 * for it.
 */
export function isDelivered(access: AccessRequest, service: string, call: Call): boolean {
  if (access.resourcePolicy?.document === undefined) return false
  const caller = { kind: 'service', account: call.account.id, name: service } as const
  const context = { ...access.context, 'aws:SourceAccount': call.account.id }
  return authorize([{ ...access, context }], { ...call, caller }).allowed
}

/** The same question about the caller, without a source resource. */
export function asCaller({
  context: { 'aws:SourceArn': _, ...context } = {},
  ...access
}: AccessRequest): AccessRequest {
  return { ...access, context }
}

/** `Promise.all`, which nearly always waits for one. */
export async function allOf<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const [one] = promises
  return one !== undefined && promises.length === 1 ? [await one] : Promise.all(promises)
}

/** the parameters of the event; those that cannot be read are left out */
export function parametersOf(found: IdentifiedCall): Readonly<Record<string, unknown>> {
  try {
    return eventParameters(found.service.id, readInput(found), found.operation)
  } catch (thrown) {
    if (thrown instanceof Unreadable) return {}
    throw thrown
  }
}
