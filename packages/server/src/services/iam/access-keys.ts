import { notAuthorized } from '@omen-iam/policy'
import { type Call, callerArn, family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type AccessKey, type Account, accessKeys, users } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey, rootArn } from '../../session/index.ts'
import { ageKey } from './by-age.ts'
import { asksOwner, getOwner, type OfUser } from './credentials/owner.ts'
import { isActive, statusOut } from './credentials/status.ts'
import { checkQuota, noSuchEntity } from './faults.ts'
import { page, sortedBy } from './page.ts'
import { actionOf } from './target.ts'
import { toMinute } from './to-minute.ts'

/** Root's keys are managed by root, and by a session of AssumeRoot. */
const asksKeyOwner = asksOwner('root', 'assumedRoot')

/** Access keys of users and of root. */
export const accessKeyFamily = family<Iam.Operations>()({
  CreateAccessKey: {
    ...asksKeyOwner,
    run(input, call) {
      const { account, deps } = call
      const owner = getOwner(input, call, 'root', 'assumedRoot')
      checkQuota(call, 'AccessKeysPerUser', keysOf(owner.id, account).length + 1)
      const secret = newSecretKey(deps.random)
      const key: AccessKey = {
        id: newAccessKeyId(account.id, deps.random),
        owner: owner.id,
        active: true,
        createdAt: call.now,
        sealedSecret: deps.vault.sealText(accessKeyPurpose, secret),
      }
      account.table(accessKeys).put(key)
      return { AccessKey: { ...keyOut(key, owner.name), SecretAccessKey: secret } }
    },
  },
  ListAccessKeys: {
    ...asksKeyOwner,
    run(input, call) {
      const owner = getOwner(input, call, 'root', 'assumedRoot')
      const keys = sortedBy(keysOf(owner.id, call.account), ageKey)
      const { items, rest } = page(keys, ageKey, input)
      return { AccessKeyMetadata: items.map((key) => keyOut(key, owner.name)), ...rest }
    },
  },
  UpdateAccessKey: {
    ...asksKeyOwner,
    run(input, call) {
      const key = getKey(input, call)
      call.account.table(accessKeys).put({ ...key, active: isActive(input.Status) })
    },
  },
  DeleteAccessKey: {
    ...asksKeyOwner,
    run(input, call) {
      const { id } = getKey(input, call)
      call.account.table(accessKeys).delete(id)
      call.account.usage.forget(id)
    },
  },
  GetAccessKeyLastUsed: {
    requests(input, call) {
      const resourceInSentence = `access key ${input.AccessKeyId}`
      const key = call.account.table(accessKeys).find(input.AccessKeyId)
      if (key === undefined) return [{ action: actionOf(call), resource: '*', resourceInSentence }]
      if (key.owner === 'root') {
        return [{ action: actionOf(call), resource: rootArn(call.account), resourceInSentence }]
      }
      return asksKeyOwner
        .requests({ UserName: ownerName(key, call) }, call)
        .map((request) => ({ ...request, resourceInSentence }))
    },
    run(input, call) {
      const key = call.account.table(accessKeys).find(input.AccessKeyId)
      if (key === undefined) throw foreignKey(input.AccessKeyId, call)
      const name = ownerName(key, call)
      const use = call.account.usage.find(key.id)
      return {
        ...(name === undefined ? {} : { UserName: name }),
        AccessKeyLastUsed:
          use === undefined
            ? { ServiceName: 'N/A', Region: 'N/A' }
            : { LastUsedDate: toMinute(use.at), ServiceName: use.service, Region: use.region },
      }
    },
  },
})

function ownerName(key: AccessKey, call: Call): string | undefined {
  return call.account.table(users).find(key.owner)?.name
}

/** Returns all keys of a user or of root. */
export function keysOf(owner: string, account: Account): readonly AccessKey[] {
  const keys: AccessKey[] = []
  for (const key of account.table(accessKeys).values()) if (key.owner === owner) keys.push(key)
  return keys
}

function getKey(input: OfUser & { readonly AccessKeyId: string }, call: Call): AccessKey {
  const owner = getOwner(input, call, 'root', 'assumedRoot')
  const key = call.account.table(accessKeys).find(input.AccessKeyId)
  if (key?.owner !== owner.id) throw noSuchKey(input.AccessKeyId)
  return key
}

/** AWS treats a key that the account lacks as another account's: the question is refused (behaviour IAM-82). */
function foreignKey(id: string, call: Call) {
  return fault('AccessDenied', notAuthorized(callerArn(call) ?? '', actionOf(call), `access key ${id}`), 403)
}

function noSuchKey(id: string) {
  return noSuchEntity(`The Access Key with id ${id} cannot be found.`)
}

function keyOut(key: AccessKey, userName: string | undefined) {
  const view = {
    UserName: userName,
    AccessKeyId: key.id,
    Status: statusOut(key.active),
    CreateDate: key.createdAt,
  } as const
  return view as typeof view & { readonly UserName: string } // absent for root's keys, whatever the model says
}
