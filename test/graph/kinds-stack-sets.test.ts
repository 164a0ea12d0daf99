import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readInventory } from '../../packages/server/src/graph/index.ts'
import { type AccountFile, account, allow, roleArn, type Statement } from './account-file.ts'
import { describeKinds, dev, foreign, type Kind, ofOther } from './kinds.ts'
import { createStackSets, defaultAdministration, existingStackSets } from './special-account.ts'

const execution = 'AWSCloudFormationStackSetExecutionRole'
/** A stack set administrator: its administration role may assume the execution role of every account. */
const administering = (statements: readonly Statement[], name = defaultAdministration): AccountFile =>
  dev(
    statements,
    {},
    {
      roles: {
        [name]: {
          trust: { Service: 'cloudformation.amazonaws.com' },
          statements: [allow('sts:AssumeRole', `arn:aws:iam::*:role/${execution}`)],
        },
        [execution]: { trust: { AWS: `arn:aws:iam::${account}:root` }, statements: [allow('*')] },
      },
    },
  )
const creates = [allow(createStackSets)]
const updates = [allow('cloudformation:UpdateStackSet')]
const withMembers = (members: object) => existingStackSets.map((each) => ({ ...each, ...members }))

const created: readonly Kind[] = [
  {
    name: 'GRD-733 a new stack set with the role of the fixed name asks no iam:PassRole',
    file: administering(creates),
    expect: 'proven',
  },
  {
    name: 'GRD-733 a new stack set needs a stack',
    file: administering([allow('cloudformation:CreateStackSet')]),
    expect: 'no',
  },
  {
    name: 'GRD-733 a role of another name must be passed',
    file: administering(creates, 'administration'),
    expect: 'no',
  },
  {
    name: 'GRD-733 the execution role may be one of another account',
    file: {
      ...dev(
        creates,
        {},
        {
          roles: {
            [defaultAdministration]: {
              trust: { Service: 'cloudformation.amazonaws.com' },
              statements: [allow('sts:AssumeRole', 'arn:aws:iam::*:role/adm')],
            },
          },
        },
      ),
    },
    beside: foreign(),
    to: ofOther('adm'),
    expect: 'proven',
  },
]

const updated: readonly Kind[] = [
  {
    name: 'GRD-734 a stack set without a customized role is updated without iam:PassRole',
    file: administering(updates),
    resources: withMembers({ administrationRole: roleArn(defaultAdministration) }),
    expect: 'proven',
    requests: ['cloudformation:UpdateStackSet', 'sts:AssumeRole', 'sts:AssumeRole'],
  },
  {
    name: 'GRD-734 no administration role in the inventory is the role of the fixed name',
    file: administering(updates),
    resources: withMembers({}),
    expect: 'proven',
  },
  {
    name: 'GRD-734 a stack set with a customized role must be given one again',
    file: administering(updates),
    resources: withMembers({ administrationRole: roleArn('other') }),
    expect: 'no',
  },
  {
    name: 'GRD-734 a stack set with service-managed permissions has no administration role',
    file: administering(updates),
    resources: withMembers({ permissionModel: 'SERVICE_MANAGED' }),
    expect: 'no',
  },
]

describeKinds({ 'new stack sets': created, 'existing stack sets': updated })

describe('stack instances in an inventory', () => {
  const read = (instance: unknown) => readInventory({ resources: withMembers({ instances: [instance] }) })
  test('GRD-735 an account is a text, never a number', () => {
    assert.throws(() => read({ account: Number(account) }), /account .* must be a text/)
    assert.throws(() => read(Number(account)), /instance of a stack set is no object/)
    assert.equal(read({ account }).resources?.length, 1)
  })
})
