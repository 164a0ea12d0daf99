import type { TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { bareResource, type Resource } from '../world/world.ts'
import { type FactOption, type FactQuestion, never, unknown } from './fact-option.ts'
import type { Check } from './fact-resource.ts'
import { member, text } from './fact-value.ts'

const groupType = 'AWS::AutoScaling::AutoScalingGroup'
const templateType = 'AWS::EC2::LaunchTemplate'

/** Something launches from a template by `$Default` or `$Latest`, or does so after a call of the attacker. [GRD-736] */
export function launchedBy(version: string): Check {
  return (question, fact) => {
    const value = member(question, 'launchedBy')
    if (value === undefined) return unknown(fact, 'notSaid', { member: 'launchedBy' })
    if (!Array.isArray(value)) return never
    const told: FactOption[] = []
    let open = false
    for (const each of value) {
      const { type, version: used, scalesOut, arn }: Launcher = each ?? {}
      if (used === undefined) open = true
      if (used !== version) continue
      const found: FactOption = {
        facts: [{ fact, says: 'launches', of: { type: text(type), version }, known: 'inventory' }],
        needs: [],
      }
      if (scalesOut === true) return [found]
      if (scalesOut === undefined) open = true
      if (type === groupType) told.push(...toldTo(question, fact, arn))
    }
    return open ? [...told, ...unknown(fact, 'launching')] : told
  }
}

/** A launcher of a template, as an inventory says it. */
interface Launcher {
  readonly type?: unknown
  readonly version?: unknown
  readonly scalesOut?: unknown
  readonly arn?: unknown
}

/** The calls by which an Auto Scaling group launches from the template that it has. */
function toldTo(question: FactQuestion, fact: string, arn: unknown): readonly FactOption[] {
  const { questions, block, mayAsk } = question
  const calls = block.asks.filter(({ on, action }) => on.is === 'resource' && mayAsk(action))
  if (typeof arn !== 'string')
    return calls.flatMap(({ action }) =>
      unknown(fact, 'launching').map((option) => ({ ...option, needs: [{ action, on: { is: 'any' } }] })),
    )
  const group =
    questions.index.resourcesOf(groupType).all.find((each) => each.arn === arn) ??
    bareResource(groupType, arn)
  return calls.flatMap((need) => {
    const option = { needs: [need], resources: new Map([[groupType, group]]) }
    if (need.action === 'autoscaling:UpdateAutoScalingGroup') return updated(question, fact, option, group)
    const room = roomFor(need, group)
    if (room === false) return []
    const [says, known] = room === true ? (['isTold', 'inventory'] as const) : (['size', 'unknown'] as const)
    return [{ ...option, facts: [{ fact, says, of: { group: arn }, known }] }]
  })
}

/**
 * Whether a call makes a group launch: a new size if it may have two, another instance in place of one that it has. Neither asks
 * for what the template names. Undefined if the inventory does not say it.
 * Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html [GRD-736]
 */
function roomFor({ action }: TechniqueNeed, { facts }: Resource): boolean | undefined {
  const { minSize, maxSize, desiredCapacity } = facts
  if (action !== 'autoscaling:SetDesiredCapacity')
    return typeof desiredCapacity === 'number' ? desiredCapacity > 0 : undefined
  return typeof minSize === 'number' && typeof maxSize === 'number' ? minSize < maxSize : undefined
}

/** An update of a group asks for its launch, with the role that its template has before. [GRD-737] */
function updated(
  { questions, block, binding, passFor }: FactQuestion,
  fact: string,
  { needs, resources }: Pick<FactOption, 'needs' | 'resources'>,
  { arn }: Resource,
): readonly FactOption[] {
  const template = binding.workload ?? binding.resources?.get(templateType)
  const role = questions.index.roleOf(template?.role)
  const isKnown = role !== undefined || template?.facts.instanceProfile === null
  const launch = block.asks
    .filter(({ on }) => on.is === 'new')
    .map((need) => ({ ...need, with: { 'ec2:LaunchTemplate': template?.arn ?? '' } }))
  const [says, known] = isKnown ? (['isTold', 'inventory'] as const) : (['profile', 'unknown'] as const)
  return [
    {
      facts: [{ fact, says, of: { group: arn }, known }],
      needs: [...needs, ...launch],
      ...(resources === undefined ? {} : { resources }),
      ...(role === undefined
        ? {}
        : {
            askedWith: (caller) => [
              passFor(caller, role, 'ec2.amazonaws.com', 'autoscaling:UpdateAutoScalingGroup'),
            ],
          }),
    },
  ]
}
