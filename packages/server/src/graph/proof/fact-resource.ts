import { regionOf } from '../request/request-keys.ts'
import { isListed, type Thing } from '../world/world.ts'
import { type FactOption, type FactQuestion, holds, never, unknown } from './fact-option.ts'
import { furtherCalls } from './further-call.ts'

/** Why it is not known whether a resource exists. */
export function notListed(type: string): string {
  return `the inventory has no list of ${type}`
}

/** Decides one fact: the ways in which it holds. */
export type Check = (question: FactQuestion, fact: string) => readonly FactOption[]

/** The variable of ARN templates that holds the name of a resource that exists, in the ARNs of what is made in it. */
const nameVariables: Readonly<Record<string, string | undefined>> = {
  'AWS::ECS::Cluster': 'ClusterName',
  'AWS::SageMaker::Domain': 'DomainId',
  'AWS::Batch::JobQueue': 'JobQueueName',
  'AWS::ElasticBeanstalk::Application': 'ApplicationName',
}

/** `exists TYPE`: some resource of a type exists. */
export function exists(question: FactQuestion, type: string): readonly FactOption[] {
  const { world, index } = question.questions
  const fact = `exists ${type}`
  const options = among(question, fact, type, index.thingsOf(type).all)
  return isListed(world.inventory, type) ? options : [...options, ...unknown(fact, notListed(type))]
}

/** One of some resources is used: what is made is in its region, and names it. */
export function among(
  { known }: FactQuestion,
  fact: string,
  type: string,
  things: readonly Thing[],
): readonly FactOption[] {
  const variable = nameVariables[type]
  const regions = new Map<string, [Thing, ...Thing[]]>()
  for (const thing of things) {
    const { Region = '' } = regionOf(thing.arn)
    if (known.Region !== undefined && Region !== '' && Region !== known.Region) continue
    const all = regions.get(Region)
    if (all === undefined) regions.set(Region, [thing])
    else all.push(thing)
  }
  return [...regions].map(([Region, all]) => {
    const names = all.map(({ arn }) => arn.slice(arn.lastIndexOf('/') + 1))
    // Of some ids only AWS knows a part.
    const isNamed = variable !== undefined && names.every((name) => !/[*?]/.test(name))
    const [only = '', ...others] = names
    const isAlone = isNamed && others.length === 0
    return {
      facts: [{ fact, value: all[0].arn, known: 'inventory' }],
      needs: [],
      fixed: {
        ...(/^[a-z0-9-]+$/.test(Region) ? { Region } : {}),
        ...(isAlone ? { [variable]: only } : {}),
      },
      ...(isNamed && !isAlone ? { among: { [variable]: names } } : {}),
    }
  })
}

/** The resource that wears the target is of one of the types that the row names. */
export function isOfType({ binding: { wearer } }: FactQuestion, fact: string) {
  if (wearer === undefined) return unknown(fact, notListed(fact.slice(3)))
  return wearer.type === fact.slice(3) ? holds(fact, wearer.arn, 'inventory') : never
}

/** A member of the resource that wears the target, or of the first thing that is bound. */
export function member({ binding }: FactQuestion, name: string): unknown {
  const thing = binding.wearer ?? [...(binding.things?.values() ?? [])][0]
  return thing?.facts[name]
}

/** A fact that a member of the resource decides. */
export function decided(
  name: string,
  test: (value: unknown) => boolean,
  ...others: readonly string[]
): Check {
  return (question, fact) => {
    const value = [name, ...others].map((each) => member(question, each)).find((each) => each !== undefined)
    if (value === undefined) return unknown(fact, `the inventory does not say ${name}`)
    return test(value) ? holds(fact, `${name} is ${text(value)}`, 'inventory') : never
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether a member says that there is something. */
export function isGiven(value: unknown): boolean {
  return value !== false && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/** Something launches from a template by `$Default` or `$Latest`. */
export function launchedBy(version: string): Check {
  return (question, fact) => {
    const value = member(question, 'launchedBy')
    if (value === undefined) return unknown(fact, 'the inventory does not say launchedBy')
    if (!Array.isArray(value)) return never
    let open = false
    for (const each of value) {
      const launcher = typeof each === 'object' && each !== null ? each : {}
      const used = Reflect.get(launcher, 'version')
      const scales = Reflect.get(launcher, 'scalesOut')
      if (used === undefined) open = true
      if (used !== version) continue
      if (scales === true)
        return holds(fact, `${text(Reflect.get(launcher, 'type'))} launches ${version}`, 'inventory')
      if (scales === undefined) open = true
    }
    return open ? unknown(fact, 'the inventory does not say whether something launches') : never
  }
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
  if (accounts?.includes(account)) return holds(fact, `it has a stack in ${account}`, 'inventory')
  const made: FactOption = {
    facts: [{ fact, value: `a stack in ${account} is made`, known: 'inventory' }],
    needs: furtherCalls.stackInstances,
  }
  if (value === undefined) return [made, ...unknown(fact, 'the inventory does not say instances')]
  if (accounts === undefined ? !isGiven(value) : !accounts.includes(undefined)) return [made]
  return [made, ...unknown(fact, `the inventory does not say whether it has a stack in ${account}`)]
}

/** A task belongs to a service, whose next tasks are started with ECS Exec. */
export function serviceOfTask(
  { binding: { wearer, things } }: FactQuestion,
  fact: string,
): readonly FactOption[] {
  const service = things?.get('AWS::ECS::Service')?.arn ?? ''
  const { service: own, group } = wearer?.facts ?? {}
  if (own === undefined && group === undefined) return unknown(fact, 'the inventory does not say service')
  const name = service.slice(service.lastIndexOf('/') + 1)
  const clusterOf = (arn: string): string => arn.split('/').at(-2) ?? ''
  const isOwn =
    own === service || (group === `service:${name}` && clusterOf(service) === clusterOf(wearer?.arn ?? ''))
  return isOwn ? holds(fact, `the task is one of ${service}`, 'inventory') : never
}

function accountOf(instance: unknown): string | undefined {
  const account: unknown =
    typeof instance === 'object' && instance !== null ? Reflect.get(instance, 'account') : undefined
  return typeof account === 'string' ? account : undefined
}
