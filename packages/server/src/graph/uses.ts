import type { Technique } from '../authorization/catalogue/index.ts'
import { assumptions, federationUses, type OwnUse, stackSetUses, trustUses } from './assume.ts'
import { held, needsOf, type Use } from './binding.ts'
import type { Form } from './form.ts'
import { makings } from './make.ts'
import type { Prover } from './prove.ts'
import type { Shared } from './shared.ts'
import type { Actor } from './trust-question.ts'
import type { InstanceProfile, Person, Role, Thing } from './world.ts'

/** Where uses are looked for. */
export interface UseQuestion {
  readonly shared: Shared
  readonly prover: Prover
  readonly technique: Technique
  readonly actor: Actor
  /** The one target that is wanted; undefined: any. */
  readonly only: Person | undefined
}

/** The uses of a technique by which an actor comes to hold another principal. */
export function usesOf(question: UseQuestion): Iterable<OwnUse> {
  const { shared, prover, technique, actor, only } = question
  switch (technique.effect) {
    case 'assumes':
      return technique.id === 'trust.assume-role' ? assumptions(question) : []
    case 'writesTrust':
      return trustUses(question)
    case 'federates':
      return federationUses(question)
    case 'makesUser':
    case 'makesRole':
      return only === undefined ? makings(shared, technique, actor, prover) : []
    case 'becomes':
      if (technique.facts.includes('administersStackSets')) return stackSetUses(question)
      return plain(question, becoming(question))
    default:
      return []
  }
}

/** Uses that are proved by their binding. */
export function* plain(
  { prover, technique, actor }: UseQuestion,
  uses: Iterable<Use>,
): Generator<OwnUse> {
  for (const use of uses)
    yield {
      technique,
      use,
      prove: (target) =>
        prover.prove(actor, technique, target === undefined ? use.binding : { ...use.binding, target }),
    }
}

/** The principals that an Allow of the actor for an action names. */
export function namedFor(
  { shared, actor, only }: Omit<UseQuestion, 'technique' | 'prover'>,
  action: string,
  type: 'users' | 'roles',
): readonly Person[] {
  const of = type === 'users' ? 'user' : 'role'
  const people =
    only === undefined
      ? shared.index[type].startingWith(shared.heads(actor, action))
      : only.type === of
        ? [only]
        : []
  return people.filter(({ arn }) => shared.match(actor, action, arn).isAllowed)
}

/** The roles that an actor may pass, and whose trust policy names one of some services. */
export function passable(question: UseQuestion, services: readonly string[] | undefined): readonly Role[] {
  const { shared, actor, only } = question
  const { index } = shared
  const trusting = services === undefined ? undefined : [...new Set(services.flatMap((each) => index.trustingService(each)))]
  const named = index.roles.startingWith(shared.heads(actor, 'iam:PassRole'))
  const people: readonly Person[] =
    only !== undefined ? [only] : trusting !== undefined && trusting.length < named.length ? trusting : named
  const wanted = trusting === undefined ? undefined : new Set<Person>(trusting)
  return people.flatMap((role) =>
    role.type === 'role' &&
    // a service-linked role belongs to its service, which alone puts it on
    !role.isServiceLinked &&
    wanted?.has(role) !== false &&
    shared.match(actor, 'iam:PassRole', role.arn).isAllowed
      ? role
      : [],
  )
}

/** Uses that give credentials of the target, or make calls as it. */
function* becoming(question: UseQuestion): Generator<Use> {
  const { shared, technique } = question
  if (technique.target === 'user') {
    const form: Form = technique.id.startsWith('user.login') ? 'console' : 'key'
    const action = technique.needs[0]?.action ?? ''
    for (const target of namedFor(question, action, 'users'))
      yield { binding: { target }, outcome: held(target, form), to: target.arn }
    return
  }
  if (technique.wornBy !== undefined) return yield* worn(question)
  if (technique.passesTo === undefined) return yield* reserved(question)
  const bound = thingsOf(question)
  const profiles = needsOf(technique).some(({ on }) => on.is === 'profile')
    ? profilesOf(question)
    : [undefined]
  for (const target of passable(question, trustedBy(technique)))
    for (const things of bound)
      for (const profile of profiles)
        yield { binding: { target, things, profile }, outcome: held(target, 'service'), to: target.arn }
}

/** The services that a role must trust so that it can be passed; undefined if another trust counts. */
function trustedBy({ trusts }: Technique): readonly string[] | undefined {
  return trusts?.type === 'service' ? [trusts.name] : undefined
}

function profilesOf({ shared, technique, actor }: UseQuestion): readonly InstanceProfile[] {
  const { index } = shared
  const actions = needsOf(technique).flatMap(({ action, on }) => (on.is === 'profile' ? action : []))
  const [first = ''] = actions
  return index.profiles
    .startingWith(shared.heads(actor, first))
    .filter(({ arn }) => shared.match(actor, first, arn).isAllowed)
}

/** Techniques of IAM Identity Center are about its roles alone. */
function* reserved({ shared, only }: UseQuestion): Generator<Use> {
  const roles = only === undefined ? shared.index.reserved : [only]
  for (const role of roles)
    if (role.type === 'role' && role.isIdentityCenter)
      yield { binding: { target: role }, outcome: held(role, 'assumed'), to: role.arn }
}

function* worn(question: UseQuestion): Generator<Use> {
  const { shared, technique, only } = question
  const { index, world } = shared
  const types = technique.wornBy ?? []
  // Without a list of resources any role may be worn that trusts the service.
  if (world.inventory.things === undefined) {
    const services = [...new Set(types.flatMap((type) => wearingServices[type] ?? ['']))]
    const roles = services.includes('')
      ? index.roles.all.filter((role) => role.type === 'role' && role.trust?.policy.text.includes('Service'))
      : new Set(services.flatMap((service) => index.trustingService(service)))
    for (const target of roles)
      if (only === undefined || target === only)
        yield { binding: { target }, outcome: held(target, 'service'), to: target.arn }
    return
  }
  const bound = thingsOf(question)
  for (const type of types) {
    for (const wearer of wearersOf(question, type)) {
      const target = index.roleOf(wearer.role)
      if (target === undefined || (only !== undefined && target !== only)) continue
      for (const things of bound)
        yield { binding: { target, wearer, things }, outcome: held(target, 'service'), to: target.arn }
    }
  }
}

/** The resources of a type that an Allow of the actor names for some action of the technique on them. */
function wearersOf(question: UseQuestion, type: string): readonly Thing[] {
  const { shared, technique } = question
  const actions = technique.needs.flatMap(({ action, on }) => (on.is === 'wearer' ? action : []))
  return allowed(question, actions.slice(0, 1), type, shared.index.thingsOf(type).all)
}

/**
 * Without those that no Allow names. A resource whose ARN is of another form than the action takes is kept: it is asked
 * about under another name.
 */
function allowed(
  { shared, actor }: UseQuestion,
  actions: readonly string[],
  _type: string,
  things: readonly Thing[],
): readonly Thing[] {
  if (actions.length === 0) return things
  const heads = actions.map((action) => shared.heads(actor, action))
  if (heads.every((each) => each.includes(''))) return things
  return things.filter((thing) =>
    actions.some(
      (action) =>
        shared.match(actor, action, thing.arn).isAllowed || !shared.questions.takes(action, thing.arn),
    ),
  )
}

/** The services that a role must trust so that a resource of a type can wear it. */
export const wearingServices: Readonly<Record<string, readonly string[] | undefined>> = {
  'AWS::Lambda::Function': ['lambda.amazonaws.com'],
  'AWS::EC2::Instance': ['ec2.amazonaws.com'],
  'AWS::EC2::LaunchTemplate': ['ec2.amazonaws.com'],
  'AWS::SSM::ManagedInstance': ['ssm.amazonaws.com'],
  'AWS::ECS::Task': ['ecs-tasks.amazonaws.com'],
  'AWS::CodeBuild::Project': ['codebuild.amazonaws.com'],
  'AWS::CodePipeline::Pipeline': ['codepipeline.amazonaws.com'],
  'AWS::CloudFormation::Stack': ['cloudformation.amazonaws.com'],
  'AWS::SageMaker::NotebookInstance': ['sagemaker.amazonaws.com'],
  'AWS::SageMaker::UserProfile': ['sagemaker.amazonaws.com'],
  'AWS::Glue::DevEndpoint': ['glue.amazonaws.com'],
  'AWS::Glue::Session': ['glue.amazonaws.com'],
  'AWS::Glue::Job': ['glue.amazonaws.com'],
  'AWS::AppRunner::Service': ['tasks.apprunner.amazonaws.com'],
  'AWS::StepFunctions::StateMachine': ['states.amazonaws.com'],
  'AWS::Batch::JobDefinition': ['ecs-tasks.amazonaws.com'],
  'AWS::BedrockAgentCore::CodeInterpreter': ['bedrock-agentcore.amazonaws.com'],
  'AWS::BedrockAgentCore::Runtime': ['bedrock-agentcore.amazonaws.com'],
  'AWS::BedrockAgentCore::Browser': ['bedrock-agentcore.amazonaws.com'],
}

/** Every choice of existing resources for the `thing` variables; at most some hundred. */
export function thingsOf(question: UseQuestion): readonly ReadonlyMap<string, Thing>[] {
  const { shared, technique } = question
  const needs = needsOf(technique)
  const types = [...new Set(needs.flatMap(({ on }) => (on.is === 'thing' ? on.type : [])))]
  let all: ReadonlyMap<string, Thing>[] = [new Map()]
  for (const type of types) {
    const actions = needs.flatMap(({ action, on }) => (on.is === 'thing' && on.type === type ? action : []))
    const things = allowed(question, actions, type, shared.index.thingsOf(type).all)
    // Ways that need no such thing are still possible.
    const choices: readonly (Thing | undefined)[] = things.length === 0 ? [undefined] : things
    all = all
      .flatMap((before) =>
        choices.map((thing) => (thing === undefined ? before : new Map([...before, [type, thing]]))),
      )
      .slice(0, 200)
  }
  return all
}
