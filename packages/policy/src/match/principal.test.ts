import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { PrincipalEntry, PrincipalType } from '../document/policy.ts'
import type { Principal } from '../evaluate/principal.ts'
import { ACCOUNT, policyOf, root, session, user } from '../fixture.ts'
import {
  compilePrincipal,
  isSpared,
  mayBeNamed,
  NAMES_ACCOUNT,
  NAMES_CALLER,
  NAMES_ROLE,
  NOT_NAMED,
  naming,
  type PrincipalTest,
} from './principal.ts'

const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`
const federated: Principal = {
  type: 'federatedUser',
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
  account: ACCOUNT,
  parent: { type: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/dev`, account: ACCOUNT },
}

function compiled(type: PrincipalType, ...values: readonly string[]): PrincipalTest {
  const { span } = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' }).statements[0]!
  const entries: PrincipalEntry[] = values.map((value) => ({ type, value, span }))
  return compilePrincipal({ negated: false, entries, span })
}

function named(principal: Principal, ...values: readonly string[]): number {
  return naming(compiled('AWS', ...values), principal)
}

suite('canonical user ids', () => {
  test('name the account that has them, and may name one whose id is not known (POL-190)', () => {
    const names = compiled('CanonicalUser', '79a59df9')
    const withId = (canonicalId: string): Principal => ({
      type: 'root',
      arn: ROOT_ARN,
      account: ACCOUNT,
      canonicalId,
    })
    assert.equal(naming(names, withId('79a59df9')), NAMES_CALLER)
    assert.equal(naming(names, withId('other')), NOT_NAMED)
    assert.equal(naming(names, user), NOT_NAMED)
    assert.equal(mayBeNamed(names, user), true)
    assert.equal(mayBeNamed(names, withId('other')), false)
    assert.equal(mayBeNamed(names, { type: 'anonymous' }), false)
    assert.equal(mayBeNamed(compiled('AWS', ROOT_ARN), user), false)
  })
})

suite('naming', () => {
  test('POL-021 a user by its ARN, POL-043 or its id', () => {
    assert.equal(named(user, `arn:aws:iam::${ACCOUNT}:user/dev`), NAMES_CALLER)
    assert.equal(named(user, 'AIDACKCEVSQ6C2EXAMPLE'), NAMES_CALLER)
    assert.equal(named(user, `arn:aws:iam::${ACCOUNT}:user/Dev`), NOT_NAMED)
  })

  test('POL-026, POL-043 twelve characters are an account only if they are digits', () => {
    const short: Principal = {
      type: 'user',
      arn: `arn:aws:iam::${ACCOUNT}:user/dev`,
      account: ACCOUNT,
      id: 'AIDAEXAMPLE1',
    }
    assert.equal(named(short, 'AIDAEXAMPLE1'), NAMES_CALLER)
    const odd: Principal = {
      type: 'user',
      arn: 'arn:aws:iam::abcdefghijkl:user/dev',
      account: 'abcdefghijkl',
    }
    assert.equal(named(odd, 'abcdefghijkl'), NOT_NAMED)
  })

  test('POL-142 an account with dashes is the account', () => {
    assert.equal(named(user, '1234-5678-9012'), NAMES_ACCOUNT)
    assert.equal(named(user, '12345-678-9012'), NOT_NAMED)
  })

  test('POL-022, POL-023 a session by its role or by itself', () => {
    assert.equal(named(session, `arn:aws:iam::${ACCOUNT}:role/team/app`), NAMES_ROLE)
    assert.equal(named(session, 'AROACKCEVSQ6C2EXAMPLE'), NAMES_ROLE)
    assert.equal(named(session, `arn:aws:iam::${ACCOUNT}:role/app`), NOT_NAMED)
    assert.equal(named(session, `arn:aws:sts::${ACCOUNT}:assumed-role/app/run`), NAMES_CALLER)
    assert.equal(named(session, `arn:aws:sts::${ACCOUNT}:assumed-role/app/*`), NOT_NAMED)
  })

  test('POL-024 a federated user by itself or its parent', () => {
    assert.equal(named(federated, `arn:aws:sts::${ACCOUNT}:federated-user/bob`), NAMES_CALLER)
    assert.equal(named(federated, `arn:aws:iam::${ACCOUNT}:user/dev`), NAMES_ROLE)
  })

  test('POL-026 everyone of an account by its number or root ARN, the root user himself', () => {
    for (const value of [ACCOUNT, ROOT_ARN]) {
      assert.equal(named(user, value), NAMES_ACCOUNT)
      assert.equal(named(root, value), NAMES_CALLER)
    }
  })

  test('POL-120 an account of another partition is another account', () => {
    assert.equal(named(user, `arn:aws-cn:iam::${ACCOUNT}:root`), NOT_NAMED)
  })

  test('POL-028, POL-127 * is everyone', () => {
    for (const principal of [user, session, root, federated, { type: 'anonymous' } as const]) {
      assert.equal(named(principal, '*'), NAMES_CALLER)
    }
  })

  test('POL-032 a service by any of its names', () => {
    const service: Principal = {
      type: 'service',
      names: ['ec2.amazonaws.com', 'ec2.eu-west-1.amazonaws.com'],
    }
    assert.equal(naming(compiled('Service', 'ec2.eu-west-1.amazonaws.com'), service), NAMES_CALLER)
    assert.equal(naming(compiled('Service', 'lambda.amazonaws.com'), service), NOT_NAMED)
    assert.equal(named(service, 'ec2.amazonaws.com'), NOT_NAMED)
  })

  test('POL-066 the bearer of a token by its provider', () => {
    const bearer: Principal = { type: 'webIdentity', provider: 'accounts.google.com' }
    assert.equal(naming(compiled('Federated', 'accounts.google.com'), bearer), NAMES_CALLER)
    assert.equal(naming(compiled('Federated', 'graph.facebook.com'), bearer), NOT_NAMED)
  })

  test('POL-030 the strongest of several entries counts', () => {
    assert.equal(named(user, ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/dev`), NAMES_CALLER)
  })
})

suite('isSpared', () => {
  const userArn = `arn:aws:iam::${ACCOUNT}:user/dev`
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/team/app`
  const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/app/run`

  test('POL-035, POL-129 a user needs its account listed too', () => {
    assert.equal(isSpared(compiled('AWS', userArn), user, false), false)
    assert.equal(isSpared(compiled('AWS', userArn, ROOT_ARN), user, false), true)
  })

  test('POL-035, POL-129 a session needs its role and account too', () => {
    assert.equal(isSpared(compiled('AWS', sessionArn, ROOT_ARN), session, false), false)
    assert.equal(isSpared(compiled('AWS', roleArn, ROOT_ARN), session, false), false)
    assert.equal(isSpared(compiled('AWS', sessionArn, roleArn, ROOT_ARN), session, false), true)
  })

  test('POL-034 who has a boundary is never spared', () => {
    assert.equal(isSpared(compiled('AWS', userArn, ROOT_ARN), user, true), false)
    assert.equal(isSpared(compiled('AWS', '*'), user, true), false)
  })
})
