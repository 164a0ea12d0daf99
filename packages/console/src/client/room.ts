import { useQuery } from '@tanstack/react-query'
import { omen, query, rest } from './aws.ts'
import { type Identity, useIdentity } from './identity.ts'

/** A role, and whether the original identity of this tab may put it on. */
export interface WearableRole {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly allowed: boolean
  /** Other accounts that its trust policy names. */
  readonly houses: readonly string[]
  /** AWS's sentence, where it may not. */
  readonly why?: string
}

/** A session that lives. */
export interface LiveSession {
  readonly accessKeyId: string
  readonly arn: string
  readonly operation: string
  readonly roleArn?: string
  readonly by: string
  /** The access key that asked. */
  readonly byKey?: string
  readonly beganAt: string
  readonly expiresAt: string
  readonly mfa: boolean
  readonly sourceIdentity?: string
  readonly decision?: string
}

/** Something that is not human and wears a role. */
export interface Machine {
  readonly kind: 'instance' | 'function'
  readonly name: string
  readonly roleName: string
  readonly service: string
}

/** The roles of the account, and which of them the person of this tab may put on: always as the original identity. */
export function useWearable() {
  const identity = useIdentity()
  return useQuery({
    queryKey: ['wearable'],
    queryFn: ({ signal }) =>
      omen<{ roles: readonly WearableRole[]; beyond: number }>('GET', '/_omen/api/wearable', undefined, {
        signal,
        ...originally(identity),
      }),
    enabled: identity !== undefined,
  })
}

/** The roles that the worn role itself may put on: whom it may chain to. */
export function useWearableBy(worn: Identity) {
  return useQuery({
    queryKey: ['wearable-by', worn.arn],
    queryFn: ({ signal }) =>
      omen<{ roles: readonly WearableRole[] }>('GET', '/_omen/api/wearable', undefined, { signal }),
    retry: false,
  })
}

/** Sessions that were handed out and whose time is not over, newest first. */
export function useSessions() {
  return useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) =>
      (await omen<{ sessions: readonly LiveSession[] }>('GET', '/_omen/api/sessions', undefined, { signal }))
        .sessions,
    refetchInterval: 5_000,
  })
}

/** Instances and functions that wear a role. */
export function useMachines() {
  return useQuery({
    queryKey: ['machines'],
    queryFn: async ({ signal }) => [...(await instances(signal)), ...(await functions(signal))],
    refetchInterval: 10_000,
  })
}

async function instances(signal: AbortSignal): Promise<readonly Machine[]> {
  const answer = await query('ec2', 'DescribeInstances', {}, { signal })
  return answer
    .list('reservationSet')
    .flatMap((reservation) => reservation.list('instancesSet'))
    .filter((instance) => instance.child('instanceState').text('name') !== 'terminated')
    .flatMap((instance): Machine[] => {
      const profile = instance.child('iamInstanceProfile').text('arn')
      if (profile === '') return []
      const roleName = profile.slice(profile.lastIndexOf('/') + 1)
      return [{ kind: 'instance', name: instance.text('instanceId'), roleName, service: 'ec2.amazonaws.com' }]
    })
}

async function functions(signal: AbortSignal): Promise<readonly Machine[]> {
  const { Functions } = await rest<{ Functions: readonly { FunctionName: string; Role: string }[] }>(
    'lambda',
    'GET',
    '/2015-03-31/functions/',
    undefined,
    { signal },
  )
  return Functions.map(({ FunctionName, Role }) => ({
    kind: 'function',
    name: FunctionName,
    roleName: Role.slice(Role.lastIndexOf('/') + 1),
    service: 'lambda.amazonaws.com',
  }))
}

function originally(identity: Identity | undefined) {
  const as = identity?.switchedFrom?.credentials
  return as === undefined ? {} : { as }
}
