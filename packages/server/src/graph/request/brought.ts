import type { Asked, KeyDomain } from '@omen-iam/policy'
import type { TechniqueTagging } from '../../authorization/catalogue/index.ts'
import type { CallerKeys } from './person.ts'
import { regionsOf } from './shape.ts'

/** The additions that conditions ask of calls. */
export interface Brought {
  /** The keys of the tags that what is made or changed gets in the same call; absent: none. */
  readonly tags?: readonly string[]
  /** Whether the calls that tag are asked for. */
  readonly isTagAsked?: boolean
  /** Whether it may be so limited that what runs is not what the attacker wants. */
  readonly isLimited?: boolean
  /** Whether what runs is put into a network. */
  readonly isInNetwork?: boolean
  /** Whether a service makes the call with the caller's credentials. */
  readonly isForwarded?: boolean
  /** The action of the call that brings what runs. */
  readonly carrier?: string | undefined
  /** Where a build has its commands from: of the call itself, if absent. */
  readonly build?: 'repository'
}

/** The attacker's commands, repository and layer in the requests of plans. */
const own = {
  buildspec: 'version: 0.2',
  repository: 'https://git.example.com/omen.git',
  layer: (partition: string): string =>
    `arn:${partition}:lambda:${regionsOf(partition)[0]}:000000000000:layer:omen:1`,
}

const template = ['cloudformation:TemplateUrl', 'cloudformation:ResourceTypes']
const launched = ['ec2:LaunchTemplate', 'ec2:IsLaunchTemplateResource']

/** Keys of calls that limit what runs. A call of the attacker does not have them. [LAM-80] */
const limiting: Readonly<Record<string, readonly string[] | undefined>> = {
  'cloudformation:CreateStack': template,
  'cloudformation:UpdateStack': template,
  'cloudformation:CreateChangeSet': template,
  'cloudformation:CreateStackSet': template,
  'cloudformation:UpdateStackSet': template,
  'ec2:RunInstances': launched,
  'ec2:RequestSpotInstances': launched,
  'lambda:CreateFunction': ['lambda:CodeSigningConfigArn'],
}

/** The calls that put code into a network, by which keys, and what the caller and the role need then. [LAM-83, PSR-30] */
interface Network {
  readonly calls: readonly string[]
  readonly keys: readonly string[]
  readonly caller: readonly string[]
  readonly role: readonly string[]
}

const lookups = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs']
const interfaces = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DeleteNetworkInterface',
]

const networks: readonly Network[] = [
  {
    calls: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
    keys: ['lambda:VpcIds', 'lambda:SubnetIds', 'lambda:SecurityGroupIds'],
    caller: lookups,
    role: interfaces,
  },
  {
    calls: ['codebuild:CreateProject', 'codebuild:UpdateProject'],
    keys: ['', '.vpcId', '.subnets', '.securityGroupIds'].map((part) => `codebuild:vpcConfig${part}`),
    caller: [],
    role: [...interfaces, ...lookups, 'ec2:DescribeDhcpOptions'],
  },
  {
    calls: ['TrainingJob', 'HyperParameterTuningJob', 'ProcessingJob', 'Model'].map(
      (kind) => `sagemaker:Create${kind}`,
    ),
    keys: ['sagemaker:VpcSubnets', 'sagemaker:VpcSecurityGroupIds'],
    caller: [],
    role: [...interfaces, ...lookups, 'ec2:DescribeDhcpOptions'],
  },
]

/** The keys of a call that say which network what runs is put into. A call that names none has none of them. */
export function networkKeys(action: string): readonly string[] {
  return networks.find(({ calls }) => calls.includes(action))?.keys ?? []
}

/** The permissions that the caller of a plan, and the role that it uses, need to put code into a network. */
export function networkCalls(actions: readonly string[]): Pick<Network, 'caller' | 'role'> {
  const found = networks.find(({ calls }) => calls.some((call) => actions.includes(call)))
  return { caller: found?.caller ?? [], role: found?.role ?? [] }
}

/** All such actions. */
export const networkActions: readonly string[] = [
  ...new Set(networks.flatMap(({ caller, role }) => [...caller, ...role])),
]

const buildspec = 'codebuild:source.buildspec'
const location = 'codebuild:source.location'
const layer = 'lambda:Layer'

/** Calls that bring what runs, the first of a plan's: the commands or the repository of a build, the layer of a function. */
const carriers: readonly (readonly [action: string, keys: readonly string[]])[] = [
  ['codebuild:CreateProject', [buildspec, location]],
  ['codebuild:UpdateProject', [buildspec, location]],
  ['codebuild:StartBuild', [buildspec, location]],
  ['codebuild:StartBuildBatch', [buildspec, location]],
  ['lambda:UpdateFunctionConfiguration', [layer]],
]

/** The action of the call that brings what runs, of those that a plan makes. */
export function carrierOf(actions: readonly string[]): string | undefined {
  if (actions.includes('lambda:UpdateFunctionCode')) return undefined
  return carriers.find(([action]) => actions.includes(action))?.[0]
}

/** The condition keys of a call that say what runs, or limit it. */
export function runningKeys(action: string, carrier: string | undefined): readonly string[] {
  const own = action === carrier ? carriers.find(([each]) => each === action)?.[1] : undefined
  return [...(limiting[action] ?? []), ...(own ?? [])]
}

const requestTags = 'aws:RequestTag/*'
const tagKeys = 'aws:TagKeys'
const present: KeyDomain = { mayBeAbsent: false }

/** The condition keys of a call that brings this, or nothing. `set`: keys that the technique sets. [PSR-13] */
export function broughtKeys(
  action: string,
  tagging: TechniqueTagging | undefined,
  brought: Brought | undefined,
  keys: CallerKeys,
  partition: string,
  set: Readonly<Record<string, string>> = {},
): CallerKeys {
  const chosen: Record<string, KeyDomain> = { ...keys.chosen }
  const context = { ...keys.context }
  if (brought?.isLimited !== true) {
    for (const key of limiting[action] ?? []) if (set[key] === undefined) delete chosen[key]
    const running = runningKey(action, brought, partition)
    if (running !== undefined) chosen[running[0]] = { ...chosen[running[0]], ...running[1] }
  }
  for (const key of networkKeys(action)) {
    if (brought?.isInNetwork !== true) delete chosen[key]
    else if (chosen[key] !== undefined) chosen[key] = { ...chosen[key], mayBeAbsent: false }
  }
  if (tagging !== undefined) {
    const mayHave = chosen[requestTags] !== undefined
    delete chosen[requestTags]
    delete chosen[tagKeys]
    if (mayHave && brought?.tags !== undefined) {
      context[tagKeys] = brought.tags
      for (const key of brought.tags) chosen[`aws:RequestTag/${key}`] = present
    }
  }
  return { ...keys, context, chosen }
}

/** The key that holds what a call has run, with what it holds. */
function runningKey(
  action: string,
  brought: Brought | undefined,
  partition: string,
): readonly [string, KeyDomain] | undefined {
  if (brought?.carrier !== action) return undefined
  if (action.startsWith('lambda:'))
    return [layer, { values: [own.layer(partition)], mayBeAbsent: false, isMultivalued: true }]
  return brought.build === 'repository'
    ? [location, { values: [own.repository], mayBeAbsent: false }]
    : [buildspec, { values: [own.buildspec], mayBeAbsent: false }]
}

/**
 * The request for the action that tags what a call makes or changes, in the same call: its tags are the same.
 * Undefined if the call brings no tags, or if the service asks for no further action. [GRD-36, IAM-52]
 */
export function taggingOf(
  asked: Asked,
  tagging: TechniqueTagging | undefined,
  brought: Brought | undefined,
): Asked | undefined {
  const { request } = asked
  const { action, created } = tagging ?? {}
  if (action === undefined || brought?.isTagAsked !== true || !bringsTags(asked)) return undefined
  const global = <Value>(keys: Readonly<Record<string, Value>> = {}): Record<string, Value> =>
    Object.fromEntries(Object.entries(keys).filter(([key]) => key.startsWith('aws:')))
  const name = request.action.slice(request.action.indexOf(':') + 1)
  return {
    ...asked,
    request: {
      ...request,
      action,
      context: { ...global(request.context), ...(created === undefined ? {} : { [created]: name }) },
      chosen: global(request.chosen),
    },
  }
}

/** Whether a request brings tags. */
export function bringsTags({ request }: Asked): boolean {
  return (
    request.context[tagKeys] !== undefined &&
    Object.keys(request.chosen ?? {}).some((key) => /^aws:RequestTag\/./.test(key))
  )
}

/** Actions by which services make calls of the caller's choice with its credentials. [POL-110] */
export const forwarding: readonly string[] = [
  'cloudformation:CreateStack',
  'cloudformation:UpdateStack',
  'cloudformation:CreateChangeSet',
  'servicecatalog:ProvisionProduct',
  'ssm:StartAutomationExecution',
]

/** The keys of a call that may come through a service: which services it came through is left open. */
export function forwardedKeys({ context, chosen, open }: CallerKeys): CallerKeys {
  const { 'aws:ViaAWSService': _direct, ...rest } = context
  const anything: KeyDomain = { mayBeAbsent: true }
  return {
    context: rest,
    chosen,
    open: {
      ...open,
      'aws:ViaAWSService': { values: ['true', 'false'], mayBeAbsent: false },
      'aws:CalledVia': { mayBeAbsent: true, isMultivalued: true },
      'aws:CalledViaFirst': anything,
      'aws:CalledViaLast': anything,
    },
  }
}
