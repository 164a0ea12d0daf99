import { given } from '../base/index.ts'
import {
  type Account,
  centerAssignments,
  centerGroups,
  centerMemberships,
  centerOf,
  centerUsers,
  permissionSets,
} from '../directory/index.ts'
import type { AccountImage, CenterImage, SourcePlace } from '../image/index.ts'

type CenterLists = Pick<
  AccountImage,
  'centerUsers' | 'centerGroups' | 'centerMemberships' | 'permissionSets' | 'centerAssignments'
> & { readonly center?: CenterImage }

/** The instance of IAM Identity Center of an account, without passwords, for export. */
export function imageOfCenter(account: Account, people: Account | undefined, at: SourcePlace): CenterLists {
  const center = centerOf(account)
  if (center === undefined)
    return {
      ...{ centerUsers: [], centerGroups: [], centerMemberships: [] },
      ...{ permissionSets: [], centerAssignments: [] },
    }
  const { id, storeId, region, createdAt, attributes } = center
  return {
    center: given<CenterImage>({ at, id, storeId, region, createdAt, attributes }),
    centerUsers: [...(people?.table(centerUsers).values() ?? [])].map((user) => ({
      at,
      id: user.id,
      name: user.userName,
      given: JSON.stringify(user.given),
      enabled: user.enabled,
    })),
    centerGroups: [...(people?.table(centerGroups).values() ?? [])].map((group) =>
      given({ at, id: group.id, name: group.displayName, description: group.description }),
    ),
    centerMemberships: [...(people?.table(centerMemberships).values() ?? [])].map(
      ({ id: own, group, user }) => ({
        ...{ at, id: own, group, user },
      }),
    ),
    permissionSets: [...account.table(permissionSets).values()].map((set) => ({ at, ...set })),
    centerAssignments: [...account.table(centerAssignments).values()].map((each) => ({ at, ...each })),
  }
}
