import { type Principal as Caller, type Determining, type Request, wildcardMatcher } from '@omen-iam/policy'
import type { Path } from '../graph.ts'
import type { Step } from '../proof/fact-graph.ts'
import { lendersOf } from '../request/lent.ts'
import { isKey } from '../world/resource-policy.ts'
import {
  accountsIn,
  currentOf,
  type Principal,
  principalOf as principalNamed,
  type World,
  worldOfAccount,
} from '../world/world.ts'
import { boundaryText } from './added.ts'
import type { EditedWorld } from './apply.ts'
import { type Documents, isProtected, onlyAllows } from './documents.ts'
import { type Edit, editName } from './edit.ts'
import { isPassRole } from './render.ts'

/** Characters of a managed policy, white space left out (behaviour of IAM's quota). */
const mostOfPolicy = 6_144

/**
 * The facts that candidates are made of: the world before any edit, and the services that roles were seen passed to.
 */
export interface CandidateFacts {
  readonly world: World
  readonly documents: Documents
  readonly passedTo: readonly string[]
}

/** Every edit that takes something away on which a path of an edited world rests, by its name. */
export function candidatesOf(
  { steps }: Path,
  { origin }: EditedWorld,
  facts: CandidateFacts,
): ReadonlyMap<string, Edit> {
  const found = new Map<string, Edit>()
  const add = (edits: Iterable<Edit>): void => {
    for (const edit of edits) found.set(editName(edit), edit)
  }
  for (const step of steps) {
    if (step.gives === 'empower') add(boundaryOf(step, facts))
    add(ofLoan(step, facts))
    const { proof } = step
    if (proof === undefined || !('witness' in proof)) continue
    for (const [place, request] of proof.witness.requests.entries()) {
      add(deniesOf(request, facts.world))
      for (const by of proof.witness.decisions[place]?.by ?? []) {
        const before = origin(by.policy, by.statement.index)
        if (before === undefined) continue
        const statement = before.policy.statements[before.statement]
        if (statement === undefined) continue
        add(ofStatement({ ...by, policy: before.policy, statement }, request, facts))
        if (by.layer === 'identity') add(ofHolder(by, request, facts, step.gives === 'empower'))
      }
    }
  }
  return found
}

/** Edits of the statement that allows a request. */
function* ofStatement(
  { policy, statement, source }: Determining,
  request: Request,
  { world, documents, passedTo }: CandidateFacts,
): Generator<Edit> {
  const placed = documents.of(policy, source)
  if (placed === undefined) return
  const { name: document } = placed
  if (document.is === 'trust' || document.is === 'resource') {
    const values = (statement.principal?.entries ?? [])
      .filter((entry) => names(entry.type, entry.value, request.principal))
      .map(({ type, value }) => ({ type, value }))
    // Without its account in the policy, nobody could change a key.
    if (document.is === 'resource' && isKey(document.arn) && values.some(isAccount)) return
    const kind = document.is === 'trust' ? 'trust' : 'resource-policy'
    if (statement.principal?.negated === false && values.length > 0)
      yield { kind, document, statement: statement.index, values }
    if (document.is === 'trust') return
  }
  const { action, resource } = statement
  if (action.negated) yield { kind: 'remove-statement', document, statement: statement.index }
  else {
    const values = action.values
      .filter((each) => isMatch(each.value, request.action, true))
      .map(({ value }) => value)
    yield { kind: 'remove-action', document, statement: statement.index, values }
  }
  if (resource !== undefined && !resource.negated && resource.values.length > 1) {
    const values = resource.values
      .filter(({ value }) => isMatch(value, request.resource))
      .map(({ value }) => value)
    if (values.length > 0 && values.length < resource.values.length)
      yield { kind: 'remove-resource', document, statement: statement.index, values }
  }
  const narrow = narrowOf(statement, request.resource, world)
  if (narrow !== undefined)
    yield { kind: 'narrow', document, statement: statement.index, role: request.resource, ...narrow }
  const service = request.context.get('iam:PassedToService')
  if (typeof service !== 'string' || !action.values.some(({ value }) => isPassRole(value))) return
  if (statement.condition.some(({ key }) => key.toLowerCase() === 'iam:passedtoservice')) return
  const services = [
    ...new Set([
      ...passedTo,
      ...trustedServices(
        world,
        resource?.values.map(({ value }) => value),
      ),
    ]),
  ].sort()
  if (services.some((each) => each !== service))
    yield {
      kind: 'condition',
      document,
      statement: statement.index,
      service,
      services: [...new Set([...services, service])].sort(),
    }
}

function isAccount({ value }: { readonly value: string }): boolean {
  return /^(?:arn:[^:]*:iam::)?\d{12}(?::root)?$/.test(value)
}

/** The most roles that a statement names instead of a pattern. */
const mostRoles = 40

/** The patterns of iam:PassRole that fit a role, and the roles that fit them. */
function narrowOf(
  { action, resource }: Determining['statement'],
  role: string,
  world: World,
): { readonly values: readonly string[]; readonly roles: readonly string[] } | undefined {
  if (resource === undefined || resource.negated || !world.roles.has(role)) return undefined
  if (action.negated || !action.values.some(({ value }) => isPassRole(value))) return undefined
  const values = resource.values.map(({ value }) => value).filter((value) => isMatch(value, role))
  if (values.length === 0 || values.some((value) => !/[*?]/.test(value) || value.includes('$')))
    return undefined
  const roles = [...world.roles.values()].filter(
    ({ arn, isServiceLinked, trust }) =>
      !isServiceLinked &&
      values.some((value) => isMatch(value, arn)) &&
      trust?.policy.statements.some(({ principal }) =>
        principal?.entries.some(({ type }) => type === 'Service'),
      ) === true,
  )
  const arns = roles.map(({ arn }) => arn).sort()
  return arns.length > 1 && arns.length <= mostRoles && arns.includes(role)
    ? { values, roles: arns }
    : undefined
}

/** Edits that take the policy from the principal: detached, or out of the group. */
function* ofHolder(
  { source, policy }: Determining,
  { principal: caller }: Request,
  { world: all }: CandidateFacts,
  isEmpowering: boolean,
): Generator<Edit> {
  const principal = principalOf(caller, all)
  if (principal === undefined || isProtected(principal)) return
  const world = worldOfAccount(all, principal.account) ?? all
  const isOf = ({ policy: each }: { readonly policy: Determining['policy'] }): boolean => each === policy
  const arn = source.arn
  const plain = isEmpowering && source.type === 'aws-managed' ? { isPlain: true } : {}
  const isEasy = (policyArn: string): boolean => {
    const document = currentOf(world.policies.get(policyArn))
    return document !== undefined && onlyAllows(document)
  }
  if (arn !== undefined && principal.attached.includes(arn) && isEasy(arn))
    yield { kind: 'detach', owner: principal.arn, policy: arn, ...plain }
  if (principal.type !== 'user') return
  for (const name of principal.groups) {
    const group = world.groups.get(name)
    if (group === undefined) continue
    const has = arn === undefined ? group.inline.some(isOf) : group.attached.includes(arn)
    if (!has) continue
    if (arn !== undefined && isEasy(arn)) yield { kind: 'detach', owner: group.arn, policy: arn, ...plain }
    if (group.inline.every(onlyAllows) && group.attached.every(isEasy))
      yield { kind: 'leave-group', user: principal.arn, group: name, ...plain }
  }
}

/** Edits that take a role from who is lent it: from itself, or from a group of a user of a directory. [SGN-88] */
function* ofLoan({ from, to }: Step, { world }: CandidateFacts): Generator<Edit> {
  for (const { account, holder, inGroup } of lendersOf(accountsIn(world), from, to)) {
    if (inGroup !== undefined) yield { kind: 'leave-directory-group', user: holder, group: inGroup, account }
    yield {
      ...{ kind: 'unlend', role: to, account },
      holder: inGroup === undefined ? holder : `center/group/${inGroup}`,
    }
  }
}

/** Denies of a request: for the principal, and for the whole account if it has SCPs. */
function* deniesOf({ principal: caller, action, resource: asked }: Request, world: World): Generator<Edit> {
  const principal = principalOf(caller, world)
  if (principal === undefined || (principal.type === 'role' && principal.isServiceLinked)) return
  const resource = exists(world, asked) ? asked : '*'
  if (!isProtected(principal)) yield { kind: 'deny', principal: principal.arn, action, resource }
  const { account } = principal
  const { scps } = worldOfAccount(world, account)?.organization ?? world.organization
  const isOfSeveral = world.others !== undefined
  if (scps !== undefined) yield { kind: 'scp', action, resource, ...(isOfSeveral ? { account } : {}) }
}

/** A boundary for the principal that a step gives more permissions. */
function* boundaryOf({ from, to }: Step, { world }: CandidateFacts): Generator<Edit> {
  for (const arn of new Set([to, from])) {
    const principal = principalNamed(world, arn)
    if (principal === undefined || principal.boundary !== undefined) continue
    if (isProtected(principal)) continue
    const text = boundaryText(worldOfAccount(world, principal.account) ?? world, principal).replace(
      /\s+/g,
      '',
    )
    if (text.length <= mostOfPolicy && /"Allow"/.test(text)) yield { kind: 'boundary', principal: arn }
  }
}

/** The user or role of the account that makes a request. */
export function principalOf(caller: Caller, world: World): Principal | undefined {
  if (caller.type === 'user') return principalNamed(world, caller.arn)
  return caller.type === 'roleSession' ? principalNamed(world, caller.roleArn) : undefined
}

function exists(world: World, arn: string): boolean {
  return accountsIn(world).some(
    ({ users, roles, policies, groups, inventory }) =>
      users.has(arn) ||
      roles.has(arn) ||
      policies.has(arn) ||
      [...groups.values()].some((group) => group.arn === arn) ||
      inventory.resources?.some((resource) => resource.arn === arn) === true,
  )
}

/** Whether an entry of a trust policy names who makes a request. */
function names(type: string, value: string, principal: Caller): boolean {
  switch (principal.type) {
    case 'service':
      return type === 'Service' && principal.names.includes(value)
    case 'webIdentity':
    case 'saml':
      return type === 'Federated' && value === principal.provider
    case 'user':
    case 'roleSession': {
      if (type !== 'AWS') return false
      const arns = principal.type === 'user' ? [principal.arn] : [principal.roleArn, principal.sessionArn]
      return (
        value === '*' ||
        value === principal.account ||
        value.endsWith(`:iam::${principal.account}:root`) ||
        arns.includes(value)
      )
    }
    default:
      return value === '*'
  }
}

/** The services that the roles trust which a statement can pass. */
function trustedServices(world: World, resources: readonly string[] | undefined): readonly string[] {
  return accountsIn(world)
    .flatMap(({ roles }) => [...roles.values()])
    .filter(({ arn }) => resources === undefined || resources.some((pattern) => isMatch(pattern, arn)))
    .flatMap(({ trust }) => trust?.policy.statements ?? [])
    .flatMap(({ principal }) => principal?.entries ?? [])
    .flatMap(({ type, value }) => (type === 'Service' ? [value] : []))
}

function isMatch(pattern: string, text: string, ignoresCase = false): boolean {
  return ignoresCase
    ? wildcardMatcher(pattern.toLowerCase())(text.toLowerCase())
    : wildcardMatcher(pattern)(text)
}
