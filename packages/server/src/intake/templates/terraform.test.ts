import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const allow = (action: string, resource: unknown = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
})
const trust = (principal: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
})

function image(content: unknown) {
  const text = JSON.stringify(content, null, 1)
  const root = parseSource(text, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  return imageOfTemplates([{ file: 'plan.json', text, root }])
}

const string = JSON.stringify
const plan = {
  format_version: '1.2',
  planned_values: {
    root_module: {
      resources: [
        {
          address: 'aws_iam_role.worker',
          mode: 'managed',
          type: 'aws_iam_role',
          values: {
            name: 'worker',
            path: '/',
            assume_role_policy: string(trust({ Service: 'ec2.amazonaws.com' })),
            permissions_boundary: null,
            max_session_duration: 3600,
            tags_all: { team: 'pay' },
            inline_policy: [{ name: 'own', policy: string(allow('s3:GetObject')) }],
          },
        },
        {
          address: 'aws_iam_role_policy_attachment.a',
          mode: 'managed',
          type: 'aws_iam_role_policy_attachment',
          values: {},
        },
        {
          address: 'aws_iam_role_policy.late',
          mode: 'managed',
          type: 'aws_iam_role_policy',
          values: { name: 'late' },
        },
        {
          address: 'aws_s3_bucket_policy.b',
          mode: 'managed',
          type: 'aws_s3_bucket_policy',
          values: { bucket: 'b', policy: string(allow('s3:*')) },
        },
        { address: 'aws_iam_policy.dark', mode: 'managed', type: 'aws_iam_policy', values: { name: 'dark' } },
      ],
      child_modules: [
        {
          address: 'module.m["x"]',
          resources: [
            {
              address: 'module.m["x"].aws_iam_policy.p[0]',
              mode: 'managed',
              type: 'aws_iam_policy',
              values: { name: 'p', path: '/m/', policy: string(allow('sqs:*')) },
            },
            {
              address: 'module.m["x"].aws_iam_user_policy_attachment.u',
              mode: 'managed',
              type: 'aws_iam_user_policy_attachment',
              values: { user: 'ann' },
            },
            {
              address: 'module.m["x"].aws_iam_user.ann',
              mode: 'managed',
              type: 'aws_iam_user',
              values: { name: 'ann' },
            },
          ],
        },
      ],
    },
  },
  resource_changes: [
    {
      address: 'aws_iam_role_policy_attachment.a',
      mode: 'managed',
      type: 'aws_iam_role_policy_attachment',
      change: { after: {}, after_unknown: { role: true, policy_arn: true } },
    },
    {
      address: 'aws_iam_role_policy.late',
      mode: 'managed',
      type: 'aws_iam_role_policy',
      change: { after: {}, after_unknown: { role: true, policy: true } },
    },
    {
      address: 'aws_iam_policy.dark',
      mode: 'managed',
      type: 'aws_iam_policy',
      change: { after: { name: 'dark' }, after_unknown: { policy: true } },
    },
    {
      address: 'module.m["x"].aws_iam_user_policy_attachment.u',
      mode: 'managed',
      type: 'aws_iam_user_policy_attachment',
      change: { after: {}, after_unknown: { policy_arn: true } },
    },
    {
      address: 'data.aws_iam_policy_document.d',
      mode: 'data',
      type: 'aws_iam_policy_document',
      change: {
        after: {
          statement: [
            { actions: ['sns:Publish'], effect: 'Allow', resources: [null, 'arn:aws:sns:us-east-1:1:t'] },
          ],
        },
        after_unknown: { json: true, statement: [{ resources: [true, false] }] },
      },
    },
  ],
  prior_state: {
    values: {
      root_module: {
        resources: [{ mode: 'data', type: 'aws_caller_identity', values: { account_id: '210987654321' } }],
      },
    },
  },
  configuration: {
    root_module: {
      resources: [
        {
          address: 'aws_iam_role_policy_attachment.a',
          expressions: {
            role: { references: ['aws_iam_role.worker.id', 'aws_iam_role.worker'] },
            policy_arn: { references: ['module.m.arn', 'module.m'] },
          },
        },
        {
          address: 'aws_iam_role_policy.late',
          expressions: {
            role: { references: ['aws_iam_role.worker.id', 'aws_iam_role.worker'] },
            policy: { references: ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'] },
          },
        },
        {
          address: 'aws_iam_policy.dark',
          expressions: { policy: { references: ['aws_sns_topic.t.arn', 'aws_sns_topic.t'] } },
        },
      ],
      module_calls: {
        m: {
          module: {
            resources: [
              {
                address: 'aws_iam_user_policy_attachment.u',
                expressions: {
                  policy_arn: {
                    references: ['aws_iam_policy.p[0].arn', 'aws_iam_policy.p[0]', 'aws_iam_policy.p'],
                  },
                },
              },
            ],
          },
        },
      },
    },
  },
}

test('TPL-7 a plan of Terraform: what is known after apply is found by its reference, or not taken', () => {
  const { accounts, notTaken, findings } = image(plan)
  const [account] = accounts
  assert.equal(account?.account, '210987654321')
  const [worker] = account?.roles ?? []
  assert.deepEqual(
    worker?.inline?.map(({ name, document }) => [name, JSON.parse(document)]),
    [
      ['own', allow('s3:GetObject')],
      [
        'late',
        {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['sns:Publish'],
              Resource: ['arn:aws:sns:us-east-1:1:t', 'arn:aws:sns:*:*:*'],
            },
          ],
        },
      ],
    ],
  )
  assert.deepEqual(worker?.tags, [{ Key: 'team', Value: 'pay' }])
  assert.deepEqual(account?.users[0]?.attached, ['arn:aws:iam::210987654321:policy/m/p'])
  assert.deepEqual(
    account?.resourcePolicies.map(({ arn }) => arn),
    ['arn:aws:s3:::b'],
  )
  assert.deepEqual(
    notTaken.map(({ name, reason }) => [name, reason]),
    [
      ['aws_iam_role_policy_attachment.a', 'policy_arn depends on module.m.arn, which is known after apply'],
      [
        'aws_iam_policy.dark',
        'the document: the document depends on aws_sns_topic.t.arn, which is known after apply',
      ],
    ],
  )
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['pattern'],
  )
})

test('a state of Terraform: ids and accounts are those that AWS gave', () => {
  const state = {
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          {
            address: 'aws_iam_role.r',
            mode: 'managed',
            type: 'aws_iam_role',
            values: {
              name: 'r',
              arn: 'arn:aws-us-gov:iam::333333333333:role/r',
              unique_id: 'AROAEXAMPLEEXAMPLE123',
              assume_role_policy: string(trust({ AWS: '333333333333' })),
              managed_policy_arns: ['arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'],
            },
          },
          {
            address: 'aws_iam_role_policy.p',
            mode: 'managed',
            type: 'aws_iam_role_policy',
            values: { name: 'p', role: 'r', policy: string(allow('*')) },
          },
        ],
      },
    },
  }
  const { accounts, notTaken } = image(state)
  const [account] = accounts
  assert.deepEqual([account?.account, account?.partition, notTaken], ['333333333333', 'aws-us-gov', []])
  assert.equal(account?.roles[0]?.id, 'AROAEXAMPLEEXAMPLE123')
  assert.deepEqual(account?.roles[0]?.attached, ['arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'])
  assert.equal(account?.roles[0]?.inline?.[0]?.name, 'p')
})

test('TPL-30 TPL-31 a role with a known name is taken though its prefix is not known; an empty boundary is none', () => {
  const { accounts, notTaken } = image({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          {
            address: 'aws_iam_role.r',
            mode: 'managed',
            type: 'aws_iam_role',
            values: {
              name: 'worker',
              assume_role_policy: string(trust({ Service: 'ec2.amazonaws.com' })),
              permissions_boundary: '',
            },
          },
          {
            address: 'aws_iam_user.u',
            mode: 'managed',
            type: 'aws_iam_user',
            values: { name: 'ann', permissions_boundary: '' },
          },
        ],
      },
    },
    resource_changes: [
      {
        address: 'aws_iam_role.r',
        mode: 'managed',
        type: 'aws_iam_role',
        change: { actions: ['create'], after: {}, after_unknown: { name_prefix: true, arn: true, id: true } },
      },
    ],
  })
  assert.deepEqual(notTaken, [])
  const [account] = accounts
  assert.deepEqual(
    [...(account?.roles ?? []), ...(account?.users ?? [])].map(({ name, boundaryArn }) => [
      name,
      boundaryArn,
    ]),
    [
      ['worker', null],
      ['ann', null],
    ],
  )
})
