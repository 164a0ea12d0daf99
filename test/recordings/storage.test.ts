import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { type Row, replay } from './rows.ts'

/**
 * What IAM stores: PutUserPolicy of an Allow under `condition`, or of `statements` (behaviours POL-149, POL-242 and
 * IAM-301).
 */
interface StorageRow extends Row {
  readonly condition?: object
  readonly statements?: readonly object[]
  /** `Success` or the code of the fault. */
  readonly aws: string
  /** Inline policies of the user that give it access to S3, by ListPoliciesGrantingServiceAccess. */
  readonly granting?: readonly string[]
}

const omen = await createOmen({ port: false })
const iam = new IAM(omen.clientConfig('admin'))
after(() => {
  iam.destroy()
  return omen.close()
})
const { User } = await iam.createUser({ UserName: 'target' })
await iam.createRole({ RoleName: 'target', AssumeRolePolicyDocument: trustOf() })
await iam.createGroup({ GroupName: 'target' })
const versioned = await iam.createPolicy({
  PolicyName: 'versions',
  PolicyDocument: documentOf({ statements: [allow()] }),
})

function allow(condition?: object): object {
  return { Effect: 'Allow', Action: 'iam:TagUser', Resource: '*', ...(condition && { Condition: condition }) }
}

/** In ASCII, as it was recorded: IAM takes no character beyond U+00FF as it is. */
function documentOf({ condition, statements }: Pick<StorageRow, 'condition' | 'statements'>): string {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements ?? allow(condition) })
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function trustOf(condition?: object): string {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '123456789012' } }
  return policyText({ ...statement, ...(condition && { Condition: condition }) })
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'Success',
    (fault) => `${fault instanceof Error ? fault.name.replace(/Exception$/, '') : fault}`,
  )
}

function put(row: Pick<StorageRow, 'condition' | 'statements'>): Promise<string> {
  const PolicyDocument = documentOf(row)
  return codeOf(iam.putUserPolicy({ UserName: 'target', PolicyName: 'strings', PolicyDocument }))
}

replay<StorageRow>('storage.jsonl', async (row) => {
  const code = await put(row)
  if (code !== row.aws) return code
  if (row.granting === undefined) return undefined
  const { PoliciesGrantingServiceAccess: of } = await iam.listPoliciesGrantingServiceAccess({
    Arn: User?.Arn,
    ServiceNamespaces: ['s3'],
  })
  const names = of?.flatMap(({ Policies = [] }) => Policies.map(({ PolicyName = '' }) => PolicyName))
  return names?.join() === row.granting.join() ? undefined : `granted by ${names?.join()}`
})

test('POL-149 every operation that stores a policy refuses what PutUserPolicy refuses', async () => {
  const conditions: readonly object[] = [
    { IpAddress: { 'aws:SourceIp': '2001:db8::5/64' } },
    { NumericEquals: { 'aws:MultiFactorAuthAge': 'many' } },
    { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
  ]
  const name = { GroupName: 'target', RoleName: 'target', PolicyName: 'p' }
  for (const condition of conditions) {
    const PolicyDocument = documentOf({ condition })
    const expected = await put({ condition })
    const answers = [
      () => iam.putGroupPolicy({ ...name, PolicyDocument }),
      () => iam.putRolePolicy({ ...name, PolicyDocument }),
      () => iam.createPolicy({ PolicyName: 'p', PolicyDocument }),
      () => iam.createPolicyVersion({ PolicyArn: versioned.Policy?.Arn, PolicyDocument }),
      () => iam.createRole({ RoleName: 'new', AssumeRolePolicyDocument: trustOf(condition) }),
      () => iam.updateAssumeRolePolicy({ RoleName: 'target', PolicyDocument: trustOf(condition) }),
    ]
    for (const answer of answers) assert.equal(await codeOf(answer()), expected, PolicyDocument)
  }
})
