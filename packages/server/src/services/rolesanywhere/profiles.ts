import {
  type Call,
  callerArn,
  effectivePolicy,
  family,
  type PassedRole,
  parsedDocument,
} from '../../authorization/index.ts'
import { parseArn } from '../../base/index.ts'
import {
  type AnywhereProfile,
  anywhereProfiles,
  anywhereQuotas,
  usualMappings,
} from '../../directory/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { inRegion, listed, newThing, onThing, requestTags, thingArn } from './thing.ts'

const service = 'rolesanywhere.amazonaws.com'
const hour = 3_600

type Named = RolesAnywhere.ScalarProfileRequest

const on = <Input extends { readonly profileId: string }, Output>(
  run: (input: Input, call: Call) => Output,
) => onThing('profile', ({ profileId }: Input) => profileId, run)

/** Which roles holders of certificates may wear. */
export const profiles = family<RolesAnywhere.Operations>()({
  CreateProfile: {
    context: ({ tags }) => requestTags(tags),
    passes: ({ roleArns }) => passed(roleArns),
    run(input, call) {
      const table = call.account.table(anywhereProfiles)
      if (table.size >= anywhereQuotas.profiles) throw invalid('The account has too many profiles.')
      const profile: AnywhereProfile = {
        ...newThing(input, call),
        createdBy: callerArn(call) ?? '',
        roleArns: checkRoles(input.roleArns),
        managedPolicyArns: checkManaged(input.managedPolicyArns ?? [], call),
        ...checkPolicy(input.sessionPolicy),
        durationSeconds: input.durationSeconds ?? hour,
        acceptsSessionName: input.acceptRoleSessionName === true,
        mappings: usualMappings,
      }
      table.put(profile)
      return { profile: viewOf(profile, call) }
    },
  },
  GetProfile: on((input: Named, call) => ({ profile: viewOf(get(input, call), call) })),
  ListProfiles: {
    run(input, call) {
      const { items, nextToken } = listed(call.account.table(anywhereProfiles).values(), input, call)
      return { profiles: items.map((each) => viewOf(each, call)), nextToken }
    },
  },
  UpdateProfile: {
    ...on((input: RolesAnywhere.UpdateProfileRequest, call) =>
      changed(input, call, {
        ...(input.name !== undefined && { name: input.name }),
        ...(input.roleArns !== undefined && { roleArns: checkRoles(input.roleArns) }),
        ...(input.managedPolicyArns !== undefined && {
          managedPolicyArns: checkManaged(input.managedPolicyArns, call),
        }),
        ...checkPolicy(input.sessionPolicy),
        ...(input.durationSeconds !== undefined && { durationSeconds: input.durationSeconds }),
        ...(input.acceptRoleSessionName !== undefined && {
          acceptsSessionName: input.acceptRoleSessionName,
        }),
      }),
    ),
    passes: ({ roleArns = [] }) => passed(roleArns),
  },
  DeleteProfile: on((input: Named, call) => {
    const profile = get(input, call)
    call.account.table(anywhereProfiles).delete(profile.id)
    return { profile: viewOf(profile, call) }
  }),
  EnableProfile: {
    ...on((input: Named, call) => changed(input, call, { enabled: true })),
    // the roles were named earlier (behaviour RAN-3)
    passes: ({ profileId }, { account }) =>
      passed(account.table(anywhereProfiles).find(profileId)?.roleArns ?? []),
  },
  DisableProfile: on((input: Named, call) => changed(input, call, { enabled: false })),
  PutAttributeMapping: on((input: RolesAnywhere.PutAttributeMappingRequest, call) => {
    const { mappings } = get(input, call)
    const specifiers = input.mappingRules.map(({ specifier }) => specifier)
    if (specifiers.length > 50) throw invalid('There are too many rules.')
    const others = mappings.filter(({ field }) => field !== input.certificateField)
    const mappingsAfter = [...others, { field: input.certificateField, specifiers }]
    return changed(input, call, { mappings: mappingsAfter.sort((a, b) => (a.field < b.field ? -1 : 1)) })
  }),
  DeleteAttributeMapping: on((input: RolesAnywhere.DeleteAttributeMappingRequest, call) => {
    const { mappings } = get(input, call)
    const gone = new Set(input.specifiers ?? [])
    const remaining = mappings.flatMap((each) => {
      if (each.field !== input.certificateField) return [each]
      const specifiers = gone.size === 0 ? [] : each.specifiers.filter((name) => !gone.has(name))
      return specifiers.length === 0 ? [] : [{ ...each, specifiers }]
    })
    return changed(input, call, { mappings: remaining })
  }),
})

function get({ profileId }: { readonly profileId: string }, call: Call): AnywhereProfile {
  return inRegion(call.account.table(anywhereProfiles).find(profileId), call)
}

function changed(input: { readonly profileId: string }, call: Call, change: Partial<AnywhereProfile>) {
  const profile = { ...get(input, call), ...change, updatedAt: call.now }
  call.account.table(anywhereProfiles).put(profile)
  return { profile: viewOf(profile, call) }
}

function passed(roleArns: readonly string[]): readonly PassedRole[] {
  return roleArns.slice(0, anywhereQuotas.roles).map((roleArn) => ({ roleArn, service }))
}

function checkRoles(roleArns: readonly string[]): readonly string[] {
  if (roleArns.length > anywhereQuotas.roles) throw invalid('A profile has too many roles.')
  for (const text of roleArns) {
    const arn = parseArn(text)
    if (arn?.service !== 'iam' || !arn.resource.startsWith('role/'))
      throw invalid(`${text} is not the ARN of a role.`)
  }
  return roleArns
}

function checkManaged(arns: readonly string[], { account }: Call): readonly string[] {
  if (arns.length > 10) throw invalid('A profile has at most 10 managed policies.')
  const missing = arns.find((arn) => effectivePolicy(account, arn) === undefined)
  if (missing !== undefined) throw invalid(`${missing} does not exist.`)
  return arns
}

function checkPolicy(text: string | undefined): { readonly sessionPolicy?: string } {
  if (text === undefined || text === '') return {}
  const parsed = parsedDocument(text, 'session')
  if (!parsed.ok) throw invalid(`The session policy is not valid: ${parsed.message}`)
  return { sessionPolicy: text }
}

function viewOf(profile: AnywhereProfile, { account }: Call): RolesAnywhere.ProfileDetail {
  return {
    profileId: profile.id,
    profileArn: thingArn(account, profile.region, 'profile', profile.id),
    name: profile.name,
    requireInstanceProperties: false,
    enabled: profile.enabled,
    createdBy: profile.createdBy,
    ...(profile.sessionPolicy !== undefined && { sessionPolicy: profile.sessionPolicy }),
    roleArns: profile.roleArns,
    managedPolicyArns: profile.managedPolicyArns,
    createdAt: profile.createdAt,
    updatedAt: profile.updatedAt,
    durationSeconds: profile.durationSeconds,
    acceptRoleSessionName: profile.acceptsSessionName,
    attributeMappings: profile.mappings.map(({ field, specifiers }) => ({
      certificateField: field,
      mappingRules: specifiers.map((specifier) => ({ specifier })),
    })),
  }
}
