import {
  type AccessRequest,
  authorize,
  type Call,
  type Dependencies,
  hypotheticalCall,
  type Origin,
  refusalSentence,
  refuses,
  type Verdict,
} from '../../authorization/index.ts'
import { assert, type HttpRequest, uuid } from '../../base/index.ts'
import {
  findOperation,
  loadModel,
  type OperationModel,
  type ServiceId,
  type ServiceModel,
} from '../../model/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import { loadManagement } from '../admission.ts'
import { Refusal } from './admin-route.ts'

/**
 * Checks a permission against the policies of the caller's account, as for any AWS call: with SCPs, boundary and
 * session policy. Mode audit allows a denial, mode off checks nothing. @throws Refusal with AWS's sentence and the id
 * of the decision
 */
export async function requirePermission(
  access: AccessRequest,
  caller: SignedCaller,
  request: HttpRequest,
  deps: Dependencies,
): Promise<void> {
  if (deps.mode === 'off') return
  const { call, verdict } = await asked(access, caller, request, deps, operationOf(access.action))
  if (verdict.denied === undefined) return // pages ask every second: their yes would push out all others
  // nobody called AWS: it can be read by its id, and is no last denial (behaviour RSN-30)
  const decision = deps.decisions.noteQuestion(call, verdict.denied)
  if (!refuses(call.mode)) return
  throw new Refusal(403, refusalSentence(verdict.denied), 'AccessDenied', decision)
}

/** Returns whether `requirePermission` would allow the caller. No decision is kept. */
export async function hasPermission(
  access: AccessRequest,
  caller: SignedCaller,
  request: HttpRequest,
  deps: Dependencies,
): Promise<boolean> {
  if (deps.mode === 'off') return true
  const { call, verdict } = await asked(access, caller, request, deps)
  return verdict.denied === undefined || !refuses(call.mode)
}

async function asked(
  access: AccessRequest,
  caller: SignedCaller,
  request: HttpRequest,
  deps: Dependencies,
  operation: Partial<Pick<Call, 'service' | 'operation'>> = {},
): Promise<{ readonly call: Call; readonly verdict: Verdict }> {
  const account = await deps.directory.find(caller.account)
  if (account === undefined) throw new Refusal(403, `There is no account ${caller.account} here.`)
  await loadManagement(account, deps)
  const call = {
    ...hypotheticalCall(caller, account, deps, originOf(request)),
    ...operation,
    id: uuid(deps.random),
  }
  return { call, verdict: authorize([access], call) }
}

/** The source of a request. */
export function originOf({ headers, remoteAddress, secure, tls }: HttpRequest): Origin {
  return {
    sourceIp: remoteAddress,
    userAgent: headers['user-agent'] ?? '',
    host: headers.host ?? '',
    secure,
    ...(tls === undefined ? {} : { tls }),
  }
}

/** Operations of Omen's own API that no model has. */
const ownOperations: Readonly<Record<string, OperationModel>> = {
  'omen:GetMetrics': { name: 'GetMetrics', http: { method: 'GET', uri: '/_omen/metrics' }, errors: [] },
  'omen:StartLesson': {
    name: 'StartLesson',
    http: { method: 'POST', uri: '/_omen/api/learn' },
    errors: [],
  },
}

/**
 * The operation of AWS that has the action's name, or that it is asked for: the decision is recorded as one on it. Tokens of
 * OAuth are revoked WithIAM.
 */
export function operationOf(action: string): { service: ServiceModel; operation: OperationModel } {
  const [prefix = '', name = ''] = action.split(':')
  const service = loadModel(prefix as ServiceId) // routes name actions of served APIs
  const operation =
    findOperation(service, name) ?? findOperation(service, `${name}WithIAM`) ?? ownOperations[action]
  assert(operation !== undefined, `${action} is no operation of a served API`)
  return { service, operation }
}
