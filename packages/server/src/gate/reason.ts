import {
  type DecisionRecord,
  type House,
  hypotheticalCall,
  hypotheticalCaller,
  judge,
  listDenials,
  mayWear,
  type Origin,
  openRefusal,
  principalOf,
  recallDecision,
  recallLastDenial,
  requestIdOf,
  wearing,
} from '../authorization/index.ts'
import { iamArn } from '../base/index.ts'
import { type Account, roles } from '../directory/index.ts'
import type { SignedCaller } from '../session/index.ts'
import type { DenialHead } from '../store/index.ts'
import { type AdminRoute, Refusal, textIn } from './admin-route.ts'
import { viewDecision, viewJudged } from './decision-view.ts'

/** How many denials a list holds. */
const listed = 100
const longestChain = 16
const origin: Origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true }

/** What may be asked about decisions: those that were made, and those that would be. */
export function reasonRoutes(house: House): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/decisions$/,
      answer: async () => ({ denials: (await listDenials(listed, house)).map(brief) }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/decisions\/([\w-]{1,64})$/,
      async answer([id = '']) {
        const record =
          id === 'last'
            ? await recallLastDenial(house)
            : ((await recallDecision(requestIdOf(id) ?? id, house)) ?? (await ofEvent(id, house)))
        if (record === undefined)
          throw new Refusal(
            404,
            id === 'last' ? 'Nothing was denied yet.' : `No decision ${id} is known any more.`,
          )
        return viewDecision(record)
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/decisions\/decode$/,
      async answer(_groups, body) {
        const opened = openRefusal(house.vault, textIn(body, 'message', 10_240), house.clock.now())
        if (opened === undefined)
          throw new Refusal(400, 'The message is not one of this house’s, was altered, or is too old.')
        const record = await recallDecision(opened.requestId, house)
        const message: unknown = JSON.parse(opened.json)
        return record === undefined ? { message } : { message, decision: viewDecision(record) }
      },
    },
    { method: 'POST', path: /^\/_omen\/can$/, answer: (_groups, body) => can(body, house) },
  ]
}

function brief({ id, time, action, resource }: DenialHead) {
  return { id, time: new Date(time).toISOString(), action, resource }
}

/** The decision on the call that an event is of, whatever the event tells of. */
async function ofEvent(eventId: string, house: House): Promise<DecisionRecord | undefined> {
  const attribute = { key: 'EventId' as const, value: eventId }
  for (const data of [false, true]) {
    const query = { account: house.firstAccount, attribute, data, limit: 1 }
    const [event] = (await house.recorder.lookUp(query)).events
    if (event === undefined) continue
    const { requestID } = JSON.parse(event.json) as { readonly requestID?: string } // what makeEvent wrote
    return requestID === undefined ? undefined : recallDecision(requestID, house)
  }
  return undefined
}

/** Whether somebody may do something, before it happens; through a chain of roles where one is given. */
async function can(body: Readonly<Record<string, unknown>>, house: House) {
  const account = await house.directory.find(house.firstAccount)
  if (account === undefined) throw new Refusal(404, 'The first account is gone.')
  const now = house.clock.now()
  let caller: SignedCaller = hypotheticalCaller(textIn(body, 'who'), account, now)
  const steps = []
  for (const name of chainIn(body)) {
    const role = account.table(roles).findBy('name', name.slice(name.lastIndexOf('/') + 1).toLowerCase())
    if (role === undefined) throw new Refusal(404, `There is no role ${name}.`)
    const call = hypotheticalCall(caller, account, house, origin)
    const step = mayWear(call, iamArn(account.id, 'role', role.path, role.name), account, role.trust)
    steps.push(viewJudged(step, call))
    if (step.decision.outcome !== 'allowed') return { allowed: false, caller: caller.arn, asked: steps }
    const chain =
      'session' in caller && caller.session !== undefined && 'chain' in caller.session
        ? caller.session.chain
        : []
    caller = wearing(account, role.name, 'hypothetical', now, [...chain, caller.arn])!
  }
  const call = hypotheticalCall(caller, account, house, origin)
  const action = textIn(body, 'action')
  const resource = textIn(body, 'resource')
  const access = { action, resource, context: contextIn(body), ...trustOf(action, resource, account) }
  const judged = judge(access, principalOf(caller), call)
  const allowed = judged.decision.outcome === 'allowed'
  return { allowed, caller: caller.arn, asked: [...steps, viewJudged(judged, call)] }
}

/** A role brings its trust policy along where it is to be put on, as in the call itself. */
function trustOf(action: string, resource: string, account: Account) {
  if (!/^sts:/i.test(action) || !resource.startsWith(`arn:aws:iam::${account.id}:role/`)) return {}
  const role = account
    .table(roles)
    .findBy('name', resource.slice(resource.lastIndexOf('/') + 1).toLowerCase())
  return { resourcePolicy: { document: role?.trust, grant: 'trust' as const } }
}

function chainIn(body: Readonly<Record<string, unknown>>): readonly string[] {
  const { chain = [] } = body
  if (!Array.isArray(chain) || chain.length > longestChain)
    throw new Refusal(400, `chain must be a list of at most ${longestChain} roles`)
  return chain.map(String)
}

function contextIn(
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | readonly string[]>> {
  const { context = {} } = body
  if (typeof context !== 'object' || context === null) throw new Refusal(400, 'context must be an object')
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  )
}
