import type { Budget } from '@omen-iam/policy'
import {
  budgetFor,
  type Call,
  type Dependencies,
  hypotheticalCall,
  hypotheticalCaller,
  isServicePrincipal,
  type Judged,
  judge,
  type Origin,
  passRoleRequest,
  principalOf,
  storedDocument,
} from '../../authorization/index.ts'
import { type AccountId, iamArn } from '../../base/index.ts'
import { type Account, findRoleNamed, type Role } from '../../directory/index.ts'
import { viewJudged, waysFor } from '../view/decision-view.ts'
import { withOpened } from '../view/opened-paths.ts'
import { type May, type Reader, type Sight, sightOf } from '../view/reader.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'
import { asksWhatIf } from './asked-principals.ts'

const origin: Origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true }

/** The questions about passing roles to services. */
export function passRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/_omen\/pass$/,
      by: asksWhatIf(deps),
      answer: (_groups, body, _signer, _query, within, { may }) => pass(body, within, may, deps),
    },
  ]
}

/** Both halves of handing a role over: may the caller pass it, and may the service put it on? */
async function pass(body: Readonly<Record<string, unknown>>, within: Reader, may: May, deps: Dependencies) {
  const id: AccountId = within ?? deps.firstAccount
  const account = await deps.directory.find(id)
  if (account === undefined) throw new Refusal(404, `There is no account ${id} here.`)
  const role = getRole(textIn(body, 'role'), account)
  const roleArn = iamArn(account, 'role', role.path, role.name)
  const service = textIn(body, 'service')
  if (!isServicePrincipal(service))
    throw new Refusal(400, `AWS has no service principal ${service}.`, 'UnknownService')
  const caller = hypotheticalCaller(textIn(body, 'who'), account, deps.clock.now())
  const call = hypotheticalCall(caller, account, deps, origin)
  const { mayPass, trust } = judgePass(role, service, call)
  const sight = await sightOf([mayPass, trust.judged], call, within, may)
  const callerHalf = await viewHalf(mayPass, call, sight)
  const roleHalf = await viewHalf(trust.judged, trust.call, sight)
  const isHidden = sight.hidden(trust.judged, trust.call).has('resource')
  return {
    allowed: callerHalf.outcome === 'allowed' && roleHalf.outcome === 'allowed',
    caller: caller.arn,
    role: roleArn,
    service,
    callerHalf,
    roleHalf: { ...roleHalf, ...(isHidden ? {} : { trusts: servicesNamed(role.trust) }) },
  }
}

/** Both halves of handing a role of the call's account to a service: the caller's permission, and the role's trust policy. */
export function judgePass(role: Role, service: string, call: Call, budget: Budget = budgetFor(2)) {
  const roleArn = iamArn(call.account, 'role', role.path, role.name)
  return {
    mayPass: judge(passRoleRequest({ roleArn, service }, call), principalOf(call.caller), call, budget),
    trust: askService(role, roleArn, service, call, budget),
  }
}

async function viewHalf(judged: Judged, call: Call, sight: Sight) {
  const denied = judged.decision.outcome !== 'allowed'
  const id = call.deps.decisions.noteQuestion(call, judged)
  return {
    id,
    ...viewJudged(judged, call, sight),
    ways: denied ? await withOpened(waysFor(sight, [judged], call), [judged], call) : [],
  }
}

/** The service's question is asked as the service asks it, by the role's trust policy alone. */
function askService(role: Role, roleArn: string, service: string, asker: Call, budget: Budget) {
  const caller = { kind: 'service', account: asker.account.id, name: service } as const
  const call = { ...asker, caller, origin: { ...origin, sourceIp: service, userAgent: service } }
  const access = {
    action: 'sts:AssumeRole',
    resource: roleArn,
    resourceAccount: asker.account.id,
    resourcePolicy: { document: role.trust, grant: 'trust' as const },
  }
  return { call, judged: judge(access, principalOf(caller), call, budget) }
}

function getRole(text: string, account: Account): Role {
  const role = findRoleNamed(account, text)
  if (role === undefined)
    throw new Refusal(404, `There is no role ${text} in account ${account.id}.`, 'NoSuchEntity')
  return role
}

/** The services that a trust policy allows, under any conditions. */
export function servicesNamed(trust: string): readonly string[] {
  const named = (storedDocument(trust, 'trust')?.statements ?? [])
    .filter(({ effect, principal }) => effect === 'Allow' && principal?.negated === false)
    .flatMap(({ principal }) => principal?.entries ?? [])
    .filter(({ type }) => type === 'Service')
  return [...new Set(named.map(({ value }) => value))]
}
