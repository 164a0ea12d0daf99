import { type Call, otherAccount } from '../../authorization/index.ts'
import { iamArn, parseAccountId, parseArn } from '../../base/index.ts'
import { findByArn, findRole, users } from '../../directory/index.ts'
import type { Lambda } from '../../model/index.ts'
import { invalid } from './faults.ts'
import type { LambdaFunction } from './records.ts'

/** The resource policy's text; undefined where nobody was given anything. */
export function policyDocument({ permissions }: Pick<LambdaFunction, 'permissions'>): string | undefined {
  if (permissions.length === 0) return undefined
  return `{"Version":"2012-10-17","Id":"default","Statement":[${permissions.map(({ text }) => text).join(',')}]}`
}

/** The statement that AddPermission makes of its parameters (behaviour LAM-20). @throws Fault for a principal that is none */
export function statementOf(input: Lambda.AddPermissionRequest, functionArn: string, call: Call): string {
  const equals = {
    'AWS:SourceAccount': input.SourceAccount,
    'aws:PrincipalOrgID': input.PrincipalOrgID,
    'lambda:EventSourceToken': input.EventSourceToken,
    'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
  }
  const condition = {
    StringEquals: given(equals),
    ArnLike: given({ 'AWS:SourceArn': input.SourceArn }),
    Bool: given({ 'lambda:InvokedViaFunctionUrl': input.InvokedViaFunctionUrl?.toString() }),
  }
  return JSON.stringify({
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal, call),
    Action: input.Action,
    Resource: functionArn,
    Condition: given(condition),
  })
}

/** Without undefined members; undefined where none is left. */
function given<T extends object>(members: T): Partial<T> | undefined {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Partial<T>) // members of it
}

const servicePrincipal = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazon(?:aws)?\.com$/

function principalOf(text: string, call: Call): string | Readonly<Record<string, string>> {
  if (text === '*') return '*'
  if (parseAccountId(text) !== undefined) return { AWS: iamArn(text, 'root', '', '') }
  if (servicePrincipal.test(text)) return { Service: text }
  if (isPrincipalArn(text, call)) return { AWS: text }
  throw invalid('The provided principal was invalid. Please check the principal and try again.')
}

/** Users and roles of accounts in this house must be there; of others nobody can tell (behaviour LAM-21). */
function isPrincipalArn(text: string, call: Call): boolean {
  const arn = parseArn(text)
  const id = arn && parseAccountId(arn.account)
  if (arn === undefined || id === undefined) return false
  if (arn.service === 'sts') return /^(?:assumed-role|federated-user)\//.test(arn.resource)
  if (arn.service !== 'iam') return false
  if (arn.resource === 'root') return true
  const kind = /^(user|role)\//.exec(arn.resource)?.[1]
  const account = otherAccount(call, id)
  if (kind === undefined || account === undefined) return kind !== undefined
  return (kind === 'user' ? findByArn(account, users, kind, text) : findRole(account, text)) !== undefined
}
