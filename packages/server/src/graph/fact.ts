import type { Asked } from '@omen-iam/policy'
import type { Technique, TechniqueNeed } from '../authorization/catalogue/index.ts'
import type { Questions } from './question.ts'
import type { Binding } from './request-keys.ts'
import type { Known } from './shape.ts'
import type { Actor } from './trust-question.ts'
import type { Role, Thing } from './world.ts'

/** A fact of the account that a step rests on. */
export interface FactUsed {
  readonly fact: string
  /** What it holds, in words. */
  readonly value: string
  /** Where it is known from; `unknown`: a file is missing, or does not say it. */
  readonly known: 'details' | 'inventory' | 'unknown'
}

/** One way in which a fact holds: because it does, or because of further requests. */
export interface FactOption {
  readonly facts: readonly FactUsed[]
  readonly needs: readonly TechniqueNeed[]
  /** Requests of others: of a service, or of the role that is worn. */
  readonly asked?: readonly Asked[]
}

/** What facts are asked with. */
export interface FactQuestion {
  readonly questions: Questions
  readonly actor: Actor
  readonly technique: Technique
  readonly binding: Binding
  readonly known: Known
  /** Whether the actor can run code on an instance. */
  readonly controls: (actor: Actor, instance: Thing) => 'yes' | 'no' | 'unknown'
  /** Requests by which a role reads a stream or a queue, or assumes another role. */
  readonly asRole: (role: Role, actions: readonly string[], resource: string) => readonly Asked[]
}

const quota = { accessKeys: 2, versions: 5, groups: 10, attached: 10, attachedMost: 20, mfa: 8 }

/** The ways in which a fact may hold; none if it does not. */
export function optionsOf(fact: string, question: FactQuestion): readonly FactOption[] {
  if (fact.startsWith('exists ')) return exists(question.questions, fact.slice(7))
  const check = checks[fact]
  return check === undefined ? unknown(fact, 'not decided') : check(question, fact)
}

type Check = (question: FactQuestion, fact: string) => readonly FactOption[]

function holds(fact: string, value: string, known: FactUsed['known']): readonly FactOption[] {
  return [{ facts: [{ fact, value, known }], needs: [] }]
}

function unknown(fact: string, value: string): readonly FactOption[] {
  return holds(fact, value, 'unknown')
}

const never: readonly FactOption[] = []

function by(...actions: readonly string[]): readonly TechniqueNeed[] {
  return actions.map((action) => ({ action, on: { is: 'target' } }))
}

function exists({ world, index }: Questions, type: string): readonly FactOption[] {
  const fact = `exists ${type}`
  if (world.inventory.things === undefined) return unknown(fact, 'the inventory has no list of resources')
  const [thing] = index.thingsOf(type).all
  return thing === undefined ? never : holds(fact, thing.arn, 'inventory')
}

/** A member of the resource that wears the target, or of the first thing that is bound. */
function member({ binding }: FactQuestion, name: string): unknown {
  const thing = binding.wearer ?? [...(binding.things?.values() ?? [])][0]
  return thing?.facts[name]
}

/** A fact that a member of the resource decides. */
function decided(name: string, test: (value: unknown) => boolean, ...others: readonly string[]): Check {
  return (question, fact) => {
    const value = [name, ...others].map((each) => member(question, each)).find((each) => each !== undefined)
    if (value === undefined) return unknown(fact, `the inventory does not say ${name}`)
    return test(value) ? holds(fact, `${name} is ${text(value)}`, 'inventory') : never
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isGiven(value: unknown): boolean {
  return value !== false && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/** Something launches from a template by `$Default` or `$Latest`. */
function launchedBy(version: string): Check {
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

const noPassword = 'the inventory has no list of login profiles'

const checks: Readonly<Record<string, Check>> = {
  outside: (_question, fact) => unknown(fact, 'it depends on what IAM does not see'),
  notServiceLinked: ({ binding: { target } }, fact) =>
    target?.type === 'role' && (target.isServiceLinked || target.isIdentityCenter)
      ? never
      : holds(fact, 'IAM can change it', 'details'),
  versionRoom: ({ binding: { policy } }, fact) => {
    const count = policy?.versions.size ?? 0
    if (count < quota.versions) return holds(fact, `${count} of ${quota.versions} versions`, 'details')
    return [
      {
        facts: [{ fact, value: `${count} of ${quota.versions} versions, one is deleted`, known: 'details' }],
        needs: [{ action: 'iam:DeletePolicyVersion', on: { is: 'policy' } }],
      },
    ]
  },
  attachRoom: ({ binding: { target, group } }, fact) => {
    const count = (group ?? target)?.attached.length ?? 0
    if (count < quota.attached)
      return holds(fact, `${count} of ${quota.attached} managed policies`, 'details')
    const value = `${count} managed policies are attached; the quota is ${quota.attached}, and may have been raised`
    return count < quota.attachedMost ? unknown(fact, value) : never
  },
  groupRoom: ({ binding: { target } }, fact) => {
    const count = target?.type === 'user' ? target.groups.length : quota.groups
    return count < quota.groups ? holds(fact, `${count} of ${quota.groups} groups`, 'details') : never
  },
  mfaRoom: ({ questions: { world }, binding: { target } }, fact) => {
    const { mfaDevices } = world.inventory
    const count = mfaDevices?.get(target?.name ?? '') ?? 0
    if (count >= quota.mfa) return never
    return holds(fact, `${count} MFA devices`, mfaDevices === undefined ? 'details' : 'inventory')
  },
  accessKeyRoom: ({ questions: { world }, binding: { target } }, fact) => {
    const { accessKeys } = world.inventory
    if (accessKeys === undefined) {
      const value = 'the inventory has no numbers of access keys'
      return [
        {
          facts: [{ fact, value: `${value}; one can be deleted`, known: 'details' }],
          needs: by('iam:DeleteAccessKey'),
        },
        ...unknown(fact, value),
      ]
    }
    const count = accessKeys.get(target?.name ?? '') ?? 0
    return count < quota.accessKeys
      ? holds(fact, `${count} of ${quota.accessKeys} access keys`, 'inventory')
      : never
  },
  accessKeysFull: ({ questions: { world }, binding: { target } }, fact) => {
    const count = world.inventory.accessKeys?.get(target?.name ?? '') ?? 0
    return count >= quota.accessKeys ? holds(fact, `${count} access keys`, 'inventory') : never
  },
  noLoginProfile: ({ questions: { world }, binding: { target } }, fact) => {
    const { loginProfiles } = world.inventory
    if (loginProfiles === undefined)
      return [
        {
          facts: [{ fact, value: `${noPassword}; either call works`, known: 'details' }],
          needs: by('iam:UpdateLoginProfile'),
        },
        {
          facts: [{ fact, value: `${noPassword}; one can be deleted`, known: 'details' }],
          needs: by('iam:DeleteLoginProfile'),
        },
        ...unknown(fact, noPassword),
      ]
    return loginProfiles.has(target?.name ?? '') ? never : holds(fact, 'no password', 'inventory')
  },
  loginProfile: ({ questions: { world }, binding: { target } }, fact) => {
    const { loginProfiles } = world.inventory
    if (loginProfiles === undefined) return unknown(fact, noPassword)
    return loginProfiles.has(target?.name ?? '') ? holds(fact, 'a password', 'inventory') : never
  },
  noMfa: ({ questions: { world }, binding: { target } }, fact) => {
    const { mfaDevices } = world.inventory
    const count = mfaDevices?.get(target?.name ?? '') ?? 0
    if (mfaDevices !== undefined && count === 0) return holds(fact, 'no MFA device', 'inventory')
    const value =
      mfaDevices === undefined ? 'the inventory has no numbers of MFA devices' : `${count} MFA devices`
    return [
      {
        facts: [{ fact, value: `${value}; they can be deactivated`, known: 'details' }],
        needs: by('iam:DeactivateMFADevice'),
      },
      ...(mfaDevices === undefined ? unknown(fact, value) : never),
    ]
  },
  instanceProfile: ({ binding: { target } }, fact) => {
    const profile = target?.type === 'role' ? target.profiles[0] : undefined
    if (profile !== undefined) return holds(fact, profile.arn, 'details')
    return [
      {
        facts: [{ fact, value: 'a new instance profile', known: 'details' }],
        needs: [
          { action: 'iam:CreateInstanceProfile', on: { is: 'new' } },
          { action: 'iam:AddRoleToInstanceProfile', on: { is: 'new' } },
        ],
      },
    ]
  },
  emrServiceRole: ({ questions }, fact) => {
    const [role] = questions.index.trustingService('elasticmapreduce.amazonaws.com')
    if (role === undefined) return never
    return [
      {
        facts: [{ fact, value: role.arn, known: 'details' }],
        needs: [],
        asked: [questions.serviceTrust(role, 'elasticmapreduce.amazonaws.com', undefined)],
      },
    ]
  },
  invoked: decided('invokedBy', isGiven),
  scheduled: decided('invokedBy', isGiven),
  functionUrl: decided('url', isGiven),
  batch: decided('batch', (value) => value === true),
  agentOnline: decided('ssmAgent', (value) => /^online$/i.test(String(value))),
  sshReachable: decided('sshReachable', (value) => value === true),
  executeCommandEnabled: decided('enableExecuteCommand', (value) => value === true, 'executeCommand'),
  notebookInService: decided('status', (value) => value === 'InService'),
  stackUpdatable: decided(
    'status',
    (value) => /_COMPLETE$/.test(String(value)) && !/^DELETE|^ROLLBACK_COMPLETE$|^REVIEW/.test(String(value)),
  ),
  // Without an authorizer the runtime's inbound authorization is IAM.
  inboundAuthIsIam: (question, fact) => {
    const value = member(question, 'inboundAuth') ?? member(question, 'authorizer')
    return value === undefined || /iam/i.test(String(value)) ? holds(fact, 'IAM', 'inventory') : never
  },
  launchedByDefault: launchedBy('$Default'),
  launchedByLatest: launchedBy('$Latest'),
  unsigned: (question, fact) => {
    const value = member(question, 'codeSigningConfig')
    return value === undefined || !isGiven(value) ? holds(fact, 'no code signing', 'inventory') : never
  },
  devEndpointReady: (question, fact) => {
    const status = member(question, 'status')
    const reachable = member(question, 'sshReachable')
    if ((status !== undefined && status !== 'READY') || reachable === false) return never
    if (status === undefined || reachable === undefined)
      return unknown(fact, 'the inventory does not say status and sshReachable')
    return holds(fact, 'ready and reachable', 'inventory')
  },
  agentMessages: ({ binding: { target }, asRole }, fact) => {
    if (target?.type !== 'role') return never
    const actions = ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel']
    return [
      {
        facts: [{ fact, value: 'the role may ssmmessages:*', known: 'details' }],
        needs: [],
        asked: asRole(
          target,
          actions.map((name) => `ssmmessages:${name}`),
          '*',
        ),
      },
    ]
  },
  containerInstance: ({ questions: { world, index } }, fact) => {
    if (world.inventory.things === undefined) return unknown(fact, 'the inventory has no list of resources')
    const clusters = index.thingsOf('AWS::ECS::Cluster').all
    if (clusters.some(({ facts }) => Number(facts.containerInstances ?? 0) > 0))
      return holds(fact, 'a cluster has container instances', 'inventory')
    return clusters.some(({ facts }) => facts.containerInstances === undefined)
      ? unknown(fact, 'the inventory does not say containerInstances')
      : never
  },
  streamGetsRecords: ({ questions: { world, index }, binding: { target }, asRole }, fact) => {
    if (world.inventory.things === undefined) return unknown(fact, 'the inventory has no list of resources')
    if (target?.type !== 'role') return never
    const things = Object.keys(streams).flatMap((type) => index.thingsOf(type).all)
    return things.flatMap(({ type, arn, facts }): readonly FactOption[] => {
      const actions = streams[type]
      if (actions === undefined || facts.getsRecords === false) return []
      const known = facts.getsRecords === undefined ? 'unknown' : 'inventory'
      return [{ facts: [{ fact, value: arn, known }], needs: [], asked: asRole(target, actions, arn) }]
    })
  },
  controlsInstance: ({ actor, binding, controls }, fact) =>
    controlled(fact, actor, [...(binding.things?.values() ?? [])], controls),
  instanceWithProfile: decided('instanceProfile', isGiven),
  instanceWithoutProfile: (question, fact) => {
    const value = member(question, 'instanceProfile')
    if (value === undefined) return unknown(fact, 'the inventory does not say instanceProfile')
    return isGiven(value) ? never : holds(fact, 'no instance profile', 'inventory')
  },
  profileHoldsRole: ({ questions: { index }, binding: { profile } }, fact) => {
    const holder = index.holders.get(profile?.arn ?? '')
    return holder === undefined ? never : holds(fact, holder.arn, 'details')
  },
  profileEmpty: ({ questions: { index }, binding: { profile } }, fact) =>
    index.holders.has(profile?.arn ?? '') ? never : holds(fact, 'the profile holds no role', 'details'),
  profileWornByControlledInstance: (
    { questions: { world, index }, actor, binding: { profile }, controls },
    fact,
  ) => {
    if (world.inventory.things === undefined) return unknown(fact, 'the inventory has no list of resources')
    const wearers = index
      .thingsOf('AWS::EC2::Instance')
      .all.filter(({ facts }) => facts.instanceProfile === profile?.arn)
    return controlled(fact, actor, wearers, controls)
  },
  passRoleUnsettled: ({ binding: { target } }, fact) => [
    {
      facts: [{ fact, value: 'iam:PassRole is allowed as well', known: 'details' }],
      needs: target === undefined ? [] : by('iam:PassRole'),
    },
    ...unknown(fact, 'whether iam:PassRole is asked for an unchanged role is not settled'),
  ],
  administersStackSets: (_question, fact) =>
    holds(fact, 'the administration role assumes the execution role', 'details'),
  stackInstances: decided('instances', isGiven),
  agentTool: () => never,
  podsWear: (_question, fact) => unknown(fact, 'Kubernetes decides which pods the attacker can run'),
  provisionedLater: (_question, fact) => unknown(fact, 'the permission set must be provisioned'),
  identityCenterAdministrator: (_question, fact) =>
    unknown(fact, 'whether the account manages IAM Identity Center is not in the files'),
  managementAccount: (_question, fact) =>
    unknown(fact, 'whether the account manages the organization is not in the files'),
  standsAlone: (_question, fact) =>
    unknown(fact, 'whether the account may leave the organization is not in the files'),
  servesIssuer: (_question, fact) => unknown(fact, 'the attacker must answer under the name of the issuer'),
  providerExists: ({ questions: { world }, binding: { provider } }, fact) =>
    world.inventory.things?.some(({ arn }) => arn === provider) === true
      ? holds(fact, provider ?? '', 'inventory')
      : unknown(fact, 'whether the provider exists is not in the files'),
}

const streams: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Stream': ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
  'AWS::Kinesis::Stream': ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator'],
  'AWS::SQS::Queue': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
}

function controlled(
  fact: string,
  actor: Actor,
  instances: readonly Thing[],
  controls: FactQuestion['controls'],
): readonly FactOption[] {
  const answers = instances.map((instance) => controls(actor, instance))
  const place = answers.indexOf('yes')
  if (place !== -1) return holds(fact, `code can be run on ${instances[place]?.arn}`, 'inventory')
  return answers.includes('unknown') ? unknown(fact, 'whether code can be run on the instance') : never
}
