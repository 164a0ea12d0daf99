import type { Dependencies } from '../../authorization/index.ts'
import { Fault, factsOf, uuid } from '../../base/index.ts'
import { identityStoreArn, instanceArn } from '../../center/index.ts'
import {
  type Account,
  centerOf,
  centers,
  centerUsers,
  hashPassword,
  loginProfiles,
  organizationAccounts,
  organizationOf,
  passwordsRemembered,
  passwordViolation,
  permissionSets,
  provisionings,
  roles,
  withPassword,
} from '../../directory/index.ts'
import { newCenter } from '../../services/sso-admin/index.ts'
import { type SignedCaller, userIdentity } from '../../session/index.ts'
import { makeEvent } from '../../trail/index.ts'
import type { Performance } from '../answer.ts'
import { type AdminRoute, type Asker, Refusal, textIn } from './admin-route.ts'

type Perform = (performance: Performance) => Promise<unknown>

/** What IAM Identity Center has no API for: enabling it for an organization, and passwords of its users. */
export function centerRoutes(house: Dependencies, perform: Perform): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/identity-center$/,
      answer: async () => shown(await first(house)),
    },
    {
      method: 'POST',
      path: /^\/_omen\/identity-center$/,
      async answer(_groups, body, signer, _query, _within, asker) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        const region =
          body.region === undefined ? factsOf(house.partition).globalRegion : textIn(body, 'region', 32)
        if (!/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
          throw new Refusal(400, 'region must be the name of a region')
        await enable(signer, region, asker, perform, house)
        return shown(await first(house))
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/identity-center\/password$/,
      async answer(_groups, body) {
        await setPassword(textIn(body, 'userName', 128), textIn(body, 'password', 128), house)
        return {}
      },
    },
  ]
}

async function first(house: Dependencies): Promise<Account> {
  const account = await house.directory.find(house.firstAccount)
  if (account === undefined) throw new Refusal(404, 'The first account is gone.')
  return account
}

/** Makes the organization where there is none, lets the service in, and makes the instance. @throws Refusal */
async function enable(
  signer: SignedCaller,
  region: string,
  { origin }: Asker,
  perform: Perform,
  house: Dependencies,
): Promise<void> {
  const call = async (
    service: 'organizations' | 'iam',
    operation: string,
    input: Record<string, unknown>,
  ) => {
    try {
      await perform({ service, operation, input, caller: signer, account: await first(house), origin })
    } catch (error) {
      if (error instanceof Fault) throw new Refusal(400, error.message, error.code)
      throw error
    }
  }
  const before = await first(house)
  const { managementAccount } = before.settings
  if (managementAccount !== undefined && managementAccount !== before.id)
    throw new Refusal(
      409,
      `Account ${before.id} is a member: its management account enables Identity Center.`,
    )
  if (organizationOf(before) === undefined)
    await call('organizations', 'CreateOrganization', { FeatureSet: 'ALL' })
  await call('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: 'sso.amazonaws.com' })
  if ((await first(house)).table(roles).findBy('name', 'awsserviceroleforsso') === undefined)
    await call('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'sso.amazonaws.com' })
  await house.directory.settle(async () => {
    const account = await first(house)
    if (centerOf(account) !== undefined) return
    const now = house.clock.now()
    account.table(centers).put(newCenter('organization', { account, region, house, now }, { tags: [] }))
    const event = makeEvent({
      account: account.id,
      id: uuid(house.random),
      time: now,
      identity: userIdentity(signer),
      username: undefined,
      source: 'sso.amazonaws.com',
      name: 'StartSSO',
      region,
      sourceIp: origin.sourceIp,
      userAgent: origin.userAgent,
      requestParameters: null,
      responseElements: null,
      requestId: uuid(house.random),
      readOnly: false,
      type: 'AwsApiCall',
    })
    await house.directory.commit([event])
  })
}

/** What a client needs to be configured, and the permission sets that are lent somewhere. */
function shown(account: Account) {
  const center = centerOf(account)
  if (center === undefined) throw new Refusal(404, 'IAM Identity Center is not enabled: omen sso init')
  const names = account.table(organizationAccounts)
  return {
    instanceArn: instanceArn(center, account),
    identityStoreId: center.storeId,
    identityStoreArn: identityStoreArn(center, account),
    region: center.region,
    startUrl: `https://identitycenter.amazonaws.com/${center.id}`,
    lent: [...account.table(provisionings).values()].map(({ account: id, set }) => ({
      account: id,
      accountName: names.find(id)?.name,
      set: account.table(permissionSets).find(set)?.name,
    })),
  }
}

/** @throws Refusal if there is no such user, or the password is too simple */
async function setPassword(userName: string, password: string, house: Dependencies): Promise<void> {
  const salt = house.random.bytes(16)
  const hash = await hashPassword(password, salt)
  await house.directory.settle(async () => {
    const account = await first(house)
    const user = account.table(centerUsers).findBy('name', userName.toLowerCase())
    if (user === undefined) throw new Refusal(404, `There is no user ${userName} in the directory.`)
    const violation = passwordViolation(password, undefined, account)
    if (violation !== undefined) throw new Refusal(400, violation)
    const now = house.clock.now()
    const passwords = withPassword(hash, salt, [], passwordsRemembered, house.vault)
    account
      .table(loginProfiles)
      .put({ owner: user.id, createdAt: now, resetRequired: false, passwordSetAt: now, passwords })
    await house.directory.commit([])
  })
}
