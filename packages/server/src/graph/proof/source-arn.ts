import type { Asked } from '@omen-iam/policy'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import { type Known, shapeOf } from '../request/shape.ts'
import type { World } from '../world/world.ts'

type Resource = Asked['request']['resource']

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
  const { calls } = techniqueTable()
  const call = asked.find(({ request }) => calls[request.action]?.source !== undefined)
  const template = calls[call?.request.action ?? '']?.source
  if (template === undefined) return sourceOf(asked)
  const service = template.slice(0, template.indexOf(':'))
  const options = { partition, account, service, type: '', known, isNew: true }
  return shapeOf(`arn:\${Partition}:${template}`, options)
}
