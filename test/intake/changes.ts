import assert from 'node:assert/strict'
import {
  accountLists,
  type Comparison,
  type Image,
  IntakeProblem,
  organizationLists,
  readPart,
} from '../../packages/server/src/intake/index.ts'
import { fullAccount } from './full.ts'
import { changed, leaves } from './values.ts'

const at = { file: 'bare', line: 1, column: 1 }

/** Whether a server takes a thing of a list, or an account or an organization without its lists. */
export function isTaken(list: string, thing: unknown): boolean {
  return typeof readPart(partOf(list, thing)) === 'object'
}

/** A part of an image as a server is sent it. */
export function partOf(list: string, thing: unknown): unknown {
  const { account: id, partition } = fullAccount
  if (list === 'account') return { account: thing }
  if (list === 'organization') return { organization: thing }
  if (list in accountLists) return { account: { at, account: id, partition }, list, things: [thing] }
  return { organization: { at, managementAccount: id }, list, things: [thing] }
}

/** What becomes of the entities of an image, except of those that stay as they are. */
export function said({ newAccounts, things, notTaken, findings }: Comparison): readonly string[] {
  return [
    ...newAccounts.map((id) => `new account ${id}`),
    ...things
      .filter(({ outcome }) => outcome !== 'unchanged')
      .map(({ outcome, kind, name, changes }) => [outcome, kind, name, ...changes].join(', ')),
    ...notTaken.map(({ kind, name, reason }) => `not taken: ${kind} ${name}: ${reason}`),
    ...findings.map(({ code, message }) => `finding ${code}: ${message}`),
  ].map((line) => line.replaceAll('\n', ' '))
}

/** The sentence of a refusal. */
export function problemOf(error: unknown): readonly string[] {
  assert.ok(error instanceof IntakeProblem, String(error))
  return [error.message]
}

/** The image with each of its members in turn absent and, where it is a text, a number or a flag, otherwise. */
export function changesOf(image: Image): readonly (readonly [string, Image])[] {
  const [first] = image.accounts
  const { organization } = image
  return Object.entries({ ...organization, ...first }).flatMap(([list, things]) => {
    if (!(list in accountLists || list in organizationLists) || !Array.isArray(things)) return []
    const isOwn = list in accountLists && list in first!
    const imageWith = (index: number, thing: unknown): Image => {
      const changed = { [list]: things.with(index, thing) }
      return isOwn
        ? { ...image, accounts: [{ ...first!, ...changed }] }
        : { ...image, organization: { ...organization!, ...changed } }
    }
    return things.flatMap((thing: object, index) =>
      leaves(thing).flatMap(([path, value]) =>
        [undefined, otherwise(value)].flatMap((to) => {
          const other = JSON.parse(JSON.stringify(changed(thing, path, to)))
          if (path.at(-1) === 'at' || to === value || !isTaken(list, other)) return []
          const name = `${list}.${index}.${path.join('.')}${to === undefined ? ' absent' : ''}`
          return [[name, imageWith(index, other)] as const]
        }),
      ),
    )
  })
}

function otherwise(value: unknown): unknown {
  if (typeof value === 'number') return value + 86_400_000
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string')
    return value.startsWith('{') ? value.replace('s3:', 'sqs:') : value.replace(/[a-z1-9]$/, 'e')
  return Array.isArray(value) ? [] : value
}
