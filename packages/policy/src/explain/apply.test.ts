import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CompiledSet, compile } from '../compile/compile.ts'
import type { PolicySource } from '../document/set.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import {
  allow,
  deny,
  layerOf,
  ownAccount,
  policyOf,
  requestOf,
  type StatementInput,
  sourceOf,
} from '../fixture.ts'
import { applyEdit, layerAt } from './apply.ts'
import { withChange } from './call-change.ts'
import { plainChange } from './change.ts'
import type { Edit } from './edit.ts'
import { editedPolicies } from './edited.ts'
import { explain } from './explain.ts'
import { suggest } from './suggest.ts'
import { type Question, suggestTogether } from './together.ts'

const everything = layerOf('identity', allow())

function addAction(policy: PolicySource, place: Pick<Edit, 'layer' | 'level'>): Edit {
  const [statement] = policy.policy.statements
  return { ...place, type: 'addAction', action: 's3:GetObject', policy, statement: statement! }
}

describe('applyEdit', () => {
  const [lists] = layerOf('scp', allow({ Action: 's3:List*' })) as [PolicySource]
  const actions = (set: CompiledSet | undefined, place: Pick<Edit, 'layer' | 'level'>) =>
    set &&
    layerAt(set, place)?.policies.map(({ policy }) =>
      policy.statements.flatMap(({ action }) => action.values.map(({ value }) => value)),
    )

  test('is undefined where the set has no such policy or layer', () => {
    const edit = addAction(lists, { layer: 'identity' })
    assert.equal(applyEdit(compile({ identity: everything }), edit), undefined)
    assert.equal(
      applyEdit(compile({ identity: everything }), addAction(lists, { layer: 'boundary' })),
      undefined,
    )
    assert.equal(editedPolicies(compile({ identity: everything }), [edit]), undefined)
  })

  test('without a level is about the first one', () => {
    const [other] = layerOf('scp', allow({ Action: 'ec2:*' })) as [PolicySource]
    const set = compile({ identity: everything, scp: [[lists], [other]] })
    assert.equal(layerAt(set, { layer: 'scp' }), set.scp?.[0])
    assert.equal(layerAt(set, { layer: 'scp', level: 1 }), set.scp?.[1])
    const edited = applyEdit(set, addAction(lists, { layer: 'scp' }))
    assert.deepEqual(actions(edited, { layer: 'scp', level: 0 }), [['s3:List*', 's3:GetObject']])
    assert.deepEqual(actions(edited, { layer: 'scp', level: 1 }), [['ec2:*']])
  })

  test('reads a policy once for one edit, whichever set has it', () => {
    const edit = addAction(lists, { layer: 'identity' })
    const policies = [1, 2].map(
      () => applyEdit(compile({ identity: [lists] }), edit)?.identity?.policies[0]?.policy,
    )
    assert.ok(policies[0] !== undefined && policies[0] === policies[1])
    const other = applyEdit(compile({ identity: [lists] }), { ...edit })?.identity?.policies[0]?.policy
    assert.notEqual(other, policies[0])
  })

  test('is undefined where the document would be too long to read', () => {
    const of = (length: number) =>
      sourceOf(policyOf('identity', { ...allow({ Action: 's3:List*' }), Sid: 'a'.repeat(length) }))
    const most = 262_144 - of(0).policy.text.length
    for (const [length, fits] of [
      [1_000, true],
      [most, false],
    ] as const) {
      const policy = of(length)
      const edited = applyEdit(compile({ identity: [policy] }), addAction(policy, { layer: 'identity' }))
      assert.equal(edited !== undefined, fits)
    }
  })
})

test('a service without a name cannot be named', () => {
  const request = requestOf({ principal: { type: 'service', names: [] } })
  const compiled = compile({
    resource: { source: sourceOf(policyOf('resource', allow({ Principal: { AWS: ownAccount } }))) },
  })
  assert.deepEqual(suggest(request, compiled), [])
  assert.match(explain(evaluate(request, compiled), request).sentence, /^User: service is not/)
})

test('RSN-6 a trust policy is given no Resource, whatever the grant says', () => {
  const trust = sourceOf(
    policyOf('trust', { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:TagSession' }),
  )
  const request = requestOf({ action: 'sts:AssumeRole', resource: `arn:aws:iam::${ownAccount}:role/app` })
  const found = suggest(request, compile({ resource: { source: trust } })).map(({ edits }) =>
    edits.map(plainChange),
  )
  assert.ok(
    found.flat().some((text) => text.includes('"Action":"sts:AssumeRole"} to the resource policy')),
    found.join(),
  )
})

describe('suggest finds at most', () => {
  const other = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      allow({ Action: 's3:GetObject', Resource: `arn:aws:s3:::b${at}` }),
    )
  const found = (count: number, most?: number) =>
    suggest(
      requestOf(),
      compile({ identity: layerOf('identity', ...other(count)) }),
      most === undefined ? {} : { most },
    ).length

  test('eight suggestions, or as many as are asked for', () => {
    assert.deepEqual([found(6), found(7), found(8), found(12)], [7, 8, 8, 8])
    assert.deepEqual([found(12, 1), found(12, 2), found(12, 0)], [1, 2, 0])
  })

  test('those among forty edits', () => {
    const useless = (count: number) =>
      Array.from({ length: count }, () =>
        allow({ Action: 's3:Put*', Condition: { StringEquals: { 'my:key': 'a' } } }),
      )
    const of = (count: number) =>
      suggest(
        requestOf({ context: { 'my:key': 'b' } }),
        compile({ identity: layerOf('identity', ...useless(count), allow({ Resource: 'arn:aws:s3:::b' })) }),
      ).map(({ edits }) => edits.map(({ type }) => type).join())
    assert.deepEqual(of(39), ['addResource'])
    assert.deepEqual(of(38), ['addResource', 'addStatement'])
    assert.ok(!of(40).includes('addResource'))
  })
})

test('RSN-16 a change is made to the requests of a call that have its key', () => {
  const change = [
    { part: 'parameter', key: 'my:key', operator: 'StringEquals', wanted: ['b'], seen: 'a', value: 'b' },
  ] as const
  const without = requestOf()
  assert.equal(withChange(without, change), without)
  assert.equal(withChange(requestOf({ context: { 'my:key': 'a' } }), change).context.get('my:key'), 'b')
})

describe('RSN-12 edits for several requests of a call', () => {
  const volume = (name: string) => `arn:aws:ec2:us-east-1:${ownAccount}:volume/${name}`
  const at = (identity: readonly PolicySource[], ...names: readonly string[]): readonly Question[] =>
    names.map((name) => ({
      request: requestOf({ action: 'ec2:RunInstances', resource: volume(name) }),
      compiled: compile({ identity }),
    }))
  const texts = (questions: readonly Question[]) =>
    suggestTogether(questions)?.map((edit) => plainChange(edit).replaceAll(volume(''), ''))
  const other = allow({ Action: 'ec2:RunInstances', Resource: 'none' })
  const runs = (...more: readonly StatementInput[]) => layerOf('identity', other, ...more)
  const add = (name: string) => `add ${name} to Resource of statement 1 of the identity policy`

  test('a narrow resource goes where a later one covers it, and others stay', () => {
    assert.deepEqual(texts(at(runs(), 'x', '*')), [add('*')])
    assert.deepEqual(texts(at(runs(), 'x', 'y', '*')), [add('*')])
    assert.deepEqual(texts(at(runs(), '*', 'x')), [add('*')])
    assert.deepEqual(texts(at(runs(), 'x', 'y')), [add('x'), add('y')])
    const [first, ...rest] = at(runs(), '../x', 'x', '*') as [Question, ...Question[]]
    const elsewhere = {
      ...first,
      request: requestOf({ action: 'ec2:RunInstances', resource: 'arn:aws:ec2:::image/i' }),
    }
    assert.deepEqual(texts([elsewhere, ...rest]), [add('arn:aws:ec2:::image/i'), add('*')])
  })

  test('edits of other kinds stay, each about the policy that those before it have left', () => {
    const [narrow, wide] = at(runs(), 'x', '*') as [Question, Question]
    const object = { ...narrow, request: requestOf() }
    const key = {
      request: requestOf({ action: 'kms:Decrypt', resource: `arn:aws:kms:us-east-1:${ownAccount}:key/a` }),
      compiled: compile({ identity: everything, resource: { grant: 'explicit' } }),
    }
    const found = suggestTogether([narrow, wide, object, key]) ?? []
    assert.deepEqual(
      found.map(({ type, layer }) => `${layer} ${type}`),
      ['identity addResource', 'identity addStatement', 'resource addStatement'],
    )
    for (const edit of found) {
      assert.ok(!Object.values(edit).includes(undefined))
      if (edit.type !== 'addStatement') assert.ok(edit.policy.policy.statements.includes(edit.statement))
    }
  })

  test('a removed Deny stays, and what was behind it keeps its place', () => {
    const found = texts(at(layerOf('identity', deny({ Resource: volume('*') }), other), 'x', '*'))
    assert.deepEqual(found, ['remove statement 1 of the identity policy', add('*')])
  })

  test('eight edits are pruned, nine are not', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)
    assert.equal(texts(at(runs(), ...names(7), '*'))?.length, 1)
    assert.equal(texts(at(runs(), ...names(8), '*'))?.length, 9)
  })

  test('two policies that look the same are left as they are', () => {
    const twice = [...runs(), ...layerOf('identity', allow({ Action: 'ec2:x', Resource: 'none' }))]
    assert.equal(texts(at(twice, 'x', '*'))?.length, 2)
    const named = twice.map(({ policy }, index) => sourceOf(policy, { type: 'user', name: `p${index}` }))
    assert.equal(texts(at(named, 'x', '*'))?.length, 1)
  })

  test('a new policy counts for each request, and what it makes needless goes', () => {
    const found = suggestTogether(at([], 'x', '*'))?.map((edit) => edit.type)
    assert.deepEqual(found, ['addStatement', 'addResource'])
  })

  test('a new policy of one resource is not applied to another, an edit of a shared one is', () => {
    const key = (name: string) => `arn:aws:kms:us-east-1:${ownAccount}:key/${name}`
    const shared = sourceOf(
      policyOf(
        'key',
        allow({ Principal: { AWS: `arn:aws:iam::${ownAccount}:user/dev` }, Action: 'kms:Encrypt' }),
      ),
    )
    const questions = ['a', 'b'].map((name) => ({
      request: requestOf({ action: 'kms:Decrypt', resource: key(name) }),
      compiled: compile({ identity: everything, resource: { source: shared, grant: 'explicit' } }),
    }))
    assert.deepEqual(
      suggestTogether(questions)?.map(({ type }) => type),
      ['addAction'],
    )
  })

  test('an edit of a policy leaves the requests alone that it does not concern', () => {
    const [first] = at(layerOf('identity', allow({ Action: 'ec2:Describe*' })), 'a') as [Question]
    const [second] = at(layerOf('identity', allow({ Action: 's3:*' })), 'b') as [Question]
    assert.deepEqual(
      suggestTogether([first, second])?.map(({ type }) => type),
      ['addAction', 'addStatement'],
    )
  })

  test('what one question fixes, another may not edit', () => {
    const identity = layerOf('identity', allow({ Action: 'ec2:Describe*' }))
    const [first, second] = at(identity, 'a', 'b') as [Question, Question]
    assert.equal(suggestTogether([first, { ...second, fixed: ['identity'] }])?.length, 1)
    assert.equal(suggestTogether([{ ...first, fixed: ['identity'] }, second]), undefined)
  })
})
