import { type Call, family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import {
  accountDigits,
  type CenterPlace,
  catalogueRequests,
  centersInView,
  hex,
  instanceArn,
  leave,
  pageOf,
  swept,
} from '../../center/index.ts'
import {
  type Account,
  type Center,
  centerAssignments,
  centerOf,
  centerRequests,
  centers,
  organizationOf,
  permissionSets,
  type TableDefinition,
} from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { within } from './operation.ts'
import { checkTags, requestTags } from './tag.ts'

/** Instances: that of the organization, which no operation makes, and those of member accounts. */
export const instances = family<SsoAdmin.Operations>()({
  ListInstances: {
    run(input, call) {
      const { items, NextToken } = pageOf(centersInView(call), ({ center }) => center.id, input)
      return { Instances: items.map(viewOf), NextToken }
    },
  },
  DescribeInstance: within({
    seen: true,
    run: (_input: SsoAdmin.DescribeInstanceRequest, place) => ({
      ...viewOf(place),
      EncryptionConfigurationDetails: { KeyType: 'AWS_OWNED_KMS_KEY', EncryptionStatus: 'ENABLED' } as const,
    }),
  }),
  CreateInstance: {
    requests: (input, call) =>
      catalogueRequests('sso:CreateInstance', {}, requestTags(input.Tags), call.account),
    // what an instance before left is deleted already: this only brings it to its end
    beforehand: (_input, call) => call.deps.directory.afterAttempt(() => swept(call.account.id, call.deps)),
    run(input, call) {
      const { account } = call
      if (organizationOf(account) !== undefined)
        throw fault(
          'ValidationException',
          'The management account has the instance of its organization, which this operation does not make.',
          400,
        )
      if (centerOf(account) !== undefined)
        throw fault('ConflictException', 'The account has an instance already.', 400)
      const center = newCenter('account', call, { name: input.Name, tags: checkTags(input.Tags ?? []) })
      account.table(centers).put(center)
      return { InstanceArn: instanceArn(center, account) }
    },
  },
  UpdateInstance: within({
    run(input: SsoAdmin.UpdateInstanceRequest, { center, owner }) {
      owner.table(centers).put({ ...center, ...(input.Name !== undefined && { name: input.Name }) })
      return {}
    },
  }),
  DeleteInstance: {
    ...within({
      run(_input: SsoAdmin.DeleteInstanceRequest, { center, owner, people }, call) {
        if (owner !== call.account)
          throw fault('AccessDeniedException', 'Only the account of the instance deletes it.', 400)
        if (owner.table(centerAssignments).size > 0)
          throw fault('ConflictException', 'The instance has account assignments.', 400)
        empty(owner, permissionSets)
        empty(owner, centerRequests)
        leave(people, { id: center.id, by: 'all' })
        owner.table(centers).delete(center.id)
        return {}
      },
    }),
    afterwards: (_input, _output, call) => swept(call.account.id, call.deps),
  },
})

function empty<R extends { readonly id: string }, Index extends string>(
  owner: Account,
  definition: TableDefinition<R, Index>,
): void {
  const table = owner.table(definition)
  for (const { id } of [...table.values()]) table.delete(id)
}

function viewOf({ center, owner }: CenterPlace) {
  return {
    InstanceArn: instanceArn(center, owner),
    IdentityStoreId: center.storeId,
    OwnerAccountId: center.owner,
    Name: center.name,
    CreatedDate: center.createdAt,
    Status: 'ACTIVE' as const,
  }
}

/** Returns a new instance of the caller's account. */
export function newCenter(
  kind: Center['kind'],
  { account, region, deps, now }: Pick<Call, 'account' | 'region' | 'deps' | 'now'>,
  { name, tags }: { readonly name?: string | undefined; readonly tags: Center['tags'] },
): Center {
  return {
    id: `ssoins-${accountDigits(account.id)}${hex(6, deps.random)}`,
    storeId: `d-${accountDigits(account.id)}`,
    owner: account.id,
    kind,
    region,
    createdAt: now,
    tags,
    ...(name !== undefined && { name }),
  }
}
