import { given } from '../base/index.ts'
import {
  type Account,
  accessEntitlements,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerOf,
  centerUsers,
  permissionSets,
} from '../directory/index.ts'
import type { AccountImage, CenterImage, SourcePlace } from '../image/index.ts'

const nobody: PeopleImage = { centerUsers: [], centerGroups: [], centerMemberships: [] }

type CenterLists = Pick<
  AccountImage,
  'centerUsers' | 'centerGroups' | 'centerMemberships' | 'permissionSets' | 'centerAssignments'
> & { readonly center?: CenterImage }

/** The users and groups of a directory, as an image has them. */
export type PeopleImage = Pick<AccountImage, 'centerUsers' | 'centerGroups' | 'centerMemberships'>

/** Records that are described in one turn. */
const describedTogether = 1_000
/** How often a description begins anew because the directory has changed meanwhile. */
const attemptsMost = 4

/**
 * Describes a directory in parts, so that no other call waits for all of it. One that changes again and again is described at once.
 * @param pause ends after other work was done
 */
export async function imageOfPeople(
  people: Account,
  at: SourcePlace,
  pause: () => Promise<void>,
): Promise<PeopleImage> {
  for (let attempt = 1; ; attempt++) {
    const { lineage } = people
    const parts = partsOfPeople(people, at)
    let part = parts.next()
    while (!part.done) {
      if (attempt < attemptsMost) await pause()
      part = parts.next()
    }
    if (people.lineage === lineage) return part.value
  }
}

function* partsOfPeople(people: Account, at: SourcePlace): Generator<undefined, PeopleImage> {
  const image = {
    centerUsers: [] as PeopleImage['centerUsers'][number][], // empty
    centerGroups: [] as PeopleImage['centerGroups'][number][], // empty
    centerMemberships: [] as PeopleImage['centerMemberships'][number][], // empty
  }
  let count = 0
  for (const { id, userName: name, given: more, enabled } of people.table(centerUsers).values()) {
    image.centerUsers.push({ at, id, name, given: JSON.stringify(more), enabled })
    if (++count % describedTogether === 0) yield
  }
  for (const { id, displayName: name, description } of people.table(centerGroups).values()) {
    image.centerGroups.push(given({ at, id, name, description }))
    if (++count % describedTogether === 0) yield
  }
  for (const { id, group, user } of people.table(centerMemberships).values()) {
    image.centerMemberships.push({ at, id, group, user })
    if (++count % describedTogether === 0) yield
  }
  return image
}

function wholeOf(people: Account, at: SourcePlace): PeopleImage {
  const parts = partsOfPeople(people, at)
  for (;;) {
    const part = parts.next()
    if (part.done) return part.value
  }
}

/** The instance of IAM Identity Center of an account, without passwords, for export. */
export function imageOfCenter(
  account: Account,
  people: Account | PeopleImage | undefined,
  at: SourcePlace,
): CenterLists {
  const center = centerOf(account)
  if (center === undefined) return { ...nobody, permissionSets: [], centerAssignments: [] }
  const { id, storeId, region, createdAt, attributes } = center
  const records = [...account.table(accessEntitlements).values()]
  const entitlements =
    records.length === 0
      ? undefined
      : records.map(({ id, createdAt, type, principal, roleArn: role }) => ({
          id,
          createdAt,
          type,
          principal,
          role,
        }))
  return {
    center: given<CenterImage>({ at, id, storeId, region, createdAt, attributes, entitlements }),
    ...(people === undefined ? nobody : 'centerUsers' in people ? people : wholeOf(people, at)),
    permissionSets: [...account.table(permissionSets).values()].map((set) => ({ at, ...set })),
    centerAssignments: [...account.table(centerAssignments).values()].map((each) => ({ at, ...each })),
  }
}
