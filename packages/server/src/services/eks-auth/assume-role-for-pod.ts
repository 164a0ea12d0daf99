import { verifyTokenOf } from '../../assertions/index.ts'
import { type Call, family } from '../../authorization/index.ts'
import { Fault, fault, uuid } from '../../base/index.ts'
import {
  type Account,
  clusterArn,
  clusterIssuer,
  findRole,
  newestAccount,
  type PodAssociation,
  podAssociationArn,
  podAssociations,
  podClusters,
  podService,
  podSubject,
  type Tag,
} from '../../directory/index.ts'
import type { EksAuth } from '../../model/index.ts'
import { type MintedCredentials, sessionArn } from '../../session/index.ts'
import { type Pod, podIn } from './pod.ts'

/** The life of a session; through a target role it is a chain's (behaviours POD-12 and POD-14). */
const lifetimeSeconds = 21_600

/** AssumeRoleForPodIdentity: the token of a service account, and the role that is associated with it. */
export const assumeRoleForPod = family<EksAuth.Operations>()({
  AssumeRoleForPodIdentity: {
    readOnly: true, // as recorded (behaviour POD-15)
    resource: ({ clusterName }, { account, region }) => clusterArn(account, region, clusterName),
    async act(input, call) {
      const pod = await provenPod(input, call)
      const account = (await newestAccount(call.deps.directory, call.account.id)) ?? call.account
      const association = associationOf(pod, input.clusterName, account, call)
      const session = await assumed(association, pod, { ...call, account })
      return {
        subject: { namespace: pod.namespace, serviceAccount: pod.serviceAccount },
        audience: podService,
        podIdentityAssociation: {
          associationArn: podAssociationArn(account, association),
          associationId: association.id,
        },
        assumedRoleUser: session.user,
        credentials: session.credentials,
      }
    },
    event: ({ clusterName }) => ({
      requestParameters: { clusterName, token: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      responseElements: null,
    }),
  },
})

/** @throws Fault InvalidTokenException, ExpiredTokenException */
async function provenPod(input: EksAuth.AssumeRoleForPodIdentityRequest, call: Call): Promise<Pod> {
  const { account, region } = call
  const issuerOfCluster = clusterIssuer(account, region, input.clusterName)
  const issuer = account.table(podClusters).find(`${region} ${input.clusterName}`)?.issuer ?? issuerOfCluster
  try {
    const { claims } = await verifyTokenOf(
      input.token,
      (named) =>
        named === issuer
          ? {
              principal: issuer,
              prefix: '',
              clientIds: [podService],
              thumbprints: [],
              isOwn: issuer === issuerOfCluster,
            }
          : undefined,
      call,
    )
    const pod = podIn(claims)
    if (pod !== undefined) return pod
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code === 'ExpiredTokenException')
      throw fault('ExpiredTokenException', 'The service account token has expired.', 400)
    throw fault('InvalidTokenException', `The service account token is not valid: ${error.message}`, 400)
  }
  throw fault('InvalidTokenException', 'The token is not one of a service account.', 400)
}

/** @throws Fault ResourceNotFoundException */
function associationOf(
  { namespace, serviceAccount }: Pod,
  cluster: string,
  account: Account,
  { region }: Call,
): PodAssociation {
  const association = account
    .table(podAssociations)
    .findBy('subject', podSubject({ region, cluster, namespace, serviceAccount }))
  if (association !== undefined) return association
  throw fault(
    'ResourceNotFoundException',
    `No association of service account ${serviceAccount} in namespace ${namespace} of cluster ${cluster}.`,
    404,
  )
}

interface RoleSession {
  readonly credentials: EksAuth.Credentials
  readonly user: EksAuth.AssumedRoleUser
}

/** @throws Fault AccessDeniedException if the role or the target does not let it */
async function assumed(association: PodAssociation, pod: Pod, call: Call): Promise<RoleSession> {
  const { deps, account, region } = call
  const { roleArn, target, policy } = association
  const role = findRole(account, roleArn)
  if (role === undefined) throw denied()
  const sessionName = sessionNameOf(association.cluster, pod, call)
  const cluster = clusterArn(account, region, association.cluster)
  const credentials = await deps.assumeForService({
    account,
    role,
    service: podService,
    sessionName,
    lifetimeSeconds,
    region,
    context: { 'aws:SourceAccount': account.id, 'aws:SourceArn': cluster },
    ...(association.disableSessionTags
      ? {}
      : { tags: tagsOf(association.cluster, cluster, pod), transitive: true }),
    // a policy limits the role that the pod gets, not the way to it (behaviour POD-4)
    ...(policy !== undefined && target === undefined && { policies: { inline: policy, arns: [] } }),
  })
  if (credentials === undefined) throw denied()
  if (target !== undefined) return throughTarget(target, policy, sessionName, credentials, call)
  return {
    credentials: shown(credentials),
    user: {
      arn: sessionArn(account, role.name, sessionName),
      assumeRoleId: `${role.id}:${sessionName}`,
    },
  }
}

/** The members of AssumeRole's answer that are read. */
interface Assumed {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    readonly Expiration: number
  }
  readonly AssumedRoleUser: { readonly Arn: string; readonly AssumedRoleId: string }
}

/** The session of the first role assumes the target role, as anybody's would. */
async function throughTarget(
  target: NonNullable<PodAssociation['target']>,
  policy: string | undefined,
  sessionName: string,
  first: MintedCredentials,
  call: Call,
): Promise<RoleSession> {
  const { deps } = call
  const account = (await newestAccount(deps.directory, call.account.id)) ?? call.account
  const credential = deps.credentials.find(account, first.accessKeyId, first.sessionToken, call.now)
  if (typeof credential === 'string') throw denied()
  try {
    const output = (await deps.perform({
      service: 'sts',
      operation: 'AssumeRole',
      input: {
        RoleArn: target.roleArn,
        RoleSessionName: sessionName,
        ExternalId: target.externalId,
        DurationSeconds: 3_600,
        ...(policy !== undefined && { Policy: policy }),
      },
      caller: credential.caller,
      account,
      origin: { sourceIp: podService, userAgent: podService, host: '', secure: true, invokedBy: podService },
    })) as Assumed // of STS's model
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = output.Credentials
    return {
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: wholeSeconds(Expiration),
      },
      user: { arn: output.AssumedRoleUser.Arn, assumeRoleId: output.AssumedRoleUser.AssumedRoleId },
    }
  } catch (error) {
    if (error instanceof Fault) throw denied()
    throw error
  }
}

/** `eks-CLUSTER-POD-UUID`, of 64 characters at most (behaviour POD-12). */
function sessionNameOf(cluster: string, { pod }: Pod, { deps }: Call): string {
  const name = pod.name.replace(/[^\w+=,.@-]/g, '-').slice(0, 12)
  return `eks-${cluster.slice(0, 10)}-${name}-${uuid(deps.random)}`
}

function tagsOf(name: string, arn: string, { namespace, serviceAccount, pod }: Pod): readonly Tag[] {
  return [
    { Key: 'eks-cluster-arn', Value: arn },
    { Key: 'eks-cluster-name', Value: name },
    { Key: 'kubernetes-namespace', Value: namespace },
    { Key: 'kubernetes-service-account', Value: serviceAccount },
    { Key: 'kubernetes-pod-name', Value: pod.name },
    { Key: 'kubernetes-pod-uid', Value: pod.uid },
  ]
}

function shown(credentials: MintedCredentials): EksAuth.Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentials
  return { accessKeyId, secretAccessKey, sessionToken, expiration: wholeSeconds(expiresAt) }
}

function wholeSeconds(instant: number): number {
  return Math.floor(instant / 1000) * 1000
}

/** AWS's words, whatever is missing (behaviour POD-13). */
function denied(): Fault {
  return fault(
    'AccessDeniedException',
    'Unauthorized Exception! EKS does not have permissions to assume the associated role.',
    400,
  )
}
