import { useQuery } from '@tanstack/react-query'
import { listRoles, listUsers } from './iam.ts'

/** Users and roles as `/_omen/can` names them, for suggestions: who may not list them gets none. */
export function usePrincipals(): readonly string[] {
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal), retry: false })
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal), retry: false })
  return [
    ...(users.data ?? []).map(({ name }) => `user/${name}`),
    ...(roles.data ?? []).map(({ name }) => `role/${name}`),
  ]
}
