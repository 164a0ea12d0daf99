import { createHash } from 'node:crypto'
import type { Account } from './account.ts'
import { defineTable } from './table.ts'

/** A role for the pods of a service account in a cluster of Kubernetes. */
export interface PodAssociation {
  /** `a-` and seventeen characters. */
  readonly id: string
  readonly region: string
  readonly cluster: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly roleArn: string
  /** The role that the first one assumes for the pod, with the external id that it says. */
  readonly target?: { readonly roleArn: string; readonly externalId: string }
  /** A session policy, as given. */
  readonly policy?: string
  readonly disableSessionTags: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly modifiedAt: number
}

/** A cluster whose tokens another issuer than this server signs. */
export interface PodCluster {
  readonly region: string
  readonly name: string
  readonly issuer: string
}

export const podAssociations = defineTable<PodAssociation, 'subject'>({
  kind: 'eks/pod-association',
  key: ({ id }) => id,
  indexes: { subject: podSubject },
})
export const podClusters = defineTable<PodCluster>({
  kind: 'eks/cluster-issuer',
  key: ({ region, name }) => `${region} ${name}`,
})

/** AWS's quota of associations of a cluster, here of an account (behaviour POD-7). */
export const podAssociationsMost = 5_000

/** The audience of tokens, and the service that assumes the role. */
export const podService = 'pods.eks.amazonaws.com'

/** The subject of which an account has one association at most. */
export function podSubject({
  region,
  cluster,
  namespace,
  serviceAccount,
}: Pick<PodAssociation, 'region' | 'cluster' | 'namespace' | 'serviceAccount'>): string {
  return `${region} ${cluster} ${namespace} ${serviceAccount}`
}

/** `arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME`. */
export function clusterArn({ id, partition }: Account, region: string, name: string): string {
  return `arn:${partition}:eks:${region}:${id}:cluster/${name}`
}

/** `arn:PARTITION:eks:REGION:ACCOUNT:podidentityassociation/CLUSTER/a-…`. */
export function podAssociationArn({ id, partition }: Account, association: PodAssociation): string {
  const { region, cluster } = association
  return `arn:${partition}:eks:${region}:${id}:podidentityassociation/${cluster}/${association.id}`
}

/** The issuer of a cluster's tokens for which this server signs, in the form of those of EKS. */
export function clusterIssuer(account: Account, region: string, name: string): string {
  const digest = createHash('sha256')
    .update(clusterArn(account, region, name))
    .digest('hex')
  return `https://oidc.eks.${region}.amazonaws.com/id/${digest.slice(0, 32).toUpperCase()}`
}
