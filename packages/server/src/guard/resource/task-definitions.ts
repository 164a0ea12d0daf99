import type { Call } from '../../authorization/index.ts'
import type { IdentifiedCall, Input } from '../catalogue/index.ts'
import type { Upstream } from '../upstream.ts'
import { answerTo, inJson, membersOf, objectIn } from './answers.ts'

/** Returns whether a call starts tasks of a task definition. */
export function startsTasks({ service, operation }: IdentifiedCall): boolean {
  return service.id === 'ecs' && (operation === 'RunTask' || operation === 'StartTask')
}

/**
 * Adds to a call that starts tasks the roles of its task definition where it names no others: they are handed on too (behaviour
 * GRD-580). The definition is read each time, since a family's newest one counts. @throws NoReply if the upstream does not
 * answer
 */
export async function withTaskRoles(start: Input, call: Call, upstream: Upstream): Promise<Input> {
  const { taskDefinition } = start
  if (typeof taskDefinition !== 'string' || taskDefinition === '') return start
  const target = 'AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition'
  const answer = await answerTo(inJson('ecs', '1.1', target, { taskDefinition }), call, upstream)
  const { executionRoleArn, taskRoleArn } = membersOf(membersOf(objectIn(answer ?? '')).taskDefinition)
  const overrides = {
    ...(typeof executionRoleArn === 'string' && { executionRoleArn }),
    ...(typeof taskRoleArn === 'string' && { taskRoleArn }),
    ...membersOf(start.overrides),
  }
  return { ...start, overrides }
}
