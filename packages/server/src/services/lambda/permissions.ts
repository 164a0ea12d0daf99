import { accountsInPrincipals, type Call, family, shownPrincipals } from '../../authorization/index.ts'
import { accountInArn, fault, uuid } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { conflict, invalid, notFound, staleRevision } from './faults.ts'
import { limits } from './limits.ts'
import { policyDocument, statementOf } from './permission.ts'
import { keepPermissions, type LambdaFunction } from './records.ts'
import {
  type Found,
  findFunction,
  functionArn,
  getFunction,
  latest,
  onFunction,
  type Target,
  targetOf,
} from './target.ts'

/** A function's resource policy: statements that are added and removed one by one. */
export const permissions = family<Lambda.Operations>()({
  AddPermission: {
    ...onFunction<Lambda.AddPermissionRequest>((input) => ({
      'lambda:Principal': input.Principal,
      'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    })),
    accounts(input, call) {
      const other = accountInArn(input.Principal)
      return [targetOf(input, call).account, ...(other === undefined ? [] : [other])]
    },
    run(input, call) {
      const target = targetOf(input, call)
      if (target.qualifier === latest)
        throw invalid('We currently do not support adding policies for $LATEST.')
      const { account, record } = getPermitted(target, call)
      if (record.permissions.some(({ sid }) => sid === input.StatementId)) {
        throw conflict(
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        )
      }
      checkRevision(record, input.RevisionId)
      const { answered, kept: text } = statementOf(input, functionArn(target), call)
      const { StatementId: sid, Principal: principal, FunctionUrlAuthType: urlAuthType } = input
      const permission = { sid, principal, text, ...(urlAuthType === undefined ? {} : { urlAuthType }) }
      const changed = {
        permissions: [...record.permissions, permission],
        permissionsRevisionId: uuid(call.deps.random),
      }
      const size = Buffer.byteLength(policyDocument(changed) ?? '')
      if (size > limits.policyBytes) {
        throw fault(
          'PolicyLengthExceededException',
          `The final policy size (${size}) is bigger than the limit (${limits.policyBytes}).`,
          400,
        )
      }
      keepPermissions(record, changed, account)
      return { Statement: answered }
    },
  },
  RemovePermission: {
    ...onFunction<Lambda.RemovePermissionRequest>((input, call) => {
      const lambdaFunction = findFunction(targetOf(input, call), call)
      const statement = lambdaFunction?.record.permissions.find(({ sid }) => sid === input.StatementId)
      return {
        'lambda:Principal': statement?.principal,
        'lambda:FunctionUrlAuthType': statement?.urlAuthType,
      }
    }),
    run(input, call) {
      const { account, record } = getFunction(targetOf(input, call), call)
      // $LATEST has no policy, whatever the function itself has (behaviour LAM-84)
      if (record.permissions.length === 0 || targetOf(input, call).qualifier === latest)
        throw notFound('No policy is associated with the given resource.')
      const left = record.permissions.filter(({ sid }) => sid !== input.StatementId)
      if (left.length === record.permissions.length)
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`)
      checkRevision(record, input.RevisionId)
      const changed = { permissions: left, permissionsRevisionId: uuid(call.deps.random) }
      keepPermissions(record, changed, account)
      return undefined
    },
  },
  GetPolicy: {
    ...onFunction<Lambda.GetPolicyRequest>(),
    accounts(input, call) {
      const target = targetOf(input, call)
      const lambdaFunction = findFunction(target, call)
      const document = lambdaFunction && policyDocument(lambdaFunction.record)
      return [target.account, ...(document === undefined ? [] : accountsInPrincipals(document, 'resource'))]
    },
    run(input, call) {
      const { record } = getFunction(targetOf(input, call), call)
      const document = targetOf(input, call).qualifier === latest ? undefined : policyDocument(record)
      if (document === undefined) throw notFound('The resource you requested does not exist.')
      return { Policy: shownPrincipals(document, 'resource', call), RevisionId: record.permissionsRevisionId }
    },
  },
})

/**
 * Returns what the permission is for; a missing alias is named as such (behaviour LAM-67). @throws Fault
 * ResourceNotFoundException
 */
function getPermitted(target: Target, call: Call): Found {
  const { qualifier = latest, ...whole } = target
  const lambdaFunction = findFunction(target, call)
  if (lambdaFunction === undefined && !/^\d+$/.test(qualifier) && findFunction(whole, call) !== undefined)
    throw notFound(`Cannot find alias arn: ${functionArn(target)}`)
  return lambdaFunction ?? getFunction(target, call)
}

function checkRevision({ permissionsRevisionId }: LambdaFunction, given: string | undefined): void {
  if (given !== undefined && given !== permissionsRevisionId) throw staleRevision('GetPolicy')
}
