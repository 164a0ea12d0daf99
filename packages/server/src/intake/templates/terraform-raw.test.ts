import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource, readPolicySources } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const string = JSON.stringify
const document = (Action: string, more: Record<string, unknown> = {}) =>
  string({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*', ...more }] })
const trust = string({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

function image(file: Record<string, unknown>) {
  const text = string(file)
  const root = parseSource(text, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  return imageOfTemplates([{ file: 'plan.json', text, root }])
}

const role = (name: string, more: Record<string, unknown> = {}) => ({
  mode: 'managed',
  type: 'aws_iam_role',
  name,
  values: { name, assume_role_policy: trust },
  ...more,
})
const change = (name: string, actions: readonly string[], more: Record<string, unknown> = {}) => ({
  address: `aws_iam_role.${name}`,
  mode: 'managed',
  type: 'aws_iam_role',
  name,
  change: { actions, before: null, after: { name, assume_role_policy: trust }, after_unknown: {} },
  ...more,
})
const namesIn = (file: Record<string, unknown>) =>
  image(file).accounts.flatMap(({ account, roles }) => roles.map(({ name }) => `${account} ${name}`))

test('TPL-140 a state file as Terraform stores it is read like the output of terraform show -json', () => {
  const state = {
    version: 4,
    terraform_version: '1.9.8',
    serial: 3,
    resources: [
      {
        module: 'module.a["x"]',
        mode: 'managed',
        type: 'aws_iam_role',
        name: 'r',
        provider: 'provider["hashicorp/aws"]',
        instances: [
          { index_key: 0, attributes: { name: 'one', assume_role_policy: trust } },
          { index_key: 'b', attributes: { name: 'two', assume_role_policy: trust } },
          { deposed: '0a1b2c3d', attributes: { name: 'gone', assume_role_policy: trust } },
        ],
      },
      {
        mode: 'data',
        type: 'aws_caller_identity',
        name: 'me',
        instances: [{ attributes: { account_id: '210987654321' } }],
      },
    ],
  }
  assert.deepEqual(namesIn(state), ['210987654321 one', '210987654321 two'])
})

test('TPL-141 no role is lost that only a change names, and none that the left-over of a replacement hides', () => {
  const plan = {
    format_version: '1.2',
    planned_values: { root_module: { resources: [role('kept', { address: 'aws_iam_role.kept' })] } },
    resource_changes: [
      change('kept', ['create'], {
        change: { actions: ['create'], after: {}, after_unknown: { assume_role_policy: true } },
      }),
      change('kept', ['delete'], { deposed: '0a1b2c3d' }),
      change('apart', ['create']),
      change('left', ['forget'], {
        change: { actions: ['forget'], before: { name: 'left', assume_role_policy: trust }, after: null },
      }),
      change('gone', ['delete'], { change: { actions: ['delete'], before: { name: 'gone' }, after: null } }),
    ],
    deferred_changes: [{ reason: 'provider_config_unknown', resource_change: change('later', ['create']) }],
  }
  assert.deepEqual(
    namesIn(plan).map((each) => each.split(' ')[1]),
    ['kept', 'apart', 'left', 'later'],
  )
})

test('TPL-141 Terraform 0.12 writes addresses without module and key: all of the roles are there', () => {
  const instance = (index: number | string, name: string) => ({
    ...role('r', { address: 'aws_iam_role.r', index, values: { name, assume_role_policy: trust } }),
  })
  const module = (address: string, name: string) => ({ address, resources: [instance(0, name)] })
  const plan = {
    format_version: '0.1',
    planned_values: {
      root_module: {
        resources: [instance('a', 'one'), instance('b', 'two')],
        child_modules: [
          { ...module('module.m', 'three'), child_modules: [module('module.m.module.n', 'four')] },
        ],
      },
    },
  }
  assert.equal(namesIn(plan).length, 4)
})

test('TPL-141 a second role of one name is not taken, and said to be so; so is a plan that ended with an error', () => {
  const plan = {
    format_version: '1.2',
    errored: true,
    planned_values: {
      root_module: {
        resources: [
          role('r', { address: 'aws_iam_role.a', values: { name: 'one', assume_role_policy: trust } }),
          role('r', { address: 'aws_iam_role.b', values: { name: 'ONE', assume_role_policy: trust } }),
        ],
      },
    },
  }
  assert.deepEqual(
    image(plan).notTaken.map(({ kind, name }) => [kind, name]),
    [
      ['plan', 'plan.json'],
      ['aws_iam_role', 'aws_iam_role.b'],
    ],
  )
})

test('TPL-142 each configuration of the provider has its account and region; a resource may name its region', () => {
  const configured = (address: string, provider_config_key: string) => ({ address, provider_config_key })
  const queue = (name: string, values: Record<string, unknown>) => ({
    address: `aws_sqs_queue_policy.${name}`,
    mode: 'managed',
    type: 'aws_sqs_queue_policy',
    values: { policy: document('sqs:SendMessage', { Principal: '*' }), ...values },
  })
  const identity = (name: string, account_id: string) => ({
    address: `data.aws_caller_identity.${name}`,
    mode: 'data',
    type: 'aws_caller_identity',
    values: { account_id },
  })
  const plan = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          role('deploy', { address: 'aws_iam_role.main' }),
          role('deploy', { address: 'aws_iam_role.prod' }),
          role('deploy', { address: 'aws_iam_role.audit' }),
          {
            address: 'aws_ecr_repository_policy.e',
            mode: 'managed',
            type: 'aws_ecr_repository_policy',
            values: { repository: 'app', region: 'eu-west-1', policy: document('ecr:*', { Principal: '*' }) },
          },
          queue('q', { queue_url: 'https://sqs.eu-west-3.amazonaws.com/444455556666/q' }),
        ],
      },
    },
    prior_state: {
      values: {
        root_module: { resources: [identity('prod', '222233334444'), identity('me', '111122223333')] },
      },
    },
    configuration: {
      provider_config: {
        'aws.audit': {
          expressions: {
            assume_role: [{ role_arn: { constant_value: 'arn:aws:iam::333344445555:role/tf' } }],
          },
        },
      },
      root_module: {
        resources: [
          configured('data.aws_caller_identity.prod', 'aws.prod'),
          configured('data.aws_caller_identity.me', 'aws'),
          configured('aws_iam_role.main', 'aws'),
          configured('aws_iam_role.prod', 'aws.prod'),
          configured('aws_iam_role.audit', 'aws.audit'),
        ],
      },
    },
  }
  const { accounts, notTaken } = image(plan)
  assert.deepEqual(notTaken, [])
  assert.deepEqual(
    accounts.map(({ account, roles }) => [account, roles.length]),
    [
      ['111122223333', 1],
      ['222233334444', 1],
      ['333344445555', 1],
    ],
  )
  assert.deepEqual(
    accounts[0]?.resourcePolicies.map(({ arn }) => arn),
    ['arn:aws:ecr:eu-west-1:111122223333:repository/app', 'arn:aws:sqs:eu-west-3:444455556666:q'],
  )
})

test('TPL-143 what a data source reads is not linted, and a document that a resource uses is linted once', () => {
  const data = (type: string, name: string, values: unknown) => ({
    address: `data.${type}.${name}`,
    mode: 'data',
    type,
    values,
  })
  const json = string({
    Statement: [{ Resource: ['*'], Action: 's3:GetObject', Effect: 'Allow' }],
    Version: '2012-10-17',
  })
  const file = {
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          {
            ...role('p'),
            address: 'aws_iam_policy.p',
            type: 'aws_iam_policy',
            values: { name: 'p', policy: document('s3:GetObject') },
          },
          data('aws_iam_policy', 'aws', { policy: document('s3:*') }),
          data('aws_iam_role', 'aws', { assume_role_policy: trust }),
          data('aws_iam_policy_document', 'used', { json }),
          data('aws_iam_policy_document', 'free', { json: document('sqs:SendMessage') }),
        ],
      },
    },
  }
  const read = readPolicySources(string(file), { file: 'state.json' })
  assert.deepEqual('policies' in read && read.policies.map(({ owner }) => owner?.id), [
    'aws_iam_policy.p',
    'data.aws_iam_policy_document.free',
  ])
})

test('TPL-144 exclusive attachments attach; inline policies and attachments that are not known are noted', () => {
  const after = { name: 'r', assume_role_policy: trust }
  const plan = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          role('r', { address: 'aws_iam_role.r' }),
          {
            address: 'aws_iam_role_policy_attachments_exclusive.x',
            mode: 'managed',
            type: 'aws_iam_role_policy_attachments_exclusive',
            values: { role_name: 'r', policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
          },
        ],
      },
    },
    resource_changes: [
      change('r', ['create'], {
        change: {
          actions: ['create'],
          after,
          after_unknown: { inline_policy: true, managed_policy_arns: true },
        },
      }),
    ],
    configuration: {
      root_module: {
        resources: [
          {
            address: 'aws_iam_role.r',
            expressions: {
              inline_policy: { references: ['local.policies'] },
              managed_policy_arns: { references: ['local.arns'] },
            },
          },
        ],
      },
    },
  }
  const { accounts, findings } = image(plan)
  assert.deepEqual(accounts[0]?.roles[0]?.attached, ['arn:aws:iam::aws:policy/ReadOnlyAccess'])
  assert.deepEqual(
    findings.map(({ code, message }) => [code, message.split(': ')[1]?.split(' ')[0]]),
    [
      ['unknown-value', 'inline_policy'],
      ['unknown-value', 'managed_policy_arns'],
    ],
  )
})

test('TPL-144 blocks of a document that are not known are never taken for blocks that are absent', () => {
  const statement = { effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'] }
  const codesOf = (values: Record<string, unknown>, unknown: Record<string, unknown>) => {
    const plan = {
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: [
            { address: 'aws_iam_policy.p', mode: 'managed', type: 'aws_iam_policy', values: { name: 'p' } },
          ],
        },
      },
      resource_changes: [
        {
          address: 'aws_iam_policy.p',
          mode: 'managed',
          type: 'aws_iam_policy',
          change: { actions: ['create'], after: { name: 'p' }, after_unknown: { policy: true } },
        },
        {
          address: 'data.aws_iam_policy_document.d',
          mode: 'data',
          type: 'aws_iam_policy_document',
          change: { actions: ['read'], after: values, after_unknown: { json: true, ...unknown } },
        },
      ],
      configuration: {
        root_module: {
          resources: [
            {
              address: 'aws_iam_policy.p',
              expressions: { policy: { references: ['data.aws_iam_policy_document.d.json'] } },
            },
          ],
        },
      },
    }
    const { findings, notTaken } = image(plan)
    return [...findings.map(({ code }) => code), ...notTaken.map(() => 'not taken')]
  }
  assert.deepEqual(codesOf({ statement: [statement] }, { statement: [{ condition: true }] }), ['not taken'])
  assert.deepEqual(codesOf({ statement: [statement] }, { statement: [{ effect: true }] }), ['not taken'])
  assert.deepEqual(codesOf({}, { statement: true }), ['not taken'])
  assert.deepEqual(
    codesOf({ statement: [{ ...statement, effect: 'Deny' }] }, { statement: [{ resources: [true] }] }),
    ['unknown-deny'],
  )
  assert.deepEqual(codesOf({ statement: [statement] }, { statement: [{ resources: [true] }] }), ['pattern'])
})
