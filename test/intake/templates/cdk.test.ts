import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parsePolicy } from '@omen-iam/policy'
import {
  imageOfTemplates,
  inventoryOfTemplates,
  isTemplateSource,
} from '../../../packages/server/src/intake/index.ts'
import { parseSource } from '../../../packages/server/src/sources/index.ts'

const folder = new URL('cdk/', import.meta.url)
const sources = readdirSync(folder).map((name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const root = parseSource(text, name)
  assert.ok(root.type !== 'problem' && isTemplateSource(root), name)
  return { file: `cdk.out/${name}`, text, root }
})
const given = { parameters: { BucketName: 'given' } }

test('templates of the AWS CDK become the roles that its constructs make, with nested stacks and values between stacks', () => {
  const { accounts, notTaken, findings } = imageOfTemplates(sources, given)
  assert.deepEqual(findings, [])
  // a policy of CloudWatch Logs names no resource of its own
  assert.deepEqual(
    notTaken.map(({ kind, name }) => `${kind} ${name}`),
    ['AWS::Logs::ResourcePolicy LogsPolicyResourcePolicy956BB457'],
  )
  const account = accounts.find((each) => each.account === '111122223333')
  assert.ok(account)
  const roles = [...account.roles].map(({ name, path = '/', inline = [], attached = [] }) => [
    `${path}${name.replace(/[0-9A-F]{8}-[A-Z0-9]{12}$/, '')}`,
    inline.length,
    attached.map((arn) => arn.slice(arn.indexOf('/') + 1)).join(),
  ])
  assert.deepEqual(roles.map((each) => each.join(' ')).toSorted(), [
    '/Compute-MachineInstanceRole 0 AmazonSSMManagedInstanceCore',
    '/Compute-TaskExecutionRole 1 ',
    '/Compute-TaskTaskRole 1 ',
    '/Compute-VpclogsIAMRole 1 ',
    '/Flow-BuildRole 1 ',
    '/Flow-MachineEventsRole 1 ',
    '/Flow-MachineRole 1 ',
    '/Flow-SchedulerRoleForTarget053cec 1 ',
    '/Flow-StepServiceRole 0 service-role/AWSLambdaBasicExecutionRole',
    '/Parent-InnerNestedStackInnerNestedStac-Role 0 ',
    '/People-Deployer 1 ',
    '/People-Visitor 0 ',
    '/Shop-WorkerServiceRole 1 service-role/AWSLambdaBasicExecutionRole',
    '/Web-ApiCloudWatchRole 0 service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    '/Web-HandlerServiceRole 1 service-role/AWSLambdaBasicExecutionRole',
    '/audit/People-Auditor 1 ',
  ])
  const handler = account.roles.find(({ name }) => name.startsWith('Web-Handler'))
  assert.match(
    handler?.inline?.[0]?.document ?? '',
    /"arn:aws:sqs:eu-central-1:111122223333:Shop-Jobs\w+-[A-Z0-9]{12}"/,
  )
  const inner = account.roles.find(({ name }) => name.startsWith('Parent-Inner'))
  const outer = account.users.find(({ name }) => name.startsWith('Parent-Outer'))
  assert.ok(outer?.inline?.[0]?.document.includes(`:role/${inner?.name}"`), 'an output of the nested stack')
  assert.equal(inner?.at.file, 'cdk.out/ParentInner571755B8.nested.template.json')
})

test('IAM would store each policy of these templates', () => {
  for (const { roles, users, policies } of imageOfTemplates(sources, given).accounts) {
    const documents = [
      ...[...roles, ...users].flatMap(({ inline = [] }) =>
        inline.map(({ document }) => ['identity', document] as const),
      ),
      ...policies.flatMap(({ versions = [] }) =>
        versions.map(({ document }) => ['identity', document] as const),
      ),
      ...roles.map(({ trust = '' }) => ['trust', trust] as const),
    ]
    for (const [kind, document] of documents) {
      const parsed = parsePolicy(document, kind)
      assert.ok(parsed.ok, `${parsed.ok || parsed.message}: ${document}`)
    }
  }
})

test('the inventory has what wears the roles', () => {
  const { resources, accessKeys } = inventoryOfTemplates(sources, imageOfTemplates(sources, given), {
    ...given,
    isWhole: true,
  })
  const short = (arn = '') =>
    arn
      .replace(/^arn:aws:iam::\d{12}/, '')
      .replace(/-[A-Za-z0-9]{12}\b/g, '')
      .replace(/[0-9A-F]{8}\b/g, '')
  const wearer = (type: string) => {
    const found = resources.find((each) => each.type === type)
    return found === undefined ? undefined : [short(found.role), Object.keys(found.otherRoles ?? {}).join()]
  }
  assert.deepEqual(wearer('AWS::ECS::TaskDefinition'), [':role/Compute-TaskTaskRole', 'ExecutionRoleArn'])
  assert.deepEqual(wearer('AWS::StepFunctions::StateMachine'), [':role/Flow-MachineRole', ''])
  assert.deepEqual(wearer('AWS::CodeBuild::Project'), [':role/Flow-BuildRole', ''])
  const machine = resources.find(({ type }) => type === 'AWS::EC2::Instance')
  assert.match(machine?.role ?? '', /role\/Compute-MachineInstanceRole/)
  assert.match(machine?.instanceProfile ?? '', /instance-profile\/Compute-MachineInstanceProfile/)
  assert.equal(resources.filter(({ type }) => type === 'AWS::Lambda::Function').length, 4)
  assert.deepEqual(Object.values(accessKeys ?? {}), [1])
})
