import type { Dependencies } from '../authorization/index.ts'
import { factsOf, uuid } from '../base/index.ts'
import { swept } from '../center/index.ts'
import {
  type Account,
  base32,
  centerMfaDevices,
  centerOf,
  centers,
  centerUsers,
  hashPassword,
  loginProfiles,
  newMfaDevice,
  organizationOf,
  passwordsRemembered,
  passwordViolation,
  roles,
  withPassword,
} from '../directory/index.ts'
import { makeEvent } from '../trail/index.ts'
import { Refusal } from './route/admin-route.ts'

/** Runs an operation for whom the instance is enabled. */
type CallService = (
  service: 'organizations' | 'iam',
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => Promise<unknown>

/** Returns the account that the first start created. @throws Refusal if it is gone */
export async function firstAccount(deps: Dependencies): Promise<Account> {
  const account = await deps.directory.find(deps.firstAccount)
  if (account === undefined) throw new Refusal(404, 'The first account is gone.')
  return account
}

/**
 * Makes the organization where there is none, lets IAM Identity Center in, and makes its instance (behaviour SSO-31).
 * @throws Refusal
 */
export async function enableCenter(
  deps: Dependencies,
  region: string = factsOf(deps.partition).globalRegion,
  call: CallService,
): Promise<void> {
  const before = await firstAccount(deps)
  const { managementAccount } = before.settings
  if (managementAccount !== undefined && managementAccount !== before.id)
    throw new Refusal(
      409,
      `Account ${before.id} is a member: its management account enables Identity Center.`,
    )
  if (organizationOf(before) === undefined)
    await call('organizations', 'CreateOrganization', { FeatureSet: 'ALL' })
  await call('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: 'sso.amazonaws.com' })
  if ((await firstAccount(deps)).table(roles).findBy('name', 'awsserviceroleforsso') === undefined)
    await call('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'sso.amazonaws.com' })
  await swept(before.id, deps)
  // few servers are asked about it: a start does not load it
  const { newCenter } = await import('../services/sso-admin/index.ts')
  await deps.directory.settle(async () => {
    const account = await firstAccount(deps)
    if (centerOf(account) !== undefined) return
    const now = deps.clock.now()
    account.table(centers).put(newCenter('organization', { account, region, deps, now }, { tags: [] }))
    const event = makeEvent({
      account: account.id,
      id: uuid(deps.random),
      time: now,
      identity: { type: 'AWSService', invokedBy: 'sso.amazonaws.com' },
      username: undefined,
      source: 'sso.amazonaws.com',
      name: 'StartSSO',
      region,
      sourceIp: 'sso.amazonaws.com',
      userAgent: 'sso.amazonaws.com',
      requestParameters: null,
      responseElements: null,
      requestId: uuid(deps.random),
      readOnly: false,
      type: 'AwsApiCall',
    })
    await deps.directory.commit([event])
  })
}

/**
 * Sets the password of a user of the directory. @param mustChange whether the user sets another one at the first sign-in
 * @throws Refusal if there is none, or the password is too simple
 */
export async function setCenterPassword(
  userName: string,
  password: string,
  deps: Dependencies,
  mustChange = false,
): Promise<void> {
  const salt = deps.random.bytes(16)
  const hash = await hashPassword(password, salt)
  await deps.directory.settle(async () => {
    const people = await deps.directory.findPeople(deps.firstAccount)
    const user = people.table(centerUsers).findBy('name', userName.toLowerCase())
    if (user === undefined) throw new Refusal(404, `There is no user ${userName} in the directory.`)
    const violation = passwordViolation(password, undefined, await firstAccount(deps))
    if (violation !== undefined) throw new Refusal(400, violation)
    const now = deps.clock.now()
    const passwords = withPassword(hash, salt, [], passwordsRemembered, deps.vault)
    people
      .table(loginProfiles)
      .put({ owner: user.id, createdAt: now, resetRequired: mustChange, passwordSetAt: now, passwords })
    await deps.directory.commit([])
  })
}

/** Bytes of a seed: 32 characters of base32, as authenticator apps take them. */
const seedLength = 20

/**
 * Gives a user of the directory an MFA device, in place of one before, or takes it away. Returns its seed in base32, once.
 * @throws Refusal if there is no such user
 */
export async function setCenterMfa(
  userName: string,
  wanted: boolean,
  deps: Dependencies,
): Promise<string | undefined> {
  return deps.directory.settle(async () => {
    const people = await deps.directory.findPeople(deps.firstAccount)
    const user = people.table(centerUsers).findBy('name', userName.toLowerCase())
    if (user === undefined) throw new Refusal(404, `There is no user ${userName} in the directory.`)
    const seed = wanted ? deps.random.bytes(seedLength) : undefined
    const now = deps.clock.now()
    if (seed === undefined) people.table(centerMfaDevices).delete(user.id)
    else
      people.table(centerMfaDevices).put({
        ...newMfaDevice(user.id, seed, [], now, deps.vault),
        use: { owner: user.id, enabledAt: now },
      })
    await deps.directory.commit([])
    return seed && base32(seed)
  })
}

/** Enables or disables a user of the directory: a disabled one has no access at once. @throws Refusal if there is none */
export async function setCenterStatus(userName: string, enabled: boolean, deps: Dependencies): Promise<void> {
  await deps.directory.settle(async () => {
    const people = await deps.directory.findPeople(deps.firstAccount)
    const user = people.table(centerUsers).findBy('name', userName.toLowerCase())
    if (user === undefined) throw new Refusal(404, `There is no user ${userName} in the directory.`)
    people.table(centerUsers).put({ ...user, enabled, updatedAt: deps.clock.now() })
    await deps.directory.commit([])
  })
}
