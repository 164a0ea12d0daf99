import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { completionsFor } from './completions.ts'
import { listRoles, listUsers } from './iam.ts'

/** Users and roles as `/_omen/can` names them, for suggestions: a user who may not list them gets none. */
export function usePrincipals(): readonly string[] {
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal), retry: false })
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal), retry: false })
  return [
    ...(users.data ?? []).map(({ name }) => `user/${name}`),
    ...(roles.data ?? []).map(({ name }) => `role/${name}`),
  ]
}

/** Actions that begin as something typed does: services until there is a colon. */
export function useActions(typed: string): readonly string[] {
  const { data } = useQuery({
    queryKey: ['actions', typed],
    queryFn: () => completionsFor('Action', typed, 'identity'),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return data ?? []
}
