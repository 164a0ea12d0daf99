import type { Dependencies } from '../../authorization/index.ts'
import { Fault, factsOf } from '../../base/index.ts'
import { hasOwnId, identityStoreArn, instanceArn } from '../../center/index.ts'
import {
  type Account,
  centerOf,
  organizationAccounts,
  permissionSets,
  provisionings,
} from '../../directory/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import { enableCenter, firstAccount, setCenterMfa, setCenterPassword, setCenterStatus } from '../center.ts'
import { type AdminRoute, type Asker, Refusal, textIn } from './admin-route.ts'

/**
 * The routes of IAM Identity Center for which AWS has no API: enabling it for an organization, and passwords of its
 * users.
 */
export function centerRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/identity-center$/,
      answer: async () => shown(await firstAccount(deps)),
    },
    {
      method: 'POST',
      path: /^\/_omen\/identity-center$/,
      async answer(_groups, body, signer, _query, _within, asker) {
        if (signer === undefined) throw new Refusal(403, 'The request is not signed.')
        const region =
          body.region === undefined ? factsOf(deps.partition).globalRegion : textIn(body, 'region', 32)
        if (!/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
          throw new Refusal(400, 'region must be the name of a region')
        await enableAs(signer, region, asker, deps)
        return shown(await firstAccount(deps))
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/identity-center\/password$/,
      async answer(_groups, body) {
        const { mustChange = false } = body
        if (typeof mustChange !== 'boolean') throw new Refusal(400, 'mustChange must be true or false')
        const [userName, password] = [textIn(body, 'userName', 128), textIn(body, 'password', 128)]
        await setCenterPassword(userName, password, deps, mustChange)
        return {}
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/identity-center\/mfa$/,
      async answer(_groups, body) {
        if (typeof body.wanted !== 'boolean') throw new Refusal(400, 'wanted must be true or false')
        return { seed: await setCenterMfa(textIn(body, 'userName', 128), body.wanted, deps) }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/identity-center\/status$/,
      async answer(_groups, body) {
        if (typeof body.enabled !== 'boolean') throw new Refusal(400, 'enabled must be true or false')
        await setCenterStatus(textIn(body, 'userName', 128), body.enabled, deps)
        return {}
      },
    },
  ]
}

/** In the name of the owner of the server who asks. @throws Refusal */
async function enableAs(
  signer: SignedCaller,
  region: string,
  { origin }: Asker,
  deps: Dependencies,
): Promise<void> {
  await enableCenter(deps, region, async (service, operation, input) => {
    try {
      return await deps.perform({
        service,
        operation,
        input,
        caller: signer,
        account: await firstAccount(deps),
        origin,
      })
    } catch (error) {
      if (error instanceof Fault) throw new Refusal(400, error.message, error.code)
      throw error
    }
  })
}

/** The data that configures a client, and the permission sets that are assigned somewhere. */
function shown(account: Account) {
  const center = centerOf(account)
  if (center === undefined) throw new Refusal(404, 'IAM Identity Center is not enabled: omen sso init')
  const names = account.table(organizationAccounts)
  return {
    instanceArn: instanceArn(center, account),
    identityStoreId: center.storeId,
    identityStoreArn: identityStoreArn(center, account),
    region: center.region,
    startUrl: hasOwnId(center) ? `https://identitycenter.amazonaws.com/${center.id}` : '/start',
    lent: [...account.table(provisionings).values()].map(({ account: id, set }) => ({
      account: id,
      accountName: names.find(id)?.name,
      set: account.table(permissionSets).find(set)?.name,
    })),
  }
}
