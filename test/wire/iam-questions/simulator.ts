import assert from 'node:assert/strict'
import type { IAM, SimulateCustomPolicyCommandInput } from '@aws-sdk/client-iam'
import { policyText } from '../../kit/index.ts'

/** A policy of these statements. */
export const document = (...statements: object[]) => policyText(...statements)

/** Simulates one action, s3:GetObject where nothing else is said: its result. */
export function simulator(iam: IAM) {
  return async (
    input: Omit<SimulateCustomPolicyCommandInput, 'ActionNames'> & { ActionNames?: string[] },
  ) => {
    const { EvaluationResults: [result, ...more] = [] } = await iam.simulateCustomPolicy({
      ActionNames: ['s3:GetObject'],
      ...input,
    })
    assert.equal(more.length, 0)
    assert(result !== undefined)
    return result
  }
}
