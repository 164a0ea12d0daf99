import type { AccessRequest, Call } from '../authorization/index.ts'
import { accountInArn, type Fault, fault, parseArn } from '../base/index.ts'
import type { GuardParts } from './parts.ts'

/** Services that take a role without trying it: the use of it fails later. A rule's own role is tried (behaviour GRD-207). */
const untried = /^(?:apigateway|events)\.amazonaws\.com/

/** A task definition is taken with any role: the start of its tasks tries it (behaviour GRD-305). */
const isForLater = ({ service, operation }: Call): boolean =>
  service.id === 'ecs' && operation.name === 'RegisterTaskDefinition'

/** Operations whose service also refuses a role that does not exist, as recorded (behaviour GRD-477). */
const triesMissing = ({ service, operation }: Call): boolean =>
  service.id === 'events' && operation.name === 'PutRule'

/** Services whose aws:SourceArn is the resource of the call's own question, though it is not made yet. */
const ownArn: ReadonlySet<string> = new Set([
  ...['codebuild', 'codepipeline', 'events', 'lambda', 'pipes', 'sns', 'states'],
])

/** The other half of passing a role: the service must be able to put it on (behaviours GRD-88, GRD-207). */
export function untrusting(
  asked: readonly AccessRequest[],
  call: Call,
  trusts: GuardParts['trusts'],
): string | Fault | undefined {
  for (const { action, resource, context } of asked) {
    const service = context?.['iam:PassedToService']
    if (action !== 'iam:PassRole' || typeof service !== 'string') continue
    const sources = sourceKeys(service, asked, call)
    const trusted = sources === undefined || trusts(resource, service, call, sources)
    if (trusted === false || (trusted === undefined && triesMissing(call) && !/[*?]/.test(resource)))
      return untrustedFault(resource, service, call)
  }
  return undefined
}

/** The keys with which a service tries a role that it is handed; undefined if it does not try it. */
function sourceKeys(
  service: string,
  asked: readonly AccessRequest[],
  call: Call,
): Readonly<Record<string, string>> | undefined {
  const { account, region } = call
  if (isForLater(call) || (untried.test(service) && !triesMissing(call))) return undefined
  const arn = sourceArn(service, asked, `${account.partition}:%:${region}:${account.id}`)
  return {
    'aws:SourceAccount': (arn && accountInArn(arn)) || account.id,
    ...(arn !== undefined && { 'aws:SourceArn': arn }),
    // its policies name the account so (behaviour GRD-587)
    ...(service.startsWith('firehose.') && { 'sts:ExternalId': account.id }),
  }
}

function sourceArn(service: string, asked: readonly AccessRequest[], place: string): string | undefined {
  const arnOf = (name: string, resource: string) => `arn:${place.replace('%', name)}:${resource}`
  const name = service.split('.', 1)[0] ?? ''
  if (name.startsWith('ecs')) return arnOf('ecs', 'task/*')
  const own = asked.find(({ action, resource }) => action !== 'iam:PassRole' && resource !== '*')?.resource
  const parts = own === undefined ? undefined : parseArn(own)
  if (parts === undefined) return undefined
  const [, group] = name === 'scheduler' ? (/^schedule\/([^/]+)\//.exec(parts.resource) ?? []) : []
  if (group !== undefined) return arnOf('scheduler', `schedule-group/${group}`)
  return parts.service === name && ownArn.has(name) ? own : undefined
}

/** A service's refusal of a role that it cannot assume, where one was recorded (behaviour GRD-208). */
function untrustedFault(role: string, service: string, call: Call): Fault | string {
  const { operation } = call
  if (service.startsWith('ecs-tasks.'))
    return fault(
      'ClientException',
      `ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
      400,
    )
  if (service.startsWith('codepipeline.'))
    return fault(
      'InvalidStructureException',
      `CodePipeline is not authorized to perform AssumeRole on role ${role}`,
      400,
    )
  if (service.startsWith('sns.') && /^(?:Subscribe|SetSubscriptionAttributes)$/.test(operation.name))
    return fault(
      'InvalidParameter',
      `Invalid parameter: Attributes Reason: SubscriptionRoleArn: ${role} is not a valid role to be assumed by SNS`,
      400,
    )
  if (triesMissing(call))
    return fault(
      'ValidationException',
      `Provided role '${role}' cannot be assumed by principal '${service}'.`,
      400,
    )
  return `The role ${role} cannot be assumed by ${service}: its trust policy does not allow it.`
}
