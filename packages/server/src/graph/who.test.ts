import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ResidualCondition } from '@omen-iam/policy'
import { whoFulfils } from './who.ts'

function whoOf(key: string, ...values: string[]): string {
  // only these members are read
  return whoFulfils({ operator: 'StringLike', key, values, mustHold: true } as unknown as ResidualCondition)
}

const github = 'token.actions.githubusercontent.com:sub'

describe('who could fulfil a condition', () => {
  for (const [value, who] of [
    ['repo:acme/web:ref:refs/heads/main', 'a workflow of the repository acme/web on the branch main'],
    ['repo:acme/web:ref:refs/tags/*', 'a workflow of the repository acme/web on any tag'],
    ['repo:acme/web:environment:prod', 'a workflow of the repository acme/web in the environment prod'],
    ['repo:acme/web:pull_request', 'a workflow of the repository acme/web for a pull request'],
    ['repo:acme/web:*', 'a workflow of the repository acme/web, on any branch'],
    ['repo:acme/*', 'a workflow of any repository of acme, on any branch'],
    ['repo:acme*', 'a workflow of any repository that fits acme*, on any branch'],
    ['repo:*', 'a workflow of any repository'],
    ['*', 'a workflow of any repository'],
  ] as const)
    test(`GitHub: ${value}`, () => assert.equal(whoOf(github, value), who))

  test('other issuers', () => {
    const eks = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub'
    assert.equal(
      whoOf(eks, 'system:serviceaccount:shop:*'),
      'a pod with any service account of the namespace shop',
    )
    assert.equal(
      whoOf('gitlab.com:sub', 'project_path:acme/web:ref_type:branch:ref:main'),
      'a job of the project acme/web on main',
    )
    assert.equal(
      whoOf('app.terraform.io:sub', 'organization:acme:project:p:workspace:*:run_phase:apply'),
      'a run of any workspace of the organization acme',
    )
    assert.equal(whoOf('cognito-identity.amazonaws.com:amr', 'unauthenticated'), 'anyone, without signing in')
    assert.equal(whoOf('SAML:sub', '*'), 'any user for whom the SAML provider asserts the role')
    assert.equal(
      whoOf('ssm:SessionDocumentAccessCheck', 'true'),
      'a caller that may use the session document',
    )
    assert.equal(whoOf('aws:SourceIp', '10.0.0.0/8'), 'a caller in that network')
  })
})
