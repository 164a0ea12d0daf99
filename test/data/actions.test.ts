import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  actionInfo,
  serviceActions,
  serviceInfo,
  services,
} from '../../packages/server/src/authorization/catalogue/index.ts'

describe('actions', () => {
  it('are found in any case', () => {
    const action = actionInfo('IAM:createrole')
    assert.ok(action)
    assert.equal(action.service, 'iam')
    assert.equal(action.name, 'CreateRole')
    assert.equal(action.accessLevel, 'Write')
    assert.deepEqual(action.resources, [
      {
        type: 'role',
        required: true,
        arns: ['arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}'],
        conditionKeys: [],
      },
    ])
    assert.ok(action.conditionKeys.includes('iam:PermissionsBoundary'))
    assert.equal(action.permissionOnly, false)
  })

  it('may be permissions without an operation (CAT-5)', () => {
    for (const name of ['iam:PassRole', 'sts:TagSession', 'sts:SetSourceIdentity']) {
      assert.equal(actionInfo(name)?.permissionOnly, true, name)
    }
  })

  it('may need others beside them (CAT-5)', () => {
    assert.ok(actionInfo('lambda:CreateFunction')?.dependentActions.includes('iam:PassRole'))
  })

  it('may have keys of their own on each resource', () => {
    const instance = actionInfo('ec2:RunInstances')?.resources.find(({ type }) => type === 'instance')
    assert.equal(instance?.required, true)
    assert.ok(instance.conditionKeys.includes('ec2:InstanceProfile'))
  })

  it('that AWS does not have are undefined', () => {
    for (const name of [
      'iam:NoSuch',
      'nosuch:CreateRole',
      'iam',
      '',
      ':',
      'iam:',
      '__proto__:toString',
      'iam:toString',
    ]) {
      assert.equal(actionInfo(name), undefined, name)
    }
    assert.deepEqual(serviceActions('nosuch'), [])
  })

  it('are all readable, service by service', () => {
    let count = 0
    for (const [prefix, title] of services()) {
      const service = serviceInfo(prefix)
      assert.ok(service)
      assert.equal(service.title, title)
      for (const action of service.actions) {
        assert.equal(action.service, prefix)
        assert.match(action.accessLevel, /^(?:List|Read|Write|Tagging|Permissions management)$/)
        for (const resource of action.resources) assert.ok(resource.type !== '')
      }
      count += service.actions.length
    }
    assert.ok(services().size > 400)
    assert.ok(count > 20_000)
    const mfa = serviceInfo('iam')?.conditionKeys.find(({ key }) => key === 'iam:PassedToService')
    assert.equal(mfa?.type, 'String')
  })
})
