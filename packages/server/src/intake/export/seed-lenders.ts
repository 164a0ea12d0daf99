import { factsOf, given } from '../../base/index.ts'
import type { AccountImage } from '../../image/index.ts'
import { named, some, tagsOf } from './seed-forms.ts'

/** The default of a profile's sessions, in seconds. */
const usualSeconds = 3_600

/** The members of a seed that give roles to pods, to users of identity pools and to holders of certificates. */
export function seedOfLenders({
  podAssociations,
  identityPools,
  trustAnchors,
  certificateProfiles,
  roles,
  partition,
}: AccountImage): Readonly<Record<string, unknown>> {
  const names = new Set(roles.map(({ name }) => name))
  const roleOf = (arn = '') => {
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    return names.has(name) ? name : arn
  }
  const regionOf = (region: string | undefined) =>
    region === factsOf(partition).globalRegion ? undefined : region
  const present = (tags: Readonly<Record<string, string>> = {}) =>
    Object.keys(tags).length === 0 ? undefined : tags
  return {
    pods: some(
      podAssociations.map(({ cluster, namespace, serviceAccount, roleArn, region, tags }) =>
        given({
          cluster,
          namespace,
          serviceAccount,
          role: roleOf(roleArn),
          region: regionOf(region),
          tags: present(tags),
        }),
      ),
    ),
    identityPools: named(identityPools, ({ id, roles: lent = {}, oidcProviders = [], ...pool }) =>
      given({
        guests: pool.letsGuests || undefined,
        classic: pool.letsClassic || undefined,
        authenticated: lent.authenticated && roleOf(lent.authenticated),
        unauthenticated: lent.unauthenticated && roleOf(lent.unauthenticated),
        oidcProviders: some(oidcProviders.map((arn) => arn.slice(arn.indexOf('/') + 1))),
        developerProvider: pool.developerProvider,
        region: regionOf(id.slice(0, id.indexOf(':'))),
        tags: present(pool.tags),
      }),
    ),
    trustAnchors: named(trustAnchors, ({ bundle, region, tags }) =>
      given({ certificate: bundle, region: regionOf(region), tags: tagsOf(tags) }),
    ),
    certificateProfiles: named(certificateProfiles, ({ roleArns = [], durationSeconds, region, tags }) =>
      given({
        roles: roleArns.map(roleOf),
        session: durationSeconds === usualSeconds ? undefined : durationSeconds,
        region: regionOf(region),
        tags: tagsOf(tags),
      }),
    ),
  }
}

/** The number of those of which a seed cannot say everything. */
export function partialLenders({
  podAssociations,
  identityPools,
  trustAnchors,
  certificateProfiles,
}: AccountImage): number {
  const rich = [
    podAssociations.filter(
      ({ target, policy, disableSessionTags }) =>
        target !== undefined || policy !== undefined || disableSessionTags === true,
    ),
    identityPools.filter(
      ({ mappings = {}, tagMaps = {}, supportedLogins = {}, userPools = [], samlProviders = [] }) =>
        [mappings, tagMaps, supportedLogins].some((each) => Object.keys(each).length > 0) ||
        userPools.length + samlProviders.length > 0,
    ),
    trustAnchors.filter(({ enabled }) => enabled === false),
    certificateProfiles.filter(
      ({ enabled, sessionPolicy, managedPolicyArns = [], acceptsSessionName }) =>
        enabled === false ||
        sessionPolicy !== undefined ||
        managedPolicyArns.length > 0 ||
        acceptsSessionName === true,
    ),
  ]
  return rich.reduce((sum, { length }) => sum + length, 0)
}
