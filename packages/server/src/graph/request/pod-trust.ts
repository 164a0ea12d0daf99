import type { Asked } from '@omen-iam/policy'
import type { Role } from '../world/world.ts'
import type { WorldIndex } from '../world/world-index.ts'
import type { OutsideQuestions } from './outside-question.ts'

/** The name by which techniques call the identity providers of clusters of Amazon EKS, and those whose pods are jobs of Amazon EMR. */
export const clusterProviders = ['oidc.eks', 'oidc.eks/emr-containers']

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
  const names = clusterProviders.includes(trusts.name) ? index.providers.filter(isOfCluster) : [trusts.name]
  return new Set(names.flatMap((name) => index.trustingProvider(name)))
}

/**
 * Whether pods of a cluster may assume a role, an alternative for each cluster that it trusts. The attacker chooses the service account,
 * but for a job of Amazon EMR, which the service makes and names. [GRD-794]
 */
export function podTrusts(
  questions: OutsideQuestions,
  index: WorldIndex,
  role: Role,
  name: string,
): readonly Asked[] {
  return index
    .trustedBy(role)
    .providers.filter(isOfCluster)
    .map((provider) => {
      const asked = questions.federatedTrust(role, provider, 'sts:AssumeRoleWithWebIdentity')
      const issuer = provider.slice(provider.indexOf('/') + 1)
      const { [`${issuer}:*`]: _claims, ...chosen } = asked.request.chosen ?? {}
      const subject = name === 'oidc.eks' ? anyAccount : jobAccount
      return {
        ...asked,
        request: {
          ...asked.request,
          context: { ...asked.request.context, [`${issuer}:aud`]: 'sts.amazonaws.com' },
          chosen: { ...chosen, [`${issuer}:sub`]: subject },
        },
      }
    })
}

const names = { characters: 'a-z0-9.-', least: 1, most: 253 }
const inNamespace = ['system:serviceaccount:', { variable: 'kubernetes.Namespace', grammar: names }]
const account = { variable: 'kubernetes.ServiceAccount', grammar: names }
const anyAccount = { shape: [...inNamespace, ':', account], mayBeAbsent: false }
/** Names of service accounts of jobs end with the account and the name of the role, encoded. */
const jobAccount = { shape: [...inNamespace, ':emr-containers-sa-', account], mayBeAbsent: false }
