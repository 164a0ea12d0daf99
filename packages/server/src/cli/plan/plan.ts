import { evaluate } from '@omen-iam/policy'
import { StepBudget } from '../../graph/index.ts'
import type { ImageFinding, NotTaken, SourcePlace } from '../../intake/index.ts'
import { type FactFiles, graphOfImage, type PathDifferences, pathDifferences } from '../graph/differences.ts'
import type { PlacedImage } from '../graph/planned.ts'
import type { StepsOptions } from '../graph/steps-option.ts'
import type { PlacedFinding } from '../lint/check.ts'
import { type Unread, unreadOf } from '../unread.ts'
import { type AccessChange, accessChanges } from './changes.ts'
import { type MissingKey, missingKeys } from './missing-keys.ts'
import { type NewWay, newlyLent, newWays } from './roles.ts'
import { contextOf, type Holder, Places, principalOf, World } from './world.ts'

/** A call that was seen, and that will be denied. */
export interface LostCall {
  readonly who: string
  readonly action: string
  readonly resource: string
}

/** The changes of a deployment. */
export interface Plan {
  readonly changes: readonly AccessChange[]
  readonly ways: readonly NewWay[]
  readonly lost: readonly LostCall[]
  /** Paths that the deployment opens and closes. */
  readonly paths: PathDifferences
  readonly findings: readonly PlacedFinding[]
  /** Calls that it allows and that are refused without more: what they use is under a key of AWS KMS. */
  readonly keys: readonly MissingKey[]
  readonly notTaken: readonly NotTaken[]
  readonly imageFindings: readonly ImageFinding[]
  /** The resources that may give access and were not looked at: the answer is then incomplete. */
  readonly unread: readonly Unread[]
  /** For people: what the plan could not check. */
  readonly notes: readonly string[]
  /** Where statements are written. */
  readonly places: Places
  /** The locations of users, groups, roles and resources, after the change if they still exist. */
  readonly at: ReadonlyMap<string, SourcePlace>
}

/** The observed calls of a principal. */
export type SeenOf = (
  arn: string,
) => Promise<readonly { readonly action: string; readonly resource: string }[]>

/** Compares two states of accounts. `seen` is asked about principals that lose access. */
export async function planOf(
  before: PlacedImage,
  after: PlacedImage,
  findings: readonly PlacedFinding[],
  facts: FactFiles & Partial<StepsOptions> = {},
  seen?: SeenOf,
): Promise<Plan> {
  const places = new Places()
  const old = new World(before.image, places, before.statementPlaces)
  const now = new World(after.image, places, after.statementPlaces)
  const changes = accessChanges(old, now)
  const { ways, isComplete } = newWays(old, now)
  const at = new Map<string, SourcePlace>()
  for (const world of [old, now]) {
    for (const holder of world.holders.values()) at.set(holder.arn, holder.at)
    for (const resource of world.resources.values()) at.set(resource.arn, resource.at)
  }
  const notes = [...now.missing].flatMap(([arn, { attached, boundary }]) => [
    ...(attached > 0 ? [`the policy ${arn} is not known: what it allows is not in the plan`] : []),
    ...(boundary > 0
      ? [`the permissions boundary ${arn} is not known: what it lets through is undecided`]
      : []),
  ])
  if (!isComplete)
    notes.push(
      'there are too many roles and users: not all principals that can newly assume a role are shown',
    )
  return {
    changes,
    ways: [...ways, ...newlyLent(before.image, after.image)],
    paths: pathDifferences(graphOfImage(before, facts), graphOfImage(after, facts), {
      budget: new StepBudget(facts.steps),
    }),
    lost: seen === undefined ? [] : await lostCalls(old, now, seen),
    findings,
    keys: missingKeys(old, now, before.image, after.image),
    notTaken: after.image.notTaken,
    imageFindings: after.image.findings,
    unread: unreadOf(
      before.image,
      after.image,
      [...now.missing]
        .filter(([arn]) => !old.missing.has(arn))
        .flatMap(([arn, { attached, boundary }]) => [
          ...(attached > 0 ? [arn] : []),
          ...(boundary > 0 ? [`${arn}, the boundary of ${boundary}`] : []),
        ]),
    ),
    notes,
    places,
    at,
  }
}

async function lostCalls(before: World, after: World, seen: SeenOf): Promise<readonly LostCall[]> {
  const lost: LostCall[] = []
  for (const old of before.holders.values()) {
    const now = after.holders.get(old.arn.toLowerCase())
    if (old.kind === 'group' || now?.key === old.key) continue
    for (const { action, resource } of await seen(old.arn)) {
      if (
        isAllowed(old, before, action, resource) &&
        (now === undefined || !isAllowed(now, after, action, resource))
      )
        lost.push({ who: old.arn, action, resource })
    }
  }
  return lost
}

function isAllowed(holder: Holder, world: World, action: string, resource: string): boolean {
  const principal = principalOf(holder)
  const request = {
    principal,
    action,
    resource,
    resourceAccount: holder.account,
    context: contextOf(principal, {}),
  }
  return evaluate(request, world.compiled(holder)).outcome === 'allowed'
}
