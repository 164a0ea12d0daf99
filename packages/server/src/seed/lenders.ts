import { type ArnOwner, iamArn } from '../base/index.ts'
import type { ServiceId } from '../model/index.ts'
import { identityArn } from './names.ts'
import type { SeedPath } from './read.ts'
import type { SeedAccount, SeedTags } from './seed.ts'

/** Runs an operation in an account, in a region. @throws SeedProblem if it is refused */
export type RegionalCall = (
  service: ServiceId,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  at: SeedPath,
  region: string | undefined,
) => Promise<unknown>

/** Makes what gives roles to pods, to users of identity pools and to holders of certificates. */
export async function plantLenders(
  seed: SeedAccount,
  owner: ArnOwner,
  at: SeedPath,
  call: RegionalCall,
): Promise<void> {
  const role = (name: string) => roleArn(name, seed, owner)
  for (const [index, pod] of (seed.pods ?? []).entries()) {
    const { cluster, namespace, serviceAccount, region, tags } = pod
    const input = {
      clusterName: cluster,
      namespace,
      serviceAccount,
      roleArn: role(pod.role),
      ...given({ tags }),
    }
    await call('eks', 'CreatePodIdentityAssociation', input, [...at, 'pods', index], region)
  }
  for (const [name, pool] of Object.entries(seed.identityPools ?? {})) {
    const place = [...at, 'identityPools', name]
    const { guests = false, classic, oidcProviders, developerProvider, region, tags } = pool ?? {}
    const urls = oidcProviders?.map((url) => iamArn(owner, 'oidc-provider', '/', url))
    const input = {
      IdentityPoolName: name,
      AllowUnauthenticatedIdentities: guests,
      ...given({
        AllowClassicFlow: classic,
        OpenIdConnectProviderARNs: urls,
        DeveloperProviderName: developerProvider,
        IdentityPoolTags: tags,
      }),
    }
    const made = await call('cognito-identity', 'CreateIdentityPool', input, place, region)
    const { IdentityPoolId } = made as { IdentityPoolId: string } // the operation's output has it
    const Roles = given({
      authenticated: pool?.authenticated && role(pool.authenticated),
      unauthenticated: pool?.unauthenticated && role(pool.unauthenticated),
    })
    if (Object.keys(Roles).length > 0)
      await call('cognito-identity', 'SetIdentityPoolRoles', { IdentityPoolId, Roles }, place, region)
  }
  for (const [name, { certificate, region, tags }] of Object.entries(seed.trustAnchors ?? {})) {
    const sourceData = { x509CertificateData: certificate }
    const source = { sourceType: 'CERTIFICATE_BUNDLE', sourceData }
    const input = { name, source, enabled: true, ...given({ tags: listed(tags) }) }
    await call('rolesanywhere', 'CreateTrustAnchor', input, [...at, 'trustAnchors', name], region)
  }
  for (const [name, { roles, session, region, tags }] of Object.entries(seed.certificateProfiles ?? {})) {
    const durationSeconds = session === undefined ? undefined : Number(session)
    const optional = given({ durationSeconds, tags: listed(tags) })
    const input = { name, roleArns: roles.map(role), enabled: true, ...optional }
    await call('rolesanywhere', 'CreateProfile', input, [...at, 'certificateProfiles', name], region)
  }
}

/** The ARN of a role of the seed, by its name. */
export function roleArn(name: string, seed: SeedAccount, owner: ArnOwner): string {
  return name.startsWith('arn:') ? name : identityArn('role', name, seed, owner)
}

function listed(tags: SeedTags | undefined) {
  return tags && Object.entries(tags).map(([key, value]) => ({ key, value: String(value) }))
}

/** The members that are present. */
function given(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
