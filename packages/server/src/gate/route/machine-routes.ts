import type { Dependencies } from '../../authorization/index.ts'
import { endOfTurn, iamArn } from '../../base/index.ts'
import { type Account, instanceProfiles, instances, roles } from '../../directory/index.ts'
import { functions } from '../../services/lambda/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import type { Machine } from '../../views/index.ts'
import type { May } from '../view/reader.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

const most = 500
/** Profiles that are asked about before other requests have their turn. */
const atOnce = 50

/**
 * `GET /_omen/api/machines/instances` and `…/functions`: the machines of the signer's account that wear roles, at most
 * 500 of each. The console's picture of the account shows them while it is open. It asks here rather than EC2 and
 * Lambda, so that its own reads do not fill the event history.
 */
export function machineRoutes(deps: Dependencies): readonly AdminRoute[] {
  const accountFor = async (signer: SignedCaller | undefined): Promise<Account> => {
    const account = await deps.directory.find(signer?.account ?? deps.firstAccount)
    if (account === undefined) throw new Refusal(404, 'The account does not exist.')
    return account
  }
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/machines\/instances$/,
      by: { action: 'ec2:DescribeInstances' },
      async answer(_groups, _body, signer, _query, _within, { may }) {
        const account = await accountFor(signer)
        return { machines: await instancesOf(account, may) }
      },
    },
    {
      method: 'GET',
      path: /^\/_omen\/api\/machines\/functions$/,
      by: { action: 'lambda:ListFunctions' },
      answer: async (_groups, _body, signer) => ({
        machines: functionsOf(await accountFor(signer)).slice(0, most),
      }),
    },
  ]
}

/** The role of an instance is what iam:GetInstanceProfile answers, not DescribeInstances (behaviour SGN-51). */
async function instancesOf(account: Account, may: May): Promise<readonly Machine[]> {
  const readable = new Map<string, boolean>()
  const machines: Machine[] = []
  for (const { id, state, profile } of account.table(instances).values()) {
    if (state === 'terminated' || profile === undefined) continue
    const kept = account.table(instanceProfiles).find(profile.profileId)
    const role = account.table(roles).find(kept?.roleId ?? '')
    if (kept === undefined || role === undefined) continue
    const arn = iamArn(account, 'instance-profile', kept.path, kept.name)
    if (!readable.has(arn)) {
      readable.set(arn, await may('iam:GetInstanceProfile', arn))
      if (readable.size % atOnce === 0) await endOfTurn()
    }
    if (readable.get(arn) !== true) continue
    machines.push({ kind: 'instance', name: id, roleName: role.name, service: 'ec2.amazonaws.com' })
    if (machines.length === most) break
  }
  return machines
}

function functionsOf(account: Account): readonly Machine[] {
  return [...account.table(functions).values()].map(({ name, roleArn }) => ({
    kind: 'function',
    name,
    roleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
    service: 'lambda.amazonaws.com',
  }))
}
