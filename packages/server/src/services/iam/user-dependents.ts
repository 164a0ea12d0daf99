import { type Account, loginProfiles, mfaDevicesOf, type User } from '../../directory/index.ts'
import { keysOf } from './access-keys.ts'
import { ownedBy } from './credentials/owned.ts'
import { serviceCredentials, signingCertificates, sshPublicKeys } from './credentials/records.ts'

/**
 * The things that may depend on a user, in the order of AWS's checks, with its words (behaviour IAM-21). One row for each kind.
 */
const dependents: readonly {
  readonly found: (user: User, account: Account) => boolean
  readonly conflict: string
}[] = [
  {
    found: (user, account) => mfaDevicesOf(user.id, account).length > 0,
    conflict: 'Cannot delete entity, must remove tokens from principal first.',
  },
  {
    found: (user, account) => keysOf(user.id, account).length > 0,
    conflict: 'Cannot delete entity, must delete access keys first.',
  },
  {
    found: (user) => Object.keys(user.inline).length > 0,
    conflict: 'Cannot delete entity, must delete policies first.',
  },
  {
    found: (user) => user.attached.length > 0,
    conflict: 'Cannot delete entity, must detach all policies first.',
  },
  {
    found: (user) => user.groups.length > 0,
    conflict: 'Cannot delete entity, must remove users from group first.',
  },
  {
    found: (user, account) => account.table(loginProfiles).find(user.id) !== undefined,
    conflict: 'Cannot delete entity, must delete login profile first.',
  },
  {
    found: (user, account) => ownedBy(user.id, signingCertificates, account).length > 0,
    conflict: 'Cannot delete entity, must delete certificates first.',
  },
  {
    found: (user, account) =>
      ownedBy(user.id, serviceCredentials, account).length > 0 ||
      ownedBy(user.id, sshPublicKeys, account).length > 0,
    conflict: 'Cannot delete entity, must remove referenced objects first.',
  },
]

/** Returns AWS's sentence for the first dependent that prevents the deletion of the user, or undefined. */
export function hangsOnUser(user: User, account: Account): string | undefined {
  return dependents.find(({ found }) => found(user, account))?.conflict
}
