import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dynamoKeys } from './dynamodb.ts'
import { Unreadable } from './input.ts'
import type { NeedsPlace } from './place.ts'

const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/T'
const withKey = {
  keysOf: (name: string) => (name === 'T' ? { hash: 'id' } : undefined),
} as unknown as NeedsPlace
const withoutKey = {} as NeedsPlace
const s = (S: string) => ({ S })

const keysOf = (operation: string, input: object, element?: unknown, place = withKey, resource = table) => {
  const keys = dynamoKeys(operation, input as never, element, resource, place)
  return [keys['dynamodb:Attributes'], keys['dynamodb:LeadingKeys'], keys['dynamodb:EnclosingOperation']]
}

describe('the fine-grained keys of DynamoDB (GRD-15)', () => {
  for (const [operation, input, attributes, leading] of [
    ['GetItem', { Key: { id: s('a'), at: { N: '1' } } }, ['id', 'at'], ['a']],
    ['GetItem', { Key: { id: s('a') }, AttributesToGet: ['b', 'c'] }, ['id', 'b', 'c'], ['a']],
    ['GetItem', { Key: { id: s('a') }, ProjectionExpression: 'b, c.d[0].e' }, ['id', 'b', 'c'], ['a']],
    [
      'GetItem',
      { Key: { id: { N: '5' } }, ProjectionExpression: '#n', ExpressionAttributeNames: { '#n': 'b' } },
      ['id', 'b'],
      ['5'],
    ],
    [
      'GetItem',
      { Key: { id: { B: 'QQ==' } }, ProjectionExpression: '#unknown' },
      ['id', '#unknown'],
      ['QQ=='],
    ],
    ['PutItem', { Item: { id: s('a'), b: s('x') } }, ['id', 'b'], ['a']],
    ['PutItem', { Item: { id: s('a') }, Expected: { c: {} } }, ['id', 'c'], ['a']],
    [
      'PutItem',
      { Item: { id: s('a') }, ConditionExpression: 'attribute_not_exists(c) AND d > :v' },
      ['id', 'c', 'd'],
      ['a'],
    ],
    ['UpdateItem', { Key: { id: s('a') }, AttributeUpdates: { b: {} } }, ['id', 'b'], ['a']],
    [
      'UpdateItem',
      { Key: { id: s('a') }, UpdateExpression: 'SET b = :b REMOVE c ADD d :d' },
      ['id', 'b', 'c', 'd'],
      ['a'],
    ],
    ['DeleteItem', { Key: { id: s('a') } }, ['id'], ['a']],
    ['Scan', { FilterExpression: 'b = :b' }, ['b'], undefined],
    ['Scan', { ScanFilter: { b: {} } }, ['b'], undefined],
    ['Scan', {}, undefined, undefined],
    [
      'Query',
      {
        KeyConditionExpression: 'id = :i AND at > :a',
        ExpressionAttributeValues: { ':i': s('x'), ':a': s('y') },
      },
      ['id', 'at'],
      ['x'],
    ],
    [
      'Query',
      { KeyConditionExpression: ':i = id', ExpressionAttributeValues: { ':i': s('x') } },
      ['id'],
      ['x'],
    ],
    [
      'Query',
      {
        KeyConditionExpression: '#k = :i AND at = :a',
        ExpressionAttributeNames: { '#k': 'id' },
        ExpressionAttributeValues: { ':i': s('x'), ':a': s('y') },
      },
      ['id', 'at'],
      ['x'],
    ],
    [
      'Query',
      {
        IndexName: 'i',
        KeyConditionExpression: 'id = :i AND at = :a',
        ExpressionAttributeValues: { ':i': s('x'), ':a': s('y') },
      },
      ['id', 'at'],
      ['x', 'y'],
    ],
    [
      'Query',
      {
        KeyConditions: {
          id: { ComparisonOperator: 'EQ', AttributeValueList: [s('x')] },
          at: { ComparisonOperator: 'GT', AttributeValueList: [s('y')] },
        },
        QueryFilter: { b: {} },
      },
      ['id', 'at', 'b'],
      ['x'],
    ],
  ] as const)
    test(`${operation} ${JSON.stringify(input).slice(0, 80)}`, () => {
      const [all, values, enclosing] = keysOf(operation, input)
      const sorted = (list: unknown) => (Array.isArray(list) ? list.toSorted() : list)
      assert.deepEqual([sorted(all), sorted(values)], [sorted(attributes), sorted(leading)])
      assert.equal(enclosing, undefined)
    })

  test('are those of the part that is about the table', () => {
    const other = { Key: { id: s('b') } }
    const RequestItems = {
      T: { Keys: [{ id: s('a') }], ProjectionExpression: 'c' },
      Other: { Keys: [{ x: s('b') }] },
    }
    assert.deepEqual(keysOf('BatchGetItem', { RequestItems }), [['c', 'id'], ['a'], undefined])
    const byArn = {
      RequestItems: {
        [table]: [
          { PutRequest: { Item: { id: s('a'), b: s('x') } } },
          { DeleteRequest: { Key: { id: s('d') } } },
        ],
      },
    }
    assert.deepEqual(keysOf('BatchWriteItem', byArn), [['id', 'b'], ['a', 'd'], undefined])
    assert.deepEqual(keysOf('TransactGetItems', {}, { Get: other }), [['id'], ['b'], 'TransactGetItems'])
    const put = {
      Put: { Item: { id: s('a') }, ConditionExpression: '#c = :c', ExpressionAttributeNames: { '#c': 'c' } },
    }
    assert.deepEqual(keysOf('TransactWriteItems', {}, put), [['id', 'c'], ['a'], 'TransactWriteItems'])
  })

  test('of statements are those that are written in them, and none that a policy lists of an unknown table (GRD-223)', () => {
    const unknown = '(not known from the statement)'
    const Statement = 'SELECT * FROM "T" WHERE id = ?'
    const asked = { Statement, Parameters: [s('p')] }
    assert.deepEqual(keysOf('ExecuteStatement', asked), [['id', unknown], ['p'], undefined])
    assert.deepEqual(keysOf('ExecuteStatement', { Statement: 'SELECT a FROM "T"' }), [
      ['a'],
      undefined,
      undefined,
    ])
    assert.deepEqual(keysOf('BatchExecuteStatement', {}, asked), [
      ['id', unknown],
      ['p'],
      'BatchExecuteStatement',
    ])
    assert.deepEqual(keysOf('ExecuteTransaction', {}, asked, withoutKey), [
      ['id', unknown],
      [unknown],
      'ExecuteTransaction',
    ])
  })

  test('are found behind every placeholder and word that a reader takes for a name (GRD-530)', () => {
    const Key = { id: s('a') }
    const named = (expression: object, names?: object) =>
      keysOf('UpdateItem', { Key, ...expression, ExpressionAttributeNames: names })[0]
    for (const placeholder of ['#1', '#1a', '#é', '#', '#-', '#a-b', 'id', ':b', '']) {
      const attributes = named({ ProjectionExpression: placeholder }, { [placeholder]: 'b' })
      assert.ok(JSON.stringify(attributes).includes('"b"'), placeholder)
    }
    for (const word of ['S', 'N', 'L', 'M', 'contains', 'size', 'né', 'set', 'and'])
      assert.deepEqual(named({ ProjectionExpression: `id, ${word}` }), ['id', word], word)
    for (const [UpdateExpression, expected] of [
      ['set b = if_not_exists(c, :x) remove d', ['b', 'c', 'd']],
      ['SET set = :b, b = c-:d', ['set', 'b', 'c']],
      ['REMOVE b.#n[1].d, #n', ['b', 'x']],
      ['ADD b :b', ['b']],
    ] as const)
      assert.deepEqual(named({ UpdateExpression }, { '#n': 'x' }), ['id', ...expected], UpdateExpression)
    for (const [ConditionExpression, expected] of [
      ['b = :b and not contains (c, :c) or d in (:d)', ['b', 'c', 'd']],
      ['attribute_type(b, :t) AND size(c) >= :c', ['b', 'c']],
      ['b BETWEEN :x AND :y', ['b']],
    ] as const)
      assert.deepEqual(named({ ConditionExpression }), ['id', ...expected], ConditionExpression)
  })

  test('of a query are those that it sets the partition key to, or none are known (GRD-530)', () => {
    const query = (KeyConditionExpression: string, place = withKey) =>
      keysOf(
        'Query',
        {
          KeyConditionExpression,
          ExpressionAttributeNames: { '#é': 'id' },
          ExpressionAttributeValues: { ':é': s('you'), ':m': s('me') },
        },
        undefined,
        place,
      )[1]
    for (const text of ['#é = :é AND at = :m', 'id = :é and at = :m', '(at = :m) AND (:é = id)', 'id=:é'])
      assert.deepEqual(query(text), ['you'], text)
    for (const text of [
      '(id) = :é AND at = :m',
      'at = :m AND id = (:é)',
      'at = :m',
      'id IN (:é) AND at = :m',
    ])
      assert.throws(() => query(text), Unreadable, text)
    assert.deepEqual(query('id = :é AND at <= :m'), ['you'])
    assert.throws(() => query('(id) = :é AND at = :m', withoutKey), Unreadable)
  })

  test('without the name of the partition key are those of a key with one attribute', () => {
    assert.deepEqual(keysOf('GetItem', { Key: { x: s('a') } }, undefined, withoutKey)[1], ['a'])
    assert.deepEqual(
      keysOf('GetItem', { Key: { x: s('a'), y: s('b') } }, undefined, withoutKey)[1],
      undefined,
    )
    assert.deepEqual(keysOf('PutItem', { Item: { x: s('a') } }, undefined, withoutKey)[1], undefined)
    assert.deepEqual(keysOf('GetItem', { Key: 'x' }, undefined, withoutKey), [
      undefined,
      undefined,
      undefined,
    ])
  })

  test('cannot be read from what DynamoDB refuses', () => {
    const query = (more: object) => () => keysOf('Query', more)
    assert.throws(query({ KeyConditionExpression: 'id > :i' }), Unreadable)
    assert.throws(query({ KeyConditions: { id: { ComparisonOperator: 'GT' } } }), Unreadable)
    assert.throws(query({ FilterExpression: 'x'.repeat(4_097) }), Unreadable)
    assert.deepEqual(keysOf('Query', { FilterExpression: 'x'.repeat(4_096) })[1], undefined)
  })
})
