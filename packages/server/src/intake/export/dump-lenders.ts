import { given } from '../../base/index.ts'
import type {
  AccountImage,
  AnchorImage,
  CertificateProfileImage,
  PodImage,
  PoolImage,
} from '../../image/index.ts'
import { iso } from './instant.ts'

/** The answers about what gives roles to pods, to users of identity pools and to holders of certificates (behaviour POD-31). */
export function lenderAnswers(account: AccountImage): readonly unknown[] {
  const {
    account: id,
    partition,
    podAssociations,
    identityPools,
    trustAnchors,
    certificateProfiles,
  } = account
  const asked = (answer: unknown, input: Readonly<Record<string, string>> = {}) => ({
    request: { account: id, partition, input },
    answer,
  })
  const arnOf = (service: string, region: string | undefined, resource: string) =>
    `arn:${partition}:${service}:${region}:${id}:${resource}`
  const tagged = (arn: string, tags: AnchorImage['tags']) =>
    tags === undefined || tags.length === 0
      ? []
      : [asked({ tags: tags.map(({ Key: key, Value: value }) => ({ key, value })) }, { resourceArn: arn })]
  return [
    ...podAssociations.map((pod) =>
      asked({
        association: podAnswer(
          pod,
          arnOf('eks', pod.region, `podidentityassociation/${pod.cluster}/${pod.id}`),
        ),
      }),
    ),
    ...identityPools.flatMap((pool) => poolAnswers(pool).map((answer) => asked(answer))),
    ...trustAnchors.flatMap((anchor) => {
      const arn = arnOf('rolesanywhere', anchor.region, `trust-anchor/${anchor.id}`)
      return [asked({ trustAnchor: anchorAnswer(anchor, arn) }), ...tagged(arn, anchor.tags)]
    }),
    ...certificateProfiles.flatMap((profile) => {
      const arn = arnOf('rolesanywhere', profile.region, `profile/${profile.id}`)
      return [asked({ profile: profileAnswer(profile, arn) }), ...tagged(arn, profile.tags)]
    }),
  ]
}

function podAnswer(pod: PodImage, associationArn: string) {
  return given({
    clusterName: pod.cluster,
    namespace: pod.namespace,
    serviceAccount: pod.serviceAccount,
    roleArn: pod.roleArn,
    associationArn,
    associationId: pod.id,
    tags: pod.tags,
    createdAt: iso(pod.createdAt),
    modifiedAt: iso(pod.modifiedAt),
    disableSessionTags: pod.disableSessionTags,
    targetRoleArn: pod.target?.roleArn,
    externalId: pod.target?.externalId,
    policy: pod.policy,
  })
}

function poolAnswers({
  id,
  name,
  roles,
  mappings = {},
  tagMaps = {},
  ...pool
}: PoolImage): readonly unknown[] {
  const RoleMappings = Object.fromEntries(
    Object.entries(mappings).map(([provider, { type, ambiguous, rules }]) => [
      provider,
      given({
        Type: type,
        AmbiguousRoleResolution: ambiguous,
        RulesConfiguration:
          rules.length === 0
            ? undefined
            : {
                Rules: rules.map(({ claim, match, value, roleArn }) => ({
                  Claim: claim,
                  MatchType: match,
                  Value: value,
                  RoleARN: roleArn,
                })),
              },
      }),
    ]),
  )
  return [
    given({
      IdentityPoolId: id,
      IdentityPoolName: name,
      AllowUnauthenticatedIdentities: pool.letsGuests,
      AllowClassicFlow: pool.letsClassic,
      SupportedLoginProviders: pool.supportedLogins,
      DeveloperProviderName: pool.developerProvider,
      OpenIdConnectProviderARNs: pool.oidcProviders,
      CognitoIdentityProviders: pool.userPools?.map(({ provider, clientId, checksToken }) => ({
        ProviderName: provider,
        ClientId: clientId,
        ServerSideTokenCheck: checksToken,
      })),
      SamlProviderARNs: pool.samlProviders,
      IdentityPoolTags: pool.tags,
    }),
    { IdentityPoolId: id, Roles: roles, RoleMappings },
    ...Object.entries(tagMaps).map(([IdentityProviderName, { useDefaults, tags }]) => ({
      IdentityPoolId: id,
      IdentityProviderName,
      UseDefaults: useDefaults,
      PrincipalTags: tags,
    })),
  ]
}

function anchorAnswer({ id, bundle, ...anchor }: AnchorImage, trustAnchorArn: string) {
  return {
    trustAnchorId: id,
    trustAnchorArn,
    source: { sourceType: 'CERTIFICATE_BUNDLE', sourceData: { x509CertificateData: bundle } },
    ...common(anchor),
  }
}

function profileAnswer({ id, ...profile }: CertificateProfileImage, profileArn: string) {
  return given({
    profileId: id,
    profileArn,
    createdBy: profile.createdBy,
    roleArns: profile.roleArns,
    managedPolicyArns: profile.managedPolicyArns,
    sessionPolicy: profile.sessionPolicy,
    durationSeconds: profile.durationSeconds,
    acceptRoleSessionName: profile.acceptsSessionName,
    attributeMappings: profile.mappings?.map(({ field, specifiers }) => ({
      certificateField: field,
      mappingRules: specifiers.map((specifier) => ({ specifier })),
    })),
    ...common(profile),
  })
}

function common({
  name,
  enabled,
  createdAt,
  updatedAt,
}: Pick<CertificateProfileImage, 'name' | 'enabled' | 'createdAt' | 'updatedAt'>) {
  return given({ name, enabled, createdAt: iso(createdAt), updatedAt: iso(updatedAt) })
}
