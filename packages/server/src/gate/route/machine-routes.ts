import type { Dependencies } from '../../authorization/index.ts'
import { type Account, instanceProfiles, instances, roles } from '../../directory/index.ts'
import { functions } from '../../services/lambda/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

/** Machines that wear a role. */
interface Machine {
  readonly kind: 'instance' | 'function'
  readonly name: string
  readonly roleName: string
  /** The service principal that assumes the role. */
  readonly service: string
}

const most = 500

/**
 * `GET /_omen/api/machines/instances` and `…/functions`: the machines of the signer's account that wear roles, at most
 * 500 of each. The console's picture of the account shows them while it is open. It asks here rather than EC2 and
 * Lambda, so that its own reads do not fill the event history.
 */
export function machineRoutes(house: Dependencies): readonly AdminRoute[] {
  const accountFor = async (signer: SignedCaller | undefined): Promise<Account> => {
    const account = await house.directory.find(signer?.account ?? house.firstAccount)
    if (account === undefined) throw new Refusal(404, 'The account does not exist.')
    return account
  }
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/machines\/instances$/,
      by: { action: 'ec2:DescribeInstances' },
      answer: async (_groups, _body, signer) => ({
        machines: instancesOf(await accountFor(signer)).slice(0, most),
      }),
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

function instancesOf(account: Account): readonly Machine[] {
  return [...account.table(instances).values()].flatMap(({ id, state, profile }): Machine[] => {
    if (state === 'terminated' || profile === undefined) return []
    const { roleId = '' } = account.table(instanceProfiles).find(profile.profileId) ?? {}
    const role = account.table(roles).find(roleId)
    if (role === undefined) return []
    return [{ kind: 'instance', name: id, roleName: role.name, service: 'ec2.amazonaws.com' }]
  })
}

function functionsOf(account: Account): readonly Machine[] {
  return [...account.table(functions).values()].map(({ name, roleArn }) => ({
    kind: 'function',
    name,
    roleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
    service: 'lambda.amazonaws.com',
  }))
}
