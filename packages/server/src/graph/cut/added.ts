import type { Document, Principal, World } from '../world/world.ts'
import type { Edit } from './edit.ts'
import { type Json, statementsOf } from './render.ts'
import { documentsOf } from './versions.ts'

/** The names of the inline policy, the boundary and the SCP that edits add. */
export const added = { policy: 'omen-break', boundary: 'omen-boundary', scp: 'omen-break' } as const

/** The inline policy that denies what edits take from a principal. */
export function denyText(edits: readonly Edit[], principal: string): string {
  return deniesOf(
    edits.flatMap((edit) => (edit.kind === 'deny' && edit.principal === principal ? [edit] : [])),
  )
}

/** The SCP that denies what edits take from an account. */
export function scpText(edits: readonly Edit[], account: string | undefined): string {
  return deniesOf(edits.flatMap((edit) => (edit.kind === 'scp' && edit.account === account ? [edit] : [])))
}

function deniesOf(denied: readonly { readonly action: string; readonly resource: string }[]): string {
  const byResource = Map.groupBy(denied, ({ resource }) => resource)
  const Statement = [...byResource].map(([Resource, all]) => {
    const actions = [...new Set(all.map(({ action }) => action))].sort()
    return { Effect: 'Deny', Action: actions.length === 1 ? actions[0] : actions, Resource }
  })
  return JSON.stringify({ Version: '2012-10-17', Statement }, undefined, 2)
}

/** The ARN of the boundary that an edit adds. */
export function boundaryArn({ partition, account }: World, { type, name }: Principal): string {
  return `arn:${partition}:iam::${account}:policy/${added.boundary}-${type}-${name}`.slice(0, 512)
}

/**
 * A boundary that allows what a principal may do now: what its policies allow, and what trust policies and policies of
 * resources of its account allow it by name, which a boundary limits as well. [POL-022, POL-039]
 */
export function boundaryText(world: World, principal: Principal): string {
  const own = identityOf(world, principal).flatMap(allowsOf)
  const Statement = [...own, ...grantsTo(world, principal)]
  return JSON.stringify({ Version: '2012-10-17', Statement }, undefined, 2)
}

/** The statements of a document that allow, as they are written. */
function allowsOf({ policy }: Document): readonly Json[] {
  return statementsOf(JSON.parse(policy.text) as Json).filter(({ Effect }) => Effect === 'Allow') // it was parsed before
}

/** The Allows of roles' and resources' policies for a principal by its ARN, as statements of an identity policy. */
function* grantsTo(world: World, { arn }: Principal): Generator<Json> {
  const placed = [
    ...[...world.roles.values()].map((role) => ({ on: role.arn, document: role.trust })),
    ...(world.inventory.resources ?? []).map((resource) => ({ on: resource.arn, document: resource.policy })),
  ]
  for (const { on, document } of placed) {
    if (document === undefined) continue
    if (
      !document.policy.statements.some(({ principal }) =>
        principal?.entries.some(({ value }) => value === arn),
      )
    )
      continue
    for (const { Action, NotAction, Resource, NotResource, Principal } of allowsOf(document)) {
      if (!isNamed(Principal, arn)) continue
      yield {
        Effect: 'Allow',
        ...(NotAction === undefined ? { Action } : { NotAction }),
        ...(NotResource === undefined
          ? { Resource: Resource === undefined || Resource === '*' ? on : Resource }
          : { NotResource }),
      }
    }
  }
}

function isNamed(principal: unknown, arn: string): boolean {
  if (typeof principal !== 'object' || principal === null || !('AWS' in principal)) return false
  return [principal.AWS].flat().includes(arn)
}

/** The identity policies of a principal: its own, those attached, and those of its groups. */
function identityOf(world: World, principal: Principal): readonly Document[] {
  const groups = principal.type === 'user' ? principal.groups : []
  return [principal, ...groups.flatMap((name) => world.groups.get(name) ?? [])].flatMap((owner) =>
    documentsOf(world, owner),
  )
}
