import { lazy } from 'react'
import type { shellText } from './text/shell.ts'

type ShellText = (typeof shellText)['en']

/** The name of a text of the frame that is one word or sentence. */
type TextName = {
  [Name in keyof ShellText]: ShellText[Name] extends string ? Name : never
}[keyof ShellText]

interface Shown {
  readonly path: string
  readonly shows: ReturnType<typeof lazy>
}

/** A page that Search finds by its name, and that may have a group in the navigation. */
interface Named extends Shown {
  readonly name: TextName
  readonly group?: TextName
}

type Page = Named | (Shown & { readonly name?: never; readonly group?: never })

/** Every page, in the order of the navigation. The first path that fits an address is its page. */
export const pages: readonly Page[] = [
  { path: '/', shows: lazy(() => import('./pages/home.tsx')), name: 'home', group: 'groupNow' },
  {
    path: '/sessions',
    shows: lazy(() => import('./pages/sessions.tsx')),
    name: 'sessions',
    group: 'groupNow',
  },
  { path: '/events', shows: lazy(() => import('./pages/events.tsx')), name: 'events', group: 'groupNow' },
  { path: '/roles', shows: lazy(() => import('./pages/roles.tsx')), name: 'roles', group: 'groupIdentities' },
  { path: '/users', shows: lazy(() => import('./pages/users.tsx')), name: 'users', group: 'groupIdentities' },
  {
    path: '/groups',
    shows: lazy(() => import('./pages/groups.tsx')),
    name: 'groups',
    group: 'groupIdentities',
  },
  {
    path: '/providers',
    shows: lazy(() => import('./pages/providers.tsx')),
    name: 'providers',
    group: 'groupIdentities',
  },
  { path: '/mfa', shows: lazy(() => import('./pages/mfa.tsx')), name: 'mfa', group: 'groupIdentities' },
  {
    path: '/profiles',
    shows: lazy(() => import('./pages/profiles.tsx')),
    name: 'profiles',
    group: 'groupIdentities',
  },
  {
    path: '/policies',
    shows: lazy(() => import('./pages/policies.tsx')),
    name: 'policies',
    group: 'groupPolicies',
  },
  {
    path: '/stream',
    shows: lazy(() => import('./pages/stream.tsx')),
    name: 'stream',
    group: 'groupPolicies',
  },
  { path: '/try', shows: lazy(() => import('./pages/try.tsx')), name: 'tryCall', group: 'groupAsk' },
  { path: '/pass', shows: lazy(() => import('./pages/pass.tsx')), name: 'pass', group: 'groupAsk' },
  { path: '/paths', shows: lazy(() => import('./pages/paths.tsx')), name: 'paths', group: 'groupAsk' },
  { path: '/learn', shows: lazy(() => import('./pages/learn.tsx')), name: 'learn', group: 'groupAsk' },
  {
    path: '/organization',
    shows: lazy(() => import('./pages/organization.tsx')),
    name: 'organization',
    group: 'groupServer',
  },
  {
    path: '/workloads',
    shows: lazy(() => import('./pages/workloads.tsx')),
    name: 'workloads',
    group: 'groupServer',
  },
  { path: '/trails', shows: lazy(() => import('./pages/trails.tsx')), name: 'trails', group: 'groupServer' },
  {
    path: '/settings',
    shows: lazy(() => import('./pages/settings.tsx')),
    name: 'settings',
    group: 'groupServer',
  },
  { path: '/roles/new', shows: lazy(() => import('./pages/create-role.tsx')), name: 'createRole' },
  { path: '/roles/:name', shows: lazy(() => import('./pages/role.tsx')) },
  { path: '/users/:name', shows: lazy(() => import('./pages/user.tsx')) },
  { path: '/groups/:name', shows: lazy(() => import('./pages/group.tsx')) },
  { path: '/trails/:name', shows: lazy(() => import('./pages/trail.tsx')) },
  { path: '/policies/:arn', shows: lazy(() => import('./pages/policy.tsx')) },
  { path: '/switchrole', shows: lazy(() => import('./pages/switch-role.tsx')), name: 'switchRole' },
  { path: '/switchrole/chain', shows: lazy(() => import('./pages/chain-role.tsx')), name: 'chain' },
  { path: '/learn/review', shows: lazy(() => import('./pages/review.tsx')) },
  { path: '/learn/:id', shows: lazy(() => import('./pages/lesson.tsx')) },
  { path: '/d/:id', shows: lazy(() => import('./pages/why.tsx')) },
]

/** The pages that Search finds by name. */
export const namedPages: readonly Named[] = pages.filter((page): page is Named => page.name !== undefined)

/** The pages of the navigation, by group. */
export const navigation: readonly { readonly group: TextName; readonly pages: readonly Named[] }[] = [
  ...Map.groupBy(namedPages, ({ group }) => group),
].flatMap(([group, pages]) => (group === undefined ? [] : [{ group, pages }]))
