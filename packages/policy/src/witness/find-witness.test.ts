import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import type { PolicySet } from '../compile/set.ts'
import { principalContext } from '../evaluate/principal-context.ts'
import {
  ACCOUNT,
  allow,
  deny,
  layerOf,
  policyOf,
  type StatementInput,
  session,
  sourceOf,
  user,
} from '../fixture.ts'
import type { Answer, Conditional } from './answer.ts'
import { findWitness } from './find-witness.ts'
import type { Asked, OpenRequest, ShapeVariable } from './question.ts'

const NAME: ShapeVariable = { variable: 'name', grammar: { characters: 'a-zA-Z0-9_-', most: 64 } }
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/`

function asked(policies: PolicySet, request: Partial<OpenRequest> = {}): Asked {
  return {
    request: {
      principal: user,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::pay/x',
      context: principalContext(request.principal ?? user),
      ...request,
    },
    policies: compile(policies),
  }
}

/** Asks one request of a user. */
function ask(policies: PolicySet, request: Partial<OpenRequest> = {}): Answer {
  return findWitness([asked(policies, request)])
}

function identity(...statements: readonly StatementInput[]): PolicySet {
  return { identity: layerOf('identity', ...statements) }
}

function under(Condition: object): StatementInput {
  return allow({ Condition })
}

function residual(answer: Answer): readonly (readonly [string, string, readonly string[], boolean])[] {
  assert.equal(answer.verdict, 'conditional', JSON.stringify(answer.verdict))
  return answer.residual.map(({ operator, key, values, mustHold }) => [operator, key, values, mustHold])
}

suite('findWitness: texts', () => {
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
      allow({ Action: 'lambda:CreateFunction', Resource: `${FUNCTION}app-*` }),
      allow({ Action: 'lambda:InvokeFunction', Resource: `${FUNCTION}*-worker` }),
    )
    const both = (most: number, ...more: readonly PolicySet[]): Answer => {
      const name = { ...NAME, grammar: { ...NAME.grammar, most } }
      const set = { identity: [policies, ...more].flatMap((each) => each.identity ?? []) }
      const actions = ['lambda:CreateFunction', 'lambda:InvokeFunction']
      return findWitness(actions.map((action) => asked(set, { action, resource: [FUNCTION, name] })))
    }
    const answer = both(64)
    assert.equal(answer.verdict, 'proven')
    assert.equal(answer.variables.name, 'app-worker')
    assert.equal(both(9).verdict, 'blocked')
    const other = both(64, identity(deny({ Action: 'lambda:Invoke*', Resource: `${FUNCTION}app-*` })))
    assert.equal(other.verdict, 'blocked')
    assert.deepEqual([other.asked, other.deny?.statement.effect, other.isGranted], [1, 'Deny', true])
  })

  test('a name has the grammar of its resource', () => {
    const policies = {
      ...identity(allow({ Resource: `arn:aws:lambda:*:*:function:web-*` })),
      boundary: layerOf('boundary', allow({ Resource: '*:function:app-*' })),
    }
    const request = { action: 'lambda:CreateFunction', resource: [FUNCTION, NAME] }
    const answer = ask(policies, request)
    assert.equal(answer.verdict, 'blocked')
    assert.deepEqual([answer.layer, answer.isGranted], ['boundary', true])
    // Without the grammar there is such a text, which is not a name.
    const free = { variable: 'name', grammar: {} }
    assert.equal(ask(policies, { ...request, resource: [FUNCTION, free] }).verdict, 'proven')
  })

  test('Denies, NotResource and NotAction leave the names that they leave', () => {
    const policies = identity(
      { Effect: 'Allow', NotAction: 'iam:*', NotResource: `${FUNCTION}a*` },
      deny({
        Action: undefined,
        NotAction: 's3:*',
        Resource: [`${FUNCTION}b*`, `${FUNCTION}?`, `${FUNCTION}*x*`],
      }),
      deny({ Resource: undefined, NotResource: [`${FUNCTION}c?`, 'arn:aws:s3:::*'] }),
    )
    const answer = ask(policies, { action: 'lambda:InvokeFunction', resource: [FUNCTION, NAME] })
    assert.equal(answer.verdict, 'proven')
    assert.match(answer.variables.name ?? '', /^c[^x]$/)
    assert.equal(ask(policies, { action: 'iam:GetRole', resource: [ROLE, NAME] }).verdict, 'blocked')
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
    // Of a key that is open nothing is known: neither a proof nor its absence.
    assert.equal(
      ask(identity(allow({ Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/t}' })), { resource }).verdict,
      'undecided',
    )
  })

  test('a spent budget decides nothing', () => {
    const policies = identity(allow({ Resource: `${FUNCTION}app-*` }))
    const question = [asked(policies, { resource: [FUNCTION, NAME] })]
    const answer = findWitness(question, { steps: 10 })
    assert.equal(answer.verdict, 'undecided')
    assert.deepEqual([answer.reason, answer.steps], ['budget', 10])
    assert.equal(findWitness(question).verdict, 'proven')
  })
})

suite('findWitness: keys', () => {
  const ip = (address: string) => ({ IpAddress: { 'aws:SourceIp': address } })

  test('what the caller chooses is found', () => {
    const chosen = {
      'iam:PassedToService': { values: ['ec2.amazonaws.com', 'lambda.amazonaws.com'], mayBeAbsent: false },
    }
    const pass = (...statements: readonly StatementInput[]) =>
      ask(identity(...statements), { action: 'iam:PassRole', resource: `${ROLE}ci`, chosen })
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
    const chosen = { 'lambda:FunctionArn': { shape: [FUNCTION, NAME], mayBeAbsent: false } }
    const policies = identity(
      allow({
        Resource: `${FUNCTION}app-*`,
        Condition: { ArnLike: { 'lambda:FunctionArn': '*:*:*:*:*:function:*-z' } },
      }),
    )
    const answer = ask(policies, { action: 'lambda:AddPermission', resource: [FUNCTION, NAME], chosen })
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
    assert.equal(
      ask(identity(under(dates), deny({ Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-01' } } })))
        .verdict,
      'blocked',
    )
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
      asked(policies, { action: 'iam:PassRole', resource: `${ROLE}ci` }),
      asked(policies, { action: 'lambda:CreateFunction', resource: [FUNCTION, NAME] }),
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

suite('findWitness: layers', () => {
  const assume = (policies: PolicySet, trust: StatementInput, request: Partial<OpenRequest> = {}): Answer =>
    ask(
      {
        ...policies,
        resource: {
          source: sourceOf(policyOf('trust', { Effect: 'Allow', Action: 'sts:AssumeRole', ...trust })),
          grant: 'trust',
        },
      },
      { action: 'sts:AssumeRole', resource: `${ROLE}prod`, ...request },
    )
  const named = (AWS: string): StatementInput => ({ Principal: { AWS } })
  const bounded: PolicySet = { identity: [], boundary: layerOf('boundary', allow({ Action: 's3:*' })) }

  test('POL-021, POL-022 how a trust policy names the caller decides what limits it', () => {
    const role = session.type === 'roleSession' ? session : undefined
    const principal = { principal: session }
    assert.equal(assume(bounded, named(user.type === 'user' ? user.arn : '')).verdict, 'proven')
    assert.equal(assume(bounded, named(role?.roleArn ?? ''), principal).verdict, 'blocked')
    assert.equal(assume(bounded, named(role?.sessionArn ?? ''), principal).verdict, 'proven')
    const account = assume(bounded, named(ACCOUNT))
    assert.equal(account.verdict, 'blocked')
    assert.deepEqual([account.layer, account.isGranted], ['identity', false])
    assert.equal(assume(identity(allow()), named(ACCOUNT)).verdict, 'proven')
  })

  test('a trust policy that names someone else blocks, and its conditions are residual', () => {
    const other = assume(identity(allow()), named('999999999999'))
    assert.equal(other.verdict, 'blocked')
    assert.deepEqual([other.layer, other.deny], ['resource', undefined])
    const secret = { ...named(ACCOUNT), Condition: { StringEquals: { 'sts:ExternalId': 's' } } }
    const chosen = {
      'sts:RoleSessionName': {
        shape: [{ variable: 'session', grammar: { characters: 'a-z', most: 64 } }],
        mayBeAbsent: false,
      },
    }
    assert.deepEqual(residual(assume(identity(allow()), secret)), [
      ['StringEquals', 'sts:ExternalId', ['s'], true],
    ])
    const nameIs = {
      ...named(ACCOUNT),
      Condition: { StringLike: { 'sts:RoleSessionName': '${aws:username}*' } },
    }
    const answer = assume(identity(allow()), nameIs, { chosen })
    assert.equal(answer.verdict, 'proven')
    assert.equal(answer.requests[0]?.context.get('sts:RoleSessionName'), 'dev')
  })

  test('POL-012, POL-013, POL-015 each level of SCPs must allow, and RCPs must not deny', () => {
    const level = (...statements: readonly StatementInput[]) => layerOf('scp', ...statements)
    const policies = { ...identity(allow()), scp: [level(allow()), level(allow({ Action: 'ec2:*' }))] }
    const answer = ask(policies)
    assert.equal(answer.verdict, 'blocked')
    assert.deepEqual([answer.layer, answer.level, answer.isGranted], ['scp', 1, true])
    const linked = session.type === 'roleSession' ? { ...session, serviceLinked: true } : session
    assert.equal(ask(policies, { principal: linked }).verdict, 'proven')
    const rcp = [
      layerOf(
        'rcp',
        deny({ Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      ),
    ]
    assert.equal(
      ask({ ...identity(allow()), rcp }, { context: { 'aws:PrincipalOrgID': 'o-1' } }).verdict,
      'proven',
    )
    const refused = ask({ ...identity(allow()), rcp }, { context: { 'aws:PrincipalOrgID': 'o-2' } })
    assert.equal(refused.verdict, 'blocked')
    assert.equal(refused.layer, 'rcp')
  })

  test('POL-034, POL-035 NotPrincipal in a Deny spares whom it lists completely, unless bounded', () => {
    const resource = (NotPrincipal: object): PolicySet['resource'] => ({
      source: sourceOf(policyOf('resource', { Effect: 'Deny', Action: '*', Resource: '*', NotPrincipal })),
    })
    const arn = user.type === 'user' ? user.arn : ''
    assert.equal(ask({ ...identity(allow()), resource: resource({ AWS: [arn, ACCOUNT] }) }).verdict, 'proven')
    assert.equal(ask({ ...identity(allow()), resource: resource({ AWS: [arn] }) }).verdict, 'blocked')
    const boundary = layerOf('boundary', allow())
    assert.equal(
      ask({ ...identity(allow()), boundary, resource: resource({ AWS: [arn, ACCOUNT] }) }).verdict,
      'blocked',
    )
  })
})
