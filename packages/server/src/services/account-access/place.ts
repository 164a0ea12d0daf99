import {
  type AccessRequest,
  type Call,
  type ContextKeys,
  type Operation,
  otherAccount,
} from '../../authorization/index.ts'
import { accountInArn } from '../../base/index.ts'
import {
  type AccessApplication,
  type Account,
  accessApplicationArn,
  accessApplicationOf,
  accessService,
  organizationAccounts,
  organizationOf,
  trustsService,
} from '../../directory/index.ts'
import { denied, notFound } from './faults.ts'
import { resourceTags } from './tag.ts'

/** An application, and the account that owns it. */
export interface AccessPlace {
  readonly application: AccessApplication
  readonly owner: Account
}

/**
 * Returns the account that may have the application: that of the organization, if the caller is in it or is the delegated
 * administrator (behaviour SSO-172).
 */
export function managedOwner(call: Call): Account | undefined {
  const { account } = call
  const management = account.settings.managementAccount ?? account.id
  const owner = management === account.id ? account : otherAccount(call, management)
  if (owner === undefined || !trustsService(organizationOf(owner), accessService)) return undefined
  if (owner === account) return owner
  const member = owner.table(organizationAccounts).find(account.id)
  return member?.administers.some(({ service }) => service === accessService) === true ? owner : undefined
}

/** Returns the application of an ARN, which may be gone. @throws Fault AccessDeniedException if it is not the caller's to manage */
export function findPlace(arn: string, call: Call): AccessPlace | undefined {
  const owner = managedOwner(call)
  if (owner === undefined || accountInArn(arn) !== owner.id) throw denied()
  const application = accessApplicationOf(owner)
  if (application === undefined || accessApplicationArn(application, owner) !== arn) return undefined
  return application.region === call.region ? { application, owner } : undefined
}

/** @throws Fault ResourceNotFoundException, AccessDeniedException */
export function getPlace(arn: string, call: Call): AccessPlace {
  const place = findPlace(arn, call)
  if (place === undefined) throw notFound(`The application ${arn} was not found.`)
  return place
}

/** An operation on an application that its ARN names, asked on the ARN. */
export function onApplication<Input, Output>(
  arnOf: (input: Input) => string,
  run: (input: Input, call: Call) => Output,
  more: Partial<Operation<Input, Output>> & { readonly keys?: (input: Input) => ContextKeys } = {},
): Operation<Input, Output> {
  const { keys, ...operation } = more
  return {
    requests: (input, call) => [askedOn(arnOf(input), call, keys?.(input))],
    run,
    ...operation,
  }
}

/** The question about an operation on an application. Of a delegated administrator its own account decides (behaviour SSO-172). */
function askedOn(arn: string, call: Call, keys: ContextKeys = {}): AccessRequest {
  const owner = managedOwner(call)
  const application = owner && accessApplicationOf(owner)
  const isIt = application !== undefined && accessApplicationArn(application, owner ?? call.account) === arn
  return {
    action: `account-access:${call.operation.name}`,
    resource: arn,
    context: { ...(isIt ? resourceTags(application.tags) : {}), ...keys },
    decidedIn: call.account.id,
  }
}
