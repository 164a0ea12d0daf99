import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PrincipalEntry, PrincipalType } from '../document/policy.ts'
import { ownAccount, policyOf, root, session, user } from '../fixture.ts'
import type { Principal } from '../request/principal.ts'
import {
  compilePrincipal,
  isSpared,
  mayBeNamed,
  namesAccount,
  namesCaller,
  namesRole,
  naming,
  notNamed,
  type PrincipalTest,
} from './principal.ts'

const rootArn = `arn:aws:iam::${ownAccount}:root`
const federated: Principal = {
  type: 'federatedUser',
  arn: `arn:aws:sts::${ownAccount}:federated-user/bob`,
  account: ownAccount,
  parent: { type: 'user', arn: `arn:aws:iam::${ownAccount}:user/dev`, account: ownAccount },
}

function compiled(type: PrincipalType, ...values: readonly string[]): PrincipalTest {
  const { span } = policyOf('identity', { Effect: 'Allow', Action: '*', Resource: '*' }).statements[0]!
  const entries: PrincipalEntry[] = values.map((value) => ({ type, value, span }))
  return compilePrincipal({ negated: false, entries, span })
}

function named(principal: Principal, ...values: readonly string[]): number {
  return naming(compiled('AWS', ...values), principal)
}

describe('canonical user ids', () => {
  test('name the account that has them, and may name one whose id is not known (POL-190)', () => {
    const names = compiled('CanonicalUser', '79a59df9')
    const withId = (canonicalId: string): Principal => ({
      type: 'root',
      arn: rootArn,
      account: ownAccount,
      canonicalId,
    })
    assert.equal(naming(names, withId('79a59df9')), namesCaller)
    assert.equal(naming(names, withId('other')), notNamed)
    assert.equal(naming(names, user), notNamed)
    assert.equal(mayBeNamed(names, user), true)
    assert.equal(mayBeNamed(names, withId('other')), false)
    assert.equal(mayBeNamed(names, { type: 'anonymous' }), false)
    assert.equal(mayBeNamed(compiled('AWS', rootArn), user), false)
  })
})

describe('naming', () => {
  test('POL-021 a user by its ARN, POL-043 or its id', () => {
    assert.equal(named(user, `arn:aws:iam::${ownAccount}:user/dev`), namesCaller)
    assert.equal(named(user, 'AIDACKCEVSQ6C2EXAMPLE'), namesCaller)
    assert.equal(named(user, `arn:aws:iam::${ownAccount}:user/Dev`), notNamed)
  })

  test('POL-026, POL-043 twelve characters are an account only if they are digits', () => {
    const short: Principal = {
      type: 'user',
      arn: `arn:aws:iam::${ownAccount}:user/dev`,
      account: ownAccount,
      id: 'AIDAEXAMPLE1',
    }
    assert.equal(named(short, 'AIDAEXAMPLE1'), namesCaller)
    const odd: Principal = {
      type: 'user',
      arn: 'arn:aws:iam::abcdefghijkl:user/dev',
      account: 'abcdefghijkl',
    }
    assert.equal(named(odd, 'abcdefghijkl'), notNamed)
  })

  test('POL-142 an account with dashes is the account', () => {
    assert.equal(named(user, '1234-5678-9012'), namesAccount)
    assert.equal(named(user, '12345-678-9012'), notNamed)
  })

  test('POL-022, POL-023 a session by its role or by itself', () => {
    assert.equal(named(session, `arn:aws:iam::${ownAccount}:role/team/app`), namesRole)
    assert.equal(named(session, 'AROACKCEVSQ6C2EXAMPLE'), namesRole)
    assert.equal(named(session, `arn:aws:iam::${ownAccount}:role/app`), notNamed)
    assert.equal(named(session, `arn:aws:sts::${ownAccount}:assumed-role/app/run`), namesCaller)
    assert.equal(named(session, `arn:aws:sts::${ownAccount}:assumed-role/app/*`), notNamed)
  })

  test('POL-024 a federated user by itself or its parent', () => {
    assert.equal(named(federated, `arn:aws:sts::${ownAccount}:federated-user/bob`), namesCaller)
    assert.equal(named(federated, `arn:aws:iam::${ownAccount}:user/dev`), namesRole)
  })

  test('POL-026 everyone of an account by its number or root ARN, the root user himself', () => {
    for (const value of [ownAccount, rootArn]) {
      assert.equal(named(user, value), namesAccount)
      assert.equal(named(root, value), namesCaller)
    }
  })

  test('POL-120 an account of another partition is another account', () => {
    assert.equal(named(user, `arn:aws-cn:iam::${ownAccount}:root`), notNamed)
  })

  test('POL-028, POL-127 * is everyone', () => {
    for (const principal of [user, session, root, federated, { type: 'anonymous' } as const]) {
      assert.equal(named(principal, '*'), namesCaller)
    }
  })

  test('POL-032 a service by any of its names', () => {
    const service: Principal = {
      type: 'service',
      names: ['ec2.amazonaws.com', 'ec2.eu-west-1.amazonaws.com'],
    }
    assert.equal(naming(compiled('Service', 'ec2.eu-west-1.amazonaws.com'), service), namesCaller)
    assert.equal(naming(compiled('Service', 'lambda.amazonaws.com'), service), notNamed)
    assert.equal(named(service, 'ec2.amazonaws.com'), notNamed)
  })

  test('POL-066 the bearer of a token by its provider', () => {
    const bearer: Principal = { type: 'webIdentity', provider: 'accounts.google.com' }
    assert.equal(naming(compiled('Federated', 'accounts.google.com'), bearer), namesCaller)
    assert.equal(naming(compiled('Federated', 'graph.facebook.com'), bearer), notNamed)
  })

  test('POL-030 the strongest of several entries counts', () => {
    assert.equal(named(user, ownAccount, `arn:aws:iam::${ownAccount}:user/dev`), namesCaller)
  })
})

describe('isSpared', () => {
  const userArn = `arn:aws:iam::${ownAccount}:user/dev`
  const roleArn = `arn:aws:iam::${ownAccount}:role/team/app`
  const sessionArn = `arn:aws:sts::${ownAccount}:assumed-role/app/run`

  test('POL-035, POL-129 a user needs its account listed too', () => {
    assert.equal(isSpared(compiled('AWS', userArn), user, false), false)
    assert.equal(isSpared(compiled('AWS', userArn, rootArn), user, false), true)
  })

  test('POL-035, POL-129 a session needs its role and account too', () => {
    assert.equal(isSpared(compiled('AWS', sessionArn, rootArn), session, false), false)
    assert.equal(isSpared(compiled('AWS', roleArn, rootArn), session, false), false)
    assert.equal(isSpared(compiled('AWS', sessionArn, roleArn, rootArn), session, false), true)
  })

  test('POL-034 who has a boundary is never spared', () => {
    assert.equal(isSpared(compiled('AWS', userArn, rootArn), user, true), false)
    assert.equal(isSpared(compiled('AWS', '*'), user, true), false)
    assert.equal(isSpared(compiled('AWS', '*'), user, false), true)
  })
})
