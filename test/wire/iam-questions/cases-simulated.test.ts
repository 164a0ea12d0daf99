/** The decision cases once more, through the door of IAM's simulator, as far as it can be asked of them. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { type ContextEntry, IAMServiceException } from '@aws-sdk/client-iam'
import type { CaseValue } from '../../../packages/policy/src/index.ts'
import { account, allow, policyText } from '../../kit/index.ts'
import { type Case, readCases } from '../../spec/case.ts'
import { openServer } from '../iam/house.ts'

const { iam, close } = await openServer()
after(close)

/** The simulator wants a policy even of who has none. */
const silent = policyText(allow('none:None'))

/** The simulator takes a grant to an account for one to its users (SIM-53), and meets networks in order (SIM-58). */
const own = /^POL-026 a bucket policy names the account|^POL-205 NotIpAddress with a text/

/** To the simulator such a list has a value (SIM-59). */
function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((each) => each === '')
}

/** It knows users of an account, their boundary and one resource's policy; no sessions, no endpoints. */
function canBeAsked({ name, request, policies }: Case): boolean {
  if (own.test(name) || Object.values(request.context ?? {}).some(isEmptyList)) return false
  const { principal, action, resource, resourceAccount = account } = request
  const layers = Object.keys(policies).every((each) => ['identity', 'boundary', 'resource'].includes(each))
  // the simulator knows what time it is, whatever a case pretends
  const timeless =
    'aws:CurrentTime' in (request.context ?? {}) || !JSON.stringify(policies).includes('CurrentTime')
  const plain = !/^sts:/i.test(action) && !resource.includes(':kms:') && /^[\w-]+:[\w-]+$/.test(action)
  return (
    typeof principal === 'string' &&
    principal.startsWith(`arn:aws:iam::${account}:user/`) &&
    layers &&
    timeless &&
    plain &&
    resource.startsWith('arn:aws:') &&
    resourceAccount === account &&
    !(policies.resource !== undefined && resource.includes(':iam:'))
  )
}

function entry([ContextKeyName, value]: readonly [string, CaseValue]): ContextEntry {
  return {
    ContextKeyName,
    ContextKeyType: Array.isArray(value) ? 'stringList' : 'string',
    ContextKeyValues: [value].flat().map(String),
  }
}

async function simulated({ request, policies }: Case): Promise<string | undefined> {
  const texts = (documents: readonly object[]) => documents.map((each) => JSON.stringify(each))
  const identity = policies.identity ?? []
  const context = Object.entries(request.context ?? {}).filter(([, value]) => [value].flat().length > 0)
  const { EvaluationResults: results = [] } = await iam.simulateCustomPolicy({
    PolicyInputList: identity.length === 0 ? [silent] : texts(identity),
    ...(policies.boundary && { PermissionsBoundaryPolicyInputList: texts(policies.boundary) }),
    ...(policies.resource && {
      ResourcePolicy: JSON.stringify(policies.resource),
      ResourceOwner: `arn:aws:iam::${account}:root`,
    }),
    CallerArn: String(request.principal),
    ActionNames: [request.action],
    ResourceArns: [request.resource],
    ContextEntries: context.map(entry),
  })
  return results[0]?.EvalDecision
}

describe('The cases, simulated', () => {
  test('are decided as they expect, where AWS would store their policies', async () => {
    const failures: string[] = []
    let asked = 0
    for (const { file, case: each } of readCases()) {
      if (!canBeAsked(each)) continue
      try {
        const decision = await simulated(each)
        asked++
        if (decision !== each.expect) failures.push(`${file}: ${each.name}: ${decision}, not ${each.expect}`)
      } catch (error) {
        assert(
          error instanceof IAMServiceException && /^(InvalidInput|ValidationError)/.test(error.name),
          `${each.name}: ${error}`,
        )
      }
    }
    assert.deepEqual(failures, [])
    assert.ok(asked > 600, `${asked} cases were asked`)
  })
})
