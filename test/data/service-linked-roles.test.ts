import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  managedPolicies,
  serviceLinkedRoles,
} from '../../packages/server/src/authorization/catalogue/index.ts'

describe('service-linked roles (CAT-4)', () => {
  it('are known by their principal', () => {
    assert.deepEqual(serviceLinkedRoles().get('autoscaling.amazonaws.com'), {
      service: 'autoscaling.amazonaws.com',
      name: 'AWSServiceRoleForAutoScaling',
      path: '/aws-service-role/autoscaling.amazonaws.com/',
      policies: ['aws-service-role/AutoScalingServiceRolePolicy'],
      suffixAllowed: true,
    })
    assert.equal(serviceLinkedRoles().get('batch.amazonaws.com')?.suffixAllowed, false)
    assert.equal(serviceLinkedRoles().get('nosuch.amazonaws.com'), undefined)
  })

  it('are those that AWS’s policies and guides name, too (CAT-7)', () => {
    assert.deepEqual(serviceLinkedRoles().get('spot.amazonaws.com'), {
      service: 'spot.amazonaws.com',
      name: 'AWSServiceRoleForEC2Spot',
      path: '/aws-service-role/spot.amazonaws.com/',
      policies: ['aws-service-role/AWSEC2SpotServiceRolePolicy'],
      suffixAllowed: false,
    })
    const named = new Map<string, Set<string>>()
    for (const { document } of managedPolicies().list()) {
      const arns = document.matchAll(/role\/aws-service-role\/([a-z0-9.-]+)\/(AWSServiceRoleFor[\w-]+)"/g)
      for (const [, service = '', name = ''] of arns)
        named.set(service, (named.get(service) ?? new Set()).add(name))
    }
    for (const { service, name } of serviceLinkedRoles().values()) {
      // one policy names all three of Elastic Beanstalk's roles alike
      const names = service.endsWith('elasticbeanstalk.amazonaws.com') ? undefined : named.get(service)
      if (names !== undefined) assert.ok(names.has(name), `${service}: ${name}`)
    }
  })

  it('have policies that exist and that nobody else may attach', () => {
    for (const role of serviceLinkedRoles().values()) {
      assert.match(role.name, /^AWSServiceRole[\w-]+$/)
      assert.ok(role.policies.length > 0, role.service)
      for (const name of role.policies) {
        const arn = `arn:aws:iam::aws:policy/${name}`
        const policy = managedPolicies().find(arn)
        // AWS has withdrawn this one since the roles were recorded.
        if (arn.endsWith('/AmazonLexBotPolicy')) assert.equal(policy, undefined)
        else assert.equal(policy?.attachable, false, arn)
      }
    }
  })
})
