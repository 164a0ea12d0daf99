import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Vault } from '../base/index.ts'
import type { Judged } from './authorize.ts'
import { type Call, callerArn } from './call.ts'
import { userIdOf } from './context.ts'

const purpose = 'authorization-message'
const maximumMessageBytes = 262_144

/** A denial sealed as EC2 seals it: url-safe, and only this house opens it again. */
export function encodeRefusal(denied: Judged, call: Call): string {
  const json = JSON.stringify(decodedMessage(denied, call))
  return call.house.vault.seal(purpose, deflateRawSync(Buffer.from(json, 'utf8'))).toString('base64url')
}

/** The message's JSON, or undefined where it is not one of this house's or was altered. */
export function decodeRefusal(vault: Vault, encoded: string): string | undefined {
  const packed = vault.open(purpose, Buffer.from(encoded, 'base64url'))
  if (packed === undefined) return undefined
  return inflateRawSync(packed, { maxOutputLength: maximumMessageBytes }).toString('utf8')
}

/** The structure that sts:DecodeAuthorizationMessage returns (behaviour MSG-1). */
function decodedMessage(denied: Judged, call: Call): unknown {
  const { decision, request } = denied
  const { caller } = call
  const name = caller.kind === 'user' ? { name: caller.user.name } : {}
  return {
    allowed: false,
    explicitDeny: decision.outcome === 'explicitDeny',
    matchedStatements: {
      items: decision.by.map(({ statement }) => ({
        statementId: statement.sid ?? '',
        effect: statement.effect === 'Deny' ? 'DENY' : 'ALLOW',
        principals: { items: [{ value: userIdOf(caller).split(':')[0] }] },
        principalGroups: { items: [] },
        actions: values(statement.action.values.map((each) => each.value)),
        resources: values((statement.resource?.values ?? []).map((each) => each.value)),
        conditions: {
          items: statement.condition.map((entry) => ({
            key: entry.key,
            values: values(entry.values.map((each) => each.value)),
          })),
        },
      })),
    },
    failures: { items: [] },
    context: {
      principal: { id: userIdOf(caller), ...name, arn: callerArn(call) },
      action: request.action,
      resource: request.resource,
      conditions: { items: conditions(denied, call) },
    },
  }
}

function values(texts: readonly string[]) {
  return { items: texts.map((value) => ({ value })) }
}

/** EC2 lists what it knows of the resource before the service's own keys. */
function conditions({ access, request }: Judged, call: Call) {
  const [, , , , account = '', ...rest] = request.resource.split(':')
  const relative = rest.join(':')
  const known: Record<string, string> = {
    'aws:Region': call.region,
    'aws:Service': call.service.signingName,
    'aws:Resource': relative,
    ...(request.action === 'iam:PassRole'
      ? { 'iam:RoleName': relative.slice(relative.lastIndexOf('/') + 1) }
      : {}),
    'aws:Type': relative.split('/')[0] ?? '',
    'aws:Account': account,
    'aws:ARN': request.resource,
  }
  const items = Object.entries(known).map(([key, value]) => ({ key, values: values([value]) }))
  if (request.action === 'iam:PassRole') return items
  for (const [key, value] of Object.entries(access.context ?? {})) {
    if (value === undefined || key in known) continue
    items.push({ key, values: values((Array.isArray(value) ? value : [value]).map(String)) })
  }
  return items
}
