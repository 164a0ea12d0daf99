import assert from 'node:assert/strict'
import {
  type GuardRequest,
  identifyCall,
  type NeedsPlace,
  needsOf,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { signedRequest } from './requests.ts'

/** Where the calls of these tests are made. */
export const here: NeedsPlace = { account: '111122223333', region: 'eu-west-1', partition: 'aws' }

/** A call as a test writes it: `scope`, `METHOD /path?query` or an operation's name, and what goes with it. */
export interface Sent {
  readonly scope: string
  readonly line?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What a call asks, but for keys, whose things only the upstream knows. @throws where it is not recognised, or not known */
export function requestsOf(
  { scope, line = 'POST /', headers, body }: Sent,
  where = here,
): readonly GuardRequest[] {
  const call = identifyCall(signedRequest(line, scope, headers, body))
  assert.ok(!('problem' in call), 'problem' in call ? call.message : '')
  const asked = needsOf(call, where)
  assert.ok(!('unknown' in asked), 'unknown' in asked ? asked.unknown : '')
  return asked.filter(({ key }) => key === undefined)
}

/** Why it is not known what a call needs. */
export function unknownOf({ scope, line = 'POST /', headers, body }: Sent): string {
  const call = identifyCall(signedRequest(line, scope, headers, body))
  assert.ok(!('problem' in call), 'problem' in call ? call.message : '')
  const asked = needsOf(call, here)
  assert.ok('unknown' in asked, JSON.stringify(asked))
  return asked.unknown
}

/** `action resource` of everything that a call asks, with this server's account and region left out. */
export function asked(sent: Sent): readonly string[] {
  return requestsOf(sent).map(({ action, resource }) => `${action} ${short(resource)}`)
}

/** A call of a JSON service. */
export function json(scope: string, target: string, input: object): Sent {
  return {
    scope,
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(input),
  }
}

/** A call of a query service. */
export function form(scope: string, fields: Readonly<Record<string, string>>): Sent {
  return {
    scope,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  }
}

function short(resource: string): string {
  return resource.replace(
    /^arn:aws:([^:]+):(?:eu-west-1)?:(?:111122223333)?:/,
    (_all, service: string) => `${service}:`,
  )
}
