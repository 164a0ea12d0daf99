import type { AccountImage, LentImage } from './image.ts'
import type { AnchorImage, CertificateProfileImage, PodImage, PoolImage } from './lenders-image.ts'

/** A holder of roles, as inventories have it. */
export interface LentEntry {
  readonly to: string
  readonly roles: readonly string[]
  readonly groups?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  readonly source?: string
  readonly limit?: string
}

/** The entities that give roles in an account. */
interface Lenders extends Pick<AccountImage, 'account' | 'partition'> {
  readonly podAssociations: readonly Omit<PodImage, 'at'>[]
  readonly identityPools: readonly Omit<PoolImage, 'at'>[]
  readonly trustAnchors: readonly Omit<AnchorImage, 'at'>[]
  readonly certificateProfiles: readonly Omit<CertificateProfileImage, 'at'>[]
}

/** A session policy of the loan itself, which is not asked about. */
const limit = 'a session policy limits its sessions'

/** The pods, the users of identity pools and the holders of certificates that get roles of an account. [GRD-660] */
export function machinesLent(account: Lenders): readonly LentEntry[] {
  return [...podsOf(account), ...poolsOf(account), ...certificatesOf(account)]
}

/** The holders in an account that resources of templates give roles to. [POD-32] */
export function plannedLent(lent: readonly LentImage[], account: string): readonly LentEntry[] {
  const found = new Map<string, string[]>()
  for (const { role, to } of lent) {
    if (to === undefined || role.split(':')[4] !== account) continue
    const roles = found.get(to)
    if (roles === undefined) found.set(to, [role])
    else if (!roles.includes(role)) roles.push(role)
  }
  return [...found].map(([to, roles]) => ({ to, roles }))
}

function podsOf({ account, partition, podAssociations }: Lenders): readonly LentEntry[] {
  return podAssociations.flatMap((pod) => {
    const { region, cluster = '', namespace = '', serviceAccount = '', roleArn, target, policy } = pod
    if (roleArn === undefined) return []
    const source = `arn:${partition}:eks:${region}:${account}:cluster/${cluster}`
    const tags = {
      'eks-cluster-arn': source,
      'eks-cluster-name': cluster,
      'kubernetes-namespace': namespace,
      'kubernetes-service-account': serviceAccount,
    }
    const limits = target === undefined ? policy && limit : `it only assumes ${target.roleArn} for the pods`
    return {
      to: `pod/${cluster}/${namespace}/${serviceAccount}`,
      roles: [roleArn],
      source,
      ...(pod.disableSessionTags === true ? {} : { tags }),
      ...(limits === undefined ? {} : { limit: limits }),
    }
  })
}

/** Guests of the enhanced flow are left out: a session policy of AWS keeps them from nearly everything. [PSR-21] */
function poolsOf({ identityPools }: Lenders): readonly LentEntry[] {
  return identityPools.flatMap((pool) => {
    const { authenticated, unauthenticated } = pool.roles ?? {}
    const mapped = Object.values(pool.mappings ?? {}).flatMap(({ rules }) =>
      rules.map(({ roleArn }) => roleArn),
    )
    const users = [...new Set([...(authenticated === undefined ? [] : [authenticated]), ...mapped])]
    const guests = pool.letsGuests === true && pool.letsClassic === true && unauthenticated !== undefined
    return [
      ...(users.length === 0 ? [] : [{ to: `pool/${pool.id}`, roles: users }]),
      ...(guests ? [{ to: `guest/${pool.id}`, roles: [unauthenticated] }] : []),
    ]
  })
}

/** Profiles that an authority of the same region can give certificates for. */
function certificatesOf({
  account,
  partition,
  trustAnchors,
  certificateProfiles,
}: Lenders): readonly LentEntry[] {
  const anchors = trustAnchors.filter(({ enabled }) => enabled === true)
  return certificateProfiles.flatMap((profile) => {
    const { enabled, name, region, roleArns = [], sessionPolicy, managedPolicyArns = [] } = profile
    const own = anchors.filter((anchor) => anchor.region === region)
    const [first] = own
    if (enabled !== true || first === undefined) return []
    const arn = `arn:${partition}:rolesanywhere:${region}:${account}:trust-anchor/${first.id}`
    const isLimited = sessionPolicy !== undefined || managedPolicyArns.length > 0
    return [
      {
        to: `certificate/${name}`,
        roles: roleArns,
        ...(own.length === 1 ? { source: arn } : {}),
        ...(isLimited ? { limit } : {}),
      },
    ]
  })
}
