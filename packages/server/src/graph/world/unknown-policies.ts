import { parsePolicy } from '@omen-iam/policy'
import { accountOfArn, type Document, type Group, type ManagedPolicy, nameOfArn } from './world.ts'

/** What a policy that no file has may allow: everything. */
const text = `{
  "Version": "2012-10-17",
  "Statement": [{ "Sid": "InNoFile", "Effect": "Allow", "Action": "*", "Resource": "*" }]
}`

let read: Document['policy'] | undefined

function unknownDocument(key: string, source: Document['source']): Document {
  if (read === undefined) {
    const parsed = parsePolicy(text, 'identity')
    if (!parsed.ok) throw new Error('the policy that stands for an unknown one cannot be read')
    read = parsed.policy
  }
  return { policy: { ...read }, source, key, isUnknown: true }
}

/** A managed policy that is attached, and that no file has. */
export function unknownPolicy(arn: string): ManagedPolicy {
  const isCustomerManaged = accountOfArn(arn) !== 'aws'
  const type = isCustomerManaged ? 'user-managed' : 'aws-managed'
  const document = unknownDocument(arn, { type, arn, name: nameOfArn(arn) })
  return { arn, isCustomerManaged, defaultVersion: 'v1', versions: new Map([['v1', document]]) }
}

/** A group that a user is in, and that no file has. Its path is not known. */
export function unknownGroup(arn: string): Group {
  const name = nameOfArn(arn)
  return { arn, name, inline: [unknownDocument(arn, { type: 'group', arn, name })], attached: [] }
}

/** The policies and groups among some that no file has. */
export function unknownAmong(documents: readonly Document[]): readonly string[] {
  return documents.flatMap(({ isUnknown, source }) => (isUnknown === true ? (source.arn ?? '') : []))
}
