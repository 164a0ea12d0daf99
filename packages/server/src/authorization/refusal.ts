import { type Context, explain, type LayerName } from '@omen-iam/policy'
import { type Fault, factsOf, fault } from '../base/index.ts'
import type { Protocol } from '../model/index.ts'
import type { AccessRequest } from './access.ts'
import { authorizationIdOf } from './authorization-id.ts'
import type { Call } from './call.ts'
import { encodeRefusal } from './encoded.ts'
import type { Judged } from './verdict.ts'

/** The text of every AccessDeniedException of AWS Organizations. */
export const organizationsRefusal = "You don't have permissions to access this resource."

/** Returns the fault for a denied question, in the words of the called service. */
export function refusal(denied: Judged, call: Call): Fault {
  // AWS Organizations names neither the caller nor the action (behaviour ORG-108)
  if (call.service.id === 'organizations') return accessDenied(organizationsRefusal, call.service.protocol)
  const sentence = refusalSentence(denied)
  if (denied.access.refusedAs !== undefined) return asTheService(denied.access, sentence, call)
  if (call.service.protocol !== 'ec2Query')
    return accessDenied(`${sentence}${wayToDetails(call)}`, call.service.protocol)
  const start = `You are not authorized to perform this operation. ${sentence}`
  // an action without resources is refused without the encoded message (behaviour EC2-18)
  const encoded =
    denied.access.resource === '*'
      ? ''
      : `. Encoded authorization failure message: ${encodeRefusal(denied, call)}`
  return accessDenied(`${start}${encoded}`, call.service.protocol)
}

/** The refusal in the words of a service that asked on the caller's behalf. */
function asTheService({ refusedAs, action, resource }: AccessRequest, sentence: string, call: Call): Fault {
  const [, common] = refusals[call.service.protocol]
  const { code, status = common, text = '${sentence}', members } = refusedAs! // callers looked
  const words: Readonly<Record<string, string>> = { sentence, action, resource, requestId: call.id }
  const message = text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole)
  return fault(code, message, status, members)
}

/** The code and the HTTP status of a refusal in each protocol. */
const refusals: Readonly<Record<Protocol, readonly [code: string, status: number]>> = {
  ec2Query: ['UnauthorizedOperation', 403],
  awsQuery: ['AccessDenied', 403],
  restXml: ['AccessDenied', 403],
  awsJson1_0: ['AccessDeniedException', 400],
  awsJson1_1: ['AccessDeniedException', 400],
  restJson: ['AccessDeniedException', 403],
}

/** Returns a refusal with the code and the status of a protocol. */
export function accessDenied(message: string, protocol: Protocol): Fault {
  const [code, status] = refusals[protocol]
  return fault(code, message, status)
}

/** Operations of IAM whose refusals end without a reference: those of root access and of role templates. */
const withoutDetails =
  /^(?:ListOrganizationsFeatures|(?:En|Dis)ableOrganizations.*|AcquireRole|GetRoleTemplateVersion)$/

/** Adds IAM's reference for further information, unless the option is off (behaviour RSN-8). */
function wayToDetails({ id, service, operation, deps }: Call): string {
  if (deps.authorizationIds !== true || service.id !== 'iam' || withoutDetails.test(operation.name)) return ''
  const authorization = authorizationIdOf(id)
  const { consoleHost, globalRegion } = factsOf(deps.partition)
  const page = `https://${globalRegion}.${consoleHost}/iam/home?region=${globalRegion}#/authorization-details/${authorization}`
  return `. Go to ${page} for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: ${authorization}`
}

/** Returns AWS's exact sentence for a denial. */
export function refusalSentence(denied: Judged): string {
  const { access, decision, request } = denied
  if (access.refusal !== undefined) return access.refusal
  return explain(decision, request, {
    resource: access.resourceInSentence,
    because: access.bareSentence !== true || isOfOrganization(decision),
    policyArn: decision.outcome === 'explicitDeny' && mayKnow(decision.layer, request.context),
  }).sentence
}

/** STS says that a policy of the organization denies AssumeRole, and no other reason (behaviour STS-149). */
function isOfOrganization(decision: Judged['decision']): boolean {
  return decision.outcome === 'explicitDeny' && (decision.layer === 'rcp' || decision.layer === 'scp')
}

/** Callers outside an organization do not learn which of its policies denied access (behaviour POL-136). */
function mayKnow(layer: LayerName, context: Context): boolean {
  const organization = context.get('aws:PrincipalOrgID')
  return layer !== 'rcp' || (organization !== undefined && organization === context.get('aws:ResourceOrgID'))
}
