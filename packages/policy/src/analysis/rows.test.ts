import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Policy } from '../document/policy.ts'
import { allow, deny, policyOf, type RequestInput, requestOf, type StatementInput } from '../fixture.ts'
import { includes, overlaps, tokensOf } from '../match/inclusion.ts'
import { Budget, metered } from '../match/meter.ts'
import { parseTemplate } from '../match/template.ts'
import { difference, isInRow } from './difference.ts'
import type { DifferenceRow } from './difference-row.ts'
import { actionSet, principalIncludes, resourceSet, setIncludes } from './elements.ts'
import { isAllowedBy } from './verdict.ts'

const identity = (...statements: readonly StatementInput[]): Policy => policyOf('identity', ...statements)
const resource = (...statements: readonly StatementInput[]): Policy => policyOf('resource', ...statements)
const tokens = (text: string) => tokensOf(parseTemplate(text, { wildcards: true, variables: true }))

/** A row of the whole statement with an index, changed. */
function rowOf(policy: Policy, change: Partial<DifferenceRow> = {}, index = 0): DifferenceRow {
  const statement = policy.statements[index]!
  const { action, resource, principal } = statement
  return {
    kind: statement.effect === 'Deny' ? 'lifted' : 'new',
    statement,
    actions: action.values.map(({ value }) => value),
    notActions: action.negated,
    ...(resource === undefined ? {} : { resources: resource.values.map(({ value }) => value) }),
    notResources: resource?.negated === true,
    ...(principal === undefined ? {} : { principals: principal.entries }),
    before: [],
    except: [],
    ...change,
  }
}

describe('a request is in a row', () => {
  const isIn = (policy: Policy, change: Partial<DifferenceRow>, request: RequestInput = {}) =>
    isInRow(rowOf(policy, change), requestOf(request), policy)
  const elsewhere = 'arn:aws:s3:::other/x'

  test('if its action is among those of the row, or not among them', () => {
    const policy = identity(allow())
    const actions = ['iam:*', 'S3:getobject']
    assert.equal(isIn(policy, { actions }), true)
    assert.equal(isIn(policy, { actions: ['iam:*', 's3:Put*'] }), false)
    assert.equal(isIn(policy, { actions, notActions: true }), false)
    assert.equal(isIn(policy, { actions: ['iam:*'], notActions: true }), true)
  })

  test('if its resource is among those of the row, or not among them', () => {
    const policy = identity(allow())
    const resources = ['arn:aws:sns:*', 'arn:aws:s3:::pay/*']
    assert.equal(isIn(policy, { resources }), true)
    assert.equal(isIn(policy, { resources }, { resource: elsewhere }), false)
    assert.equal(isIn(policy, { resources, notResources: true }), false)
    assert.equal(isIn(policy, { resources, notResources: true }, { resource: elsewhere }), true)
    const { resources: _, ...without } = rowOf(policy)
    assert.equal(isInRow(without, requestOf(), policy), true)
  })

  test('if its caller is among those of the row', () => {
    const policy = resource(allow({ Principal: { AWS: ['123456789012', '210987654321'] } }))
    const [own, other] = policy.statements[0]!.principal!.entries
    assert.equal(isIn(policy, { principals: [own!] }), true)
    assert.equal(isIn(policy, { principals: [other!] }), false)
    assert.equal(isIn(policy, { principals: [other!, own!] }), true)
  })

  test('only if the statement of the row decides it so', () => {
    const Condition = { StringEquals: { 'my:key': 'a' } }
    const [allowing, denying] = [identity(allow({ Condition })), identity(deny({ Condition }))]
    for (const policy of [allowing, denying]) {
      assert.equal(isIn(policy, {}, { context: { 'my:key': 'a' } }), true)
      assert.equal(isIn(policy, {}, { context: { 'my:key': 'b' } }), false)
    }
    // A list fulfils no operator without a set operator; a value that is too long cannot be evaluated: only a Deny applies.
    for (const policy of [allowing, denying])
      assert.equal(isIn(policy, {}, { context: { 'my:key': ['a', 'b'] } }), false)
    const unclear = { context: { 'my:key': 'a'.repeat(32_769) } }
    assert.deepEqual([isIn(allowing, {}, unclear), isIn(denying, {}, unclear)], [false, true])
  })

  test('POL-182 whatever its resource is, if a Deny cannot be read', () => {
    const policy = identity(deny({ Resource: ['arn:aws:s3:::b/${aws:username', 'arn:aws:s3:::c'] }))
    assert.equal(isIn(policy, {}, { resource: elsewhere }), true)
  })
})

describe('rows keep what the statement says', () => {
  const briefly = (before: Policy, after: Policy) =>
    difference(before, after).map(({ kind, actions, notActions, resources, notResources, principals }) => ({
      kind,
      actions: `${notActions ? 'not ' : ''}${actions.join(' ')}`,
      resources: `${notResources ? 'not ' : ''}${resources?.join(' ')}`,
      ...(principals === undefined ? {} : { principals: principals.map(({ value }) => value).join(' ') }),
    }))
  const nothing = identity(allow({ Action: 'none:none' }))

  test('every value of NotAction and of NotResource', () => {
    const after = identity({
      Effect: 'Allow',
      NotAction: ['s3:*', 'iam:*'],
      NotResource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
    })
    assert.deepEqual(briefly(nothing, after), [
      { kind: 'wider', actions: 'not s3:* iam:*', resources: 'not arn:aws:s3:::a arn:aws:s3:::b' },
    ])
  })

  test('POL-182 every resource of a Deny that cannot be read', () => {
    const Resource = ['arn:aws:s3:::b/${aws:username', 'arn:aws:s3:::c']
    assert.deepEqual(briefly(identity(allow(), deny({ Resource })), identity(allow())), [
      { kind: 'lifted', actions: '*', resources: Resource.join(' ') },
    ])
  })

  test('up to 4,096 pieces are compared one by one, a longer statement as a whole', () => {
    const many = (count: number, of: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => of(index))
    const rows = (actions: number, resources: number, Principal?: object) => {
      const Resource = many(resources, (index) => `arn:aws:s3:::${index}`)
      const names = many(actions, (index) => `s3:Get${index}`)
      const of = (Action: readonly string[]) =>
        Principal === undefined
          ? identity(allow({ Action, Resource }))
          : resource(allow({ Action, Resource, Principal }))
      return difference(of(names.slice(1)), of(names)).map((row) => [
        row.actions.length,
        row.resources?.length,
        row.principals?.length,
      ])
    }
    assert.deepEqual(rows(64, 64), [[1, 64, undefined]])
    assert.deepEqual(rows(17, 241), [[17, 241, undefined]])
    const AWS = ['111111111111', '222222222222', '333333333333']
    assert.deepEqual(rows(64, 32, { AWS: AWS.slice(1) }), [[1, 32, 2]])
    assert.deepEqual(rows(64, 32, { AWS }), [[64, 32, 3]])
    // As a whole, it is a row if any of its principals is new.
    const long = (Principal: object, Action: readonly string[] = many(4_097, (index) => `s3:Get${index}`)) =>
      resource(allow({ Action, Principal }))
    assert.equal(difference(long({ AWS: AWS[0] }), long({ AWS: AWS.slice(0, 2) })).length, 1)
    assert.equal(difference(long({ AWS }), long({ AWS: AWS.slice(0, 2) })).length, 0)
  })
})

describe('elements', () => {
  const actions = (...values: readonly string[]) => ({
    negated: false,
    patterns: values.map((value) => ({ tokens: tokens(value), head: '' })),
  })

  test('only a lone asterisk includes everything but some', () => {
    const except = { ...actions('a'), negated: true }
    assert.equal(setIncludes(actions('b', '*'), except), true)
    for (const one of ['b', '?', '*b', '**b', '']) assert.equal(setIncludes(actions(one), except), false, one)
  })

  test('POL-182 values that cannot be read', () => {
    const of = (statement: StatementInput) => {
      const policy = identity(statement)
      const { negated, patterns } = resourceSet(policy.statements[0]!, policy)
      return [negated, patterns.length]
    }
    const values = ['arn:aws:s3:::b/${aws:username', 'arn:aws:s3:::c']
    assert.deepEqual(of(deny({ Resource: values })), [true, 0])
    assert.deepEqual(of(deny({ Resource: undefined, NotResource: values })), [true, 1])
    assert.deepEqual(of(allow({ Resource: values })), [false, 2])
    assert.deepEqual(of(allow({ Resource: undefined, NotResource: values })), [false, 0])
    assert.deepEqual(of(deny({ Resource: values.slice(1) })), [false, 1])
    assert.deepEqual(of(allow({ Resource: undefined, NotResource: values.slice(1) })), [true, 1])
  })

  test('POL-087 actions take no variables, and ignore case', () => {
    const tokensIn = (Action: string) =>
      actionSet(identity(allow({ Action })).statements[0]!.action).patterns[0]!.tokens
    assert.deepEqual(tokensIn('S3:${a:b}'), [...'s3:${a:b}'])
    assert.deepEqual(tokensIn('s3:?*'), tokens('s3:?*'))
  })

  test('an account includes its principals of the type AWS alone', () => {
    const named = (Principal: object) => resource(allow({ Principal })).statements[0]!.principal!
    const root = 'arn:aws:iam::123456789012:root'
    const provider = 'arn:aws:iam::123456789012:saml-provider/idp'
    const role = 'arn:aws:iam::123456789012:role/app'
    const includes = (outer: object, inner: object) =>
      principalIncludes(named(outer), named(inner).entries[0])
    assert.equal(includes({ AWS: root }, { AWS: role }), true)
    assert.equal(includes({ AWS: root }, { Federated: provider }), false)
    assert.equal(includes({ Federated: root }, { Federated: provider }), false)
  })
})

describe('comparing patterns costs steps', () => {
  const cost = (work: () => void) => {
    const budget = new Budget(1_000_000)
    metered(budget, work)
    return budget.used
  }

  test('of a pattern without runs, no more than it is long', () => {
    assert.equal(
      cost(() => includes(tokens('ab'), tokens('c'.repeat(100)))),
      102,
    )
  })

  test('when they are spent, nothing is included and everything may overlap', () => {
    const within = (steps: number) =>
      metered(new Budget(steps), () => [
        includes(tokens('abcd'), tokens('abcd')),
        overlaps(tokens('abcd'), tokens('xyz')),
      ])
    assert.deepEqual(within(1_000), [true, false])
    assert.deepEqual(within(1), [false, true])
    // A run that starts anew takes a step each time.
    const runs = (steps: number) =>
      metered(new Budget(steps), () => includes(tokens('*b'), tokens(`${'a'.repeat(50)}b`)))
    assert.deepEqual([runs(60), runs(200)], [false, true])
  })
})

test('one document allows what a statement allows and none denies', () => {
  const verdicts = (...statements: readonly StatementInput[]) =>
    isAllowedBy(identity(...statements), requestOf())
  assert.equal(verdicts(allow({ Action: 's3:PUTOBJECT' })), false)
  assert.equal(verdicts(allow({ Action: 'S3:GETOBJECT' })), true)
  assert.equal(verdicts(allow(), deny({ Resource: 'arn:aws:s3:::pay/*' })), false)
  assert.equal(verdicts(allow(), deny({ Resource: 'arn:aws:s3:::b/*' })), true)
  assert.equal(verdicts(allow(), deny({ Condition: { Foo: { a: 'b' } } })), false)
  assert.equal(verdicts(allow({ Condition: { Foo: { a: 'b' } } })), false)
})
