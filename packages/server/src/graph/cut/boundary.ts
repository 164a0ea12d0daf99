import type { Document, Person, World } from '../world/world.ts'

/** A statement as it is written. */
type Json = Readonly<Record<string, unknown>>

/**
 * A boundary that allows what a principal may do now: what its policies allow, and what trust policies and policies of
 * resources of its account allow it by name, which a boundary limits as well. [POL-022, POL-039]
 */
export function boundaryText(world: World, person: Person): string {
  const own = [...identityOf(world, person)].flatMap((document) => allowsOf(document))
  const Statement = [...own, ...grantsTo(world, person)]
  return JSON.stringify({ Version: '2012-10-17', Statement }, undefined, 2)
}

/** The statements of a document that allow, as they are written. */
function allowsOf({ policy }: Document): readonly Json[] {
  const root = JSON.parse(policy.text) as { readonly Statement: unknown } // it was parsed before
  return ([root.Statement].flat() as readonly Json[]).filter(({ Effect }) => Effect === 'Allow') // as above
}

/** The Allows of roles' and resources' policies for a principal by its ARN, as statements of an identity policy. */
function* grantsTo(world: World, { arn }: Person): Generator<Json> {
  const placed = [
    ...[...world.roles.values()].map((role) => ({ on: role.arn, document: role.trust })),
    ...(world.inventory.things ?? []).map((thing) => ({ on: thing.arn, document: thing.policy })),
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
function* identityOf(world: World, person: Person): Generator<Document> {
  yield* ofOwner(world, person)
  if (person.type !== 'user') return
  for (const name of person.groups) {
    const group = world.groups.get(name)
    if (group !== undefined) yield* ofOwner(world, group)
  }
}

function* ofOwner(
  world: World,
  { inline, attached }: { readonly inline: readonly Document[]; readonly attached: readonly string[] },
): Generator<Document> {
  yield* inline
  for (const arn of attached) {
    const policy = world.policies.get(arn)
    const document = policy?.versions.get(policy.defaultVersion)
    if (document !== undefined) yield document
  }
}
