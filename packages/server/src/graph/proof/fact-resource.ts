import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { regionOf } from '../request/request-keys.ts'
import { listIn } from '../world/lists.ts'
import { isListed, type Resource } from '../world/world.ts'
import { type FactOption, type FactQuestion, holds, never, unknown } from './fact-option.ts'
import { isGiven, member } from './fact-value.ts'

/** Decides one fact: the ways in which it holds. */
export type Check = (question: FactQuestion, fact: string) => readonly FactOption[]

/** `exists TYPE`: some resource of a type exists. */
export function exists(question: FactQuestion, type: string): readonly FactOption[] {
  const { world, index } = question.questions
  const fact = `exists ${type}`
  const options = among(question, fact, type, index.resourcesOf(type).all)
  return isListed(world.inventory, type) ? options : [...options, ...unknown(fact, 'notListed', { type })]
}

/** The types of existing resources that an action takes; all of them if no ARN is of one. [GRD-724] */
export function typesTaken(
  action: string,
  types: readonly string[],
  { actions }: TechniqueTable,
): readonly string[] {
  const arns = actions[action]?.on.flat().flatMap((each) => each.arns) ?? []
  const services = new Set(arns.map((arn) => arn.split(':')[2]))
  const taken = types.filter((type) => services.has(type.split('::')[1]?.toLowerCase()))
  return taken.length === 0 ? types : taken
}

/** One of some resources is used: what is made is in its region, and names it. */
export function among(
  { known, questions }: FactQuestion,
  fact: string,
  type: string,
  resources: readonly Resource[],
): readonly FactOption[] {
  const variable = questions.table.resources[type]?.variable
  const regions = new Map<string, Resource[]>()
  for (const resource of resources) {
    const { Region = '' } = regionOf(resource.arn)
    if (known.Region !== undefined && Region !== '' && Region !== known.Region) continue
    listIn(regions, Region).push(resource)
  }
  return [...regions].map(([Region, all]) => {
    const names = all.map(({ arn }) => arn.slice(arn.lastIndexOf('/') + 1))
    // Of some ids only AWS knows a part.
    const isNamed = variable !== undefined && names.every((name) => !/[*?]/.test(name))
    const [only = '', ...others] = names
    const isAlone = isNamed && others.length === 0
    return {
      facts: [{ fact, says: 'value', of: { value: all[0]?.arn ?? '' }, known: 'inventory' }],
      needs: [],
      fixed: {
        ...(/^[a-z0-9-]+$/.test(Region) ? { Region } : {}),
        ...(isAlone ? { [variable]: only } : {}),
      },
      ...(isNamed && !isAlone ? { among: { [variable]: names } } : {}),
    }
  })
}

/** The resource that runs as the target is of one of the types that the row names. */
export function isOfType({ binding: { workload } }: FactQuestion, fact: string) {
  const type = fact.slice(3)
  if (workload === undefined) return unknown(fact, 'notListed', { type })
  return workload.type === type ? holds(fact, 'value', 'inventory', { value: workload.arn }) : never
}

/**
 * A stack set with self-managed permissions has a stack in the account of the execution role, or gets one.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html [PSR-26]
 */
export function stackInstances(question: FactQuestion, fact: string): readonly FactOption[] {
  const account = question.binding.stacksIn ?? ''
  const model = member(question, 'permissionModel')
  if (model === 'SERVICE_MANAGED') return never
  const value = member(question, 'instances')
  const accounts = Array.isArray(value) ? value.map(accountOf) : undefined
  if (accounts?.includes(account)) return holds(fact, 'has', 'inventory', { account })
  const made: FactOption = {
    facts: [{ fact, says: 'isMade', of: { account }, known: 'inventory' }],
    needs: question.block.asks,
  }
  if (value === undefined) return [made, ...unknown(fact, 'notSaid', { member: 'instances' })]
  if (accounts === undefined ? !isGiven(value) : !accounts.includes(undefined)) return [made]
  return [made, ...unknown(fact, 'open', { account })]
}

/** A task belongs to a service, whose next tasks are started with ECS Exec. */
export function serviceOfTask(
  { binding: { workload, resources } }: FactQuestion,
  fact: string,
): readonly FactOption[] {
  const service = resources?.get('AWS::ECS::Service')?.arn ?? ''
  const { service: own, group } = workload?.facts ?? {}
  if (own === undefined && group === undefined) return unknown(fact, 'notSaid', { member: 'service' })
  const name = service.slice(service.lastIndexOf('/') + 1)
  const clusterOf = (arn: string): string => arn.split('/').at(-2) ?? ''
  const isOwn =
    own === service || (group === `service:${name}` && clusterOf(service) === clusterOf(workload?.arn ?? ''))
  return isOwn ? holds(fact, 'isOf', 'inventory', { service }) : never
}

/** A notebook instance runs the scripts of the lifecycle configuration that it names. [GRD-781] */
export function lifecycleOfNotebook(
  { binding: { workload, resources } }: FactQuestion,
  fact: string,
): readonly FactOption[] {
  const own = workload?.facts.lifecycleConfig
  if (own === undefined) return unknown(fact, 'notSaid', { member: 'lifecycleConfig' })
  const config = resources?.get('AWS::SageMaker::NotebookInstanceLifecycleConfig')?.arn ?? ''
  return own === config.slice(config.lastIndexOf('/') + 1)
    ? holds(fact, 'runs', 'inventory', { config })
    : never
}

function accountOf(instance: unknown): string | undefined {
  const account: unknown =
    typeof instance === 'object' && instance !== null ? Reflect.get(instance, 'account') : undefined
  return typeof account === 'string' ? account : undefined
}
