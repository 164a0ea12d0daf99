import { computeReaders } from './compute.ts'
import {
  type Entry,
  entriesOf,
  entryOf,
  type FoundResource,
  type InventoryAnswer,
  type InventoryReader,
  tagsOf,
  text,
} from './found.ts'
import { furtherReaders } from './further.ts'
import { policyReaders } from './policies.ts'
import { serviceReaders } from './services.ts'

export type { InventoryAnswer } from './found.ts'
export { notInLists } from './further.ts'

/** A resource while its members are put together. */
type Mutable = Record<string, unknown> & { type: string; arn: string; role?: string }

/** The resources of an account in the answers. */
export interface FoundInventory {
  readonly resources: readonly FoundResource[]
  /** The types of which `resources` has every resource of the regions that were asked. */
  readonly listed: readonly string[]
}

const readers = new Map<string, InventoryReader | undefined>(
  Object.entries({ ...computeReaders, ...policyReaders, ...serviceReaders, ...furtherReaders }),
)

/** Calls whose answers are read in another way than one resource after the other. */
const others = new Set(['resourcegroupstaggingapi get-resources', 'cloudformation list-stack-instances'])

/** Whether the answer of an operation is read for the inventory. */
export function isInventoryCall(call: string): boolean {
  return readers.has(call) || others.has(call)
}

/**
 * The resources that answers of the AWS CLI list. A list that was refused leaves its types out of `listed`.
 * @param roleOf the role of an instance profile, by ARN
 */
export function inventoryOfAnswers(
  answers: readonly InventoryAnswer[],
  roleOf: (profile: string) => string | undefined,
): FoundInventory {
  const byArn = new Map<string, Mutable>()
  const made = new Map<string, number>()
  for (const given of answers) {
    const reader = readers.get(given.call)
    if (reader === undefined) continue
    const read = reader.read(given)
    if (reader.of !== undefined) made.set(reader.of, (made.get(reader.of) ?? 0) + read.length)
    for (const each of read) merge(byArn, each)
  }
  addTags(byArn, answers)
  for (const each of byArn.values()) {
    addMembers(each, answers, roleOf)
    // a task has the role of its definition, unless it was started with another one
    const definition = byArn.get(String(each.taskDefinition))
    if (each.type === 'AWS::ECS::Task' && each.role === undefined && definition?.role !== undefined)
      each.role = definition.role
  }
  const resources = [...byArn.values()]
  return { resources, listed: listedTypes(answers, made, resources) }
}

/** Puts members of one resource together; who launches from a template are all of them. */
function merge(byArn: Map<string, Mutable>, each: FoundResource): void {
  const before = byArn.get(each.arn)
  if (before === undefined) {
    byArn.set(each.arn, { ...each })
    return
  }
  const launchers = [before.launchedBy, each.launchedBy].flatMap((list) => (Array.isArray(list) ? list : []))
  Object.assign(before, each, launchers.length === 0 ? {} : { launchedBy: launchers })
}

/** Tags that one call lists for every type. What it does not list has none. */
function addTags(byArn: ReadonlyMap<string, Mutable>, answers: readonly InventoryAnswer[]): void {
  const pages = answers.filter(({ call }) => call === 'resourcegroupstaggingapi get-resources')
  const regions = new Set(pages.map(({ region }) => region))
  const tags = new Map<string, Readonly<Record<string, string>>>()
  for (const { answer } of pages)
    for (const { ResourceARN, Tags } of entriesOf(answer, 'ResourceTagMappingList'))
      tags.set(String(ResourceARN), tagsOf(Tags) ?? {})
  for (const each of byArn.values())
    if (each.tags === undefined && regions.has(each.arn.split(':')[3] ?? ''))
      each.tags = tags.get(each.arn) ?? {}
}

function addMembers(
  each: Mutable,
  answers: readonly InventoryAnswer[],
  roleOf: (profile: string) => string | undefined,
): void {
  const profile = text(each.instanceProfile)
  if (profile !== undefined && each.role === undefined) {
    const role = roleOf(profile)
    if (role !== undefined) each.role = role
  }
  const region = each.arn.split(':')[3]
  const has = (call: string) => answers.some((given) => given.call === call && given.region === region)
  if (
    each.type === 'AWS::EC2::Instance' &&
    each.ssmAgent === undefined &&
    has('ssm describe-instance-information')
  )
    each.ssmAgent = 'offline'
  if (each.type === 'AWS::CloudFormation::StackSet') {
    const pages = answers.filter(
      ({ call, input }) => call === 'cloudformation list-stack-instances' && input.StackSetName === each.name,
    )
    if (pages.length > 0)
      each.instances = pages.flatMap(({ answer }) =>
        entriesOf(answer, 'Summaries').map(({ Account, Region }) => ({ account: Account, region: Region })),
      )
  }
}

/** The call of the AWS CLI that lists the resources of a type: service and operation; undefined if none does. */
export function listCallOf(type: string): string | undefined {
  if (type === 'AWS::ECS::Service') return 'ecs list-services'
  if (type === 'AWS::ECS::Task') return 'ecs list-tasks'
  for (const [call, reader] of readers) if (reader?.lists?.includes(type) === true) return call
  return undefined
}

/** The types that answers of the AWS CLI can list. */
export const typesOfLists: readonly string[] = [
  ...new Set([
    ...[...readers.values()].flatMap((reader) => reader?.lists ?? []),
    'AWS::ECS::Service',
    'AWS::ECS::Task',
  ]),
].sort()

/** The types of which every region that was asked has a list, and each resource was described. */
function listedTypes(
  answers: readonly InventoryAnswer[],
  made: ReadonlyMap<string, number>,
  resources: readonly FoundResource[],
): readonly string[] {
  const definitions = new Set(
    resources.flatMap(({ type, arn }) => (type === 'AWS::ECS::TaskDefinition' ? arn : [])),
  )
  const isDefined = (definition: unknown) => definitions.has(String(definition))
  // Buckets are asked once for all regions.
  const regions = new Set(answers.flatMap(({ call, region }) => (call.startsWith('s3api ') ? [] : region)))
  const listed: string[] = []
  for (const [call, reader] of readers) {
    if (reader?.lists === undefined) continue
    const answered = answers.filter((given) => given.call === call)
    if (reader.each !== undefined) {
      const of = answers.filter((given) => given.call === reader.each)
      const entries = of.reduce(
        (sum, { answer }) => sum + (readers.get(reader.each ?? '')?.count?.(answer) ?? 0),
        0,
      )
      const isAsked =
        new Set(of.map(({ region }) => region)).size >= regions.size && answered.length >= entries
      if (isAsked && regions.size > 0) listed.push(...reader.lists)
      continue
    }
    if (new Set(answered.map(({ region }) => region)).size < regions.size) continue
    const count = answered.reduce((sum, { answer }) => sum + (reader.count?.(answer) ?? 0), 0)
    const isDescribed = reader.count === undefined || !hasDescriber(call) || (made.get(call) ?? 0) >= count
    if (isDescribed && regions.size > 0) listed.push(...reader.lists)
  }
  // services and tasks are asked of each cluster
  const clusters = answers.filter(({ call }) => call === 'ecs list-clusters')
  const names = new Set(clusters.flatMap(({ answer }) => listOf(answer, 'clusterArns')))
  const asked = (call: string) => answers.filter((given) => given.call === call)
  if (listed.includes('AWS::ECS::Cluster')) {
    if (asked('ecs list-services').length >= names.size) listed.push('AWS::ECS::Service')
    const tasks = asked('ecs list-tasks')
    const count = tasks.reduce((sum, { answer }) => sum + listOf(answer, 'taskArns').length, 0)
    const isKnown = resources.every(
      ({ type, role, taskDefinition }) =>
        type !== 'AWS::ECS::Task' || role !== undefined || isDefined(taskDefinition),
    )
    if (tasks.length >= names.size && (made.get('ecs list-tasks') ?? 0) >= count && isKnown)
      listed.push('AWS::ECS::Task')
  }
  return listed.sort()
}

function hasDescriber(call: string): boolean {
  return [...readers.values()].some((reader) => reader?.of === call)
}

function listOf(entry: Entry, name: string): readonly string[] {
  const value = entryOf(entry)?.[name]
  return Array.isArray(value) ? value.map(String) : []
}
