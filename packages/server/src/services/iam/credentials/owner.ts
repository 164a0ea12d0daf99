import type { AccessRequest, Call, ContextKeys } from '../../../authorization/index.ts'
import type { User } from '../../../directory/index.ts'
import { rootArn } from '../../../session/index.ts'
import { callingUserName } from '../calling-user.ts'
import { access, actionOf, get, resourceTags } from '../target.ts'
import { theUser } from '../targets.ts'

/** An input whose user name is optional. */
export interface OfUser {
  readonly UserName?: string | undefined
}

/** The owner of a credential. */
export interface Owner {
  /** The user's id, or `root`. */
  readonly id: string
  /** Undefined for root. */
  readonly user: User | undefined
  /** Root has none. */
  readonly name: string | undefined
}

/**
 * Returns the question of an operation on a user's credentials: its action on the user, or on the caller if no name is
 * given.
 */
export function asksUser<I extends OfUser>(
  keys?: (input: I, call: Call) => ContextKeys,
): { requests(input: I, call: Call): readonly AccessRequest[] } {
  return {
    requests(input, call) {
      const who = { UserName: callingUserName(input, call) }
      const user = theUser.find(who, call)
      return [access(theUser, who, call, user, { ...resourceTags(theUser, user), ...keys?.(input, call) })]
    },
  }
}

/** Returns the user that the input names, or the caller. @throws Fault */
export function getUser(input: OfUser, call: Call): User {
  return get(theUser, { UserName: callingUserName(input, call) }, call)
}

/** How an input names root: root or a session of AssumeRoot omits the name, or it gives the account's number. */
type RootBy = 'root' | 'assumedRoot' | 'number'

/** Like `asksUser`, for a credential that may also be root's. */
export function asksOwner<I extends OfUser>(...by: readonly RootBy[]) {
  const ofUser = asksUser<I>()
  return {
    requests(input: I, call: Call): readonly AccessRequest[] {
      if (!meansRoot(input, call, by)) return ofUser.requests(input, call)
      return [{ action: actionOf(call), resource: rootArn(call.account) }]
    },
  }
}

/** Returns the user that the input names, the caller, or root. @throws Fault */
export function getOwner(input: OfUser, call: Call, ...by: readonly RootBy[]): Owner {
  if (meansRoot(input, call, by)) return { id: 'root', user: undefined, name: undefined }
  const user = getUser(input, call)
  return { id: user.id, user, name: user.name }
}

/** Root omits its name or, if an operation requires one, gives the account's number (behaviour CRED-1). */
function meansRoot(input: OfUser, call: Call, by: readonly RootBy[]): boolean {
  const { caller, account } = call
  if (caller.kind !== 'root' && caller.kind !== 'assumedRoot') return false
  if (input.UserName === undefined) return by.includes(caller.kind)
  const isNumber = by.includes('number') && input.UserName === account.id
  return isNumber && theUser.find({ UserName: input.UserName }, call) === undefined
}
