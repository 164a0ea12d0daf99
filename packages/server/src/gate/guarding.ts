import { type House, trustsService } from '../authorization/index.ts'
import { type AccountId, fault, iamArn } from '../base/index.ts'
import { type Account, AccountNotLoaded, findRole, instanceProfiles, roles } from '../directory/index.ts'
import { Guard, type GuardParts, type UpstreamOptions } from '../guard/index.ts'
import { Admittance, loadManagement, withAccounts } from './admission.ts'
import { bucketOwners } from './bucket-owners.ts'
import { noteUse } from './usage.ts'

/** What the guard is told of where it stands. */
export interface GuardPlace extends Pick<GuardParts, 'served' | 'ours' | 'complain' | 'date'> {
  readonly upstream: UpstreamOptions
}

/** The guard, standing in this house: its callers are admitted and its roles known as everywhere here. */
export function openGuard(house: House, place: GuardPlace): Guard {
  return new Guard({
    ...place,
    house,
    admission: new Admittance(house),
    account: (id) => accountWithBonds(id, house),
    trusts(roleArn, service, call) {
      const role = findRole(call.account, roleArn)
      return role && trustsService(role, service, call)
    },
    roleInProfile(name, { account }) {
      const profile = account.table(instanceProfiles).findBy('name', name.toLowerCase())
      const role = profile?.roleId === undefined ? undefined : account.table(roles).find(profile.roleId)
      return role && iamArn(account, 'role', role.path, role.name)
    },
    noteUse,
    withAccounts: (run) => decided(house, run),
    bucketOwners: bucketOwners(house, new URL(place.upstream.url).origin, (error) =>
      place.complain(error, ''),
    ),
  })
}

/** @throws Fault ServiceUnavailable if an account that the decision needs does not stay in memory (behaviour GRD-111) */
async function decided<T>(house: House, run: () => Promise<T>): Promise<T> {
  try {
    return await withAccounts(house, run)
  } catch (error) {
    if (!(error instanceof AccountNotLoaded)) throw error
    throw fault('ServiceUnavailable', 'The account was changed too often meanwhile. Try again.', 503)
  }
}

/** An account, and the organization that binds it. */
async function accountWithBonds(id: AccountId, house: House): Promise<Account | undefined> {
  const account = house.directory.loaded(id) ?? (await house.directory.find(id))
  if (account !== undefined) await loadManagement(account, house)
  return account
}
