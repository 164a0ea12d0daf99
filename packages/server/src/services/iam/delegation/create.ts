import { type Call, effectivePolicy, family } from '../../../authorization/index.ts'
import { factsOf, iamArn, parseAccountId } from '../../../base/index.ts'
import {
  type DelegationParameter,
  type DelegationRequest,
  delegationRequests,
  delegationState,
  newDelegationId,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { alreadyExists, invalidInput, limitExceeded } from '../faults.ts'
import { actionOf } from '../target.ts'
import { renderTemplate } from './template.ts'

/** The most unexpired requests of an account. */
const requestsMost = 1_000

const channelForm = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/

/**
 * Requests temporary access to another account. AWS accepts requests only from registered partners; Omen accepts every
 * account, with its own managed policies as templates (behaviours DLG-1, DLG-2 and DLG-10).
 */
export const createDelegationFamily = family<Iam.Operations>()({
  CreateDelegationRequest: {
    requests: (input, call) => [
      {
        action: actionOf(call),
        resource: iamArn(call.account, 'delegation-request', '/', '*'),
        context: {
          'iam:TemplateArn': input.Permissions.PolicyTemplateArn,
          'iam:DelegationDuration': input.SessionDuration,
          'iam:NotificationChannel': input.NotificationChannel,
        },
      },
    ],
    run(input, call) {
      const table = call.account.table(delegationRequests)
      makeRoom(call)
      if (table.findBy('workflow', input.RequestorWorkflowId) !== undefined) {
        throw alreadyExists(
          `A delegation request with the workflow ID ${input.RequestorWorkflowId} already exists.`,
        )
      }
      const request = newRequest(input, call)
      table.put(request)
      return {
        DelegationRequestId: request.id,
        ConsoleDeepLink: `https://${factsOf(call.account.partition).consoleHost}/iam/home#/delegation-requests/${request.id}`,
      }
    },
  },
})

function newRequest(input: Iam.CreateDelegationRequestRequest, call: Call): DelegationRequest {
  const { account, now } = call
  if (!channelForm.test(input.NotificationChannel)) {
    throw invalidInput('The notification channel must be the ARN of an SNS topic.')
  }
  const ownerAccount = input.OwnerAccountId === undefined ? undefined : parseAccountId(input.OwnerAccountId)
  const templateArn = input.Permissions.PolicyTemplateArn ?? ''
  const template = effectivePolicy(account, templateArn)
  if (template === undefined) throw invalidInput(`The policy template ${templateArn} does not exist.`)
  const parameters = (input.Permissions.Parameters ?? []).map(parameterOf)
  const { text, boundaryArns } = renderTemplate(template.document, parameters)
  return {
    id: newDelegationId(account.id, call.deps.random),
    requestor: account.id,
    workflowId: input.RequestorWorkflowId,
    description: input.Description,
    ...(input.RequestMessage === undefined ? {} : { message: input.RequestMessage }),
    templateArn,
    parameters,
    policy: text,
    boundaryArns,
    notificationChannel: input.NotificationChannel,
    ...(input.RedirectUrl === undefined ? {} : { redirectUrl: input.RedirectUrl }),
    sessionSeconds: input.SessionDuration,
    onlySendByOwner: input.OnlySendByOwner ?? false,
    createdAt: now,
    updatedAt: now,
    state: 'UNASSIGNED',
    stateSince: now,
    ...(ownerAccount === undefined ? {} : { ownerAccount }),
  }
}

function parameterOf({
  Name: name,
  Values: values = [],
  Type: type = 'string',
}: Iam.PolicyParameter): DelegationParameter {
  if (name === undefined) throw invalidInput('A parameter has no name.')
  if (values.length === 0 || (type === 'string' && values.length > 1)) {
    throw invalidInput(`The parameter ${name} of type ${type} has ${values.length} values.`)
  }
  return { name, values, type }
}

/** Removes requests that expired long ago, and refuses if there are too many others. */
function makeRoom({ account, now }: Call): void {
  const table = account.table(delegationRequests)
  if (table.size < requestsMost) return
  for (const request of [...table.values()]) {
    if (delegationState(request, now) === 'EXPIRED') table.delete(request.id)
  }
  if (table.size >= requestsMost) {
    throw limitExceeded(`Cannot exceed quota for DelegationRequestsPerAccount: ${requestsMost}`)
  }
}
