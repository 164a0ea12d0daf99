import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileCondition } from '../condition/condition.ts'
import { operatorNames, type ValueType } from '../condition/operator-names.ts'
import { parseOperator } from '../condition/operators.ts'
import { type Truth, truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import { allow, policyOf } from '../fixture.ts'
import { Context } from '../request/context.ts'
import { languageOf } from './language.ts'
import { chance } from './texts-twin.ts'

/** Values of which the search for a witness must know exactly which texts fit. */
const compared: readonly ValueType[] = ['String', 'Bool', 'Arn']

const wanted = [
  ...['', 'a', 'A', 'ab', 'a*', '*', '?', '*b', 'a?b', 'K', 'ß', 'true', 'TRUE', 'yes', '$', '${*}', '${?}'],
  ...['${aws:username}', 'a${aws:username}*', '${aws:nobody}', "${aws:nobody, 'a'}", "${aws:nobody,'a'}"],
  ...['arn:aws:s3:::a', 'arn:aws:s3:::*', 'arn:*:s3:*:*:a?', 'arn:aws:s3:::${aws:username}', 'arn:aws'],
  ...['arn:aws:s3::1:a:b', 'arn:aws:*:a', '*:*:*:*:*:*', '${my:arn}'],
]
const seen = [
  ...['', 'a', 'A', 'ab', 'AB', 'b', 'aab', 'a*', '*', '?', 'k', 'ß', 'true', 'True', 'false', 'yes', '$'],
  ...['dev', 'DEV', 'adev', 'adevice', 'arn:aws:s3:::a', 'arn:aws:s3:::dev', 'arn:aws:s3:::A', 'arn:aws'],
  ...['arn:aws:s3::1:a:b', 'arn:aws:s3:eu:1:ab', 'arn:::::', 'arn::::', 'xrn:aws:s3:::a'],
]
const truths: readonly Truth[] = [truthYes, truthNo, truthUnknown]
const known = { 'aws:username': 'dev', 'my:arn': 'arn:aws:s3:::a' }

describe('the texts that fit a condition', () => {
  for (const name of operatorNames) {
    const { operator } = parseOperator(name)
    assert.ok(operator)
    test(`${name}: the search for a witness knows exactly those for which it holds`, () => {
      const next = chance(operatorNames.indexOf(name))
      assert.equal(operator.form !== undefined, compared.includes(operator.type))
      if (operator.form === undefined) return
      const alone = wanted.map((value) => [value])
      const together = Array.from({ length: 100 }, (_, index) =>
        Array.from({ length: 2 + (index % 2) }, () => wanted[next(wanted.length)]!),
      )
      for (const [round, values] of [...alone, ...together].entries()) {
        const policy = policyOf('identity', allow({ Condition: { [name]: { 'my:key': values } } }))
        const condition = compileCondition(policy.statements[0]!.condition[0]!, round % 4 !== 0)
        for (const truth of truths) {
          const language = languageOf(condition, [truth], new Context(known))
          assert.ok(language)
          for (const text of seen) {
            const fits = language.some((requirements) =>
              requirements.every(
                ({ patterns, want }) => want === patterns.some((pattern) => pattern.accepts(text)),
              ),
            )
            const holds = condition.test(new Context({ ...known, 'my:key': text })) === truth
            assert.equal(fits, holds, `${name} ${JSON.stringify(values)} of "${text}": ${truth}`)
          }
        }
      }
    })
  }
})
