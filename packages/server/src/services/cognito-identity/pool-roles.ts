import { family, type PassedRole } from '../../authorization/index.ts'
import { parseArn } from '../../base/index.ts'
import { identityPools, type PoolRoleMapping } from '../../directory/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { onPool } from './pool.ts'

const rulesMost = 25
const providersMost = 10
/** Cognito's name where a role is passed to it (behaviour COG-3). */
const service = 'cognito-identity.amazonaws.com'

/** Which role whom: those of everybody, mappings of providers, and tags from claims. */
export const poolRoles = family<CognitoIdentity.Operations>()({
  SetIdentityPoolRoles: {
    // no resource in the service authorization reference
    passes: rolesIn,
    run(input, call) {
      const { run } = setRoles
      return run(input, call, undefined)
    },
  },
  GetIdentityPoolRoles: onPool(
    (_input: CognitoIdentity.GetIdentityPoolRolesInput, { id, roles, mappings }) => ({
      IdentityPoolId: id,
      Roles: roles,
      ...(Object.keys(mappings).length > 0 && {
        RoleMappings: Object.fromEntries(Object.entries(mappings).map(([key, each]) => [key, shown(each)])),
      }),
    }),
  ),
  SetPrincipalTagAttributeMap: {
    run(input, call) {
      return setTagMap.run(input, call, undefined)
    },
  },
  GetPrincipalTagAttributeMap: {
    run(input, call) {
      return getTagMap.run(input, call, undefined)
    },
  },
})

const setRoles = onPool((input: CognitoIdentity.SetIdentityPoolRolesInput, pool, { account }) => {
  const wrong = Object.keys(input.Roles).find((key) => key !== 'authenticated' && key !== 'unauthenticated')
  if (wrong !== undefined) throw invalid(`Role type ${wrong} is neither authenticated nor unauthenticated.`)
  for (const { roleArn } of rolesIn(input)) {
    const arn = parseArn(roleArn)
    if (arn?.service !== 'iam' || !arn.resource.startsWith('role/'))
      throw invalid(`${roleArn} is not the ARN of a role.`)
  }
  const mappings = Object.entries(input.RoleMappings ?? {})
  if (mappings.length > providersMost) throw invalid('There are too many role mappings.')
  account.table(identityPools).put({
    ...pool,
    roles: input.Roles,
    mappings: Object.fromEntries(mappings.map(([key, each]) => [key, mappingOf(each)])),
  })
})

const setTagMap = onPool((input: CognitoIdentity.SetPrincipalTagAttributeMapInput, pool, { account }) => {
  const map = { useDefaults: input.UseDefaults === true, tags: input.PrincipalTags ?? {} }
  if (Object.keys(map.tags).length > 50) throw invalid('There are too many tags.')
  const tagMaps = { ...pool.tagMaps, [input.IdentityProviderName]: map }
  if (Object.keys(tagMaps).length > 50) throw invalid('There are too many maps.')
  account.table(identityPools).put({ ...pool, tagMaps })
  return mapView(input, map)
})

const getTagMap = onPool((input: CognitoIdentity.GetPrincipalTagAttributeMapInput, pool) =>
  mapView(input, pool.tagMaps[input.IdentityProviderName] ?? { useDefaults: false, tags: {} }),
)

function mapView(
  input: CognitoIdentity.GetPrincipalTagAttributeMapInput,
  { useDefaults, tags }: { readonly useDefaults: boolean; readonly tags: Readonly<Record<string, string>> },
) {
  return {
    IdentityPoolId: input.IdentityPoolId,
    IdentityProviderName: input.IdentityProviderName,
    UseDefaults: useDefaults,
    PrincipalTags: tags,
  }
}

function rolesIn({
  Roles,
  RoleMappings = {},
}: CognitoIdentity.SetIdentityPoolRolesInput): readonly PassedRole[] {
  const byRules = Object.values(RoleMappings)
    .slice(0, providersMost)
    .flatMap(({ RulesConfiguration }) => RulesConfiguration?.Rules.slice(0, rulesMost) ?? [])
    .map(({ RoleARN }) => RoleARN)
  return [...new Set([...Object.values(Roles).slice(0, 2), ...byRules])].map((roleArn) => ({
    roleArn,
    service,
  }))
}

/** @throws Fault InvalidParameterException */
function mappingOf(given: CognitoIdentity.RoleMapping): PoolRoleMapping {
  const { Type, AmbiguousRoleResolution, RulesConfiguration } = given
  if (AmbiguousRoleResolution === undefined) throw invalid('AmbiguousRoleResolution is required.')
  const rules = RulesConfiguration?.Rules ?? []
  if (Type === 'Rules' && rules.length === 0) throw invalid('RulesConfiguration is required for Rules.')
  if (rules.length > rulesMost) throw invalid(`A provider has at most ${rulesMost} rules.`)
  return {
    type: Type,
    ambiguous: AmbiguousRoleResolution,
    rules: rules.map(({ Claim, MatchType, Value, RoleARN }) => ({
      claim: Claim,
      match: MatchType,
      value: Value,
      roleArn: RoleARN,
    })),
  }
}

function shown({ type, ambiguous, rules }: PoolRoleMapping): CognitoIdentity.RoleMapping {
  return {
    Type: type,
    AmbiguousRoleResolution: ambiguous,
    ...(rules.length > 0 && {
      RulesConfiguration: {
        Rules: rules.map(({ claim, match, value, roleArn }) => ({
          Claim: claim,
          MatchType: match,
          Value: value,
          RoleARN: roleArn,
        })),
      },
    }),
  }
}
