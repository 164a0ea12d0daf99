import type { Asked } from '@omen-iam/policy'
import type { Role } from '../world/world.ts'
import type { WorldIndex } from '../world/world-index.ts'
import type { OutsideQuestions } from './outside-question.ts'

/** The name by which techniques call the identity providers of clusters of Amazon EKS. */
export const clusterProviders = 'oidc.eks'

/** Whether an identity provider is that of a cluster of Amazon EKS. */
export function isOfCluster(provider: string): boolean {
  return /:oidc-provider\/oidc[.-]eks\./.test(provider)
}

/** The roles that a technique may give by a trust of services or identity providers; undefined if any may be. */
export function rolesTrusting(
  index: WorldIndex,
  trusts: { readonly type: 'service' | 'federated'; readonly name: string } | undefined,
): ReadonlySet<Role> | undefined {
  if (trusts === undefined) return undefined
  if (trusts.type === 'service') return index.trustingServices([trusts.name])
  const names = trusts.name === clusterProviders ? index.providers.filter(isOfCluster) : [trusts.name]
  return new Set(names.flatMap((name) => index.trustingProvider(name)))
}

/**
 * Whether jobs of Amazon EMR on EKS may assume a role, an alternative for each cluster that it trusts. The service makes their service
 * accounts and names them. [GRD-794]
 */
export function jobTrusts(questions: OutsideQuestions, index: WorldIndex, role: Role): readonly Asked[] {
  return index
    .trustedBy(role)
    .providers.filter(isOfCluster)
    .map((provider) => {
      const asked = questions.federatedTrust(role, provider, 'sts:AssumeRoleWithWebIdentity')
      const issuer = provider.slice(provider.indexOf('/') + 1)
      const { [`${issuer}:*`]: _claims, ...chosen } = asked.request.chosen ?? {}
      return {
        ...asked,
        request: {
          ...asked.request,
          context: { ...asked.request.context, [`${issuer}:aud`]: 'sts.amazonaws.com' },
          chosen: { ...chosen, [`${issuer}:sub`]: serviceAccounts },
        },
      }
    })
}

const ofNames = 'a-z0-9-'

/** Names of service accounts of jobs: those of Amazon EMR end with the account and the name of the role, encoded. */
const serviceAccounts = {
  shape: [
    'system:serviceaccount:',
    { variable: 'kubernetes.Namespace', grammar: { characters: ofNames, least: 1, most: 63 } },
    ':emr-containers-sa-',
    { variable: 'kubernetes.ServiceAccount', grammar: { characters: ofNames, least: 1, most: 200 } },
  ],
  mayBeAbsent: false,
}
