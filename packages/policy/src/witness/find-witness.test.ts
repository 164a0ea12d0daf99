import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicySet } from '../document/set.ts'
import { allow, deny, layerOf, ownAccount, type StatementInput } from '../fixture.ts'
import type { Answer, Conditional } from './answer.ts'
import { findWitness } from './find-witness.ts'
import { ask, asked, identity, residual } from './fixture.ts'
import type { ShapeVariable } from './question.ts'

const nameVariable: ShapeVariable = { variable: 'name', grammar: { characters: 'a-zA-Z0-9_-', most: 64 } }
const functionArns = `arn:aws:lambda:us-east-1:${ownAccount}:function:`
const roleArns = `arn:aws:iam::${ownAccount}:role/`

function under(Condition: object): StatementInput {
  return allow({ Condition })
}

describe('findWitness: texts', () => {
  test('a request without open parts is decided as evaluate decides it', () => {
    const proven = ask(identity(allow()))
    assert.equal(proven.verdict, 'proven')
    assert.equal(proven.decisions[0]?.by[0]?.layer, 'identity')
    const blocked = ask(identity(allow(), deny()))
    assert.equal(blocked.verdict, 'blocked')
    assert.deepEqual([blocked.layer, blocked.deny?.statement.index], ['identity', 1])
    const nothing = ask({ identity: [] })
    assert.equal(nothing.verdict, 'blocked')
    assert.deepEqual([nothing.layer, nothing.deny, nothing.isGranted], ['identity', undefined, false])
  })

  test('requests that share a variable are searched together', () => {
    const policies = identity(
      allow({ Action: 'lambda:CreateFunction', Resource: `${functionArns}app-*` }),
      allow({ Action: 'lambda:InvokeFunction', Resource: `${functionArns}*-worker` }),
    )
    const both = (most: number, ...more: readonly PolicySet[]): Answer => {
      const name = { ...nameVariable, grammar: { ...nameVariable.grammar, most } }
      const set = { identity: [policies, ...more].flatMap((each) => each.identity ?? []) }
      const actions = ['lambda:CreateFunction', 'lambda:InvokeFunction']
      return findWitness(actions.map((action) => asked(set, { action, resource: [functionArns, name] })))
    }
    const answer = both(64)
    assert.equal(answer.verdict, 'proven')
    assert.equal(answer.variables.name, 'app-worker')
    assert.equal(both(9).verdict, 'blocked')
    const other = both(64, identity(deny({ Action: 'lambda:Invoke*', Resource: `${functionArns}app-*` })))
    assert.equal(other.verdict, 'blocked')
    assert.deepEqual([other.asked, other.deny?.statement.effect, other.isGranted], [1, 'Deny', true])
  })

  test('what a variable holds is not remembered for another caller', () => {
    const policies = identity(
      allow({
        Resource: ['arn:aws:s3:::home/${aws:username}', 'arn:aws:s3:::all/x'],
        Condition: { StringEquals: { 'my:key': '${aws:username}' }, StringLike: { 'my:key': '*' } },
      }),
    )
    const chosen = { 'my:key': { mayBeAbsent: false } }
    const question = asked(policies, { chosen, resource: ['arn:aws:s3:::home/', nameVariable] })
    for (const name of ['dev', 'ann', 'dev']) {
      const request = { ...question.request, context: { 'aws:username': name } }
      const answer = findWitness([{ ...question, request }])
      assert.equal(answer.verdict, 'proven')
      assert.equal(answer.variables.name, name)
      assert.equal(answer.requests[0]?.context.get('my:key'), name)
    }
  })

  test('a question about names is answered alike when it is asked often', () => {
    const resources = Array.from({ length: 30 }, (_, n) => allow({ Resource: `${functionArns}app-${n}` }))
    const question = asked(identity(...resources), { resource: [functionArns, nameVariable] })
    for (let n = 0; n < 6; n++) assert.equal(findWitness([question]).verdict, 'proven')
  })

  test('a name has the grammar of its resource', () => {
    const policies = {
      ...identity(allow({ Resource: `arn:aws:lambda:*:*:function:web-*` })),
      boundary: layerOf('boundary', allow({ Resource: '*:function:app-*' })),
    }
    const request = { action: 'lambda:CreateFunction', resource: [functionArns, nameVariable] }
    const answer = ask(policies, request)
    assert.equal(answer.verdict, 'blocked')
    assert.deepEqual([answer.layer, answer.isGranted], ['boundary', true])
    // Without the grammar there is such a text, which is not a name.
    const free = { variable: 'name', grammar: {} }
    assert.equal(ask(policies, { ...request, resource: [functionArns, free] }).verdict, 'proven')
  })

  test('Denies, NotResource and NotAction leave the names that they leave', () => {
    const policies = identity(
      { Effect: 'Allow', NotAction: 'iam:*', NotResource: `${functionArns}a*` },
      deny({
        Action: undefined,
        NotAction: 's3:*',
        Resource: [`${functionArns}b*`, `${functionArns}?`, `${functionArns}*x*`],
      }),
      deny({ Resource: undefined, NotResource: [`${functionArns}c?`, 'arn:aws:s3:::*'] }),
    )
    const answer = ask(policies, { action: 'lambda:InvokeFunction', resource: [functionArns, nameVariable] })
    assert.equal(answer.verdict, 'proven')
    assert.match(answer.variables.name ?? '', /^c[^x]$/)
    assert.equal(
      ask(policies, { action: 'iam:GetRole', resource: [roleArns, nameVariable] }).verdict,
      'blocked',
    )
  })

  test('POL-086, POL-088 policy variables are constants, and escaped wildcards are characters', () => {
    const keys: ShapeVariable = { variable: 'path', grammar: { characters: 'a-z*/', most: 20 } }
    const resource = ['arn:aws:s3:::b/', keys]
    const found = (Resource: string): string | undefined => {
      const answer = ask(identity(allow({ Resource })), { resource })
      return 'variables' in answer ? answer.variables.path : undefined
    }
    assert.equal(found('arn:aws:s3:::b/${aws:username}/?'), 'dev/x')
    assert.equal(found("arn:aws:s3:::b/${aws:PrincipalTag/t, 'none'}"), undefined)
    assert.equal(found('arn:aws:s3:::b/${*}'), '*')
    const tagged = ask(identity(allow({ Resource: "arn:aws:s3:::b/${aws:PrincipalTag/t, 'none'}" })), {
      resource,
      absent: ['aws:PrincipalTag/*'],
    })
    assert.equal(tagged.verdict, 'proven')
    // A key that is open allows neither a proof nor a proof of absence, unless its value does not matter.
    assert.equal(
      ask(identity(allow({ Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/t}' })), { resource }).verdict,
      'undecided',
    )
    const literal = (...statements: readonly StatementInput[]): string =>
      ask(identity(...statements), { resource: 'arn:aws:s3:::b/x' }).verdict
    const variable = '${aws:PrincipalTag/t}'
    assert.equal(literal(allow({ Resource: `arn:aws:s3:::c/${variable}` })), 'blocked')
    assert.equal(literal(allow({ Resource: `arn:aws:s3:::b/${variable}` })), 'undecided')
    assert.equal(literal(allow(), deny({ Resource: `arn:aws:s3:::c/${variable}` })), 'proven')
    assert.equal(literal(allow(), deny({ Resource: `arn:aws:s3:::b/${variable}` })), 'undecided')
    assert.equal(literal(allow({ Condition: { StringEquals: { 'my:k': variable } } })), 'undecided')
    const without = { context: { 'my:k': undefined } }
    assert.equal(
      ask(identity(allow({ Condition: { StringEquals: { 'my:k': variable } } })), without).verdict,
      'blocked',
    )
    // What is not certain of one statement leaves the others as they are.
    const beside = identity(
      allow({ Resource: `arn:aws:s3:::b/${variable}` }),
      under({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      deny({ Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }),
    )
    assert.equal(residual(ask(beside, { resource })).length, 1)
    // A name that the Deny cannot match with any value is found.
    const denied = identity(allow(), deny({ Resource: `arn:aws:s3:::b/x${variable}` }))
    assert.equal(ask(denied, { resource }).verdict, 'proven')
  })

  test('POL-182 no Allow applies to a value that cannot be read, and every Deny does', () => {
    const resource = ['arn:aws:s3:::b/', nameVariable]
    const values = ["arn:aws:s3:::b/${aws:username,'x'}", 'arn:aws:s3:::b/${aws:username*']
    for (const [broken, text] of values.flatMap((each) => [
      [each, resource] as const,
      [each, 'arn:aws:s3:::b/x'] as const,
    ])) {
      const verdict = (...statements: readonly StatementInput[]): string =>
        ask(identity(...statements), { resource: text }).verdict
      assert.equal(verdict(allow({ Resource: broken })), 'blocked')
      assert.equal(verdict(allow({ Resource: [broken, '*'] })), 'proven')
      assert.equal(verdict(allow({ Resource: undefined, NotResource: broken })), 'blocked')
      assert.equal(verdict(allow(), deny({ Resource: broken })), 'blocked')
      assert.equal(
        verdict(allow(), deny({ Resource: undefined, NotResource: [broken, 'arn:aws:s3:::b/*'] })),
        'proven',
      )
      assert.equal(verdict(allow(), deny({ Resource: undefined, NotResource: broken })), 'blocked')
    }
  })

  test('a Deny whose condition is known to hold is not overcome', () => {
    for (const resource of ['arn:aws:s3:::b/x', ['arn:aws:s3:::b/', nameVariable]]) {
      const denied = (name: string) =>
        ask(identity(allow(), deny({ Condition: { StringEquals: { 'aws:username': name } } })), { resource })
      assert.equal(denied('dev').verdict, 'blocked')
      assert.equal(denied('other').verdict, 'proven')
    }
  })

  test('a spent budget decides nothing', () => {
    const policies = identity(allow({ Resource: `${functionArns}app-*` }))
    const question = [asked(policies, { resource: [functionArns, nameVariable] })]
    const answer = findWitness(question, { steps: 10 })
    assert.equal(answer.verdict, 'undecided')
    assert.deepEqual([answer.reason, answer.steps], ['budget', 10])
    assert.equal(findWitness(question).verdict, 'proven')
  })
})

describe('findWitness: keys', () => {
  const ip = (address: string) => ({ IpAddress: { 'aws:SourceIp': address } })

  test('what the caller chooses is found', () => {
    const chosen = {
      'iam:PassedToService': { values: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], mayBeAbsent: false },
    }
    const pass = (...statements: readonly StatementInput[]) =>
      ask(identity(...statements), { action: 'iam:PassRole', resource: `${roleArns}ci`, chosen })
    const answer = pass(under({ StringLike: { 'iam:PassedToService': 'lambda.*' } }))
    assert.equal(answer.verdict, 'proven')
    assert.equal(answer.requests[0]?.context.get('iam:PassedToService'), 'lambda.amazonaws.com')
    assert.equal(
      pass(under({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } })).verdict,
      'blocked',
    )
    assert.equal(pass(under({ Null: { 'iam:PassedToService': 'true' } })).verdict, 'blocked')
    assert.equal(
      pass(
        allow(),
        deny({ Condition: { StringNotEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'x'] } } }),
      ).verdict,
      'proven',
    )
  })

  test('names of keys may be patterns, and a list of tags is found', () => {
    const chosen = {
      'aws:RequestTag/*': { mayBeAbsent: true },
      'aws:TagKeys': { mayBeAbsent: true, isMultivalued: true },
    }
    const answer = ask(
      identity(
        under({
          StringLike: { 'aws:RequestTag/team': 'a*b' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] },
          'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' },
        }),
        deny({ Condition: { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': 'cost' } } }),
      ),
      { chosen },
    )
    assert.equal(answer.verdict, 'proven')
    const { context } = answer.requests[0] ?? {}
    assert.deepEqual(
      [context?.get('aws:RequestTag/team'), context?.get('aws:TagKeys')],
      ['ab', ['team', 'cost']],
    )
  })

  test('a chosen key may hold the text of the resource', () => {
    const chosen = { 'lambda:FunctionArn': { shape: [functionArns, nameVariable], mayBeAbsent: false } }
    const policies = identity(
      allow({
        Resource: `${functionArns}app-*`,
        Condition: { ArnLike: { 'lambda:FunctionArn': '*:*:*:*:*:function:*-z' } },
      }),
    )
    const answer = ask(policies, {
      action: 'lambda:AddPermission',
      resource: [functionArns, nameVariable],
      chosen,
    })
    assert.equal(answer.verdict, 'proven')
    assert.equal(answer.variables.name, 'app-z')
  })

  test('numbers, dates and addresses are intervals', () => {
    const age = (...statements: readonly object[]) =>
      ask(identity(allow({ Condition: Object.assign({}, ...statements) })), {
        chosen: { 'sts:DurationSeconds': { range: { least: 900, most: 43_200 }, mayBeAbsent: false } },
      }).verdict
    assert.equal(age({ NumericLessThan: { 'sts:DurationSeconds': '901' } }), 'proven')
    assert.equal(age({ NumericLessThan: { 'sts:DurationSeconds': '900' } }), 'blocked')
    assert.equal(
      age(
        { NumericGreaterThan: { 'sts:DurationSeconds': '1000' } },
        { NumericLessThan: { 'sts:DurationSeconds': '1001' } },
      ),
      'blocked',
    )
    const halves = [deny({ Condition: ip('10.0.0.0/9') }), deny({ Condition: ip('10.128.0.0/9') })]
    assert.equal(ask(identity(under(ip('10.0.0.0/8')), ...halves.slice(1))).verdict, 'conditional')
    assert.equal(ask(identity(under(ip('10.0.0.0/8')), ...halves)).verdict, 'blocked')
    const dates = {
      DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
      DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:01Z' },
    }
    assert.equal(residual(ask(identity(under(dates)))).length, 2)
    const oneIsNone = { DateGreaterThan: { 'aws:CurrentTime': ['2026-01-01', 'soon'] } }
    assert.equal(ask(identity(under(oneIsNone))).verdict, 'conditional')
    assert.equal(
      ask(identity(under(dates), deny({ Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-01' } } })))
        .verdict,
      'blocked',
    )
  })

  test('POL-203 a Bool whose variable is another text than true is false, even beside a number', () => {
    const flag = { Bool: { 'my:flag': '${aws:username}' }, NumericEquals: { 'my:flag': '1' } }
    assert.equal(ask(identity(under(flag))).verdict, 'conditional')
    const both = { Bool: { 'my:flag': 'true' }, NumericEquals: { 'my:flag': '1' } }
    assert.equal(ask(identity(under(both))).verdict, 'blocked')
  })

  test('a moment that has passed does not come again', () => {
    const open = {
      'aws:CurrentTime': {
        dates: { earliest: '2026-11-27T22:00:00Z', latest: '2999-01-01' },
        mayBeAbsent: false,
      },
      'aws:EpochTime': { range: { least: 1_795_816_800, most: 32_472_144_000 }, mayBeAbsent: false },
    }
    const verdict = (Condition: object): string => ask(identity(under(Condition)), { open }).verdict
    assert.equal(verdict({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }), 'blocked')
    assert.equal(verdict({ DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }), 'conditional')
    assert.equal(verdict({ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }), 'proven')
    assert.equal(verdict({ DateLessThan: { 'aws:EpochTime': '2020-01-01T00:00:00Z' } }), 'blocked')
    assert.equal(verdict({ NumericGreaterThan: { 'aws:EpochTime': '1600000000' } }), 'proven')
    assert.equal(verdict({ DateLessThan: { 'aws:EpochTime': '2030-01-01T00:00:00Z' } }), 'conditional')
  })

  test('the residual is what the statement says, and whether it must hold', () => {
    const mfa = 'aws:MultiFactorAuthPresent'
    assert.deepEqual(residual(ask(identity(under({ Bool: { [mfa]: 'true' } })))), [
      ['Bool', mfa, ['true'], true],
    ])
    assert.deepEqual(
      residual(ask(identity(allow(), deny({ Condition: { BoolIfExists: { [mfa]: 'false' } } })))),
      [['BoolIfExists', mfa, ['false'], false]],
    )
    // A long-term key has no such key, and Bool does not catch that; of a session it is known.
    const caught = identity(allow(), deny({ Condition: { Bool: { [mfa]: 'false' } } }))
    assert.equal(ask(caught, { absent: [mfa] }).verdict, 'proven')
    assert.equal(ask(caught, { context: { [mfa]: 'false' } }).verdict, 'blocked')
  })

  test('the residual is the smallest, and conditions that follow from it are not in it', () => {
    const id = 'sts:ExternalId'
    const policies = identity(
      under({ StringEquals: { [id]: 'x', 'my:secret': 'y' } }),
      under({ StringEquals: { [id]: 'x' } }),
      deny({ Condition: { StringNotEquals: { [id]: ['x', 'y'] } } }),
      deny({ Condition: { Null: { [id]: 'true' } } }),
    )
    assert.deepEqual(residual(ask(policies)), [['StringEquals', id, ['x'], true]])
    const free = {
      identity: [
        ...(policies.identity ?? []),
        ...layerOf('identity', under({ StringLikeIfExists: { 'my:other': '*' } })),
      ],
    }
    assert.equal(residual(ask(free)).length, 1)
  })

  test('of conditions on one key only those remain from which the others follow', () => {
    const policies = {
      ...identity(under({ StringLike: { 'my:k': 'a*' } })),
      boundary: layerOf('boundary', under({ StringEquals: { 'my:k': 'ab' } })),
    }
    assert.deepEqual(residual(ask(policies)), [['StringEquals', 'my:k', ['ab'], true]])
  })

  test('conditions that exclude each other are no residual', () => {
    const policies = identity(
      under({ StringEquals: { 'my:a': 'x', 'my:b': 'y', 'my:c': 'z' } }),
      under({ StringEquals: { 'my:a': 'w', 'my:b': 'y', 'my:c': 'z' } }),
    )
    assert.equal(residual(ask(policies)).length, 3)
  })

  test('statements that allow in all cases together need no condition', () => {
    const mfa = 'aws:MultiFactorAuthPresent'
    const policies = identity(
      under({ Bool: { [mfa]: 'true' } }),
      allow({ Resource: '*', Condition: { BoolIfExists: { [mfa]: 'false' } } }),
    )
    assert.equal(ask(policies).verdict, 'proven')
    const split = identity(under({ Bool: { [mfa]: 'true' } }), under({ Bool: { [mfa]: 'false' } }))
    assert.equal(ask(split).verdict, 'conditional')
    assert.equal(ask(split, { open: { [mfa]: { mayBeAbsent: false } } }).verdict, 'proven')
  })

  test('the requests of one call have the same surroundings', () => {
    const policies = identity(
      allow({ Action: 'iam:PassRole', Condition: ip('10.0.0.0/8') }),
      allow({ Action: 'lambda:CreateFunction', Condition: ip('192.0.2.0/24') }),
    )
    const requests = [
      asked(policies, { action: 'iam:PassRole', resource: `${roleArns}ci` }),
      asked(policies, { action: 'lambda:CreateFunction', resource: [functionArns, nameVariable] }),
    ]
    assert.equal(residual(findWitness(requests)).length, 2)
    assert.equal(findWitness(requests.map((each) => ({ ...each, call: 'a call' }))).verdict, 'blocked')
  })

  test('the same condition of several requests is named once', () => {
    const policies = identity(under({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }))
    const answer = findWitness([asked(policies), asked(policies, { action: 's3:PutObject' })])
    assert.equal(residual(answer).length, 1)
    assert.deepEqual((answer as Conditional).residual[0]?.asked, [0, 1])
  })
})
