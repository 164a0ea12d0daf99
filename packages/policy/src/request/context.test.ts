import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { root, session, user } from '../fixture.ts'
import { Context } from './context.ts'
import { principalContext } from './principal-context.ts'

describe('Context', () => {
  test('POL-098 names ignore case', () => {
    assert.equal(new Context({ 'aws:PrincipalTag/Team': 'red' }).get('AWS:principaltag/team'), 'red')
  })

  test('numbers and booleans are their text, an empty list is absent', () => {
    const context = new Context({ 'a:n': 1, 'a:b': true, 'a:l': [1, 'x'], 'a:e': [] })
    assert.deepEqual(
      [...context.entries()],
      [
        ['a:n', '1'],
        ['a:b', 'true'],
        ['a:l', ['1', 'x']],
      ],
    )
  })

  test('instants are their ISO 8601 form, and no instant is a text that no date fits', () => {
    const at = new Date('2026-03-01T00:00:00Z')
    const context = new Context({ 'a:d': at, 'a:l': [at], 'a:n': new Date(Number.NaN) })
    assert.equal(context.get('a:d'), '2026-03-01T00:00:00.000Z')
    assert.deepEqual(context.get('a:l'), ['2026-03-01T00:00:00.000Z'])
    assert.equal(context.get('a:n'), 'Invalid Date')
  })

  test('POL-171, POL-172 what anonymous callers and bearers of tokens have', () => {
    assert.deepEqual(principalContext({ type: 'anonymous' }), {
      'aws:PrincipalAccount': 'anonymous',
      'aws:PrincipalType': 'Anonymous',
      'aws:userid': 'anonymous',
    })
    assert.deepEqual(principalContext({ type: 'webIdentity', provider: 'accounts.google.com' }), {
      'aws:FederatedProvider': 'accounts.google.com',
    })
    assert.deepEqual(principalContext({ type: 'saml', provider: 'idp' }), {})
  })

  test('a supplier is called once, and only when asked for', () => {
    let calls = 0
    const context = new Context({ 'a:b': () => `${++calls}`, 'a:c': () => undefined })
    assert.equal(calls, 0)
    assert.equal(context.lookup('a:b'), '1')
    assert.equal(context.lookup('a:b'), '1')
    assert.equal(context.lookup('a:c'), undefined)
    const absent = new Context({ 'a:b': 'x', 'a:c': () => undefined })
    assert.deepEqual([...absent.entries()], [['a:b', 'x']])
  })

  test('setting a key to nothing removes it', () => {
    assert.equal(new Context({ 'a:b': 'x' }).set('A:B', undefined).get('a:b'), undefined)
  })
})

describe('principalContext', () => {
  test('POL-101, POL-102, POL-103, POL-104 of a user', () => {
    const keys = principalContext(user)
    assert.equal(keys['aws:PrincipalArn'], 'arn:aws:iam::123456789012:user/dev')
    assert.equal(keys['aws:userid'], 'AIDACKCEVSQ6C2EXAMPLE')
    assert.equal(keys['aws:PrincipalType'], 'User')
    assert.equal(keys['aws:username'], 'dev')
  })

  test('POL-101, POL-102, POL-104 of a role session: the role, and no user name', () => {
    const keys = principalContext(session)
    assert.equal(keys['aws:PrincipalArn'], 'arn:aws:iam::123456789012:role/team/app')
    assert.equal(keys['aws:userid'], 'AROACKCEVSQ6C2EXAMPLE:run')
    assert.equal(keys['aws:username'], undefined)
  })

  test('GRD-209 the type of a service: as recorded, and otherwise none', () => {
    const typeOf = (name: string) => principalContext({ type: 'service', names: [name] })['aws:PrincipalType']
    assert.deepEqual(
      ['events', 'cloudtrail', 's3'].map((name) => typeOf(`${name}.amazonaws.com`)),
      ['User', 'AssumedRole', undefined],
    )
  })

  test('POL-102 of the root user: the account', () =>
    assert.equal(principalContext(root)['aws:userid'], '123456789012'))

  test('POL-101 of an anonymous caller: no ARN', () => {
    assert.equal(principalContext({ type: 'anonymous' })['aws:PrincipalArn'], undefined)
  })
})
