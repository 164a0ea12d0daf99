import type { Questions } from '../request/question.ts'
import { isListed, type Thing } from '../world/world.ts'
import { eventSources } from './event-source.ts'
import { type FactOption, type FactQuestion, holds, never, none, unknown } from './fact-option.ts'
import {
  among,
  type Check,
  decided,
  exists,
  isGiven,
  isOfType,
  launchedBy,
  member,
  notListed,
  serviceOfTask,
  stackInstances,
} from './fact-resource.ts'
import { furtherCalls } from './further-call.ts'
import { furtherRole, furtherRoles, isOfFurtherRole, started } from './further-role.ts'
import { profileOptions } from './instance-profile.ts'
import { publicUrl } from './public-url.ts'
import { roomByDetaching, roomByLeaving } from './quota-room.ts'
import { quota, type RecordOf } from './records.ts'

export type { FactOption, FactQuestion, FactUsed } from './fact-option.ts'

/** The ways in which a fact may hold; none if it does not. */
export function optionsOf(fact: string, question: FactQuestion): readonly FactOption[] {
  if (fact.startsWith('exists ')) return exists(question, fact.slice(7))
  if (fact.startsWith('is ')) return isOfType(question, fact)
  if (isOfFurtherRole(fact) && checks[fact] === undefined) return started(question, fact)
  const check = checks[fact]
  return check === undefined ? unknown(fact, 'not decided') : check(question, fact)
}

/** Whether a user without a session with MFA would change its own devices: one that has a device may not (CRED-95). */
function wantsOwnMfa({ actor, binding: { target } }: FactQuestion): boolean {
  return target?.arn === actor.variant.person.arn && actor.form !== 'mfa'
}

const noPassword = 'the inventory has no list of login profiles'

const checks: Readonly<Record<string, Check>> = {
  outside: (_question, fact) => unknown(fact, 'it depends on what IAM does not see'),
  notServiceLinked: ({ read }, fact) =>
    read('canChange') ? holds(fact, 'IAM can change it', 'details') : never,
  versionRoom: ({ read }, fact) => {
    const count = read('versions')
    if (count < quota.versions) return holds(fact, `${count} of ${quota.versions} versions`, 'details')
    return [
      {
        facts: [{ fact, value: `${count} of ${quota.versions} versions, one is deleted`, known: 'details' }],
        needs: furtherCalls.versionRoom,
      },
    ]
  },
  attachRoom: ({ questions, binding: { target, group }, read }, fact) => {
    const { count, full } = read('attached')
    if (full === undefined) return holds(fact, `${count} of ${quota.attached} managed policies`, 'details')
    const value = `${count} managed policies are attached; the quota is ${quota.attached}, and may have been raised`
    // AWS raises the quota of users and of roles, that of groups never. [IAM-30]
    const mayHaveMore = group === undefined && count < quota.attachedMost
    return [
      ...roomByDetaching(questions, group === undefined ? target?.type : 'group', fact, full),
      ...(mayHaveMore ? unknown(fact, value) : never),
    ]
  },
  groupRoom: ({ questions, read }, fact) => {
    const groups = read('groups')
    if (groups === undefined) return never
    const { count, full } = groups
    if (full === undefined) return holds(fact, `${count} of ${quota.groups} groups`, 'details')
    return roomByLeaving(questions, full, fact)
  },
  mfaRoom: (question, fact) => {
    const known = question.read('mfaDevices')
    const count = known ?? 0
    if (count >= quota.mfa || (count > 0 && wantsOwnMfa(question))) return never
    return holds(fact, `${count} MFA devices`, known === undefined ? 'details' : 'inventory')
  },
  accessKeyRoom: ({ read }, fact) => {
    const count = read('accessKeys')
    if (count === undefined) {
      const value = 'the inventory has no numbers of access keys'
      return [
        {
          facts: [{ fact, value: `${value}; one can be deleted`, known: 'details' }],
          needs: furtherCalls.accessKeyRoom,
        },
        ...unknown(fact, value),
      ]
    }
    return count < quota.accessKeys
      ? holds(fact, `${count} of ${quota.accessKeys} access keys`, 'inventory')
      : never
  },
  accessKeysFull: ({ read }, fact) => {
    const count = read('accessKeys') ?? 0
    return count >= quota.accessKeys ? holds(fact, `${count} access keys`, 'inventory') : never
  },
  noLoginProfile: ({ read }, fact) => {
    const hasPassword = read('password')
    const [update, remove] = furtherCalls.noLoginProfile
    if (hasPassword === undefined)
      return [
        { facts: [{ fact, value: `${noPassword}; either call works`, known: 'details' }], needs: [update] },
        { facts: [{ fact, value: `${noPassword}; one can be deleted`, known: 'details' }], needs: [remove] },
        ...unknown(fact, noPassword),
      ]
    if (!hasPassword) return holds(fact, 'no password', 'inventory')
    return [
      { facts: [{ fact, value: 'a password; it can be deleted', known: 'inventory' }], needs: [remove] },
    ]
  },
  loginProfile: ({ read }, fact) => {
    const hasPassword = read('password')
    if (hasPassword === undefined) return unknown(fact, noPassword)
    return hasPassword ? holds(fact, 'a password', 'inventory') : never
  },
  noMfa: (question, fact) => {
    const count = question.read('mfaDevices')
    if (count === 0) return holds(fact, 'no MFA device', 'inventory')
    const value = count === undefined ? 'the inventory has no numbers of MFA devices' : `${count} MFA devices`
    if (wantsOwnMfa(question)) return count === undefined ? unknown(fact, value) : never
    return [
      {
        facts: [{ fact, value: `${value}; they can be deactivated`, known: 'details' }],
        needs: furtherCalls.noMfa,
      },
      ...(count === undefined ? unknown(fact, value) : never),
    ]
  },
  instanceProfile: profileOptions,
  ...Object.fromEntries(Object.entries(furtherRoles).map(([fact, service]) => [fact, furtherRole(service)])),
  invoked: decided('invokedBy', isGiven),
  scheduled: decided('invokedBy', isGiven),
  functionUrl: decided('url', isGiven),
  publicUrl,
  noFunctionUrl: decided('url', (value) => !isGiven(value)),
  batch: decided('batch', (value) => value === true),
  // An instance whose state no file says runs.
  instanceRuns: (question, fact) => {
    if (!isStopped(question)) return [none]
    const value = 'the instance is stopped; it can be started'
    return [{ facts: [{ fact, value, known: 'inventory' }], needs: furtherCalls.instanceRuns }]
  },
  instanceStopped: (question, fact) =>
    isStopped(question) ? holds(fact, 'the instance is stopped', 'inventory') : never,
  notebookStopped: (question, fact) =>
    member(question, 'status') === 'Stopped' ? holds(fact, 'the notebook is stopped', 'inventory') : never,
  agentOnline: (question, fact) => {
    const isOnline = decided('ssmAgent', (value) => /^online$/i.test(String(value)))(question, fact)
    if (isOnline.length > 0 || !isStopped(question)) return isOnline
    return unknown(fact, 'whether the agent connects once the instance runs is not in the files')
  },
  sshReachable: decided('sshReachable', (value) => value === true),
  executeCommandEnabled: decided('enableExecuteCommand', (value) => value === true, 'executeCommand'),
  notebookInService: (question, fact) => {
    if (member(question, 'status') !== 'Stopped')
      return decided('status', (value) => value === 'InService')(question, fact)
    const value = 'status is Stopped; it can be started'
    return [{ facts: [{ fact, value, known: 'inventory' }], needs: furtherCalls.notebookInService }]
  },
  stackUpdatable: decided(
    'status',
    (value) => /_COMPLETE$/.test(String(value)) && !/^DELETE|^ROLLBACK_COMPLETE$|^REVIEW/.test(String(value)),
  ),
  // Without an authorizer the runtime's inbound authorization is IAM.
  inboundAuthIsIam: (question, fact) => {
    const value = member(question, 'inboundAuth') ?? member(question, 'authorizer')
    return value === undefined || /iam/i.test(String(value)) ? holds(fact, 'IAM', 'inventory') : never
  },
  newDocument: ({ questions: { world } }, fact) => [
    {
      facts: [{ fact, value: 'a document that the attacker makes', known: 'details' }],
      needs: [],
      fixed: { DocumentAccount: world.account },
    },
  ],
  ownDocument: ({ questions: { world, index } }, fact) => {
    const [document] = index.thingsOf('AWS::SSM::Document').all
    if (document === undefined && isListed(world.inventory, 'AWS::SSM::Document')) return never
    const value = 'what documents of the account run is not in the files'
    const fixed = { DocumentAccount: world.account }
    return [{ facts: [{ fact, value, known: 'unknown' }], needs: [], fixed }]
  },
  launchedByDefault: launchedBy('$Default'),
  launchedByLatest: launchedBy('$Latest'),
  unsigned: (question, fact) => {
    const value = member(question, 'codeSigningConfig')
    if (value === undefined || !isGiven(value)) return holds(fact, 'no code signing', 'inventory')
    const open = 'whether the code signing configuration refuses unsigned code is not in the files'
    return [
      {
        facts: [{ fact, value: 'code signing, which is taken away', known: 'inventory' }],
        needs: furtherCalls.unsigned,
      },
      ...(value === true ? never : unknown(fact, open)),
    ]
  },
  devEndpointReady: (question, fact) => {
    const status = member(question, 'status')
    const reachable = member(question, 'sshReachable')
    if ((status !== undefined && status !== 'READY') || reachable === false) return never
    if (status === undefined || reachable === undefined)
      return unknown(fact, 'the inventory does not say status and sshReachable')
    return holds(fact, 'ready and reachable', 'inventory')
  },
  agentMessages: ({ binding: { target }, asTarget }, fact) => {
    if (target?.type !== 'role') return never
    const actions = ['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel']
    return [
      {
        facts: [{ fact, value: 'the role may ssmmessages:*', known: 'details' }],
        needs: [],
        asked: asTarget(
          actions.map((name) => `ssmmessages:${name}`),
          '*',
        ),
      },
    ]
  },
  containerInstance: (question, fact) => {
    const { world, index } = question.questions
    const type = 'AWS::ECS::Cluster'
    const clusters = index.thingsOf(type).all
    const isFit = ({ facts }: Thing): boolean => Number(facts.containerInstances ?? 0) > 0
    const options = among(question, fact, type, clusters.filter(isFit))
    if (!isListed(world.inventory, type)) return [...options, ...unknown(fact, notListed(type))]
    return clusters.some(({ facts }) => facts.containerInstances === undefined)
      ? [...options, ...unknown(fact, 'the inventory does not say containerInstances')]
      : options
  },
  streamGetsRecords: eventSources,
  controlsInstance: ({ read }, fact) => controlled(fact, read('control')),
  profileOfRole: ({ read }, fact) =>
    read('profiles')
      .slice(0, 1)
      .flatMap(({ arn }) => holds(fact, arn, 'details')),
  serviceOfTask,
  instanceWithProfile: decided('instanceProfile', isGiven),
  instanceWithoutProfile: (question, fact) => {
    const value = member(question, 'instanceProfile')
    if (value === undefined) return unknown(fact, 'the inventory does not say instanceProfile')
    return isGiven(value) ? never : holds(fact, 'no instance profile', 'inventory')
  },
  profileHoldsRole: ({ read }, fact) => {
    const holder = read('holder')
    return holder === undefined ? never : holds(fact, holder, 'details')
  },
  profileEmpty: ({ read }, fact) =>
    read('holder') === undefined ? holds(fact, 'the profile holds no role', 'details') : never,
  profileWornByControlledInstance: ({ questions: { world }, read }, fact) => {
    const found = controlled(fact, read('controlByProfile'))
    return found.length > 0 || isListed(world.inventory, 'AWS::EC2::Instance')
      ? found
      : unknown(fact, notListed('AWS::EC2::Instance'))
  },
  passRoleUnsettled: ({ binding: { target } }, fact) => [
    {
      facts: [{ fact, value: 'iam:PassRole is allowed as well', known: 'details' }],
      needs: target === undefined ? [] : furtherCalls.passRoleUnsettled,
    },
    ...unknown(fact, 'whether iam:PassRole is asked for an unchanged role is not settled'),
  ],
  // Guests of the enhanced flow are limited by a session policy; those of the basic flow are not. [PSR-21]
  identityPoolOpen: (question, fact) => {
    const lets = ['allowUnauthenticatedIdentities', 'allowClassicFlow']
    if (lets.some((name) => member(question, name) !== true))
      return unknown(fact, 'who may log in to the identity pool is not in the files')
    const context = { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' }
    return [{ facts: [{ fact, value: 'it lets in guests', known: 'inventory' }], needs: [], context }]
  },
  administersStackSets: (_question, fact) =>
    holds(fact, 'the administration role assumes the execution role', 'details'),
  stackInstances,
  agentTool: ({ binding: { wearer, things } }, fact) => {
    const tools = things?.get('AWS::Bedrock::AgentAlias')?.facts.tools
    if (tools === undefined) return unknown(fact, 'the inventory does not say tools')
    return Array.isArray(tools) && tools.includes(wearer?.arn)
      ? holds(fact, 'the agent calls the function', 'inventory')
      : never
  },
  podsWear: (_question, fact) => unknown(fact, 'Kubernetes decides which pods the attacker can run'),
  provisionedLater: (_question, fact) => unknown(fact, 'the permission set must be provisioned'),
  // The attacker must be a user of the directory to sign in to what is lent; who changes a permission set need not.
  identityCenterAdministrator: ({ questions: { world }, actor, technique }, fact) => {
    const { managesIdentityCenter: manages } = world.inventory
    if (manages === undefined)
      return unknown(fact, 'whether the account manages IAM Identity Center is not in the files')
    if (!manages) return never
    const { person } = actor.variant
    const isUser = person.type === 'role' && person.isIdentityCenter
    return isUser || technique.effect === 'writesPermissionSet'
      ? holds(fact, 'the account manages IAM Identity Center', 'inventory')
      : unknown(fact, 'whether the attacker is a user of IAM Identity Center is not in the files')
  },
  managementAccount: ({ questions: { world } }, fact) => {
    const { managementAccount } = world.organization
    if (managementAccount === world.account)
      return holds(fact, 'the account manages the organization', 'inventory')
    const value =
      managementAccount === undefined ? 'manages the organization' : 'is a delegated administrator'
    return unknown(fact, `whether the account ${value} is not in the files`)
  },
  rootAccess: (_question, fact) =>
    unknown(fact, 'whether root access is centralized and Account Management trusted is not in the files'),
  standsAlone: (_question, fact) =>
    unknown(fact, 'whether the account may leave the organization is not in the files'),
  servesIssuer: (_question, fact) => unknown(fact, 'the attacker must answer under the name of the issuer'),
  providerExists: ({ questions: { world }, binding: { provider } }, fact) => {
    const isThere = hasProvider(world, provider)
    if (isThere === undefined) return unknown(fact, 'whether the provider exists is not in the files')
    return isThere ? holds(fact, provider ?? '', 'inventory') : never
  },
  providerMissing: ({ questions: { world }, binding: { provider } }, fact) => {
    const isThere = hasProvider(world, provider)
    if (isThere === undefined) return unknown(fact, 'whether the provider exists is not in the files')
    return isThere ? never : holds(fact, `${provider} does not exist`, 'inventory')
  },
  // The instance role of the cluster assumes the role of a step.
  clusterAssumes: ({ binding: { target }, read, asAssumed }, fact) => {
    const role = read('clusterRole')
    if (target?.type !== 'role' || role === undefined) return never
    const value = `${role.arn} runs the steps of the cluster`
    return [{ facts: [{ fact, value, known: 'inventory' }], needs: [], asked: asAssumed(role) }]
  },
}

function isStopped(question: FactQuestion): boolean {
  return /^stop/i.test(String(member(question, 'state')))
}

/** Whether an identity provider exists; undefined if no file says it. */
function hasProvider({ inventory }: Questions['world'], provider: string | undefined): boolean | undefined {
  if (inventory.things?.some(({ arn }) => arn === provider) === true) return true
  return inventory.identityProviders?.has(provider ?? '')
}

function controlled(fact: string, { instance, isUnknown }: RecordOf<'control'>): readonly FactOption[] {
  if (instance !== undefined) return holds(fact, `code can be run on ${instance}`, 'inventory')
  return isUnknown ? unknown(fact, 'whether code can be run on the instance') : never
}
