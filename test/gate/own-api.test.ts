import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesLike, readText } from '../house/files.ts'

const doc = readText('docs/OWN-API.md')

/** Rows of the documentation: method, path with its parameters as stars, and permission. */
const rows = [...doc.matchAll(/^\| (GET|POST) \| `([^`]+)` \|([^|]*)\|/gm)].map(
  ([, method, path = '', permission = '']) => [
    `${method} ${path.replace(/\{\w+\}/g, '*').replaceAll('\\|', '|')}`,
    permission.trim(),
  ],
)

/** Permissions that several routes name by a constant. */
const named: Readonly<Record<string, string>> = {
  "'anyone'": 'anyone',
  "'signer'": 'any signer',
  readsEvents: 'cloudtrail:LookupEvents',
  startsLessons: 'omen:StartLesson',
  readsDecisions: 'sts:DecodeAuthorizationMessage',
  readsAllPolicies: 'iam:GetAccountAuthorizationDetails',
  'asksWhatIf(deps)': 'iam:SimulatePrincipalPolicy',
}

/** The routes of the code as rows. */
function routes(): readonly (readonly string[])[] {
  return filesLike('packages/server/src/gate/**/*.ts').flatMap((file) => {
    const text = readText(file)
    return [...text.matchAll(/method: '(GET|POST)',\s*path: \/\^(.*?)\$\/,([\s\S]*?)answer/g)].map(
      ([, method, path = '', between = '']) => {
        const by = /by: (\{ ?\s*action: '([^']+)'|[^\n,]+)/.exec(between)
        const permission = by === null ? 'owner' : (by[2] ?? named[by[1] ?? ''] ?? by[1] ?? '')
        return [`${method} ${plain(path)}`, permission]
      },
    )
  })
}

/** A regular expression of a path as the documentation writes it: groups as stars, except alternatives of words. */
function plain(path: string): string {
  return path
    .replaceAll('\\/', '/')
    .replace(/\((\w+(?:\|\w+)+)\)/g, '$1')
    .replace(/\((?:[^()\\]|\\.)*\)/g, '*')
    .replaceAll('\\.', '.')
}

test('each path under /_omen/ belongs to a route that the documentation is compared with', () => {
  const paths = filesLike('packages/server/src/gate/**/*.ts').flatMap((file) => [
    ...readText(file).matchAll(/\/\^\\\/_omen\\\/.*?\$\/,/g),
  ])
  assert.equal(paths.length, routes().length)
})

test('docs/OWN-API.md has each route under /_omen/ with the permission that it asks for', () => {
  const documented = rows.filter(([route]) => route?.includes(' /_omen/'))
  assert.ok(documented.length > 30)
  assert.deepEqual([...documented].sort(), [...routes()].sort())
})

test('docs/OWN-API.md has each route of the sign-in', () => {
  const text = readText('packages/server/src/services/signin/sign-in.ts')
  const pages = [...text.matchAll(/^ +'((?:GET|POST) \/[\w/]+)':/gm)].map(([, door]) => door)
  const doors = [...pages, 'GET /.well-known/oauth-authorization-server', 'POST /v1/token'] // of oauth-door.ts
  const documented = rows.map(([route]) => route).filter((route) => !route?.includes(' /_omen/'))
  assert.ok(doors.length > 10)
  assert.deepEqual([...documented].sort(), [...doors].sort())
})
