import { notAuthorized } from '@omen-iam/policy'
import { type Call, family, otherAccount, signedCaller } from '../../authorization/index.ts'
import { type AccountId, awsPolicyArn, type Fault, fault, parseAccountId } from '../../base/index.ts'
import { featuresOf, organizationAccounts, organizationOf } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import { rootArn } from '../../session/index.ts'
import { refuseGlobalEndpoint } from './global-endpoint.ts'
import { credentialsForEvent, issue, tokenForEvent } from './issue.ts'

/** A root session lasts fifteen minutes at most. */
const longestSeconds = 900
/** The service whose delegated administrators may call it. */
const administered = 'iam.amazonaws.com'

/** The tasks of root sessions (behaviour POL-068). */
const tasks: ReadonlySet<string> = new Set([
  'IAMAuditRootUserCredentials',
  'IAMCreateRootUserPassword',
  'IAMDeleteRootUserCredentials',
  'S3UnlockBucketPolicy',
  'SQSUnlockQueuePolicy',
])

/** AssumeRoot: the root of a member account for one task (behaviours STS-110 to STS-114). */
export const assumeRoot = family<Sts.Operations>()({
  AssumeRoot: {
    readOnly: false,
    accounts(input, call) {
      refuseGlobalEndpoint(call, 'Unknown Operation')
      return [targetOf(input, call), ...managementOf(call)]
    },
    requests(input, call) {
      const target = targetOf(input, call)
      const task = taskOf(input, call) // before any permission (behaviour STS-147)
      refuseOutsiders(target, call)
      return [
        {
          action: 'sts:AssumeRoot',
          resource: rootOf(target, call),
          // the member has no policy that could allow it: only the caller's side is evaluated (behaviour STS-112)
          resourceAccount: call.account.id,
          context: { 'sts:TaskPolicyArn': task },
        },
      ]
    },
    run(input, call) {
      const caller = signedCaller(call)
      const target = targetOf(input, call)
      refuseOutsiders(target, call)
      const sourceIdentity = caller.kind === 'role' ? caller.session.sourceIdentity : undefined
      const issued = issue(
        {
          kind: 'assumedRoot',
          account: target,
          taskPolicyArn: taskOf(input, call),
          issuedAt: call.now,
          expiresAt: call.now + (input.DurationSeconds ?? longestSeconds) * 1000,
          chain: [...(caller.kind === 'role' ? caller.session.chain : []), caller.arn],
          ...(sourceIdentity !== undefined && { sourceIdentity }),
        },
        input.MinimumSessionTokenSize,
        call,
      )
      return { ...issued, ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }) }
    },
    event(input, output, call) {
      if (output === undefined) return {}
      return {
        responseElements: {
          credentials: credentialsForEvent(output.Credentials),
          sourceIdentity: output.SourceIdentity,
          ...tokenForEvent(output),
        },
        alsoIn: [targetOf(input, call)],
      }
    },
  },
})

/** @throws Fault ValidationError if it is neither an account nor a root user's ARN */
function targetOf(
  { TargetPrincipal: text }: Sts.AssumeRootRequest,
  { account: { partition } }: Call,
): AccountId {
  const head = `arn:${partition}:iam::`
  const isRoot = text.startsWith(head) && text.endsWith(':root')
  const account = parseAccountId(isRoot ? text.slice(head.length, -':root'.length) : text)
  if (account === undefined)
    throw fault('ValidationError', 'Request must contain a valid target principal', 400)
  return account
}

function rootOf(id: AccountId, { account: { partition } }: Call): string {
  return rootArn({ id, partition })
}

function managementOf({ account }: Call): readonly AccountId[] {
  const id = account.settings.managementAccount
  return id === undefined ? [] : [id as AccountId] // written by Organizations
}

/** @throws Fault ValidationError for a policy that is not a task */
function taskOf({ TaskPolicyArn: { arn } }: Sts.AssumeRootRequest, { account: { partition } }: Call): string {
  // AWS's documentation names them with and without their path (behaviour STS-113)
  const task = arn?.replace(/policy\/(?!root-task\/)/, 'policy/root-task/')
  const head = awsPolicyArn(partition, 'root-task/')
  if (task?.startsWith(head) === true && tasks.has(task.slice(head.length))) return task
  throw fault('ValidationError', 'Request must contain valid AWS managed task policy ARN', 400)
}

/**
 * Only from the management account, or from one that administers IAM for it, into another member, and only if root
 * sessions are enabled. Root itself cannot. All refusals have the same words (behaviour STS-111).
 */
function refuseOutsiders(target: AccountId, call: Call): void {
  const caller = signedCaller(call)
  const [managementId] = managementOf(call)
  const management = managementId && otherAccount(call, managementId)
  const organization = management && organizationOf(management)
  const members = management?.table(organizationAccounts)
  const administers =
    call.account.id === managementId ||
    members?.find(call.account.id)?.administers.some(({ service }) => service === administered) === true
  const member = target !== managementId && members?.find(target)?.status === 'ACTIVE'
  const enabled =
    management !== undefined && featuresOf(management).rootAccess?.includes('RootSessions') === true
  if (caller.kind !== 'root' && organization !== undefined && administers && member && enabled) return
  throw denied(target, call)
}

function denied(target: AccountId, call: Call): Fault {
  return fault(
    'AccessDenied',
    notAuthorized(signedCaller(call).arn, 'sts:AssumeRoot', rootOf(target, call)),
    403,
  )
}
