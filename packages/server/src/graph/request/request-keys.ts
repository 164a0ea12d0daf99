import type { Asked, ContextInput, KeyDomain, Shape } from '@omen-iam/policy'
import type { TechniqueNeed, TechniqueResource, TechniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import {
  type Group,
  type InstanceProfile,
  isListed,
  type ManagedPolicy,
  type Principal,
  type Resource,
  type SureTags,
  type World,
} from '../world/world.ts'
import type { Actor } from './actor.ts'
import { type Brought, broughtKeys } from './brought.ts'
import { keysOfTags, sureKeys, unreliable } from './keys-of-tags.ts'
import { type NewTags, newTagKeys } from './new-tag-keys.ts'
import { type Among, anyRegion, type Known, shapeOf } from './shape.ts'
import type { CallerKeys } from './variant.ts'

/** The entities that the variables of a technique are bound to. */
export interface Binding {
  readonly target?: Principal | undefined
  readonly policy?: ManagedPolicy | undefined
  readonly group?: Group | undefined
  readonly profile?: InstanceProfile | undefined
  readonly provider?: string | undefined
  readonly workload?: Resource | undefined
  /** Whether no file says which role the workload runs as. */
  readonly isRoleUnknown?: boolean
  /** The account of the resource that runs as the target, if it is not the caller's. */
  readonly account?: string
  readonly resources?: ReadonlyMap<string, Resource>
  /** Whether the attacker has written the trust policy of the target, so that it lets in whom it chooses. */
  readonly isOpened?: boolean
  /** Condition keys that are known because of what is done: iam:PolicyARN, iam:PermissionsBoundary, tags. */
  readonly context?: Readonly<Record<string, ContextInput | undefined>>
  /** Of the ways of the technique only those that begin with this action. */
  readonly only?: string
  /** The name of a new user or role: one, with its path, or any that fits none of some patterns of ARNs. */
  readonly newName?:
    | { readonly is: 'named'; readonly name: string }
    | { readonly is: 'other'; readonly patterns: readonly string[] }
  /** The account in which a stack set of the attacker makes its stacks. */
  readonly stacksIn?: string
  /** The resource that a role is passed for. */
  readonly passedFor?: string | Shape
  /** Tags that the attacker gives to what is new. */
  readonly newTags?: NewTags
  /** The sets of values that variables of ARNs may have. */
  readonly among?: Among
  /** The principal that invokes a function, if it is not the caller. */
  readonly invoker?: Principal
  /** The additions to the calls of the technique. */
  readonly brought?: Brought
  /** Requests that come before those of the technique. Where they are, answers are not kept. */
  readonly ahead?: (caller: Actor) => readonly Asked[]
  /** Requests that belong to the plan besides those of the technique. */
  readonly more?: (caller: Actor) => readonly Asked[]
  /** A text of all that `more` depends on besides the actor and the target; if absent, its answers are not kept. */
  readonly moreKey?: string
}

/** Keys that hold something that exists, besides the resource: the role that is passed, the cluster, the task; in lower case. */
export const boundKeys = perObject(
  ({ keys }: TechniqueTable): ReadonlySet<string> =>
    new Set(Object.keys(keys).flatMap((key) => (keys[key]?.holds === undefined ? [] : key.toLowerCase()))),
)

/** A request of a technique, and what it names. */
export interface KeyQuestion {
  readonly world: World
  readonly table: TechniqueTable
  readonly need: TechniqueNeed
  readonly binding: Binding
  readonly known: Known
  readonly type: TechniqueResource | undefined
  /** The tags of the resource; undefined if nobody knows them. */
  readonly tags: Readonly<Record<string, string>> | undefined
  readonly sureTags?: SureTags | undefined
  /** The ARN of the role that the technique passes. */
  readonly passed?: string | undefined
}

/** The condition keys of a request that the caller does not decide: of the action, the resource and the technique. */
export function requestKeys(question: KeyQuestion): CallerKeys {
  const { world, table, need, binding, known, type } = question
  const context: Record<string, ContextInput> = {}
  const chosen: Record<string, KeyDomain> = {}
  const open: Record<string, KeyDomain> = {}
  const action = table.actions[need.action]
  const service = need.action.slice(0, need.action.indexOf(':'))
  const isExisting = need.on.is === 'workload' || need.on.is === 'resource'
  for (const key of [...(action?.keys ?? []), ...(type?.keys ?? [])]) {
    const name = key.replace(/\$\{[^${}]*\}$/, '*')
    const { holds, isOptional, isOnlySet, given, values } = table.keys[name] ?? {}
    if (/^(?:aws|iam|ssm|ec2|[a-z-]+):(?:resource)?ResourceTag\//i.test(name))
      open[name] = { mayBeAbsent: true }
    else if (name === 'aws:RequestTag/*') chosen[name] = { mayBeAbsent: true }
    else if (name === 'aws:TagKeys') chosen[name] = { mayBeAbsent: true, isMultivalued: true }
    else if (name === 's3:ResourceAccount') context[name] = binding.account ?? world.account
    else if (name.startsWith('aws:') || isOnlySet === true) continue
    else if (holds === 'role') {
      // A call that passes no role has no such key.
      if (question.passed === undefined) continue
      if (isOptional === true) chosen[name] = { values: [question.passed], mayBeAbsent: true }
      else context[name] = question.passed
    } else if (service === 'ec2' && isExisting && !name.startsWith('ec2:Region'))
      open[name] = { mayBeAbsent: true }
    else if (given === 'always' || (given === 'existing' && isExisting)) open[name] = { mayBeAbsent: true }
    else chosen[name] = { mayBeAbsent: true, ...(values === undefined ? {} : { values }) }
  }
  if (need.on.is !== 'new') {
    // Nobody knows the tags of what is not in the files.
    open['aws:ResourceTag/*'] = { mayBeAbsent: true }
    // Of IAM's own resources, users and roles alone have iam:ResourceTag.
    if (service !== 'iam' || isTargetOf(need)) open[`${service}:ResourceTag/*`] = { mayBeAbsent: true }
  }
  const { tags } = question
  if (tags !== undefined) {
    for (const name of Object.keys(open)) if (/ResourceTag\//i.test(name)) delete open[name]
    const keys = { ...keysOfTags('aws:ResourceTag', tags), ...keysOfTags(`${service}:ResourceTag`, tags) }
    if (need.action === 'iam:PassRole') Object.assign(open, unreliable(keys))
    else Object.assign(context, keys)
  } else
    for (const start of ['aws:ResourceTag', `${service}:ResourceTag`] as const) {
      if (open[`${start}/*`] === undefined) continue
      const sure = sureKeys(start, question.sureTags)
      Object.assign(context, sure.context)
      Object.assign(open, sure.open)
    }
  const isPassing = need.action === 'iam:PassRole'
  const isGlobal = (service === 'iam' || service === 'organizations') && !isPassing
  const region = isGlobal ? globalRegion(world) : known.Region
  if (region !== undefined) context['aws:RequestedRegion'] = region
  else chosen['aws:RequestedRegion'] = { mayBeAbsent: false, shape: [anyRegion(world.partition)] }
  if (isPassing) associatedKey(question, chosen, open)
  if (isTargetOf(need) && binding.target !== undefined) boundaryKey(need, binding, context, chosen)
  for (const [key, value] of Object.entries(need.with ?? {})) setKey(question, key, value, context, chosen)
  const resource = resourceOf(need, binding)
  const held = { resource: resource?.arn, cluster: clusterOf(resource?.arn) }
  for (const key of Object.keys(chosen)) {
    const { holds } = table.keys[key] ?? {}
    const arn = holds === 'resource' || holds === 'cluster' ? held[holds] : undefined
    if (arn === undefined) continue
    delete chosen[key]
    context[key] = arn
  }
  const instance = resource?.facts.instanceProfile
  if (service === 'ec2' && typeof instance === 'string') {
    context['ec2:InstanceProfile'] = instance
    delete open['ec2:InstanceProfile']
  }
  const names = [...Object.keys(chosen), ...Object.keys(open), ...Object.keys(context)]
  for (const [key, value] of Object.entries(binding.context ?? {})) {
    // A key that the action does not have is not in its request.
    if (!names.some((name) => name === key || (name.endsWith('*') && key.startsWith(name.slice(0, -1)))))
      continue
    if (need.with?.[key] !== undefined) continue
    // An instance that exists has the profile that it has.
    if (key === 'ec2:InstanceProfile' && isExisting) continue
    if (typeof value === 'string' && value.startsWith('new ')) {
      setKey(question, key, value, context, chosen)
      continue
    }
    delete chosen[key]
    delete open[key]
    if (value !== undefined) context[key] = value
  }
  // A request that writes some tags writes no others.
  if (Array.isArray(context['aws:TagKeys'])) delete chosen['aws:RequestTag/*']
  const keys = broughtKeys(
    need.action,
    action?.tagging,
    binding.brought,
    { context, chosen, open },
    world.partition,
    need.with,
  )
  return binding.newTags === undefined ? keys : newTagKeys(need, binding.newTags, keys)
}

/**
 * The resource that a role is passed for: what is made or changed, or any instance of EC2. Left open if that is not known.
 * [POL-075, PSR-7]
 */
function associatedKey(
  { world, known, binding }: KeyQuestion,
  chosen: Record<string, KeyDomain>,
  open: Record<string, KeyDomain>,
): void {
  const key = 'iam:AssociatedResourceArn'
  delete chosen[key]
  const service = binding.context?.['iam:PassedToService']
  if (service !== 'ec2.amazonaws.com') {
    if (binding.passedFor === undefined) open[key] = { mayBeAbsent: true }
    else chosen[key] = shapeDomain(binding.passedFor)
    return
  }
  const instance = binding.workload ?? binding.resources?.get('AWS::EC2::Instance')
  const { partition, account } = world
  chosen[key] =
    instance?.type === 'AWS::EC2::Instance'
      ? { values: [`${instance.arn.slice(0, instance.arn.lastIndexOf('/'))}/*`], mayBeAbsent: false }
      : binding.profile !== undefined
        ? { values: [`arn:${partition}:ec2:*:${account}:instance/*`], mayBeAbsent: false }
        : {
            shape: [
              `arn:${partition}:ec2:`,
              known.Region ?? anyRegion(world.partition),
              `:${account}:instance/*`,
            ],
            mayBeAbsent: false,
          }
}

/** iam:PermissionsBoundary is the boundary that the principal has, unless the request sets one. */
function boundaryKey(
  need: TechniqueNeed,
  binding: Binding,
  context: Record<string, ContextInput>,
  chosen: Record<string, KeyDomain>,
): void {
  if (chosen['iam:PermissionsBoundary'] === undefined) return
  if (/^iam:Put(?:User|Role)PermissionsBoundary$/.test(need.action)) return
  delete chosen['iam:PermissionsBoundary']
  const boundary = binding.target?.boundary
  if (boundary !== undefined) context['iam:PermissionsBoundary'] = boundary
}

/** The value of a key, in the data of a request, that the request does not have. */
export const absent = 'absent'

function setKey(
  { world, need, binding, known }: KeyQuestion,
  key: string,
  value: string,
  context: Record<string, ContextInput>,
  chosen: Record<string, KeyDomain>,
): void {
  delete chosen[key]
  if (value === absent) return
  if (value === 'workload') {
    if (binding.workload !== undefined) context[key] = binding.workload.arn
  } else if (value.startsWith('resources ')) {
    const type = value.slice(7)
    const arns = world.inventory.resources?.filter((resource) => resource.type === type).map(({ arn }) => arn)
    chosen[key] =
      arns === undefined || arns.length === 0 || !isListed(world.inventory, type)
        ? { mayBeAbsent: false }
        : { mayBeAbsent: false, values: arns }
  } else {
    const { partition, account } = world
    const template = value.replace(/^new /, '')
    // A name by itself is one of the service of the call.
    const [, , service = need.action.slice(0, need.action.indexOf(':'))] = template.split(':')
    chosen[key] = shapeDomain(
      shapeOf(template, { partition, account, service, type: '', known, among: binding.among, isNew: true }),
    )
  }
}

/** The domain of a key that holds an ARN of a form. */
export function shapeDomain(shape: string | Shape): KeyDomain {
  return typeof shape === 'string' ? { values: [shape], mayBeAbsent: false } : { shape, mayBeAbsent: false }
}

function isTargetOf({ on }: TechniqueNeed): boolean {
  return on.is === 'target'
}

/** The existing resource that a need names. */
export function resourceOf({ on }: TechniqueNeed, binding: Binding): Resource | undefined {
  if (on.is === 'workload') return binding.workload
  return on.is === 'resource' ? binding.resources?.get(on.type) : undefined
}

/** The tags of a resource as condition keys. Transitive tags of the caller count as aws:ResourceTag alone. [POL-057] */
export function ofResource(
  tags: Readonly<Record<string, string>>,
  withTransitive = tags,
): Record<string, ContextInput> {
  return { ...keysOfTags('aws:ResourceTag', withTransitive), ...keysOfTags('iam:ResourceTag', tags) }
}

/** The cluster of what runs in one, if its ARN names it. */
function clusterOf(arn = ''): string | undefined {
  const [, start, name] =
    /^(arn:[^:]*:ecs:[^:]*:[^:]*:)(?:task|service|container-instance|task-set)\/([^/]+)\/./.exec(arn) ?? []
  return name === undefined ? undefined : `${start}cluster/${name}`
}

/** The region of an ARN, if it has one. */
export function regionOf(arn: string): Known {
  const region = arn.split(':')[3]
  return region === undefined || region === '' ? {} : { Region: region }
}

/** IAM and Organizations are global: their calls are in the region of their endpoint. */
function globalRegion({ partition }: World): string {
  if (partition === 'aws-cn') return 'cn-north-1'
  return partition === 'aws-us-gov' ? 'us-gov-west-1' : 'us-east-1'
}
