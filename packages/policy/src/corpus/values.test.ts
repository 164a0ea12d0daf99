import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { leastPolicy } from '../analysis/least.ts'
import { callersIn, principalKeys, somebody } from '../analysis/somebody.ts'
import { isPossible } from '../analysis/values.ts'
import { isBase64 } from '../condition/binary.ts'
import { compileCondition, problemOf, wantedValues } from '../condition/condition.ts'
import { parseDate } from '../condition/date.ts'
import { filledAction, filledArns, filledTexts } from '../condition/example-text.ts'
import { parseNetwork } from '../condition/ip.ts'
import { contextKeys } from '../condition/keys.ts'
import { compareNumbers, parseNumber } from '../condition/number.ts'
import { isKnownOperator, parseOperator } from '../condition/operators.ts'
import {
  dateBeside,
  filledArn,
  filledText,
  networkAddress,
  numberBeside,
  otherBool,
  otherValue,
  plainValue,
} from '../condition/samples.ts'
import { allow, policyOf } from '../fixture.ts'
import { isWild, vendorOf } from '../match/action.ts'
import { accountIdOf, isArn, splitArn, splitArnPattern } from '../match/arn.ts'
import { literalPattern } from '../match/literal.ts'
import { completedArn, splitFields } from '../match/resource.ts'
import { parseTemplate } from '../match/template.ts'
import { Context } from '../request/context.ts'
import { principalContext } from '../request/principal-context.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a line hands in is of the type that its function takes, or the test fails
type Any = any

const conditionOf = (operator: string, values: unknown) => {
  const policy = policyOf('identity', allow({ Condition: { [operator]: { 'my:key': values } } }))
  return compileCondition(policy.statements[0]!.condition[0]!, true)
}
const wild = { wildcards: true, variables: true }

/** What a line names, with the values that follow it in JSON. */
const called: Readonly<Record<string, (...values: readonly Any[]) => unknown>> = {
  parseDate,
  parseNetwork,
  isBase64,
  compareNumbers: (one, other) => {
    const [a, b] = [parseNumber(one), parseNumber(other)]
    return a && b && Math.sign(compareNumbers(a, b))
  },
  numberBeside,
  dateBeside,
  otherBool,
  otherValue,
  plainValue,
  networkAddress,
  filledText,
  filledTexts,
  filledArn,
  filledArns,
  filledAction,
  isPossible,
  splitArn,
  splitArnPattern: (text) => splitArnPattern(parseTemplate(text, wild)),
  accountIdOf,
  isArn,
  splitFields,
  completedArn,
  literalPattern,
  vendorOf,
  isWild,
  parseTemplate: (text) => parseTemplate(text, wild),
  parseOperator: (text) => {
    const { operator, ...rest } = parseOperator(text)
    return { ...rest, name: operator?.name, isKnown: isKnownOperator(text) }
  },
  principalContext,
  somebody: (type, value) => somebody({ ...allow(), type, value } as Any),
  callersIn: (operator, key, values) =>
    callersIn(policyOf('identity', allow({ Condition: { [operator]: { [key]: values } } })).statements),
  principalKeys: (principal, ...keys) =>
    principalKeys(
      principal,
      keys.map((key) => policyOf('identity', allow({ Condition: { Null: { [key]: 'true' } } }))),
    ),
  contextKeys: (...statements) => contextKeys([policyOf('identity', ...statements)]),
  leastPolicy: (seen, scope) => leastPolicy(seen, scope),
  problemOf: (operator, values, seen) =>
    problemOf(conditionOf(operator, values), new Context({ 'my:key': seen ?? undefined }).lookup('my:key')),
  wantedValues: (values) =>
    wantedValues(conditionOf('StringLike', values), new Context({ 'aws:username': 'dev' })),
}

test('POL-088, POL-095, POL-096, POL-097, POL-133, POL-185 what small functions return', () => {
  checkCorpus(join(import.meta.dirname, 'values.txt'), (line) => {
    const [name = '', ...rest] = line.split(' ')
    const values: readonly unknown[] = JSON.parse(`[${rest.join(' ')}]`)
    return [JSON.stringify(called[name]?.(...values)) ?? 'undefined']
  })
})
