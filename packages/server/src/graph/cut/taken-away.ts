import { difference, type Policy, parsePolicy } from '@omen-iam/policy'
import { titleOf } from '../describe.ts'
import { accountsIn, type World, worldOfAccount } from '../world/world.ts'
import { ownWorld, textOf } from './calls.ts'
import type { Documents } from './documents.ts'
import { type DocumentName, documentName, type Edit } from './edit.ts'

/** The permissions and paths that a cut takes away. */
export interface TakenAway {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly policy?: string
}

/** The calls that principals may make before the edits and not after them, by the policies that change. */
export function takenAway(world: World, documents: Documents, edits: readonly Edit[]): readonly TakenAway[] {
  const rows: TakenAway[] = []
  const done = new Set<string>()
  for (const edit of edits) {
    const { before, after } = textOf(edit, edits, world, documents)
    switch (edit.kind) {
      case 'deny':
        rows.push({ principal: edit.principal, action: edit.action, resource: edit.resource })
        break
      case 'scp':
        rows.push({
          principal: `every principal of ${edit.account ?? world.account}`,
          action: edit.action,
          resource: edit.resource,
        })
        break
      case 'boundary':
        break
      case 'unlend':
        rows.push({ principal: edit.holder, action: 'sts:AssumeRole', resource: edit.role })
        break
      case 'leave-directory-group': {
        const own = worldOfAccount(world, edit.account) ?? world
        const group = own.inventory.lent?.find(({ to }) => to === `center/group/${edit.group}`)
        for (const role of group?.roles ?? [])
          rows.push({ principal: edit.user, action: 'sts:AssumeRole', resource: role })
        break
      }
      case 'detach': {
        const policy = ownWorld(world, edit.owner).policies.get(edit.policy)
        const document = policy?.versions.get(policy.defaultVersion)
        if (document !== undefined) rows.push(...lost(document.policy, undefined, edit.owner, edit.policy))
        break
      }
      case 'leave-group': {
        const own = ownWorld(world, edit.user)
        const group = own.groups.get(edit.group)
        for (const document of group?.inline ?? [])
          rows.push(...lost(document.policy, undefined, edit.user, group?.arn))
        for (const arn of group?.attached ?? []) {
          const policy = own.policies.get(arn)
          const document = policy?.versions.get(policy.defaultVersion)
          if (document !== undefined) rows.push(...lost(document.policy, undefined, edit.user, arn))
        }
        break
      }
      default: {
        const placed = documents.named(edit.document)
        const name = documentName(edit.document)
        if (placed === undefined || before === undefined || done.has(name)) break
        done.add(name)
        const { kind } = placed.document.policy
        const parsed = after === undefined ? undefined : parsePolicy(after, kind, { lenient: true })
        const left = parsed?.ok === true ? parsed.policy : undefined
        for (const holder of holdersOf(edit.document, world))
          rows.push(...lost(placed.document.policy, left, holder, titleOf(placed.document.source)))
      }
    }
  }
  return rows
}

function lost(
  before: Policy,
  after: Policy | undefined,
  principal: string,
  policy: string | undefined,
): readonly TakenAway[] {
  const nothing = parsePolicy(emptyText(before), before.kind, { lenient: true })
  const left = after ?? (nothing.ok ? nothing.policy : undefined)
  if (left === undefined) return []
  return difference(left, before).flatMap(({ actions, resources, principals, statement }) => {
    if (statement.effect !== 'Allow') return []
    const who = principals?.map(({ value }) => value) ?? [principal]
    return who.flatMap((each) =>
      actions.flatMap((action) =>
        (resources ?? [principal]).map((resource) => ({
          principal: each,
          action,
          resource,
          ...(policy === undefined ? {} : { policy }),
        })),
      ),
    )
  })
}

/** A policy of the same kind that allows nothing. */
function emptyText({ kind }: Policy): string {
  const Principal = kind === 'identity' ? {} : { Principal: '*' }
  const Resource = kind === 'trust' ? {} : { Resource: '*' }
  const Action = kind === 'trust' ? 'sts:AssumeRole' : 'none:null'
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', ...Principal, Action, ...Resource }],
  })
}

/** The principals that have a document: its owner, or everyone that a managed policy is attached to. */
function holdersOf(document: DocumentName, world: World): readonly string[] {
  if (document.is === 'inline') return [document.owner]
  if (document.is === 'trust') return [document.role]
  if (document.is === 'resource') return [document.arn]
  return accountsIn(world)
    .flatMap(({ users, roles, groups }) => [...users.values(), ...roles.values(), ...groups.values()])
    .filter(({ attached }) => attached.includes(document.arn))
    .map(({ arn }) => arn)
}
