import { type Call, idOfPrincipal } from '../../authorization/index.ts'
import { iamArn, isPrincipalIn, parseAccountId, parseArn } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { invalid } from './faults.ts'
import type { LambdaFunction } from './records.ts'

/** Returns the resource policy's text; undefined if it has no statements. */
export function policyDocument({ permissions }: Pick<LambdaFunction, 'permissions'>): string | undefined {
  if (permissions.length === 0) return undefined
  return `{"Version":"2012-10-17","Id":"default","Statement":[${permissions.map(({ text }) => text).join(',')}]}`
}

/**
 * The statement that AddPermission makes of its parameters (behaviour LAM-20): as it answers it, and as it is kept, where
 * a user or role has its unique id (behaviour POL-179). @throws Fault for an invalid principal
 */
export function statementOf(
  input: Lambda.AddPermissionRequest,
  functionArn: string,
  call: Call,
): { readonly answered: string; readonly kept: string } {
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
  const textFor = (Principal: Named) =>
    JSON.stringify({
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal,
      Action: input.Action,
      Resource: functionArn,
      Condition: given(condition),
    })
  const { answered, kept = answered } = principalOf(input.Principal, call)
  return { answered: textFor(answered), kept: textFor(kept) }
}

type Named = string | Readonly<Record<string, string>>

/** Without undefined members; undefined where none is left. */
function given<T extends object>(members: T): Partial<T> | undefined {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Partial<T>) // members of it
}

const servicePrincipal = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazon(?:aws)?\.com$/

function isService(text: string, { account: { partition } }: Call): boolean {
  const serviceName = partition === 'aws-cn' ? text.replace(/\.cn$/, '') : text
  return servicePrincipal.test(serviceName) && isPrincipalIn(partition, text)
}

function principalOf(text: string, call: Call): { readonly answered: Named; readonly kept?: Named } {
  if (text === '*') return { answered: '*' }
  if (parseAccountId(text) !== undefined)
    return { answered: { AWS: iamArn({ id: text, partition: call.account.partition }, 'root', '', '') } }
  if (isService(text, call)) return { answered: { Service: text } }
  const id = isPrincipalArn(text) ? idOfPrincipal(text, call) : undefined
  if (id !== undefined) return { answered: { AWS: text }, kept: { AWS: id } }
  throw invalid('The provided principal was invalid. Please check the principal and try again.')
}

/** Checks the form; users and roles of accounts in this installation must exist, others cannot be checked (behaviour LAM-21). */
function isPrincipalArn(text: string): boolean {
  const arn = parseArn(text)
  if (arn === undefined || parseAccountId(arn.account) === undefined) return false
  if (arn.service === 'sts') return /^(?:assumed-role|federated-user)\//.test(arn.resource)
  return arn.service === 'iam' && (arn.resource === 'root' || /^(?:user|role)\//.test(arn.resource))
}
