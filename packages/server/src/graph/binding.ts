import type { Technique, TechniqueNeed } from '../authorization/catalogue/index.ts'
import { type Change, changeName } from './change.ts'
import type { Form } from './form.ts'
import type { Binding } from './request-keys.ts'
import type { Actor } from './trust-question.ts'
import type { Group, ManagedPolicy, Person, Role, Thing, World } from './world.ts'

/** What comes of a technique on what is bound. */
export type Outcome =
  | { readonly is: 'change'; readonly change: Change }
  | { readonly is: 'held'; readonly person: Person; readonly form: Form }

/** One use of a technique. */
export interface Use {
  readonly binding: Binding
  readonly outcome: Outcome
  /** What it is about, for people. */
  readonly to: string
}

/** The policy that gives everything, and exists in every account. */
export function administratorAccess({ partition }: World): string {
  return `arn:${partition}:iam::aws:policy/AdministratorAccess`
}

/** Every use of a technique by an actor in a world. */
export function usesOf(
  world: World,
  technique: Technique,
  actor: Actor,
  people: readonly Person[],
): readonly Use[] {
  const self = actor.variant.person
  switch (technique.effect) {
    case 'writesPolicy':
      return onGroup(technique)
        ? [...world.groups.values()].map((group) => onGroupUse(group))
        : ofType(technique, people).map((target) => personUse(target, { is: 'everything', arn: target.arn }))
    case 'attachesPolicy':
      return onGroup(technique)
        ? [...world.groups.values()].flatMap((group) => attachments(world, group, { group }))
        : ofType(technique, people).flatMap((target) => attachments(world, target, { target }))
    case 'writesVersion':
      return ownPolicies(world).map((policy) => policyUse(policy, undefined))
    case 'setsVersion':
      return ownPolicies(world).flatMap((policy) =>
        [...policy.versions.keys()]
          .filter((version) => version !== policy.defaultVersion)
          .map((version) => policyUse(policy, version)),
      )
    case 'joinsGroup':
      return people.flatMap((target) =>
        target.type !== 'user'
          ? []
          : [...world.groups.values()]
              .filter(({ name }) => !target.groups.includes(name))
              .map(
                (group): Use => ({
                  binding: { target, group },
                  outcome: { is: 'change', change: { is: 'joined', arn: target.arn, group: group.name } },
                  to: group.arn,
                }),
              ),
      )
    case 'removesBoundary':
      return ofType(technique, people)
        .filter(({ boundary }) => boundary !== undefined)
        .map((target) => personUse(target, { is: 'boundary', arn: target.arn, policy: undefined }))
    case 'replacesBoundary':
      return ofType(technique, people)
        .filter(({ boundary }) => boundary !== undefined)
        .flatMap((target) => boundaries(world, target))
    case 'detachesPolicy':
      return ofType(technique, people).flatMap((target) =>
        target.attached
          .filter((arn) => denies(world, arn))
          .map((arn) => ({
            ...personUse(target, { is: 'without', arn: target.arn, key: arn }),
            binding: { target, context: { 'iam:PolicyARN': arn } },
          })),
      )
    case 'deletesPolicy':
      return ofType(technique, people).flatMap((target) =>
        target.inline
          .filter(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'))
          .map(({ key }) => personUse(target, { is: 'without', arn: target.arn, key })),
      )
    case 'writesTags':
      return people.flatMap((target) => tagUses(world, technique, target))
    case 'leavesOrganization':
      return world.organization.scps === undefined
        ? []
        : [
            {
              binding: {},
              outcome: { is: 'change', change: { is: 'unbound', arn: world.account } },
              to: world.account,
            },
          ]
    case 'enrollsMfa':
      return self.type === 'user'
        ? [{ binding: { target: self }, outcome: held(self, 'mfa'), to: self.arn }]
        : []
    case 'writesPermissionSet':
      return people
        .filter((person) => person.type === 'role' && person.isIdentityCenter)
        .map((target) => personUse(target, { is: 'everything', arn: target.arn }))
    case 'becomes':
      return becoming(world, technique, people)
    default:
      return []
  }
}

function held(person: Person, form: Form): Outcome {
  return { is: 'held', person, form }
}

function personUse(target: Person, change: Change): Use {
  return { binding: { target }, outcome: { is: 'change', change }, to: target.arn }
}

function onGroupUse(group: Group): Use {
  return {
    binding: { group },
    outcome: { is: 'change', change: { is: 'everything', arn: group.arn } },
    to: group.arn,
  }
}

function policyUse(policy: ManagedPolicy, version: string | undefined): Use {
  return {
    binding: { policy },
    outcome: { is: 'change', change: { is: 'version', arn: policy.arn, version } },
    to: policy.arn,
  }
}

function onGroup({ needs }: Technique): boolean {
  return needs[0]?.on.is === 'group'
}

/** Users or roles, as the technique says. */
function ofType({ target }: Technique, people: readonly Person[]): readonly Person[] {
  return people.filter(({ type }) => target === type || target === 'user or role')
}

function ownPolicies({ policies }: World): readonly ManagedPolicy[] {
  return [...policies.values()].filter(({ isCustomerManaged }) => isCustomerManaged)
}

/** Attachments: AdministratorAccess first, then each policy that the target lacks. */
function attachments(
  world: World,
  owner: { readonly arn: string; readonly attached: readonly string[] },
  binding: Binding,
): readonly Use[] {
  const best = administratorAccess(world)
  return [...world.policies.values()]
    .filter(({ arn }) => !owner.attached.includes(arn) && !arn.includes(':policy/aws-service-role/'))
    .map(({ arn }): Use => {
      const change: Change =
        arn === best ? { is: 'everything', arn: owner.arn } : { is: 'attached', arn: owner.arn, policy: arn }
      return {
        binding: { ...binding, context: { 'iam:PolicyARN': arn } },
        outcome: { is: 'change', change },
        to: owner.arn,
      }
    })
    .sort((one, other) => Number(isAttached(one)) - Number(isAttached(other)))
}

function isAttached({ outcome }: Use): boolean {
  return outcome.is === 'change' && outcome.change.is === 'attached'
}

function boundaries(world: World, target: Person): readonly Use[] {
  return [...world.policies.values()]
    .filter(({ arn }) => arn !== target.boundary)
    .map(({ arn }) => ({
      binding: { target, context: { 'iam:PermissionsBoundary': arn } },
      outcome: { is: 'change', change: { is: 'boundary', arn: target.arn, policy: arn } },
      to: target.arn,
    }))
}

function denies({ policies }: World, arn: string): boolean {
  const policy = policies.get(arn)
  const document = policy?.versions.get(policy.defaultVersion)
  return document?.policy.statements.some(({ effect }) => effect === 'Deny') === true
}

/** Tags that policies compare with a text: each pair of a key and a value that a condition names. */
function tagUses(world: World, technique: Technique, target: Person): readonly Use[] {
  return tagsNamed(world)
    .filter(([key, value]) => target.tags[key] !== value)
    .map(([key, value]) => ({
      binding: {
        target,
        context: { [`aws:RequestTag/${key}`]: value, 'aws:TagKeys': [key] },
      },
      outcome: { is: 'change', change: { is: 'tag', arn: target.arn, key, value } },
      to: `${target.arn} ${technique.id}`,
    }))
}

const named = new WeakMap<World, readonly (readonly [string, string])[]>()

function tagsNamed(world: World): readonly (readonly [string, string])[] {
  let pairs = named.get(world)
  if (pairs === undefined) {
    const found = new Map<string, readonly [string, string]>()
    for (const { policy } of documentsOf(world)) {
      for (const { condition } of policy.statements) {
        for (const { key, values } of condition) {
          const tag = /^(?:aws:PrincipalTag|aws:ResourceTag|iam:ResourceTag)\/(.+)$/i.exec(key)?.[1]
          if (tag === undefined) continue
          for (const { value } of values) if (!/[*?$]/.test(value)) found.set(`${tag}=${value}`, [tag, value])
        }
      }
    }
    pairs = [...found.values()].slice(0, 50)
    named.set(world, pairs)
  }
  return pairs
}

function* documentsOf(world: World) {
  for (const { inline } of world.users.values()) yield* inline
  for (const { inline, trust } of world.roles.values()) {
    yield* inline
    if (trust !== undefined) yield trust
  }
  for (const { inline } of world.groups.values()) yield* inline
  for (const { versions } of world.policies.values()) yield* versions.values()
}

/** Uses that give credentials of the target, or make calls as it. */
function becoming(world: World, technique: Technique, people: readonly Person[]): readonly Use[] {
  const form: Form = technique.id.startsWith('user.login') ? 'console' : 'service'
  if (technique.target === 'user')
    return people.flatMap((target) =>
      target.type === 'user'
        ? [{ binding: { target }, outcome: held(target, form === 'console' ? form : 'key'), to: target.arn }]
        : [],
    )
  const roles = people.filter((person) => person.type === 'role')
  if (technique.wornBy !== undefined) return worn(world, technique, roles)
  if (technique.passesTo === undefined) return roles.flatMap((role) => reserved(technique, role))
  const bound = thingsOf(world, technique)
  const profiles = needsOf(technique).some(({ on }) => on.is === 'profile')
  // a service-linked role belongs to its service, which alone puts it on
  const passable = roles.filter(({ isServiceLinked }) => !isServiceLinked)
  return passable.flatMap((target) =>
    bound.flatMap((things) =>
      (profiles ? allProfiles(world) : [undefined]).map(
        (profile): Use => ({
          binding: { target, things, profile },
          outcome: held(target, 'service'),
          to: target.arn,
        }),
      ),
    ),
  )
}

/** Techniques of IAM Identity Center are about its roles alone. */
function reserved(_technique: Technique, role: Role): readonly Use[] {
  return role.isIdentityCenter
    ? [{ binding: { target: role }, outcome: held(role, 'assumed'), to: role.arn }]
    : []
}

function worn(world: World, technique: Technique, roles: readonly Role[]): readonly Use[] {
  const wearers = world.inventory.things?.filter(({ type }) => technique.wornBy?.includes(type))
  // Without a list of resources any role may be worn that trusts the service.
  if (wearers === undefined)
    return roles
      .filter((role) => mayBeWorn(technique, role))
      .map((target) => ({ binding: { target }, outcome: held(target, 'service'), to: target.arn }))
  return wearers.flatMap((wearer) => {
    const target = roles.find(({ arn, name }) => arn === wearer.role || name === wearer.role)
    if (target === undefined) return []
    return thingsOf(world, technique).map(
      (things): Use => ({
        binding: { target, wearer, things },
        outcome: held(target, 'service'),
        to: target.arn,
      }),
    )
  })
}

/** Whether the trust policy names the service of a resource that could wear the role. */
function mayBeWorn({ wornBy = [] }: Technique, { trust }: Role): boolean {
  return wornBy.some((type) => {
    const service = wearingServices[type]
    const text = trust?.policy.text ?? ''
    return service === undefined ? text.includes('Service') : service.some((name) => text.includes(name))
  })
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
export function thingsOf(world: World, technique: Technique): readonly ReadonlyMap<string, Thing>[] {
  const types = [...new Set(needsOf(technique).flatMap(({ on }) => (on.is === 'thing' ? on.type : [])))]
  let all: ReadonlyMap<string, Thing>[] = [new Map()]
  for (const type of types) {
    const things = world.inventory.things?.filter((thing) => thing.type === type) ?? []
    // Ways that need no such thing are still possible.
    const choices: (Thing | undefined)[] = things.length === 0 ? [undefined] : things
    all = all
      .flatMap((before) =>
        choices.map((thing) => (thing === undefined ? before : new Map([...before, [type, thing]]))),
      )
      .slice(0, 200)
  }
  return all
}

function allProfiles(world: World) {
  return [...world.roles.values()].flatMap(({ profiles }) => profiles)
}

/** Every need of a technique. */
export function needsOf({ needs, ways }: Technique): readonly TechniqueNeed[] {
  return [...needs, ...ways.flatMap((way) => way.needs)]
}

/** The name of what comes of a use. */
export function outcomeName(outcome: Outcome): string {
  return outcome.is === 'held' ? heldName(outcome.person, outcome.form) : changeName(outcome.change)
}

/** The fact that the attacker holds a principal in a form. */
export function heldName({ arn }: Person, form: Form): string {
  return `holds ${arn} ${form}`
}
