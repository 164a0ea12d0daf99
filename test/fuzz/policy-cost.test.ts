import assert from 'node:assert/strict'
import { describe } from 'node:test'
import {
  Context,
  compile,
  difference,
  evaluate,
  explain,
  type Policy,
  type Principal,
  parsePolicy,
  policyFromJson,
  policySize,
  type Request,
  suggest,
  trace,
  validate,
} from '@omen-iam/policy'
import { policyText } from '../kit/index.ts'
import { linear } from '../support/cost.ts'

describe('no document costs more than its length', () => {
  const parsing = (name: string, length: number, make: (length: number) => string): void => {
    linear(`to read ${name}`, length, (size) => {
      const whole = make(size)
      return () => {
        parsePolicy(whole, 'identity', { lenient: true })
        validate(whole, 'identity')
        policySize(whole)
      }
    })
  }
  const statements = (one: (index: number) => string) => (length: number) =>
    `{"Version":"2012-10-17","Statement":[${Array.from({ length }, (_, index) => one(index)).join()}]}`
  const action = (value: string): string =>
    `{"Statement":{"Effect":"Allow","Resource":"*","Action":"${value}"}}`

  parsing('white space', 3_000, (length) => ' '.repeat(length))
  parsing('opening brackets', 3_000, (length) => '['.repeat(length))
  parsing('opening braces', 3_000, (length) => '{"a":'.repeat(length / 5))
  parsing('a string that does not end', 3_000, (length) => `"${'a'.repeat(length)}`)
  parsing('backslashes', 3_000, (length) => `"${'\\\\'.repeat(length / 2)}"`)
  parsing('digits', 3_000, (length) => '1'.repeat(length))
  parsing('lines', 3_000, (length) => action(`s3:Get${'*'.repeat(20)}`) + '\n'.repeat(length))
  parsing('one key again and again', 300, (length) => `{${'"Version":"2012-10-17",'.repeat(length)}"Id":"a"}`)
  parsing('many keys', 300, (length) => `{${Array.from({ length }, (_, index) => `"k${index}":1`).join()}}`)
  parsing(
    'many statements',
    40,
    statements(() => '{"Effect":"Allow","Action":"s3:*","Resource":"*"}'),
  )
  parsing(
    'many statements with a Sid each',
    40,
    statements((index) => `{"Sid":"s${index}","Effect":"Allow","Action":"s3:*","Resource":"*"}`),
  )
  parsing(
    'many statements of one Sid',
    40,
    statements(() => '{"Sid":"s","Effect":"Allow","Action":"s3:*","Resource":"*"}'),
  )
  parsing(
    'many wrong statements',
    100,
    statements(() => '{"Effect":"Maybe","Aktion":1}'),
  )
  const trusting = (name: string, length: number, make: (length: number) => object): void => {
    linear(`to validate ${name}`, length, (size) => {
      const text = policyText({ Effect: 'Allow', Action: 'sts:AssumeRole', ...make(size) })
      return () => void validate(text, 'trust')
    })
  }
  trusting('a service whose name is all dots', 2_000, (length) => ({
    Principal: { Service: `${'a.'.repeat(length)}!` },
  }))
  trusting('many actions beside many principals', 100, (length) => ({
    Action: Array.from({ length }, () => 'sts:AssumeRole'),
    Principal: {
      Federated: Array.from({ length }, (_, i) => `arn:aws:iam::123456789012:saml-provider/${i}`),
    },
  }))
  trusting('many actions beside many conditions', 100, (length) => ({
    Action: Array.from({ length }, () => 'sts:AssumeRole'),
    Principal: { AWS: '123456789012' },
    Condition: {
      StringEquals: Object.fromEntries(Array.from({ length }, (_, i) => [`aws:RequestTag/${i}`, 'v'])),
    },
  }))
  trusting('a value of variables that never end', 3_000, (length) => ({
    Principal: { AWS: '123456789012' },
    Condition: { StringLike: { 'aws:SourceVpc': '${'.repeat(length) } },
  }))
  linear('to compare what a long action allows', 250, (size) => {
    const policies = [`s3:${'a*'.repeat(size)}b`, `s3:${'a*'.repeat(20)}b`].map((Action) => {
      const parsed = policyFromJson(
        { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } },
        'identity',
        { lenient: true },
      )
      assert.ok(parsed.ok)
      return parsed.policy
    })
    const [before, after] = policies as [Policy, Policy]
    return () => void difference(before, after)
  })
  linear('to compare many actions of many services', 60, (size) => {
    const policies = ['Get', 'List'].map((verb) => {
      const Action = Array.from({ length: size }, (_, index) => `service${index}:${verb}*`)
      const parsed = policyFromJson(
        {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: [...Action, '*:Own'], Resource: '*' },
        },
        'identity',
        { lenient: true },
      )
      assert.ok(parsed.ok)
      return parsed.policy
    })
    const [before, after] = policies as [Policy, Policy]
    return () => void difference(before, before).concat(difference(after, after))
  })
  parsing('a long action', 3_000, (length) => action(`s3:${'a*'.repeat(length / 2)}`))
  parsing('many opened variables', 3_000, (length) => action('${'.repeat(length / 2)))
  parsing('many actions', 100, (length) => {
    const list = Array.from({ length }, (_, index) => `"s3:Action${index}"`)
    return `{"Statement":{"Effect":"Allow","Resource":"*","Action":[${list.join()}]}}`
  })
})

describe('no decision costs more than policy times request', () => {
  const ask = (
    statement: object | object[],
    about: { action?: string; resource?: string; context?: object },
  ) => {
    const parsed = policyFromJson({ Version: '2012-10-17', Statement: statement }, 'identity', {
      lenient: true,
    })
    assert.ok(parsed.ok)
    const compiled = compile({ identity: [{ policy: parsed.policy, source: { type: 'none' } }] })
    const principal: Principal = {
      type: 'user',
      arn: 'arn:aws:iam::123456789012:user/dev',
      account: '123456789012',
    }
    const { action = 's3:GetObject', resource = 'arn:aws:s3:::a/x', context = {} } = about
    const asked: Request = { principal, action, resource, context: new Context({ ...context }) }
    return { asked, compiled }
  }
  type Asked = ReturnType<typeof ask>
  const deciding = (name: string, length: number, make: (length: number) => Asked): void => {
    linear(`to decide ${name}`, length, (size) => {
      const { asked, compiled } = make(size)
      return () => void evaluate(asked, compiled)
    })
  }
  const telling = (name: string, length: number, make: (length: number) => Asked): void => {
    linear(`to tell of ${name}`, length, (size) => {
      const { asked, compiled } = make(size)
      return () => void explain(trace(asked, compiled), asked)
    })
    linear(`to suggest for ${name}`, length, (size) => {
      const { asked, compiled } = make(size)
      return () => void suggest(asked, compiled)
    })
  }
  const allow = (more: object): object => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more })
  const stars = '*a'.repeat(40)

  deciding('a long resource against many wildcards', 1_000, (length) =>
    ask(allow({ Resource: `arn:aws:s3:::${stars}b` }), { resource: `arn:aws:s3:::${'a'.repeat(length)}` }),
  )
  deciding('many wildcards against a long resource', 200, (length) =>
    ask(allow({ Resource: `arn:aws:s3:::${'*a'.repeat(length)}b` }), {
      resource: `arn:aws:s3:::${'a'.repeat(2_000)}`,
    }),
  )
  deciding('many asterisks in a row', 500, (length) =>
    ask(allow({ Resource: `arn:aws:s3:::${'*'.repeat(length)}b` }), {
      resource: `arn:aws:s3:::${'a'.repeat(2_000)}`,
    }),
  )
  deciding('a long value under StringLike', 1_000, (length) =>
    ask(allow({ Condition: { StringLike: { 'a:b': `${stars}b` } } }), {
      context: { 'a:b': 'a'.repeat(length) },
    }),
  )
  deciding('a long value under ArnLike', 1_000, (length) =>
    ask(allow({ Condition: { ArnLike: { 'a:b': `arn:aws:s3:::${stars}b` } } }), {
      context: { 'a:b': `arn:aws:s3:::${'a'.repeat(length)}` },
    }),
  )
  deciding('a value of many colons under ArnLike', 1_000, (length) =>
    ask(allow({ Condition: { ArnLike: { 'a:b': 'arn:*:*:*:*:*' } } }), {
      context: { 'a:b': `arn${':'.repeat(length)}` },
    }),
  )
  deciding('a value with a long variable', 1_000, (length) =>
    ask(allow({ Condition: { StringLike: { 'a:b': '*${a:c}*${a:c}*' } } }), {
      context: { 'a:b': 'a'.repeat(200), 'a:c': 'a'.repeat(length) },
    }),
  )
  deciding('a value of many variables', 200, (length) =>
    ask(allow({ Condition: { StringEquals: { 'a:b': '${a:c}'.repeat(length) } } }), {
      context: { 'a:b': 'ac'.repeat(length * 8), 'a:c': 'ac' },
    }),
  )
  deciding('many values of a request', 200, (length) =>
    ask(allow({ Condition: { 'ForAllValues:StringLike': { 'a:b': ['x*', 'y*', 'a*z*'] } } }), {
      context: { 'a:b': Array.from({ length }, (_, index) => `az${index}`) },
    }),
  )
  deciding('many values of a policy', 200, (length) =>
    ask(
      allow({ Condition: { StringNotLike: { 'a:b': Array.from({ length }, (_, index) => `*${index}*b`) } } }),
      {
        context: { 'a:b': 'aaaaaaaaaa' },
      },
    ),
  )
  deciding('a long number', 1_000, (length) =>
    ask(allow({ Condition: { NumericEquals: { 'a:b': '1' } } }), {
      context: { 'a:b': `${'1'.repeat(length)}x` },
    }),
  )
  deciding('a long date', 1_000, (length) =>
    ask(allow({ Condition: { DateEquals: { 'a:b': '2026-01-01' } } }), {
      context: { 'a:b': `2026-01-01T00:00:00.${'0'.repeat(length)}` },
    }),
  )
  deciding('a long address', 1_000, (length) =>
    ask(allow({ Condition: { IpAddress: { 'a:b': '::/0' } } }), { context: { 'a:b': '1:'.repeat(length) } }),
  )
  deciding('a long base64 value', 1_000, (length) =>
    ask(allow({ Condition: { BinaryEquals: { 'a:b': 'AAAA' } } }), {
      context: { 'a:b': `${'A'.repeat(length)}=` },
    }),
  )
  deciding('many statements', 100, (length) =>
    ask(
      Array.from({ length }, (_, index) => allow({ Resource: `arn:aws:s3:::${index}/*` })),
      {},
    ),
  )
  telling('many statements', 50, (length) =>
    ask(
      Array.from({ length }, (_, index) => allow({ Resource: `arn:aws:s3:::${index}/*` })),
      {},
    ),
  )
  telling('many values of a policy', 100, (length) =>
    ask(
      allow({ Condition: { StringEquals: { 'a:b': Array.from({ length }, (_, index) => `v${index}`) } } }),
      {
        context: { 'a:b': 'a' },
      },
    ),
  )
})
