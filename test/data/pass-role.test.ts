import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  actionInfo,
  passRoleRows,
  passRoleRowsOf,
  passRoleTable,
  services,
} from '../../packages/server/src/authorization/catalogue/index.ts'

const rows = [...passRoleTable().values()].flat()

describe('the table of operations that hand roles on (CAT-6)', () => {
  it('says where the role is and which services may get it', () => {
    const [row, ...others] = passRoleRows('lambda', 'CreateFunction')
    assert.equal(others.length, 0)
    assert.deepEqual(row?.roles, [{ at: 'Role', is: 'role', passedTo: ['lambda.amazonaws.com'] }])
    assert.equal(row.verified, true)
    assert.deepEqual(passRoleRows('lambda', 'Invoke'), [])
    assert.deepEqual(passRoleRows('nosuch', 'CreateFunction'), [])
  })

  it('looks through instance profiles and launch templates', () => {
    const [row] = passRoleRows('ec2', 'RunInstances')
    assert.deepEqual(
      row?.roles.map(({ at, is }) => [at, is]),
      [
        ['IamInstanceProfile.Arn', 'instanceProfile'],
        ['IamInstanceProfile.Name', 'instanceProfile'],
        ['LaunchTemplate', 'launchTemplate'],
      ],
    )
  })

  it('has what was known to be missing, and marks what was not read anywhere', () => {
    assert.equal(passRoleRows('apprunner', 'CreateService')[0]?.verified, false)
    assert.equal(passRoleRows('events', 'PutTargets')[0]?.roles[0]?.at, 'Targets[].RoleArn')
    assert.ok(rows.some(({ verified }) => verified))
    for (const { verified, evidence } of rows) {
      const read = evidence.some((word) => ['reference', 'documentation', 'observed'].includes(word))
      assert.equal(verified, read)
    }
  })

  it('holds together: one row an operation, sorted, every row with principals and a place or a reason', () => {
    const names = rows.map(({ service, operation }) => `${service}:${operation}`)
    assert.equal(new Set(names).size, names.length)
    for (const row of rows) {
      const name = `${row.service}:${row.operation}`
      assert.ok(row.passedTo.length > 0, name)
      assert.ok(row.roles.length > 0 || row.note !== undefined, name)
      assert.ok(row.evidence.length > 0, name)
      for (const { each = '', at, passedTo } of row.roles) {
        assert.equal(at.startsWith('.'), each !== '', name)
        assert.match(each + at, /^\w+(?:\[\]|\{\w*\})*(?:\.\w+(?:\[\]|\{\w*\})*)*$/, name)
        for (const principal of passedTo) assert.match(principal, /^[a-z0-9.-]+\.amazonaws\.com$/, name)
      }
    }
  })

  it('names services as policies do', () => {
    const unknown = [...passRoleTable().keys()].filter((service) => !services().has(service))
    assert.deepEqual(unknown, [])
  })

  it('agrees with the reference on what needs iam:PassRole', () => {
    const needing = ['ec2', 'lambda', 'rds', 'sagemaker', 'states', 'transfer'].flatMap((service) =>
      passRoleRowsOf(service).filter(({ evidence }) => evidence.includes('reference')),
    )
    assert.ok(needing.length > 50)
    for (const { service, operation } of needing) {
      const info = actionInfo(`${service}:${operation}`)
      // The reference names actions; some operations have none of their name, and some are newer than it.
      if (info !== undefined && info.dependentActions.length > 0) {
        assert.ok(info.dependentActions.includes('iam:PassRole'), `${service}:${operation}`)
      }
    }
  })
})
