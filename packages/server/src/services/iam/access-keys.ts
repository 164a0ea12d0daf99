import { type Call, type ContextKeys, callerArn, type Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type AccessKey, type Account, accessKeys, users } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey } from '../../session/index.ts'
import { ageKey } from './by-age.ts'
import { callingUserName } from './calling-user.ts'
import { isActive, statusOut } from './credentials/status.ts'
import { checkQuota, noSuchEntity } from './faults.ts'
import { page, sortedBy } from './page.ts'
import { access, actionOf, get, resourceTags } from './target.ts'
import { theUser } from './targets.ts'
import { toMinute } from './to-minute.ts'

type OfUser = { readonly UserName?: string | undefined }

/** Access keys of users and of root. */
export const accessKeyFamily: Family<
  Iam.Operations,
  'CreateAccessKey' | 'ListAccessKeys' | 'UpdateAccessKey' | 'DeleteAccessKey' | 'GetAccessKeyLastUsed'
> = {
  CreateAccessKey: {
    ...asksOwner(),
    run(input, call) {
      const { account, house } = call
      const owner = ownerOf(input, call)
      checkQuota(call, 'AccessKeysPerUser', keysOf(owner.id, account).length + 1)
      const secret = newSecretKey(house.random)
      const key: AccessKey = {
        id: newAccessKeyId(account.id, house.random),
        owner: owner.id,
        active: true,
        createdAt: call.now,
        sealedSecret: house.vault.sealText(accessKeyPurpose, secret),
      }
      account.table(accessKeys).put(key)
      return { AccessKey: { ...keyOut(key, owner.name), SecretAccessKey: secret } }
    },
  },
  ListAccessKeys: {
    ...asksOwner(),
    run(input, call) {
      const owner = ownerOf(input, call)
      const keys = sortedBy(keysOf(owner.id, call.account), ageKey)
      const { items, rest } = page(keys, ageKey, input)
      return { AccessKeyMetadata: items.map((key) => keyOut(key, owner.name)), ...rest }
    },
  },
  UpdateAccessKey: {
    ...asksOwner(),
    run(input, call) {
      const key = getKey(input, call)
      call.account.table(accessKeys).put({ ...key, active: isActive(input.Status) })
    },
  },
  DeleteAccessKey: {
    ...asksOwner(),
    run(input, call) {
      const { id } = getKey(input, call)
      call.account.table(accessKeys).delete(id)
      call.account.usage.forget(id)
    },
  },
  GetAccessKeyLastUsed: {
    requests(input, call) {
      const resourceInSentence = `access key ${input.AccessKeyId}`
      const name = ownerNameOf(input.AccessKeyId, call)
      if (name === undefined) return [{ action: actionOf(call), resource: '*', resourceInSentence }]
      return asksOwner()
        .requests({ UserName: name }, call)
        .map((request) => ({ ...request, resourceInSentence }))
    },
    run(input, call) {
      const key = call.account.table(accessKeys).find(input.AccessKeyId)
      if (key === undefined) throw foreignKey(input.AccessKeyId, call)
      const name = ownerNameOf(key.id, call)
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
}

/** The caller's own keys where no user is named; root's are on no user's ARN. */
function asksOwner() {
  return {
    requests(input: OfUser, call: Call) {
      if (input.UserName === undefined && call.caller.kind === 'root') {
        return [{ action: actionOf(call), resource: call.caller.arn }]
      }
      const who = { UserName: callingUserName(input, call) }
      const user = theUser.find(who, call)
      const context: ContextKeys = resourceTags(theUser, user)
      return [access(theUser, who, call, user, context)]
    },
  }
}

interface Owner {
  /** The user's id, or `root`. */
  readonly id: string
  /** Root has none. */
  readonly name: string | undefined
}

function ownerOf(input: OfUser, call: Call): Owner {
  if (input.UserName === undefined && call.caller.kind === 'root') return { id: 'root', name: undefined }
  const { id, name } = get(theUser, { UserName: callingUserName(input, call) }, call)
  return { id, name }
}

function ownerNameOf(accessKeyId: string, call: Call): string | undefined {
  const key = call.account.table(accessKeys).find(accessKeyId)
  return key === undefined ? undefined : call.account.table(users).find(key.owner)?.name
}

/** All keys of a user or of root. */
export function keysOf(owner: string, account: Account): readonly AccessKey[] {
  const keys: AccessKey[] = []
  for (const key of account.table(accessKeys).values()) if (key.owner === owner) keys.push(key)
  return keys
}

function getKey(input: OfUser & { readonly AccessKeyId: string }, call: Call): AccessKey {
  const owner = ownerOf(input, call)
  const key = call.account.table(accessKeys).find(input.AccessKeyId)
  if (key?.owner !== owner.id) throw noSuchKey(input.AccessKeyId)
  return key
}

/** A key that the account has not is another account's for all that AWS says: nobody may ask (behaviour IAM-82). */
function foreignKey(id: string, call: Call) {
  return fault(
    'AccessDenied',
    `User: ${callerArn(call) ?? ''} is not authorized to perform: ${actionOf(call)} on resource: access key ${id}`,
    403,
  )
}

function noSuchKey(id: string) {
  return noSuchEntity(`The Access Key with id ${id} cannot be found.`)
}

function keyOut(key: AccessKey, userName: string | undefined) {
  const shown = {
    UserName: userName,
    AccessKeyId: key.id,
    Status: statusOut(key.active),
    CreateDate: key.createdAt,
  } as const
  return shown as typeof shown & { readonly UserName: string } // absent for root's keys, whatever the model says
}
