import type { JsonNode } from '@omen-iam/policy'
import { member, oneOrMany, textOf } from '../../nodes.ts'

/** Whether a template asks for the transform of the AWS Serverless Application Model. */
export function isServerless(root: JsonNode): boolean {
  return oneOrMany(member(root, 'Transform')).some((each) => textOf(each) === 'AWS::Serverless-2016-10-31')
}

export function samTransformed(root: JsonNode): JsonNode {
  return root
}
