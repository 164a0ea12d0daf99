import type { shellText } from '../text/shell.ts'

type ShellText = (typeof shellText)['en']

/** The name of a text of the frame that is one word or sentence. */
type TextName = {
  [Name in keyof ShellText]: ShellText[Name] extends string ? Name : never
}[keyof ShellText]

/** A page: its path and the name of its text. */
export type Place = readonly [path: string, name: TextName]

/** The pages of the navigation, by group. */
export const places: readonly { readonly group: TextName; readonly pages: readonly Place[] }[] = [
  {
    group: 'groupNow',
    pages: [
      ['/', 'home'],
      ['/sessions', 'sessions'],
      ['/events', 'events'],
    ],
  },
  {
    group: 'groupIdentities',
    pages: [
      ['/roles', 'roles'],
      ['/users', 'users'],
      ['/groups', 'groups'],
      ['/providers', 'providers'],
      ['/mfa', 'mfa'],
      ['/profiles', 'profiles'],
    ],
  },
  {
    group: 'groupPolicies',
    pages: [
      ['/policies', 'policies'],
      ['/stream', 'stream'],
    ],
  },
  {
    group: 'groupAsk',
    pages: [
      ['/try', 'tryCall'],
      ['/pass', 'pass'],
      ['/paths', 'paths'],
    ],
  },
  {
    group: 'groupServer',
    pages: [
      ['/organization', 'organization'],
      ['/workloads', 'workloads'],
      ['/trails', 'trails'],
      ['/settings', 'settings'],
    ],
  },
]

/** Pages that the account menu and other pages lead to. */
export const furtherPlaces: readonly Place[] = [
  ['/roles/new', 'createRole'],
  ['/switchrole', 'switchRole'],
  ['/switchrole/chain', 'chain'],
]
