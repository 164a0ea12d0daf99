import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { guessKind } from './guess-kind.ts'

const kindOf = (...statements: readonly object[]) =>
  guessKind(JSON.stringify({ Version: '2012-10-17', Statement: statements }))

describe('the kind of a document', () => {
  it('follows from its principals, actions and resources (RSN-1)', () => {
    const Principal = '*'
    for (const [expected, ...statements] of [
      ['identity', { Action: 'sts:AssumeRole', Resource: '*' }],
      ['trust', { Principal, Action: 'sts:AssumeRole' }],
      ['trust', { Principal, Action: ['STS:AssumeRole', 'sts:TagSession'] }],
      ['trust', { NotPrincipal: Principal, NotAction: 'sts:TagSession' }],
      ['resource', { Principal, Action: 'sts:AssumeRole', Resource: '*' }],
      ['resource', { Principal, Action: ['sts:AssumeRole', 's3:GetObject'] }],
      ['key', { Principal, Action: 'kms:*', Resource: '*' }],
      ['resource', { Principal, Action: ['kms:*', 's3:*'], Resource: '*' }],
      ['resource', { Principal }],
      ['resource', { Principal, Action: [] }],
      ['resource', { Principal, Action: 'sts:AssumeRole', NotResource: '*' }],
      ['trust', { Principal, Action: 'sts:AssumeRole' }, { Action: 'sts:TagSession' }],
    ] as const)
      assert.equal(kindOf(...statements), expected, JSON.stringify(statements))
  })

  it('is that of an identity policy for what is no policy', () => {
    for (const text of ['{', '[]', '"x"', '{}', '{"Statement":1}', '{"Statement":[1]}'])
      assert.equal(guessKind(text), 'identity', text)
  })

  it('follows from a lone statement, and from statements between other values', () => {
    const statement = '{"Principal":"*","Action":"kms:*"}'
    assert.equal(guessKind(`{"Statement":${statement}}`), 'key')
    assert.equal(guessKind(`{"Statement":[1,"x",${statement}]}`), 'key')
  })
})
