import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { imageOfTemplates } from '../../../packages/server/src/intake/index.ts'
import { parseSource } from '../../../packages/server/src/sources/index.ts'

const file = new URL('cdk-bootstrap.yaml', import.meta.url)
const text = readFileSync(file, 'utf8')

test('the bootstrap template of the AWS CDK becomes its five roles with their policies', () => {
  const root = parseSource(text, 'cdk-bootstrap.yaml')
  assert.ok(root.type !== 'problem')
  const { accounts, notTaken, findings } = imageOfTemplates([{ file: 'cdk-bootstrap.yaml', text, root }], {
    account: '111122223333',
    region: 'eu-central-1',
    stack: 'CDKToolkit',
    parameters: {
      TrustedAccounts: '444455556666',
      CloudFormationExecutionPolicies: 'arn:aws:iam::aws:policy/PowerUserAccess',
    },
  })
  assert.deepEqual([notTaken, findings], [[], []])
  const [account] = accounts
  const role = (kind: string) => {
    const found = account?.roles.find(
      ({ name }) => name === `cdk-hnb659fds-${kind}-role-111122223333-eu-central-1`,
    )
    return found ?? assert.fail(kind)
  }
  assert.equal(account?.roles.length, 5)
  assert.deepEqual(role('cfn-exec').attached, ['arn:aws:iam::aws:policy/PowerUserAccess'])
  assert.deepEqual(role('lookup').attached, ['arn:aws:iam::aws:policy/ReadOnlyAccess'])
  assert.match(role('deploy').trust ?? '', /"AWS":"?\[?"?111122223333/)
  assert.match(role('deploy').trust ?? '', /444455556666/)
  assert.deepEqual(
    role('file-publishing').inline?.map(({ name }) => name),
    ['cdk-hnb659fds-file-publishing-role-default-policy-111122223333-eu-central-1'],
  )
  assert.deepEqual(account?.resourcePolicies.map(({ arn }) => arn.replace(/[^/:]+$/, '')).toSorted(), [
    'arn:aws:ecr:eu-central-1:111122223333:repository/',
    'arn:aws:kms:eu-central-1:111122223333:key/',
    'arn:aws:s3:::',
  ])
})
