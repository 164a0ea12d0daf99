import { factsOf, given } from '../../base/index.ts'
import type { AccountImage } from '../../image/index.ts'
import { named, some } from './seed-forms.ts'

/** The default of a profile's sessions, in seconds. */
const usualSeconds = 3_600

/** The members of a seed that give roles to pods, users of identity pools and holders of certificates. */
export function seedOfLenders({
  lenders,
  roles,
  partition,
}: AccountImage): Readonly<Record<string, unknown>> {
  if (lenders === undefined) return {}
  const { pods, pools, anchors, profiles } = lenders
  const names = new Set(roles.map(({ name }) => name))
  const roleOf = (arn: string) => {
    const name = arn.slice(arn.lastIndexOf('/') + 1)
    return names.has(name) ? name : arn
  }
  const common = ({
    region,
    tags,
  }: {
    readonly region: string
    readonly tags: Readonly<Record<string, string>>
  }) => ({
    region: region === factsOf(partition).globalRegion ? undefined : region,
    tags: Object.keys(tags).length === 0 ? undefined : tags,
  })
  return {
    pods: some(
      pods.map(({ cluster, namespace, serviceAccount, role, ...rest }) =>
        given({ cluster, namespace, serviceAccount, role: roleOf(role), ...common(rest) }),
      ),
    ),
    identityPools: named(pools, (pool) =>
      given({
        guests: pool.guests || undefined,
        classic: pool.classic || undefined,
        authenticated: pool.authenticated && roleOf(pool.authenticated),
        unauthenticated: pool.unauthenticated && roleOf(pool.unauthenticated),
        oidcProviders: some(pool.oidcProviders),
        developerProvider: pool.developerProvider,
        ...common(pool),
      }),
    ),
    trustAnchors: named(anchors, (anchor) => given({ certificate: anchor.certificate, ...common(anchor) })),
    certificateProfiles: named(profiles, (profile) =>
      given({
        roles: profile.roles.map(roleOf),
        session: profile.seconds === usualSeconds ? undefined : profile.seconds,
        ...common(profile),
      }),
    ),
  }
}
