import { given } from '../base/index.ts'
import {
  type Account,
  type AnywhereThing,
  anywhereProfiles,
  identityPools,
  podAssociations,
  trustAnchors,
} from '../directory/index.ts'
import type { LendersImage, PoolImage } from '../image/index.ts'

/** The entities of an account that give roles, for export (behaviour POD-25); nothing if it has none. */
export function lendersOf(account: Account): { readonly lenders?: LendersImage } {
  const lenders: LendersImage = {
    pods: [...account.table(podAssociations).values()].map(
      ({ cluster, namespace, serviceAccount, roleArn, region, tags, ...more }) => ({
        cluster,
        namespace,
        serviceAccount,
        role: roleArn,
        region,
        tags,
        isWhole: more.target === undefined && more.policy === undefined && !more.disableSessionTags,
      }),
    ),
    pools: [...account.table(identityPools).values()].map((pool) =>
      given<PoolImage>({
        name: pool.name,
        region: pool.id.slice(0, pool.id.indexOf(':')),
        tags: pool.tags,
        guests: pool.letsGuests,
        classic: pool.letsClassic,
        authenticated: pool.roles.authenticated,
        unauthenticated: pool.roles.unauthenticated,
        oidcProviders: pool.oidcProviders.map((arn) => arn.slice(arn.indexOf('/') + 1)),
        developerProvider: pool.developerProvider,
        isWhole:
          [pool.mappings, pool.tagMaps, pool.supportedLogins].every(
            (each) => Object.keys(each).length === 0,
          ) && pool.userPools.length + pool.samlProviders.length === 0,
      }),
    ),
    anchors: [...account.table(trustAnchors).values()].map((anchor) => ({
      ...regional(anchor),
      certificate: anchor.bundle,
      isWhole: anchor.enabled,
    })),
    profiles: [...account.table(anywhereProfiles).values()].map((profile) => ({
      ...regional(profile),
      roles: profile.roleArns,
      seconds: profile.durationSeconds,
      isWhole:
        profile.enabled &&
        profile.sessionPolicy === undefined &&
        profile.managedPolicyArns.length === 0 &&
        !profile.acceptsSessionName,
    })),
  }
  return Object.values(lenders).some((list) => list.length > 0) ? { lenders } : {}
}

function regional({ name, region, tags }: AnywhereThing) {
  return { name, region, tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value] as const)) }
}
