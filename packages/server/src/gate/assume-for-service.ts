import { notAuthorized } from '@omen-iam/policy'
import {
  type Call,
  type ContextKeys,
  type Dependencies,
  type EventNotes,
  type ServiceAssumption,
  trustsService,
} from '../authorization/index.ts'
import { assert, factsOf, fault, iamArn, isoSeconds, uuid } from '../base/index.ts'
import { roles } from '../directory/index.ts'
import { findOperation, loadModel } from '../model/index.ts'
import { type MintedCredentials, maximumTokenSize, mint, sessionArn } from '../session/index.ts'
import { loadManagement, withAccounts } from './admission.ts'
import { eventsOf } from './record.ts'

/** Services whose events do not name the session that they made (behaviour TRL-43). */
const machines = new Set(['ec2.amazonaws.com', 'lambda.amazonaws.com'])

/** The one way by which a service puts a role on (behaviours POL-078 and TRL-40). */
export function assumeForService(
  deps: Dependencies,
  request: ServiceAssumption,
): Promise<MintedCredentials | undefined> {
  const { directory } = deps
  return directory.decided(async () => {
    const account = await directory.find(request.account.id)
    const role = account?.table(roles).find(request.role.id)
    return account && role && assumeNow(deps, { ...request, account, role })
  })
}

async function assumeNow(
  deps: Dependencies,
  request: ServiceAssumption,
): Promise<MintedCredentials | undefined> {
  const { account, role, service, sessionName } = request
  await loadManagement(account, deps)
  const call = callOf(request, deps)
  const roleArn = iamArn(account, 'role', role.path, role.name)
  const common = {
    input: { RoleArn: roleArn, RoleSessionName: sessionName },
    wouldDeny: undefined,
    readOnly: true,
  }
  const isTrusted = (asked: ServiceAssumption) =>
    withAccounts(deps, () =>
      trustsService(role, service, call, { ...asked.context, ...keysOf(asked) }, actionsOf(asked)),
    )
  const tagged = { ...request, tags: request.optionalTags ?? [] }
  const takesTags = tagged.tags.length > 0 && (await isTrusted(tagged))
  if (!takesTags && !(await isTrusted(request))) {
    const message = notAuthorized(service, 'sts:AssumeRole', roleArn)
    const refused = { output: undefined, fault: fault('AccessDenied', message, 403), notes: {} }
    await deps.directory.commit(eventsOf(call, { ...common, ...refused }))
    return undefined
  }
  const given = takesTags ? tagged : request
  const credentials = mintFor(given, call)
  const notes = notesOf(given, roleArn, credentials)
  await deps.directory.commit(eventsOf(call, { ...common, output: {}, fault: undefined, notes }))
  return credentials
}

/** The actions that the trust policy is asked about. */
function actionsOf({ tags = [], sourceIdentity, setsContext }: ServiceAssumption): readonly string[] {
  return [
    'sts:AssumeRole',
    ...(setsContext === true ? ['sts:SetContext'] : []),
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
}

/** The condition keys of the session. */
function keysOf({ tags = [], transitive, sourceIdentity }: ServiceAssumption): ContextKeys {
  const tagKeys = tags.map(({ Key }) => Key)
  return {
    ...(tags.length > 0 && {
      ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
      'aws:TagKeys': tagKeys,
      ...(transitive && { 'sts:TransitiveTagKeys': tagKeys }),
    }),
    ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
  }
}

/** The AssumeRole of a service. */
export function callOf(
  { account, service, region }: Pick<ServiceAssumption, 'account' | 'service' | 'region'>,
  deps: Dependencies,
): Call {
  const model = loadModel('sts')
  const operation = findOperation(model, 'AssumeRole')
  assert(operation !== undefined, 'STS has AssumeRole')
  return {
    id: uuid(deps.random),
    now: deps.clock.now(),
    service: model,
    operation,
    region: region ?? factsOf(deps.partition).globalRegion,
    caller: { kind: 'service', account: account.id, name: service },
    account,
    origin: { sourceIp: service, userAgent: service, host: '', secure: true },
    deps,
    mode: deps.mode,
  }
}

function mintFor(request: ServiceAssumption, { now, deps }: Call): MintedCredentials {
  const { account, role, service, sessionName, lifetimeSeconds, serviceKeys } = request
  const { tags = [], transitive, sourceIdentity, policies } = request
  const claims = {
    kind: 'role',
    account: account.id,
    roleId: role.id,
    sessionName,
    origin: 'service',
    service,
    ...(serviceKeys === undefined ? {} : { serviceKeys }),
    ...(tags.length > 0 && { tags, ...(transitive && { transitiveTagKeys: tags.map(({ Key }) => Key) }) }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(policies !== undefined && { policies }),
    issuedAt: now,
    expiresAt: now + lifetimeSeconds * 1000,
    chain: [service],
  } as const
  return mint(claims, deps.tokens, deps.random).credentials
}

/** The event's view of the session. */
function notesOf(
  request: ServiceAssumption,
  roleArn: string,
  { accessKeyId, sessionToken, expiresAt }: MintedCredentials,
): EventNotes {
  const { account, role, service, sessionName, lifetimeSeconds, tags = [], sourceIdentity } = request
  const assumedRoleUser = {
    assumedRoleId: `${role.id}:${sessionName}`,
    arn: sessionArn(account, role.name, sessionName),
  }
  const utilization = Math.floor((sessionToken.length * 100) / maximumTokenSize)
  return {
    resources: [{ accountId: account.id, type: 'AWS::IAM::Role', ARN: roleArn }],
    requestParameters: {
      roleArn,
      roleSessionName: sessionName,
      ...(machines.has(service) ? {} : { durationSeconds: lifetimeSeconds }),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      ...(tags.length > 0 && {
        tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
        ...(request.transitive && { transitiveTagKeys: tags.map(({ Key }) => Key) }),
      }),
    },
    responseElements: {
      credentials: { accessKeyId, sessionToken, expiration: isoSeconds(expiresAt) },
      ...(machines.has(service) ? {} : { assumedRoleUser }),
      packedPolicySize: utilization,
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      sessionTokenUtilization: utilization,
      sessionTokenSize: sessionToken.length,
    },
  }
}
