import { useQuery, useQueryClient } from '@tanstack/react-query'
import { omen, partitionHere, query } from './aws.ts'
import { type Identity, identities, useIdentity } from './identity.ts'

/** Whether a switch would succeed now. */
export interface SwitchCheck {
  readonly allowed: boolean
  /** AWS's sentence where it would not. */
  readonly why?: string
  /** It succeeds once the user has signed in with MFA. */
  readonly needsMfa?: true
}

/** A role that this person switched to before. */
export interface SwitchEntry {
  readonly account: string
  /** Path and name, without the leading slash. */
  readonly roleName: string
  readonly displayName?: string
  readonly color?: string
  readonly hatched?: true
  readonly pinned?: true
  /** The last switch, ISO 8601. */
  readonly at: string
  readonly check: SwitchCheck
}

interface History {
  readonly entries: readonly SwitchEntry[]
}

const key = ['switch-history']

/** The roles that the original identity switched to, pinned ones first, each checked. */
export function useSwitchHistory() {
  const identity = useIdentity()
  return useQuery({
    queryKey: key,
    queryFn: () => identities.ask<History>('/signin/history'),
    enabled: identity !== undefined && identity.kind !== 'root',
    select: ({ entries }) => [...entries].sort((a, b) => Number(b.pinned ?? 0) - Number(a.pinned ?? 0)),
    retry: false,
  })
}

/** Changes the history: `clear` keeps what is pinned. */
export function useHistoryChange() {
  const client = useQueryClient()
  return async (change: 'pin' | 'unpin' | 'remove' | 'clear', entry?: SwitchEntry) => {
    const { account = '', roleName = '' } = entry ?? {}
    client.setQueryData(key, await identities.ask<History>('/signin/history', { change, account, roleName }))
  }
}

/** Asks whether a switch would succeed, without switching. */
export function useSwitchCheck(account: string, roleName: string) {
  return useQuery({
    queryKey: ['switch-check', account, roleName],
    queryFn: () => identities.ask<SwitchCheck>('/signin/check', { account, roleName }),
    enabled: isNamed(account, roleName),
    retry: false,
  })
}

/** Asks whether the role that this tab wears may assume another one, without assuming it. */
export function useChainCheck(account: string, roleName: string) {
  const identity = useIdentity()
  return useQuery({
    queryKey: ['chain-check', identity?.arn, account, roleName],
    queryFn: ({ signal }) => askChain(account, roleName, signal),
    enabled: isNamed(account, roleName),
    retry: false,
  })
}

function askChain(account: string, roleName: string, signal?: AbortSignal) {
  const asked = { account, roleName }
  return omen<SwitchCheck & { account: string }>('POST', '/_omen/api/may-wear', asked, { signal })
}

/** Whether the fields of a form name an account and a role. */
function isNamed(account: string, roleName: string): boolean {
  return /^[\w-]{3,}$/.test(account) && roleName !== ''
}

/** A chained session lasts one hour at the most. Seconds. */
export const longestChain = 3_600

/**
 * Chains: the assumed role itself asks for the next one, by an AssumeRole that its credentials sign.
 * @throws AwsError
 */
export async function chainRole(
  assumed: Identity,
  account: string,
  pathAndName: string,
  seconds: number,
): Promise<void> {
  const id = /^\d{12}$/.test(account) ? account : (await askChain(account, pathAndName)).account
  const roleArn = `arn:${partitionHere()}:iam::${id}:role/${pathAndName}`
  const session = assumed.switchedFrom?.name ?? assumed.name
  const answer = await query('sts', 'AssumeRole', {
    RoleArn: roleArn,
    RoleSessionName: session.replace(/[^\w+=,.@-]/g, '-').slice(0, 64),
    DurationSeconds: seconds,
  })
  const credentials = answer.child('Credentials')
  const user = answer.child('AssumedRoleUser')
  const { alias: _, ...rest } = assumed
  identities.wear({
    ...rest,
    account: id,
    arn: user.text('Arn'),
    name: session,
    kind: 'role',
    expiresAt: credentials.text('Expiration'),
    role: {
      arn: roleArn,
      name: pathAndName.slice(pathAndName.lastIndexOf('/') + 1),
      id: user.text('AssumedRoleId').split(':')[0] ?? '',
    },
    credentials: {
      accessKeyId: credentials.text('AccessKeyId'),
      secretAccessKey: credentials.text('SecretAccessKey'),
      sessionToken: credentials.text('SessionToken'),
    },
    chainedFrom: assumed,
  })
}
