import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  Context,
  compile,
  evaluate,
  type PolicyKind,
  type PolicySource,
  type Principal,
  policyFromJson,
} from '@omen-iam/policy'

/** What the public format of cases has no words for: whose session a federated user is, and unique ids. */
describe('principals that no case can say', () => {
  const account = '123456789012'
  const user = {
    type: 'user',
    arn: `arn:aws:iam::${account}:user/ann`,
    account,
    id: 'AIDACKCEVSQ6C2EXAMPLE',
  } as const
  const federated: Principal = {
    type: 'federatedUser',
    arn: `arn:aws:sts::${account}:federated-user/bob`,
    account,
    parent: user,
  }
  const role: Principal = {
    type: 'roleSession',
    sessionArn: `arn:aws:sts::${account}:assumed-role/app/run`,
    roleArn: `arn:aws:iam::${account}:role/team/app`,
    roleId: 'AROACKCEVSQ6C2EXAMPLE',
    account,
  }
  const source = (statement: object, kind: PolicyKind): PolicySource => {
    const parsed = policyFromJson({ Version: '2012-10-17', Statement: statement }, kind)
    assert.ok(parsed.ok)
    return { policy: parsed.policy, source: { type: 'none' } }
  }
  const elsewhere = source({ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }, 'session')
  const everything = source({ Effect: 'Allow', Action: '*', Resource: '*' }, 'session')

  function granted(
    principal: Principal,
    name: string,
    session?: PolicySource,
    boundary?: PolicySource,
  ): string {
    const grant = { Effect: 'Allow', Principal: { AWS: name }, Action: 's3:GetObject', Resource: '*' }
    const compiled = compile({
      resource: { source: source(grant, 'resource') },
      ...(session && { session: [session] }),
      ...(boundary && { boundary: [boundary] }),
    })
    const asked = { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::a/x', context: new Context() }
    const { outcome, ...rest } = evaluate(asked, compiled)
    return outcome === 'allowed' ? outcome : 'layer' in rest ? rest.layer : outcome
  }

  it('POL-024 a grant to the user who federated is limited by the session policy', () => {
    assert.equal(granted(federated, user.arn, elsewhere), 'session')
    assert.equal(granted(federated, user.arn, everything), 'allowed')
    assert.equal(granted(federated, user.arn), 'session')
  })

  it('POL-024 and by the boundary of that user', () => {
    assert.equal(granted(federated, user.arn, everything, elsewhere), 'boundary')
  })

  it('POL-024 a grant to the federated user itself is not', () => {
    assert.equal(granted(federated, federated.arn, elsewhere, elsewhere), 'allowed')
  })

  it('POL-043 a unique id names the user or role that has it now', () => {
    assert.equal(granted(user, 'AIDACKCEVSQ6C2EXAMPLE'), 'allowed')
    assert.equal(granted(role, 'AROACKCEVSQ6C2EXAMPLE'), 'allowed')
    assert.notEqual(granted(user, 'AIDAOTHEROTHER2EXAMPLE'), 'allowed')
  })

  it('POL-022 a grant to a role by its id is limited as one by its ARN', () => {
    assert.equal(granted(role, 'AROACKCEVSQ6C2EXAMPLE', elsewhere), 'session')
    assert.equal(granted(role, role.roleArn, elsewhere), 'session')
  })
})
