import { family } from '../../authorization/index.ts'
import { organizationAccounts, organizationalUnits } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { refuse } from './faults.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import { getMember, isParent, type Place } from './place.ts'
import { accountsIn, unitsIn } from './units.ts'
import { rootView } from './view.ts'

/** The parents and children in the tree. */
export const tree = family<Organizations.Operations>()({
  ListRoots: within('administrators', {
    run: (_input, { organization }) => ({ Roots: [rootView(organization)] }),
  }),

  ListParents: within('administrators', {
    on: (input) => input.ChildId,
    run(input, place) {
      const parentId = parentOf(place, input.ChildId)
      if (parentId === undefined) throw refuse('ChildNotFoundException')
      return { Parents: [{ Id: parentId, Type: parentId.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] }
    },
  }),

  ListChildren: within('administrators', {
    on: (input) => input.ParentId,
    run(input, place) {
      const { ParentId: parentId, ChildType: Type } = input
      if (!isParent(place, parentId)) throw refuse('ParentNotFoundException')
      const children: Iterable<{ readonly id: string }> =
        Type === 'ACCOUNT' ? accountsIn(place, parentId) : unitsIn(place, parentId)
      const { items, NextToken } = page(children, (child) => child.id, input)
      return { Children: items.map(({ id: Id }) => ({ Id, Type })), NextToken }
    },
  }),

  MoveAccount: within('management', {
    movesPolicies: true,
    on: (input) => [input.AccountId, input.SourceParentId, input.DestinationParentId],
    run(input, place, call) {
      const { SourceParentId: from, DestinationParentId: to } = input
      const account = getMember(place, input.AccountId)
      if (!isParent(place, from)) throw refuse('SourceParentNotFoundException')
      if (!isParent(place, to)) throw refuse('DestinationParentNotFoundException')
      if (account.parentId === to) throw refuse('DuplicateAccountException')
      if (account.parentId !== from) throw refuse('SourceParentNotFoundException')
      place.management.table(organizationAccounts).put({ ...account, parentId: to, movedAt: call.now })
    },
  }),
})

function parentOf({ management }: Place, childId: string): string | undefined {
  return (
    management.table(organizationAccounts).find(childId)?.parentId ??
    management.table(organizationalUnits).find(childId)?.parentId
  )
}
