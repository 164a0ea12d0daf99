import { isListed, type Resource } from '../world/world.ts'
import { eventSources } from './event-source.ts'
import { byCases } from './fact-block.ts'
import { type FactOption, type FactQuestion, holds, never, unknown } from './fact-option.ts'
import {
  among,
  type Check,
  exists,
  isOfType,
  lifecycleOfNotebook,
  serviceOfTask,
  stackInstances,
} from './fact-resource.ts'
import { furtherRole, isStarted, started } from './further-role.ts'
import { profileOptions } from './instance-profile.ts'
import { launchedBy } from './launching.ts'
import { publicUrl } from './public-url.ts'
import { roomByDetaching, roomByLeaving } from './quota-room.ts'
import { quota } from './records.ts'

export type { FactOption, FactQuestion, FactUsed } from './fact-option.ts'

/** The ways in which a fact may hold; none if it does not. */
export function optionsOf(fact: string, asked: Omit<FactQuestion, 'block'>): readonly FactOption[] {
  const block = asked.questions.table.facts[fact] ?? noBlock
  const question: FactQuestion = { ...asked, block }
  if (block.cases !== undefined) return byCases(question, fact)
  if (block.passes !== undefined) return furtherRole(question, fact, block.passes)
  if (fact.startsWith('exists ')) return exists(question, fact.slice(7))
  if (fact.startsWith('is ')) return isOfType(question, fact)
  const check = byCode[isStarted(fact) ? 'starts' : fact]
  return check === undefined ? unknown(fact, 'notDecided') : check(question, fact)
}

const noBlock: FactQuestion['block'] = { name: { en: '', ja: '' }, asks: [], says: {} }

/** Facts that compare resources with each other, choose among several, or have requests of others. */
const byCode: Readonly<Record<string, Check>> = {
  attachRoom: ({ questions, binding: { target, group }, read }, fact) => {
    const { count, full } = read('attached')
    const of = { count: String(count), quota: String(quota.attached) }
    if (full === undefined) return holds(fact, 'room', 'details', of)
    // AWS raises the quota of users and of roles, that of groups never. [IAM-30]
    const mayHaveMore = group === undefined && count < quota.attachedMost
    return [
      ...roomByDetaching(questions, group === undefined ? target?.type : 'group', fact, full),
      ...(mayHaveMore ? unknown(fact, 'raised', of) : never),
    ]
  },
  groupRoom: ({ questions, read }, fact) => {
    const groups = read('groups')
    if (groups === undefined) return never
    const { count, full } = groups
    if (full === undefined)
      return holds(fact, 'room', 'details', { count: String(count), quota: String(quota.groups) })
    return roomByLeaving(questions, full, fact)
  },
  instanceProfile: profileOptions,
  publicUrl,
  launchedByDefault: launchedBy('$Default'),
  launchedByLatest: launchedBy('$Latest'),
  containerInstance: (question, fact) => {
    const { world, index } = question.questions
    const type = 'AWS::ECS::Cluster'
    const clusters = index.resourcesOf(type).all
    const isFit = ({ facts }: Resource): boolean => Number(facts.containerInstances ?? 0) > 0
    const options = among(question, fact, type, clusters.filter(isFit))
    if (!isListed(world.inventory, type)) return [...options, ...unknown(fact, 'notListed', { type })]
    return clusters.some(({ facts }) => facts.containerInstances === undefined)
      ? [...options, ...unknown(fact, 'notSaid', { member: 'containerInstances' })]
      : options
  },
  starts: started,
  streamGetsRecords: eventSources,
  serviceOfTask,
  lifecycleOfNotebook,
  stackInstances,
  agentTool: ({ binding: { workload, resources } }, fact) => {
    const tools = resources?.get('AWS::Bedrock::AgentAlias')?.facts.tools
    if (tools === undefined) return unknown(fact, 'notSaid', { member: 'tools' })
    return Array.isArray(tools) && tools.includes(workload?.arn) ? holds(fact, 'calls', 'inventory') : never
  },
  // The instance role of the cluster assumes the role of a step.
  clusterAssumes: ({ binding: { target }, read, asAssumed }, fact) => {
    const role = read('clusterRole')
    if (target?.type !== 'role' || role === undefined) return never
    const [runs] = holds(fact, 'runs', 'inventory', { role: role.arn })
    return runs === undefined ? never : [{ ...runs, asked: asAssumed(role) }]
  },
}

/** The names of the facts that code decides. */
export const factsOfCode: readonly string[] = Object.keys(byCode)
