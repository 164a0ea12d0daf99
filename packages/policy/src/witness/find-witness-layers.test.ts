import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicySet } from '../document/set.ts'
import {
  allow,
  deny,
  layerOf,
  ownAccount,
  policyOf,
  root,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import type { Answer } from './answer.ts'
import { ask, identity, residual } from './fixture.ts'
import type { OpenRequest } from './question.ts'

const roleArns = `arn:aws:iam::${ownAccount}:role/`

describe('findWitness: layers', () => {
  const assume = (policies: PolicySet, trust: StatementInput, request: Partial<OpenRequest> = {}): Answer =>
    ask(
      {
        ...policies,
        resource: {
          source: sourceOf(policyOf('trust', { Effect: 'Allow', Action: 'sts:AssumeRole', ...trust })),
          grant: 'trust',
        },
      },
      { action: 'sts:AssumeRole', resource: `${roleArns}prod`, ...request },
    )
  const named = (AWS: string): StatementInput => ({ Principal: { AWS } })
  const bounded: PolicySet = { identity: [], boundary: layerOf('boundary', allow({ Action: 's3:*' })) }

  test('POL-021, POL-022 how a trust policy names the caller decides what limits it', () => {
    const role = session.type === 'roleSession' ? session : undefined
    const principal = { principal: session }
    assert.equal(assume(bounded, named(user.type === 'user' ? user.arn : '')).verdict, 'proven')
    assert.equal(assume(bounded, named(role?.roleArn ?? ''), principal).verdict, 'blocked')
    assert.equal(assume(bounded, named(role?.sessionArn ?? ''), principal).verdict, 'proven')
    const account = assume(bounded, named(ownAccount))
    assert.equal(account.verdict, 'blocked')
    assert.deepEqual([account.layer, account.isGranted], ['identity', false])
    assert.equal(assume(identity(allow()), named(ownAccount)).verdict, 'proven')
  })

  test('POL-060, POL-120 nobody is allowed across partitions, and a root user assumes no role', () => {
    const far = { resource: 'arn:aws-cn:s3:::pay/x' }
    assert.equal(ask(identity(allow()), far).verdict, 'blocked')
    const own = assume(identity(allow()), named(ownAccount), { principal: root })
    assert.equal(own.verdict, 'blocked')
    assert.equal(own.layer, 'resource')
  })

  test('of layers that are equally far from an Allow, the first one is named', () => {
    const grant = allow({
      Principal: { AWS: `arn:aws:iam::${ownAccount}:user/dev` },
      Resource: 'arn:aws:s3:::other/*',
    })
    const resource = { source: sourceOf(policyOf('resource', grant)) }
    const answer = ask({ ...identity(allow({ Action: 'ec2:*' })), resource })
    assert.equal(answer.verdict, 'blocked')
    assert.equal(answer.layer, 'identity')
  })

  test('a trust policy that names someone else blocks, and its conditions are residual', () => {
    const other = assume(identity(allow()), named('999999999999'))
    assert.equal(other.verdict, 'blocked')
    assert.deepEqual([other.layer, other.deny], ['resource', undefined])
    const secret = { ...named(ownAccount), Condition: { StringEquals: { 'sts:ExternalId': 's' } } }
    const chosen = {
      'sts:RoleSessionName': {
        shape: [{ variable: 'session', grammar: { characters: 'a-z', most: 64 } }],
        mayBeAbsent: false,
      },
    }
    assert.deepEqual(residual(assume(identity(allow()), secret)), [
      ['StringEquals', 'sts:ExternalId', ['s'], true],
    ])
    const nameIs = {
      ...named(ownAccount),
      Condition: { StringLike: { 'sts:RoleSessionName': '${aws:username}*' } },
    }
    const answer = assume(identity(allow()), nameIs, { chosen })
    assert.equal(answer.verdict, 'proven')
    assert.equal(answer.requests[0]?.context.get('sts:RoleSessionName'), 'dev')
  })

  test('POL-012, POL-013, POL-015 each level of SCPs must allow, and RCPs must not deny', () => {
    const level = (...statements: readonly StatementInput[]) => layerOf('scp', ...statements)
    const policies = { ...identity(allow()), scp: [level(allow()), level(allow({ Action: 'ec2:*' }))] }
    const answer = ask(policies)
    assert.equal(answer.verdict, 'blocked')
    assert.deepEqual([answer.layer, answer.level, answer.isGranted], ['scp', 1, true])
    const linked = session.type === 'roleSession' ? { ...session, serviceLinked: true } : session
    assert.equal(ask(policies, { principal: linked }).verdict, 'proven')
    const rcp = [
      layerOf(
        'rcp',
        deny({ Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      ),
    ]
    assert.equal(
      ask({ ...identity(allow()), rcp }, { context: { 'aws:PrincipalOrgID': 'o-1' } }).verdict,
      'proven',
    )
    const refused = ask({ ...identity(allow()), rcp }, { context: { 'aws:PrincipalOrgID': 'o-2' } })
    assert.equal(refused.verdict, 'blocked')
    assert.equal(refused.layer, 'rcp')
  })

  test('POL-034, POL-035 NotPrincipal in a Deny spares whom it lists completely, unless bounded', () => {
    const resource = (NotPrincipal: object): PolicySet['resource'] => ({
      source: sourceOf(policyOf('resource', { Effect: 'Deny', Action: '*', Resource: '*', NotPrincipal })),
    })
    const arn = user.type === 'user' ? user.arn : ''
    assert.equal(
      ask({ ...identity(allow()), resource: resource({ AWS: [arn, ownAccount] }) }).verdict,
      'proven',
    )
    assert.equal(ask({ ...identity(allow()), resource: resource({ AWS: [arn] }) }).verdict, 'blocked')
    const boundary = layerOf('boundary', allow())
    assert.equal(
      ask({ ...identity(allow()), boundary, resource: resource({ AWS: [arn, ownAccount] }) }).verdict,
      'blocked',
    )
  })
})
