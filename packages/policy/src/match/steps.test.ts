import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { actionSet, resourceSet, setIncludes, setOverlaps } from '../analysis/elements.ts'
import { compile } from '../compile/compile.ts'
import { compileCondition } from '../condition/condition.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { allow, deny, layerOf, policyOf, requestOf, session } from '../fixture.ts'
import { Context, type ContextInput } from '../request/context.ts'
import { compileGlob } from './glob.ts'
import { includes, overlaps, tokensOf } from './inclusion.ts'
import { Budget, metered } from './meter.ts'
import { compilePrincipal, isSpared, naming } from './principal.ts'
import { parseTemplate } from './template.ts'

const context = { 'aws:username': 'dev', 'aws:PrincipalTag/team': 'a'.repeat(40) }
const wild = { wildcards: true, variables: true }

function stepsOf(work: () => unknown): number {
  const budget = new Budget()
  metered(budget, work)
  return budget.used
}

function ofGlob(pattern: string, value: string): number {
  const matches = compileGlob(pattern, wild)
  return stepsOf(() => matches(value, new Context(context)))
}

function ofCondition(operator: string, values: unknown, seen: ContextInput): number {
  const policy = policyOf('identity', allow({ Condition: { [operator]: { 'my:key': values } } }))
  const condition = compileCondition(policy.statements[0]!.condition[0]!, true)
  return stepsOf(() => condition.test(new Context({ ...context, 'my:key': seen })))
}

const tokens = (text: string) => tokensOf(parseTemplate(text, wild))

function ofPrincipal(element: object): number {
  const policy = policyOf('resource', allow({ ...element }))
  const compiled = compilePrincipal(policy.statements[0]!.principal!)
  return stepsOf(() => (compiled.negated ? isSpared(compiled, session, false) : naming(compiled, session)))
}

function ofActions(one: readonly string[], other: readonly string[]): number {
  const [a, b] = [one, other].map((Action) =>
    actionSet(policyOf('identity', allow({ Action })).statements[0]!.action),
  )
  return stepsOf(() => [setIncludes(a!, b!), setOverlaps(a!, b!)])
}

function ofResources(one: object, other: object): number {
  const [a, b] = [one, other].map((element) => {
    const { Resource: _, ...rest } = allow()
    const policy = policyOf('identity', { ...rest, ...element })
    return resourceSet(policy.statements[0]!, policy)
  })
  return stepsOf(() => [setIncludes(a!, b!), setOverlaps(a!, b!)])
}

function ofDecision(...statements: readonly object[]): number {
  const set = compile({ identity: layerOf('identity', ...(statements as [])) })
  const budget = new Budget()
  evaluate(requestOf({ context: { ...context, 'my:key': 'x'.repeat(100) } }), set, budget)
  return budget.used
}

const long = 'ab'.repeat(150)
const addresses = ['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32']

/** What a change of an algorithm changes, too: then look whether it is meant, and write the new number. */
const table: readonly (readonly [work: string, steps: () => number, expected: number])[] = [
  ['equal texts', () => ofGlob('abc', 'abc'), 0],
  ['a text and a run', () => ofGlob('abc*', 'abcdef'), 0],
  ['a run and a text', () => ofGlob('*abc', 'xabc'), 0],
  ['a run within a text', () => ofGlob('a*c', 'abc'), 0],
  ['anything', () => ofGlob('*', 'abc'), 0],
  ['a text that comes too early', () => ofGlob('*ab?abcd*', 'xxabcdabyabcd'), 10],
  ['one character', () => ofGlob('a?', 'ab'), 2],
  ['one character that differs', () => ofGlob('a?c?e', 'abxde'), 3],
  ['a run between texts', () => ofGlob('a*b*c', `a${'x'.repeat(80)}bc`), 43],
  ['no text between runs', () => ofGlob('a*b*c', `a${'x'.repeat(80)}c`), 44],
  ['a wrong head', () => ofGlob('a?b*x?y', 'axzzzzz'), 3],
  ['a wrong tail', () => ofGlob('a?b*x?y', 'aabzzzz'), 4],
  ['a wrong start of a tail', () => ofGlob('a*?x?y', 'abzx1y'), 5],
  ['many ones', () => ofGlob('*?a?a?b*', 'xaxaxaxaxaxb'), 31],
  ['ones and no end', () => ofGlob('*?a?a?b?', 'xaxaxaxaxaxax'), 2],
  ['ones without a text', () => ofGlob('*???*', 'ab'), 0],
  ['a long text', () => ofGlob(`*${long}*`, `${'ab'.repeat(20)}c${long}`), 641],
  ['a long text that is not there', () => ofGlob(`*${long}*`, `${'ab'.repeat(149)}c`.repeat(2)), 898],
  ['a long text in a short value', () => ofGlob(`*${long}*?*`, 'ab'), 0],
  ['a text of 250 characters', () => ofGlob(`*${'a'.repeat(250)}*`, 'a'.repeat(400)), 126],
  [
    'a text of 251 characters',
    () => ofGlob(`*b${'a'.repeat(250)}*`, `${'a'.repeat(40)}b${'a'.repeat(300)}`),
    542,
  ],
  ['a variable', () => ofGlob('x/${aws:username}', 'x/dev'), 2],
  ['a long variable', () => ofGlob('${aws:PrincipalTag/team}b', `${'a'.repeat(40)}b`), 7],
  ['a variable and a run', () => ofGlob('x/${aws:username}/*', 'x/dev/y'), 3],
  ['a variable among runs', () => ofGlob('x*/${aws:username}/?*', 'xx/dev/yz'), 65],
  ['a variable behind another text', () => ofGlob('x/${aws:username}', 'y/dev'), 1],
  ['a short value', () => ofCondition('StringEquals', 'a', 'a'), 1],
  ['a long value', () => ofCondition('StringEquals', 'a', 'a'.repeat(100)), 13],
  ['many values', () => ofCondition('StringLike', ['b*', 'c*', 'a*', 'd*'], 'a'), 4],
  ['many values of the request', () => ofCondition('ForAllValues:StringLike', 'a*', ['a', 'a', 'b', 'a']), 6],
  ['any of them', () => ofCondition('ForAnyValue:StringLike', 'a*', ['b', 'b', 'a', 'a']), 6],
  ['a list of one', () => ofCondition('StringEquals', 'a', ['a']), 0],
  ['addresses', () => ofCondition('IpAddress', addresses, '192.0.2.1'), 8],
  ['one network', () => ofCondition('NotIpAddress', addresses[0], '192.0.2.1'), 4],
  ['no address', () => ofCondition('IpAddress', addresses, 'here'), 1],
  ['an ARN', () => ofCondition('ArnLike', 'arn:aws:s3:::a*', 'arn:aws:s3:::ab'), 8],
  [
    'an ARN with a variable',
    () => ofCondition('ArnLike', 'arn:aws:s3:::${aws:username}', 'arn:aws:s3:::dev'),
    11,
  ],
  ['any case with a variable', () => ofCondition('StringEqualsIgnoreCase', 'A${aws:username}', 'adev'), 3],
  ['a truth with a variable', () => ofCondition('Bool', '${aws:username}', 'true'), 2],
  ['numbers', () => ofCondition('NumericEquals', ['1', '2', '3', '4', '5'], '4'), 2],
  [
    'principals',
    () => ofPrincipal({ Principal: { AWS: ['123456789012', 'arn:aws:iam::1:user/a', '*'] } }),
    3,
  ],
  [
    'spared principals',
    () => ofPrincipal({ NotPrincipal: { AWS: ['123456789012', 'arn:aws:iam::1:user/a'] } }),
    2,
  ],
  ['patterns in patterns', () => stepsOf(() => includes(tokens('a*b*c'), tokens('axb*bc'))), 14],
  ['a pattern that is tried again', () => stepsOf(() => includes(tokens('*aab'), tokens('aaaaaaab'))), 17],
  ['patterns that meet', () => stepsOf(() => overlaps(tokens('a*b'), tokens('*?b'))), 9],
  ['actions', () => ofActions(['s3:*', 'iam:Get*'], ['s3:GetObject', 'iam:GetRole', 'iam:P*']), 99],
  [
    'actions that begin alike',
    () => ofActions(['s3:Get*', 's3:GetO*', 's3:G*t'], ['s3:*', 's3:GetObject']),
    25,
  ],
  [
    'resources',
    () => ofResources({ Resource: ['arn:aws:s3:::a/*'] }, { Resource: ['arn:aws:s3:::a/b', '*'] }),
    51,
  ],
  [
    'other resources',
    () => ofResources({ NotResource: ['arn:aws:s3:::a/*'] }, { NotResource: 'arn:aws:s3:::*' }),
    34,
  ],
  ['a decision', () => ofDecision(allow()), 2],
  [
    'a decision by a condition',
    () => ofDecision(allow({ Condition: { StringLike: { 'my:key': '*y*' } } }), allow()),
    68,
  ],
  [
    'a decision of many',
    () =>
      ofDecision(
        deny({ Resource: 'arn:aws:s3:::*/y' }),
        deny({ NotAction: 's3:*' }),
        allow({ Resource: 'arn:aws:s3:::pay/?' }),
      ),
    4,
  ],
]

describe('POL-181 the steps that are taken', () => {
  for (const [work, steps, expected] of table)
    test(`${work}: ${expected}`, () => assert.equal(steps(), expected))
})
