import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { IAM } from '@aws-sdk/client-iam'
import { iam as served } from '../../../packages/server/src/services/iam/index.ts'
import { credentialRows } from '../iam-credentials/authorization-rows.ts'
import { questionRows } from '../iam-questions/authorization-rows.ts'
import { coreRows, type Row } from './authorization-rows.ts'
import { bare, faultOf, newKey, openServer } from './house.ts'

/** Every family's rows; a new family adds its own. */
const rows: readonly Row[] = [...coreRows, ...credentialRows, ...questionRows]

const { omen, iam, as, close } = await openServer()
after(close)
await iam.createUser({ UserName: 'probe' })
await iam.createUser({ UserName: 'owner' })
const probe = as(await newKey(iam, 'probe'))

type Grant = readonly [action: string, resource: string, spoken?: string]

async function grant(...grants: readonly Grant[]): Promise<void> {
  const Statement = grants.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.putUserPolicy({ UserName: 'probe', PolicyName: 'may', PolicyDocument })
}

function call(client: IAM, { operation, input }: Row): Promise<{ $metadata: unknown }> {
  const name = operation.charAt(0).toLowerCase() + operation.slice(1)
  const send = Reflect.get(client, name) as ((input: object) => Promise<{ $metadata: unknown }>) | undefined
  const given = typeof input === 'function' ? (input as () => object)() : input
  return send === undefined ? callUnknown(client, operation, given) : send.call(client, given)
}

/** Calls an operation that the SDK does not have yet; its input has plain values. */
async function callUnknown(client: IAM, Action: string, input: object): Promise<{ $metadata: unknown }> {
  const plain = Object.entries(input).map(([name, value]) => [name, String(value)])
  const body = new URLSearchParams([['Action', Action], ['Version', '2010-05-08'], ...plain])
  const credentials = await client.config.credentials()
  const answer = await omen.as(credentials).fetch(omen.endpoint, { method: 'POST', body, service: 'iam' })
  const text = await answer.text()
  if (answer.ok) return { $metadata: {} }
  const [Code = '', message = ''] = /<Code>(.*)<\/Code>\s*<Message>(.*)<\/Message>/.exec(text)?.slice(1) ?? []
  throw Object.assign(new Error(message), { Error: { Code }, $metadata: { httpStatusCode: answer.status } })
}

function refusal(action: string, resource: string): string {
  return `AccessDenied 403: User: arn:aws:iam::123456789012:user/probe is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
}

describe('each operation needs its action on its resource (IAM-50 to IAM-54, IAM-82, CRED-3, CRED-53, SIM-21)', () => {
  for (const row of rows) {
    const { operation, on, also = [] } = row
    const action = `iam:${operation}`
    test(`${operation} on ${on}`, async () => {
      const spoken = typeof row.spoken === 'function' ? row.spoken() : row.spoken
      await grant(['iam:None', '*'], ...also.filter(([beside]) => beside !== action))
      assert.equal(await faultOf(call(probe, row)), refusal(action, spoken), 'without the action')
      if (on !== '*') {
        await grant([action, `${on}-other`], ...also)
        assert.equal(await faultOf(call(probe, row)), refusal(action, spoken), 'on another resource')
      }
      for (const missing of also) {
        await grant([action, on], ...also.filter((each) => each !== missing))
        const [beside, resource, named = resource] = missing
        assert.equal(await faultOf(call(probe, row)), refusal(beside, named), `without ${beside}`)
      }
      await grant([action, on], ...also)
      if (row.fails !== undefined) {
        assert.match(await faultOf(call(probe, row)), new RegExp(`^${row.fails} `), 'with the action')
        return
      }
      const answer = bare(await call(probe, row))
      row.keep?.(answer as Record<string, unknown>)
    })
  }

  test('every operation that is served has a row', () => {
    const asked = new Set(rows.map(({ operation }) => operation))
    const unasked = Object.keys(served.operations).filter((operation) => !asked.has(operation))
    assert.deepEqual(unasked, [])
  })
})
