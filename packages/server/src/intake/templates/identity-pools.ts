import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, membersOf, type ResolvedResource, textOf } from '../../sources/index.ts'
import type { Carrier } from './carrier.ts'
import { flags } from './members.ts'

/** CloudFormation's type of identity pools of Amazon Cognito. */
export const identityPool = 'AWS::Cognito::IdentityPool'
const attachment = 'AWS::Cognito::IdentityPoolRoleAttachment'

type Unknown = Pick<ReadonlyMap<JsonNode, string>, 'has'>

/** Whether a resource is an identity pool, or gives one its roles: both are read together. */
export function isOfIdentityPool({ type }: Pick<ResolvedResource, 'type'>): boolean {
  return type === identityPool || type === attachment
}

/**
 * The identity pools of templates, with the roles that attachments give them. Source: AWS CloudFormation Template
 * Reference, AWS::Cognito::IdentityPool and AWS::Cognito::IdentityPoolRoleAttachment.
 */
export function identityPoolsOf(
  resources: readonly ResolvedResource[],
  unknown: Unknown,
): readonly Carrier[] {
  const attached = resources.filter(({ type }) => type === attachment)
  const pools = resources.filter(({ type }) => type === identityPool)
  const ids = new Set(pools.map(({ physicalId }) => physicalId.value))
  const carriers = pools.map((pool): Carrier => {
    const { physicalId, properties } = pool
    const given = attached.filter((each) => idOf(each, unknown) === physicalId.value)
    const members = {
      ...flags(
        member(properties, 'AllowUnauthenticatedIdentities'),
        member(properties, 'AllowClassicFlow'),
        unknown,
      ),
      ...rolesOf(given, unknown).members,
    }
    return { ...carrierOf(pool, physicalId.value), roleNames: rolesOf(given, unknown).roleNames, members }
  })
  // What is attached to a pool that no template has: who may log in to it is not known.
  const others = attached.flatMap((each): readonly Carrier[] => {
    const id = idOf(each, unknown)
    if (id !== undefined && ids.has(id)) return []
    return [{ ...carrierOf(each, id ?? '*'), ...rolesOf([each], unknown) }]
  })
  return [...carriers, ...others]
}

function carrierOf({ account, partition, region }: ResolvedResource, id: string): Omit<Carrier, 'roleNames'> {
  const arn = `arn:${partition}:cognito-identity:${region}:${account}:identitypool/${id}`
  return { type: identityPool, arn, account, partition }
}

function idOf({ properties }: ResolvedResource, unknown: Unknown): string | undefined {
  const node = member(properties, 'IdentityPoolId')
  return node === undefined || unknown.has(node) ? undefined : textOf(node)
}

function rolesOf(
  attached: readonly ResolvedResource[],
  unknown: Unknown,
): Required<Pick<Carrier, 'roleNames' | 'members'>> {
  return attachedRoles(
    attached.map(({ properties }) => ({
      roles: member(properties, 'Roles'),
      mapped: membersOf(member(properties, 'RoleMappings')).flatMap(({ value }) =>
        itemsOf(member(member(value, 'RulesConfiguration'), 'Rules')).map((rule) => member(rule, 'RoleARN')),
      ),
    })),
    unknown,
  )
}

/** The source of a pool's roles: those of users and of guests, and those of rules. */
export interface AttachedRoles {
  readonly roles: JsonNode | undefined
  readonly mapped: readonly (JsonNode | undefined)[]
}

/** The roles of a pool, that of users who log in first; whether one of them is not known. */
export function attachedRoles(
  attached: readonly AttachedRoles[],
  unknown: Unknown,
): Required<Pick<Carrier, 'roleNames' | 'members'>> {
  const nodes = attached.flatMap(
    ({ roles, mapped }): readonly (readonly [string, JsonNode | undefined])[] => [
      ...(roles !== undefined && unknown.has(roles) ? [['Roles', roles] as const] : []),
      ...['authenticated', 'unauthenticated'].flatMap((name) => {
        const node = member(roles, name)
        return node === undefined ? [] : [[`Roles.${name}`, node] as const]
      }),
      ...mapped.map((node, place) => [`RoleMappings.${place}`, node] as const),
    ],
  )
  const texts = nodes.map(([property, node]) => {
    const value = node === undefined || unknown.has(node) ? undefined : textOf(node)
    return value?.includes(':role/') === true ? { property, value } : undefined
  })
  const roleNames = texts.flatMap((each) => each ?? [])
  return { roleNames, members: texts.includes(undefined) ? { roleUnknown: true } : {} }
}
