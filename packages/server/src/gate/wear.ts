import { type Call, type House, trustsService, type WearRequest } from '../authorization/index.ts'
import { assert, fault, iamArn, uuid } from '../base/index.ts'
import { findOperation, loadModel } from '../model/index.ts'
import { type MintedCredentials, mint, sessionArn } from '../session/index.ts'
import { eventDate } from '../trail/index.ts'
import { loadManagement } from './admission.ts'
import { eventsOf } from './record.ts'

/** Services whose events do not name the session that they made (behaviour TRL-43). */
const machines = new Set(['ec2.amazonaws.com', 'lambda.amazonaws.com'])

/** The one way by which a service puts a role on (behaviours POL-078 and TRL-40). */
export async function wear(house: House, request: WearRequest): Promise<MintedCredentials | undefined> {
  const { account, role, service, sessionName, lifetimeSeconds } = request
  await loadManagement(account, house)
  const model = loadModel('sts')
  const operation = findOperation(model, 'AssumeRole')
  assert(operation !== undefined, 'STS has AssumeRole')
  const now = house.clock.now()
  const roleArn = iamArn(account.id, 'role', role.path, role.name)
  const call: Call = {
    id: uuid(house.random),
    now,
    service: model,
    operation,
    region: 'us-east-1',
    caller: { kind: 'service', account: account.id, name: service },
    account,
    origin: { sourceIp: service, userAgent: service, host: '', secure: true },
    house,
  }
  const input = { RoleArn: roleArn, RoleSessionName: sessionName }
  if (!trustsService(role, service, call, request.context)) {
    const refused = fault(
      'AccessDenied',
      `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    )
    const outcome = {
      input,
      output: undefined,
      fault: refused,
      wouldDeny: undefined,
      notes: {},
      readOnly: true,
    }
    await house.directory.commit(eventsOf(call, outcome))
    return undefined
  }
  const { credentials } = mint(
    {
      kind: 'role',
      account: account.id,
      roleId: role.id,
      sessionName,
      origin: 'service',
      service,
      ...(request.serviceKeys === undefined ? {} : { serviceKeys: request.serviceKeys }),
      issuedAt: now,
      expiresAt: now + lifetimeSeconds * 1000,
      chain: [service],
    },
    house.tokens,
    house.random,
  )
  const notes = {
    resources: [{ accountId: account.id, type: 'AWS::IAM::Role', ARN: roleArn }],
    requestParameters: { roleArn, roleSessionName: sessionName },
    responseElements: {
      credentials: {
        accessKeyId: credentials.accessKeyId,
        sessionToken: credentials.sessionToken,
        expiration: eventDate(credentials.expiresAt),
      },
      ...(machines.has(service)
        ? {}
        : {
            assumedRoleUser: {
              assumedRoleId: `${role.id}:${sessionName}`,
              arn: sessionArn(account.id, role.name, sessionName),
            },
          }),
    },
  }
  const outcome = { input, output: {}, fault: undefined, wouldDeny: undefined, notes, readOnly: true }
  await house.directory.commit(eventsOf(call, outcome))
  return credentials
}
