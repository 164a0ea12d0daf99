import type { PolicySource } from '@omen-iam/policy'
import { type AccessRequest, type Call, entitySources, identitySources } from '../../authorization/index.ts'
import { type Fault, iamArn, parseArn } from '../../base/index.ts'
import {
  type Account,
  type Group,
  groups,
  type IamIdentity,
  type Role,
  roles,
  type User,
  users,
} from '../../directory/index.ts'
import { invalidInput } from './faults.ts'
import { actionOf, resourceTags } from './target.ts'
import { findNamed, theGroup, theRole, theUser } from './targets.ts'

/** A user, group or role that a question is about. */
export type Entity =
  | { readonly type: 'user'; readonly arn: string; readonly record: User }
  | { readonly type: 'group'; readonly arn: string; readonly record: Group }
  | { readonly type: 'role'; readonly arn: string; readonly record: Role }

/** The entity of the account that an ARN names to the letter, or undefined. */
export function findEntity(account: Account, arn: string): Entity | undefined {
  const entity = findNamedEntity(account, arn)
  return entity?.arn === arn ? entity : undefined
}

/**
 * The entity of the account whose name is the last in an ARN, whatever the path in between (behaviours IAM-241 and SIM-41), or undefined. Its
 * `arn` is its own.
 */
export function findNamedEntity(account: Account, arn: string): Entity | undefined {
  const entity = entityIn(arn)
  const isOfAccount =
    entity !== undefined && entity.account === account.id && entity.partition === account.partition
  return isOfAccount ? lookUp(account, entity) : undefined
}

/**
 * @throws Fault InvalidInput if the ARN names nothing that has policies, NoSuchEntity if the entity does not exist
 * (behaviour SIM-20)
 */
export function getEntity(arn: string, call: Call): Entity {
  const nameInArn = entityIn(arn)
  if (nameInArn === undefined) throw unclearEntity(arn)
  const entity = findNamedEntity(call.account, arn)
  if (entity === undefined) throw missing(nameInArn, call)
  return entity
}

/** The fault of an ARN that names neither a user, nor a group, nor a role. */
export function unclearEntity(arn: string): Fault {
  return invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
}

/**
 * Returns the question about an entity: the action on the entity's own ARN, whatever path the request has (behaviour SIM-41). A
 * refusal names it (behaviour SIM-21).
 */
export function asksEntity<I>(arnOf: (input: I) => string): {
  requests(input: I, call: Call): readonly AccessRequest[]
} {
  return {
    requests(input, call) {
      const arn = arnOf(input)
      const entity = findNamedEntity(call.account, arn)
      const context = entity === undefined ? {} : tagsOf(entity)
      return [{ action: actionOf(call), resource: entity?.arn ?? arn, context }]
    },
  }
}

/**
 * Returns the identity policies that apply to an entity; for a user, its groups' too. A managed policy that is attached to both is
 * there once (behaviour SIM-42).
 */
export function policiesOf(entity: Entity, account: Account): readonly PolicySource[] {
  const arns = new Set<string>()
  return attachedTo(entity, account).filter(({ source: { arn } }) => {
    if (arn === undefined) return true
    const isFirst = !arns.has(arn)
    arns.add(arn)
    return isFirst
  })
}

function attachedTo(entity: Entity, account: Account): readonly PolicySource[] {
  switch (entity.type) {
    case 'user':
      return entitySources({ type: 'user', user: entity.record }, account).identity
    case 'role':
      return entitySources({ type: 'role', role: entity.record }, account).identity
    case 'group':
      return identitySources(entity.record, 'group', account)
  }
}

/** An entity whose policies apply. */
export interface PolicyEntity {
  readonly type: Entity['type']
  readonly record: IamIdentity
}

/** Returns the entity itself and, for a user, its groups. */
export function policyEntitiesOf(entity: Entity, account: Account): readonly PolicyEntity[] {
  const identities: PolicyEntity[] = [entity]
  if (entity.type === 'user') {
    for (const id of entity.record.groups) {
      const record = account.table(groups).find(id)
      if (record !== undefined) identities.push({ type: 'group', record })
    }
  }
  return identities
}

/** Returns the name of an inline policy among an entity's policies: AWS's own name in simulations. */
export function inlineName({ type, record }: PolicyEntity, policy: string): string {
  return `${type}_${record.name}_${policy}`
}

/** The entity that an ARN names. */
interface NamedEntity {
  readonly type: Entity['type']
  readonly name: string
  readonly account: string
  readonly partition: string
}

/** The user, group or role that an ARN names, in any account; undefined for any other text. */
export function entityIn(arn: string): NamedEntity | undefined {
  const parts = parseArn(arn)
  if (parts === undefined || parts.service !== 'iam') return undefined
  const [type, ...path] = parts.resource.split('/')
  const name = path.at(-1) ?? ''
  if (name === '' || (type !== 'user' && type !== 'group' && type !== 'role')) return undefined
  return { type, name, account: parts.account, partition: parts.partition }
}

function lookUp(account: Account, { type, name }: NamedEntity): Entity | undefined {
  const arnOf = ({ path, name: own }: IamIdentity) => iamArn(account, type, path, own)
  switch (type) {
    case 'user': {
      const record = findNamed(users, account, name)
      return record && { type, arn: arnOf(record), record }
    }
    case 'group': {
      const record = findNamed(groups, account, name)
      return record && { type, arn: arnOf(record), record }
    }
    case 'role': {
      const record = findNamed(roles, account, name)
      return record && { type, arn: arnOf(record), record }
    }
  }
}

function missing({ type, name }: NamedEntity, call: Call): Fault {
  switch (type) {
    case 'user':
      return theUser.missing({ UserName: name }, call)
    case 'group':
      return theGroup.missing({ GroupName: name }, call)
    case 'role':
      return theRole.missing({ RoleName: name }, call)
  }
}

function tagsOf(entity: Entity) {
  switch (entity.type) {
    case 'user':
      return resourceTags(theUser, entity.record)
    case 'role':
      return resourceTags(theRole, entity.record)
    case 'group':
      return {}
  }
}
