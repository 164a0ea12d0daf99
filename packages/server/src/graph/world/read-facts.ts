import { listOf, objectOf, textOf } from './file-value.ts'
import { readLent } from './lent.ts'
import { WorldProblem } from './problem.ts'
import { readResourcePolicy } from './resource-policy.ts'
import type { Inventory, Resource } from './world.ts'

/** Reads an inventory. @throws WorldProblem if the value is not an inventory */
export function readInventory(value: unknown): Inventory {
  const file = objectOf(value, 'The inventory')
  const {
    resources,
    accessKeys,
    loginProfiles,
    mfaDevices,
    identityProviders,
    listed,
    managesIdentityCenter,
    lent,
  } = file
  if (managesIdentityCenter !== undefined && typeof managesIdentityCenter !== 'boolean')
    throw new WorldProblem('managesIdentityCenter is neither true nor false.')
  const providers =
    identityProviders === undefined
      ? undefined
      : listOf(identityProviders, 'identityProviders').map(providerOf)
  return {
    resources:
      resources === undefined
        ? undefined
        : withTaskRoles(listOf(resources, 'resources').map(resourceOf).filter(isThere)),
    accessKeys: countsOf(accessKeys, 'accessKeys'),
    loginProfiles:
      loginProfiles === undefined
        ? undefined
        : new Set(namesOf(loginProfiles).map((name) => name.slice(name.lastIndexOf('/') + 1))),
    mfaDevices: countsOf(mfaDevices, 'mfaDevices'),
    listed:
      listed === undefined
        ? undefined
        : new Set(listOf(listed, 'listed').map((type) => typeNames[String(type)] ?? String(type))),
    managesIdentityCenter,
    lent: readLent(lent),
    identityProviders: providers && new Set(providers.map(({ arn }) => arn)),
    clientIds:
      providers &&
      new Map(providers.flatMap(({ arn, clientIds }) => (clientIds === undefined ? [] : [[arn, clientIds]]))),
  }
}

/** An identity provider: its ARN, or an object with its client ids. */
function providerOf(value: unknown): { readonly arn: string; readonly clientIds?: readonly string[] } {
  if (typeof value === 'string') return { arn: value }
  const { arn, clientIds } = objectOf(value, 'An identity provider')
  if (typeof arn !== 'string') throw new WorldProblem('An identity provider of the inventory has no arn.')
  if (clientIds === undefined) return { arn }
  return { arn, clientIds: listOf(clientIds, 'clientIds').map(String) }
}

/** Other names of types, which inventories written before have. */
const typeNames: Readonly<Record<string, string | undefined>> = {
  'AWS::BedrockAgentCore::Browser': 'AWS::BedrockAgentCore::BrowserCustom',
  'AWS::BedrockAgentCore::CodeInterpreter': 'AWS::BedrockAgentCore::CodeInterpreterCustom',
}

/** The members of a resource that have one of a few values. Another one would count as a fact that does not hold. */
export const closedMembers = {
  ssmAgent: ['online', 'offline'],
  permissionModel: ['SELF_MANAGED', 'SERVICE_MANAGED'],
} as const

function resourceOf(value: unknown): Resource {
  const { type, arn, role, tags, policy, ...facts } = objectOf(value, 'A resource')
  if (typeof type !== 'string' || typeof arn !== 'string')
    throw new WorldProblem('A resource of the inventory has no type or no arn.')
  for (const [member, values] of Object.entries(closedMembers)) {
    const given = facts[member] ?? undefined
    if (given !== undefined && !values.some((each) => each === given))
      throw new WorldProblem(`${member} of a resource of the inventory must be ${values.join(' or ')}.`)
  }
  if (type === 'AWS::CloudFormation::StackSet') checkStackInstances(facts.instances)
  return {
    type: typeNames[type] ?? type,
    arn,
    role: textOf(role),
    tags: tags === undefined ? undefined : tagsOf(tags),
    policy: policyOf(arn, policy),
    facts,
  }
}

/** Refuses a number in place of an account, which may have lost the zeros that it begins with. */
function checkStackInstances(instances: unknown): void {
  for (const each of instances === undefined ? [] : listOf(instances, 'instances')) {
    const { account } = objectOf(each, 'An instance of a stack set')
    if (account !== undefined && typeof account !== 'string')
      throw new WorldProblem('The account of an instance of a stack set must be a text.')
  }
}

/** A service of Amazon ECS runs tasks with the role of its task definition. [GRD-738] */
function withTaskRoles(resources: readonly Resource[]): readonly Resource[] {
  return resources.map((resource) => {
    const { taskDefinition } = resource.facts
    if (resource.type !== 'AWS::ECS::Service' || resource.role !== undefined || taskDefinition === undefined)
      return resource
    const definition = resources.find(({ arn }) => arn === taskDefinition)
    const roleUnknown = definition === undefined || definition.facts.roleUnknown === true
    return { ...resource, role: definition?.role, facts: { ...resource.facts, roleUnknown } }
  })
}

/** An instance that is terminated is listed for an hour. */
function isThere({ type, facts: { state } }: Resource): boolean {
  return type !== 'AWS::EC2::Instance' || !/^(?:terminated|shutting-down)$/i.test(String(state))
}

function policyOf(arn: string, value: unknown): Resource['policy'] {
  try {
    return readResourcePolicy(arn, value)
  } catch (error) {
    if (error instanceof TypeError) throw new WorldProblem(error.message)
    throw error
  }
}

/** Tags as an object, or as AWS's lists have them. */
function tagsOf(value: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(value))
    return Object.fromEntries(
      Object.entries(objectOf(value, 'tags')).map(([key, each]) => [key, String(each)]),
    )
  return Object.fromEntries(
    value.map((each) => {
      const { Key, Value, key, value: text } = objectOf(each, 'A tag')
      return [String(Key ?? key), String(Value ?? text)]
    }),
  )
}

function namesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) {
    const entries = Object.entries(objectOf(value, 'loginProfiles'))
    return entries.filter(([, each]) => each !== false && each !== 0).map(([name]) => name)
  }
  return value.map(String)
}

function countsOf(value: unknown, name: string): ReadonlyMap<string, number> | undefined {
  if (value === undefined) return undefined
  return new Map(
    Object.entries(objectOf(value, name)).map(([user, count]) => {
      const number = Array.isArray(count) ? count.length : Number(count)
      if (!Number.isInteger(number) || number < 0) throw new WorldProblem(`${name} of ${user} is no number.`)
      return [user.slice(user.lastIndexOf('/') + 1), number]
    }),
  )
}
