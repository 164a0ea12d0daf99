import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { pageOfArn } from '../client/arn-page.ts'
import { denials } from '../client/decisions.ts'
import { listGroups } from '../client/groups.ts'
import { listRoles, listUsers } from '../client/iam.ts'
import { listPolicies } from '../client/policies.ts'
import { listProfiles } from '../client/profiles.ts'
import { listProviders } from '../client/providers.ts'
import { listTrails } from '../client/trails.ts'
import { questionIn } from '../client/typed-question.ts'
import { useText } from '../text/language.ts'
import { paletteText } from '../text/palette.ts'
import { shellText } from '../text/shell.ts'
import type { NamedPage } from './named-page.ts'

/** Something that the palette leads to. */
export interface Item {
  readonly to: string
  readonly text: string
  readonly kind: string
  /** Further texts by which it is found. */
  readonly also?: string
  readonly role?: { readonly name: string; readonly id: string }
  /** The page answers at once. */
  readonly asks?: true
}

/** Results that are shown. */
const most = 40

/** Returns the meanings that a text may have, the likeliest first. */
export function usePaletteItems(text: string, named: readonly NamedPage[]): readonly Item[] {
  const t = useText(paletteText)
  const shell = useText(shellText)
  const things = useThings(text !== '')
  const pages = useMemo(
    () => named.map(({ path, name }): Item => ({ to: path, text: shell[name], kind: t.page })),
    [named, shell, t],
  )
  if (text === '') return [...pages, ...things].slice(0, most)
  const sought = text.toLowerCase()
  const rank = (item: Item) => {
    const name = item.text.toLowerCase()
    return name === sought ? 0 : name.startsWith(sought) ? 1 : name.includes(sought) ? 2 : 3
  }
  const found = [...pages, ...things]
    .filter((item) => rank(item) < 3 || item.also?.toLowerCase().includes(sought) === true)
    .sort((a, b) => rank(a) - rank(b))
  return [
    ...meant(text, t),
    ...found.slice(0, most),
    { to: `/events?text=${encodeURIComponent(text)}`, text: t.events(text), kind: shell.events },
  ]
}

/** The things of the account. Some are fetched only when something is looked for. */
function useThings(isSought: boolean): readonly Item[] {
  const t = useText(paletteText)
  const once = { staleTime: 60_000, retry: false }
  const later = { ...once, enabled: isSought }
  const roles = useQuery({ queryKey: ['roles'], queryFn: ({ signal }) => listRoles(signal), ...once })
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal), ...once })
  const policies = useQuery({
    queryKey: ['policies', 'Local'],
    queryFn: ({ signal }) => listPolicies('Local', signal),
    ...once,
  })
  const groups = useQuery({ queryKey: ['groups'], queryFn: ({ signal }) => listGroups(signal), ...later })
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: ({ signal }) => listProviders(signal),
    ...later,
  })
  const profiles = useQuery({
    queryKey: ['profiles'],
    queryFn: ({ signal }) => listProfiles(signal),
    ...later,
  })
  const trails = useQuery({ queryKey: ['trails'], queryFn: ({ signal }) => listTrails(signal), ...later })
  const denied = useQuery({
    queryKey: ['denials'],
    queryFn: ({ signal }) => denials(signal),
    ...later,
    staleTime: 2_000,
  })
  return useMemo((): readonly Item[] => {
    const named = (page: string, kind: string) => (name: string) => ({
      to: `/${page}/${encodeURIComponent(name)}`,
      text: name,
      kind,
    })
    return [
      ...(roles.data ?? []).map((role) => ({ ...named('roles', t.role)(role.name), role, also: role.arn })),
      ...(users.data ?? []).map(({ name, arn }) => ({ ...named('users', t.user)(name), also: arn })),
      ...(groups.data ?? []).map(({ name, arn }) => ({ ...named('groups', t.group)(name), also: arn })),
      ...(policies.data ?? []).map(({ name, arn }) => ({
        to: `/policies/${encodeURIComponent(arn)}`,
        text: name,
        kind: t.policy,
        also: arn,
      })),
      ...(profiles.data ?? []).map(({ name, arn }) => ({
        to: '/profiles',
        text: name,
        kind: t.profile,
        also: arn,
      })),
      ...(providers.data ?? []).map(({ name, arn }) => ({
        to: '/providers',
        text: name,
        kind: t.provider,
        also: arn,
      })),
      ...(trails.data ?? []).map(({ Name, TrailARN }) => ({
        ...named('trails', t.trail)(Name),
        also: TrailARN,
      })),
      ...(denied.data ?? []).map(({ id, action, resource }) => ({
        to: `/d/${id}`,
        text: `${action} ${resource}`,
        kind: t.denial,
        also: id,
      })),
    ]
  }, [
    roles.data,
    users.data,
    groups.data,
    policies.data,
    profiles.data,
    providers.data,
    trails.data,
    denied.data,
    t,
  ])
}

/** Returns the pages that ids, ARNs and actions lead to. */
function meant(text: string, t: ReturnType<typeof useText<typeof paletteText.en>>): readonly Item[] {
  const typed = questionIn(text)
  if (typed !== undefined)
    return [{ to: typed.to, text: t.asked[typed.verb](typed.names), kind: t.question, asks: true }]
  if (/^d-\w{4,60}$/.test(text) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    return [{ to: `/d/${text}`, text: t.open(text), kind: t.decision }]
  if (/^[a-z0-9-]+:[A-Za-z]+$/.test(text))
    return [{ to: `/try?action=${encodeURIComponent(text)}`, text: t.tryIt(text), kind: t.action }]
  if (!text.startsWith('arn:')) return []
  const to = pageOfArn(text)
  return [
    ...(to === undefined ? [] : [{ to, text, kind: t.arn }]),
    { to: `/try?resource=${encodeURIComponent(text)}`, text: t.tryOn(text), kind: t.arn },
  ]
}
