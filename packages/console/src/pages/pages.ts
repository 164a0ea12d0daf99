import { lazy } from 'react'
import type { NamedPage } from '../components/named-page.ts'

interface Shown {
  readonly path: string
  readonly shows: ReturnType<typeof lazy>
}

type Page = (Shown & NamedPage) | (Shown & { readonly name?: never; readonly group?: never })

/** Every page, in the order of the navigation. The first path that fits an address is its page. */
export const pages: readonly Page[] = [
  { path: '/', shows: lazy(() => import('./home.tsx')), name: 'home', group: 'groupNow' },
  {
    path: '/sessions',
    shows: lazy(() => import('./sessions.tsx')),
    name: 'sessions',
    group: 'groupNow',
  },
  { path: '/events', shows: lazy(() => import('./events.tsx')), name: 'events', group: 'groupNow' },
  { path: '/roles', shows: lazy(() => import('./roles.tsx')), name: 'roles', group: 'groupIdentities' },
  { path: '/users', shows: lazy(() => import('./users.tsx')), name: 'users', group: 'groupIdentities' },
  {
    path: '/groups',
    shows: lazy(() => import('./groups.tsx')),
    name: 'groups',
    group: 'groupIdentities',
  },
  {
    path: '/providers',
    shows: lazy(() => import('./providers.tsx')),
    name: 'providers',
    group: 'groupIdentities',
  },
  { path: '/mfa', shows: lazy(() => import('./mfa.tsx')), name: 'mfa', group: 'groupIdentities' },
  {
    path: '/profiles',
    shows: lazy(() => import('./profiles.tsx')),
    name: 'profiles',
    group: 'groupIdentities',
  },
  {
    path: '/policies',
    shows: lazy(() => import('./policies.tsx')),
    name: 'policies',
    group: 'groupPolicies',
  },
  {
    path: '/stream',
    shows: lazy(() => import('./stream.tsx')),
    name: 'stream',
    group: 'groupPolicies',
  },
  { path: '/try', shows: lazy(() => import('./try.tsx')), name: 'tryCall', group: 'groupAsk' },
  { path: '/pass', shows: lazy(() => import('./pass.tsx')), name: 'pass', group: 'groupAsk' },
  { path: '/paths', shows: lazy(() => import('./paths.tsx')), name: 'paths', group: 'groupAsk' },
  { path: '/learn', shows: lazy(() => import('./learn.tsx')), name: 'learn', group: 'groupAsk' },
  {
    path: '/organization',
    shows: lazy(() => import('./organization.tsx')),
    name: 'organization',
    group: 'groupServer',
  },
  {
    path: '/workloads',
    shows: lazy(() => import('./workloads.tsx')),
    name: 'workloads',
    group: 'groupServer',
  },
  { path: '/trails', shows: lazy(() => import('./trails.tsx')), name: 'trails', group: 'groupServer' },
  {
    path: '/settings',
    shows: lazy(() => import('./settings.tsx')),
    name: 'settings',
    group: 'groupServer',
  },
  { path: '/roles/new', shows: lazy(() => import('./create-role.tsx')), name: 'createRole' },
  { path: '/roles/:name', shows: lazy(() => import('./role.tsx')) },
  { path: '/users/:name', shows: lazy(() => import('./user.tsx')) },
  { path: '/groups/:name', shows: lazy(() => import('./group.tsx')) },
  { path: '/trails/:name', shows: lazy(() => import('./trail.tsx')) },
  { path: '/policies/:arn', shows: lazy(() => import('./policy.tsx')) },
  { path: '/switchrole', shows: lazy(() => import('./switch-role.tsx')), name: 'switchRole' },
  { path: '/switchrole/chain', shows: lazy(() => import('./chain-role.tsx')), name: 'chain' },
  { path: '/learn/review', shows: lazy(() => import('./review.tsx')) },
  { path: '/learn/:id', shows: lazy(() => import('./lesson.tsx')) },
  { path: '/d/:id', shows: lazy(() => import('./why.tsx')) },
]
