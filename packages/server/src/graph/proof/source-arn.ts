import type { Asked } from '@omen-iam/policy'
import { type Known, shapeOf } from '../request/shape.ts'
import type { World } from '../world/world.ts'

type Resource = Asked['request']['resource']

/**
 * The resource that a service assumes a role for, where the call to it does not name that resource. [PSR-15, PSR-18]
 */
const sources: Readonly<Record<string, string | undefined>> = {
  'rolesanywhere:CreateTrustAnchor': 'rolesanywhere:${Region}:${Account}:trust-anchor/${TrustAnchorId}',
  'scheduler:CreateSchedule': 'scheduler:${Region}:${Account}:schedule-group/${GroupName}',
  'scheduler:UpdateSchedule': 'scheduler:${Region}:${Account}:schedule-group/${GroupName}',
  'ssm:StartAutomationExecution': 'ssm:${Region}:${Account}:automation-execution/${AutomationExecutionId}',
  'batch:RegisterJobDefinition': 'ecs:${Region}:${Account}:task/${ClusterName}/${TaskId}',
  'gamelift:CreateFleet': 'gamelift:${Region}:${Account}:fleet/${FleetId}',
  'braket:CreateJob': 'braket:${Region}:${Account}:job/${JobId}',
}

/** The resource that a role is passed for: the first that the calls name. */
export function sourceOf(asked: readonly Asked[]): Resource | undefined {
  return asked.find(({ request }) => request.action !== 'iam:PassRole' && request.resource !== '*')?.request
    .resource
}

/** aws:SourceArn where the service assumes the role. */
export function sourceArnOf(
  asked: readonly Asked[],
  { partition, account }: World,
  known: Known,
): Resource | undefined {
  const call = asked.find(({ request }) => sources[request.action] !== undefined)
  const template = sources[call?.request.action ?? '']
  if (template === undefined) return sourceOf(asked)
  const service = template.slice(0, template.indexOf(':'))
  const options = { partition, account, service, type: '', known, isNew: true }
  return shapeOf(`arn:\${Partition}:${template}`, options)
}
