import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { policyText } from '../kit/index.ts'
import { omen } from './process.ts'
import { serverWithRoles } from './roles.ts'

describe('omen pass', () => {
  test('shows both halves, and what is missing (PSR-1, PSR-2, PSR-3)', async (t) => {
    const server = await serverWithRoles(t)
    const role = await server.role('runner', { Service: 'ec2.amazonaws.com' })
    await server.iam.send(new CreateUserCommand({ UserName: 'alice' }))
    const pass = (...words: readonly string[]) => omen(['pass', ...words, '--home', server.home])

    const neither = await pass('runner', 'lambda.amazonaws.com', '--as', 'alice')
    assert.equal(neither.status, 1, neither.stderr)
    const alice = 'arn:aws:iam::123456789012:user/alice'
    assert.match(neither.stdout, new RegExp(`^✗ ${alice} cannot hand ${role} to lambda\\.amazonaws\\.com\\n`))
    assert.match(
      neither.stdout,
      /\n {2}caller half {2}✗ iam:PassRole on the role \(iam:PassedToService = lambda\.amazonaws\.com\)\n/,
    )
    assert.match(
      neither.stdout,
      /no identity-based policy allows the iam:PassRole action\n +The way out:\n +1\. Allow it: add to a new policy:/,
    )
    assert.match(neither.stdout, /\n +more: omen why d-\w+\n/)
    // SHL-51: the same in Japanese, by the environment; AWS's sentence stays
    const japanese = await omen(['pass', 'runner', 'lambda', '--as', 'alice', '--home', server.home], {
      LANG: 'ja_JP.UTF-8',
    })
    assert.match(
      japanese.stdout,
      /^✗ \S+user\/alice は \S+role\/runner を lambda\.amazonaws\.com に渡せません\n/,
    )
    assert.match(
      japanese.stdout,
      /no identity-based policy allows the iam:PassRole action\n +許可するには:\n/,
    )
    assert.match(japanese.stdout, /\n {2}信頼 {9}✗ ロールの信頼ポリシーは/)
    const asked = ['can', 'alice', 'iam:ListUsers', '--lang', 'ja', '--home', server.home]
    assert.match((await omen(asked)).stdout, /^✗ 拒否 {2}iam:ListUsers {2}\*\n {2}呼び出し元 /)
    assert.match(
      neither.stdout,
      /\n {2}role half {4}✗ the role’s trust policy does not let lambda\.amazonaws\.com put it on \(it names ec2\.amazonaws\.com\)\n/,
    )
    assert.match(
      neither.stdout,
      /\n {2}taken by {5}.*lambda:CreateFunction, lambda:UpdateFunctionConfiguration/,
    )

    const statement = {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: role,
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    }
    const PolicyDocument = policyText(statement)
    await server.iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'pass', PolicyDocument }))
    const both = await pass(role, 'ec2', '--as', alice)
    assert.equal(both.status, 0, both.stderr)
    assert.match(both.stdout, /^✓ .* can hand .* to ec2\.amazonaws\.com\n/)
    const admin = await pass('runner', 'lambda', '--as', 'admin', '--output', 'json')
    assert.equal(admin.status, 1)
    const view = JSON.parse(admin.stdout)
    assert.deepEqual(
      [view.allowed, view.callerHalf.outcome, view.roleHalf.outcome, view.roleHalf.trusts],
      [false, 'allowed', 'implicitDeny', ['ec2.amazonaws.com']],
    )
    assert(
      view.operations.some(
        (each: { operation: string; verified: boolean }) =>
          each.operation === 'lambda:CreateFunction' && each.verified,
      ),
    )
  })

  test('--check answers by the exit code alone; a missing principal, role or service is reported (SHL-27)', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('runner', { Service: 'ec2.amazonaws.com' })
    const pass = (...words: readonly string[]) => omen(['pass', ...words, '--home', server.home])
    const yes = await pass('runner', 'ec2', '--as', 'root', '--check')
    assert.deepEqual([yes.status, yes.stdout], [0, ''])
    const no = await pass('runner', 'lambda', '--as', 'root', '--check')
    assert.deepEqual([no.status, no.stdout], [1, ''])
    const noRole = await pass('none', 'ec2', '--as', 'root')
    assert.equal(noRole.status, 254)
    assert.match(noRole.stderr, /There is no role none in account 123456789012/)
    assert.equal((await pass('runner', 'ec2', '--as', 'nobody')).status, 254)
    const typo = await pass('runer', 'ec2', '--as', 'root')
    assert.match(typo.stderr, /There is no role runer in account 123456789012; did you mean runner\?/)
    const service = await pass('runner', 'lamda', '--as', 'root')
    assert.deepEqual(
      [service.status, service.stdout, service.stderr],
      [
        252,
        '',
        'omen: AWS has no service principal lamda.amazonaws.com; did you mean lambda.amazonaws.com?\n',
      ],
    )
    const assumed = await omen(['assume', 'runer', '--home', server.home])
    assert.match(assumed.stderr, /did you mean runner\?/)
    assert.equal((await pass('runner', 'ec2')).status, 252)
  })
})

describe('omen actions', { concurrency: 2 }, () => {
  test('shows a service as the service authorization reference does, with marks', async () => {
    const { status, stdout } = await omen(['actions', 'lambda', '--passes-role'])
    assert.equal(status, 0)
    const lines = stdout.split('\n')
    assert.equal(lines[0], 'AWS Lambda (lambda): 3 actions')
    assert.match(lines[2]!, /^Action +Access level +Resource types +Condition keys +Needs as well$/)
    assert.match(
      stdout,
      /\nCreateFunction → +Write +function\* +aws:RequestTag\/\$\{TagKey\} +iam:PassRole\n/,
    )
    assert.match(stdout, /\n→ {2}hands a role to a service: iam:PassRole is asked\n/)
    const unverified = await omen(['actions', 'cloudtrail', '--passes-role'])
    assert.match(unverified.stdout, /\nCreateTrail →\? /)
    const other = await omen(['actions', 's3', '--passes-role'])
    assert.match(other.stdout, /under actions of other names: PutBucketReplication\n$/)
  })

  test('marks permissions that are no operation', async () => {
    const { stdout } = await omen(['actions', 'IAM', '--permission-only'])
    assert.match(stdout, /\nPassRole ◇ +Write +role\* +iam:AssociatedResourceArn\n +iam:PassedToService\n/)
    assert(!stdout.includes('CreateRole'))
    assert.match(stdout, /\n◇ {2}a permission, no operation\n/)
  })

  test('as JSON, and a service that does not exist', async () => {
    const { stdout } = await omen(['actions', 'iam', '--passes-role', '--output', 'json'])
    const [only, ...others] = JSON.parse(stdout)
    assert.deepEqual(others, [])
    assert.equal(only.action, 'iam:AddRoleToInstanceProfile')
    assert.deepEqual(only.passesRole.passedTo, ['ec2.amazonaws.com'])
    const none = await omen(['actions', 'lamda'])
    assert.equal(none.status, 252)
    assert.match(none.stderr, /AWS has no service lamda; did you mean lambda\?/)
  })
})
