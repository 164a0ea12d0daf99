import { setImmediate as turn } from 'node:timers/promises'
import { passRoleTable } from '../../authorization/catalogue/index.ts'
import {
  budgetFor,
  type Call,
  type Dependencies,
  hypotheticalCall,
  hypotheticalCaller,
  judge,
  type Origin,
  principalOf,
} from '../../authorization/index.ts'
import { iamArn } from '../../base/index.ts'
import { type Account, findRoleNamed, type Role, roles } from '../../directory/index.ts'
import { masksOf, seesPower } from '../masks.ts'
import type { May, Reader } from '../view/reader.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'
import { arnOfRole, asksWhatIf } from './asked-principals.ts'
import { judgePass, servicesNamed } from './pass.ts'
import { rolesThatMay } from './readable-roles.ts'

const origin: Origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true }

const limits = {
  /** The most roles in one answer, by name; the rest is counted. */
  roles: 200,
  services: 16,
  /** Roles that are looked at before others have their turn. */
  atOnce: 4,
  uses: 12,
} as const

/** The services that most often get roles: shown if few trust policies name any. */
const common = [
  'lambda.amazonaws.com',
  'ec2.amazonaws.com',
  'ecs-tasks.amazonaws.com',
  'states.amazonaws.com',
]

/**
 * `POST /_omen/api/pass`: who may pass which role to which service, and which of them trusts it. `who`; `services`, or
 * those that the trust policies name; `find`, a part of the role's name. `POST /_omen/api/pass/gain`: what `who` could
 * gain by passing `role` to `service`.
 */
export function passMatrixRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/_omen\/api\/pass$/,
      by: asksWhatIf(deps),
      answer: (_groups, body, signer, _query, within, { may }) =>
        matrix(body, within ?? signer?.account, may, deps),
    },
    {
      method: 'POST',
      path: /^\/_omen\/api\/pass\/gain$/,
      by: asksWhatIf(deps),
      answer: (_groups, body, signer, _query, within, { may }) =>
        gain(body, within ?? signer?.account, may, deps),
    },
  ]
}

async function matrix(body: Readonly<Record<string, unknown>>, of: Reader, may: May, deps: Dependencies) {
  const { account, call } = await asking(body, of, deps)
  // the answer lists roles, and whom they trust
  if (!(await may('iam:ListRoles', iamArn(account, 'role', '/', ''))))
    throw new Refusal(403, 'This needs iam:ListRoles too.', 'AccessDenied')
  const find = body.find === undefined || body.find === '' ? '' : textIn(body, 'find', 64).toLowerCase()
  const all = [...account.table(roles).values()].filter(
    ({ linkedService, name }) => linkedService === undefined && name.toLowerCase().includes(find),
  )
  const shown = all.slice(0, limits.roles)
  const services = servicesIn(body) ?? servicesOf(await rolesThatMay('iam:GetRole', shown, account, may))
  const budget = budgetFor(2 * shown.length * services.length)
  const rows = []
  for (const [at, role] of shown.entries()) {
    if (at % limits.atOnce === limits.atOnce - 1) await turn()
    const cells = services.map((service) => {
      const { mayPass, trust } = judgePass(role, service, call, budget)
      return {
        mayPass: mayPass.decision.outcome === 'allowed',
        trusts: trust.judged.decision.outcome === 'allowed',
      }
    })
    rows.push({ name: role.name, id: role.id, cells })
  }
  return { services, roles: rows, beyond: all.length - shown.length }
}

/** The calls that passing the role makes possible, and whether the role may do everything. */
async function gain(body: Readonly<Record<string, unknown>>, of: Reader, may: May, deps: Dependencies) {
  const { account, call } = await asking(body, of, deps)
  const name = textIn(body, 'role')
  const arn = arnOfRole(name, account.id, deps)
  if (!(await may('iam:GetRole', arn)))
    throw new Refusal(403, `This needs iam:GetRole on ${arn} too.`, 'AccessDenied')
  const role = findRoleNamed(account, name)
  if (role === undefined) throw new Refusal(404, `There is no role ${name} in account ${account.id}.`)
  const service = textIn(body, 'service')
  const masks = await masksOf(account, deps)
  const actions = handingActions(service)
  return {
    administrator: masks.get(role.id)?.administrator === true && (await may(seesPower, arn)),
    calls: actions.slice(0, limits.uses).map((action) => {
      const access = { action, resource: '*' }
      return { action, allowed: judge(access, principalOf(call.caller), call).decision.outcome === 'allowed' }
    }),
    beyond: Math.max(0, actions.length - limits.uses),
    arn,
  }
}

/** The actions by which a role is handed to a service. */
function handingActions(service: string): readonly string[] {
  const services: string[] = []
  for (const rows of passRoleTable().values()) {
    for (const { service: prefix, operation, passedTo } of rows) {
      if (passedTo.includes(service)) services.push(`${prefix}:${operation}`)
    }
  }
  return [...new Set(services)].sort()
}

async function asking(
  body: Readonly<Record<string, unknown>>,
  of: Reader,
  deps: Dependencies,
): Promise<{ readonly account: Account; readonly call: Call }> {
  const id = of ?? deps.firstAccount
  const account = await deps.directory.find(id)
  if (account === undefined) throw new Refusal(404, `There is no account ${id} here.`)
  const caller = hypotheticalCaller(textIn(body, 'who'), account, deps.clock.now())
  return { account, call: hypotheticalCall(caller, account, deps, origin) }
}

function servicesIn({ services }: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (services === undefined) return undefined
  if (!Array.isArray(services) || services.length === 0 || services.length > limits.services)
    throw new Refusal(400, `services must be a list of at most ${limits.services} service principals`)
  return services.map((each) => String(each).slice(0, 128))
}

/** The services that trust policies name, those of most roles first, followed by common ones. */
function servicesOf(shown: readonly Role[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { trust } of shown)
    for (const service of servicesNamed(trust)) counts.set(service, (counts.get(service) ?? 0) + 1)
  const named = [...counts].sort(([, a], [, b]) => b - a).map(([service]) => service)
  return [...new Set([...named.slice(0, 8), ...common])].slice(0, limits.services)
}
