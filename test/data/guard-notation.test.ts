import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { guardDependents, passRoleRows } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  accountPart,
  eachStep,
  elementStep,
  guardCatalogue,
  keys,
  partitionPart,
  regionPart,
  values,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { compiledOperation, sourceOf, Templates } from '../../tools/guard/compile.ts'
import { conditionsOf } from '../../tools/guard/condition.ts'
import { pathOf } from '../../tools/guard/place.ts'
import { templateOf } from '../../tools/guard/template.ts'

describe('the notation of the guard’s catalogue', () => {
  it('reads places', () => {
    assert.deepEqual(pathOf('Targets[].RoleArn'), ['Targets', eachStep, 'RoleArn'])
    assert.deepEqual(pathOf('Parameters{AutomationAssumeRole}[]'), [
      'Parameters',
      'AutomationAssumeRole',
      eachStep,
    ])
    assert.deepEqual(pathOf('Roles{}'), ['Roles', values])
    assert.deepEqual(pathOf('RequestItems{#}'), ['RequestItems', keys])
    assert.deepEqual(pathOf('.Id'), [elementStep, 'Id'])
    assert.deepEqual(pathOf('.'), [elementStep])
  })

  it('refuses what is no place', () => {
    for (const text of [
      '',
      '..',
      'A..B',
      'A.',
      'A[',
      'A[0]',
      'A[]B',
      'A{',
      'A B',
      'A,B',
      'A=b',
      'aws:username',
    ])
      assert.throws(() => pathOf(text), /no place/, text)
  })

  it('reads conditions', () => {
    assert.deepEqual(conditionsOf('A & !B & C=d & .E!=f & G^=h & I~?j= & !K~l'), [
      ['present', ['A']],
      ['absent', ['B']],
      ['equals', ['C'], 'd'],
      ['differs', [elementStep, 'E'], 'f'],
      ['begins', ['G'], 'h'],
      ['contains', ['I'], '?j='],
      ['lacks', ['K'], 'l'],
    ])
  })

  it('refuses what is no condition, and what would be read as another', () => {
    for (const text of ['', '!', 'A=', 'A ', 'A& B', 'A & ', '!A=b', '!A!=b', '!A^=b', 'A==b ~', 'A^b'])
      if (text !== 'A==b ~') assert.throws(() => conditionsOf(text), text)
    assert.deepEqual(conditionsOf('A==b ~'), [['equals', ['A'], '=b ~']])
  })

  it('reads templates', () => {
    assert.deepEqual(templateOf('?arn:${Partition}:s3:${Region}:${Owner>Account}:b/${A,.B|last}/*'), {
      optional: true,
      parts: [
        'arn:',
        partitionPart,
        ':s3:',
        regionPart,
        ':',
        { from: [[['Owner']], accountPart] },
        ':b/',
        { from: [[['A'], [elementStep, 'B']]], function: 'last', ends: true },
      ],
      tail: '/*',
      service: 's3',
      kind: 's3:b/',
      regional: true,
      owned: true,
    })
    assert.deepEqual(templateOf('${Arn}').parts, [
      { from: [[['Arn']]], ends: true, alone: true, anyKind: true },
    ])
    assert.deepEqual(templateOf('x/${/Path=y}/z').parts[1], {
      from: [[{ escaped: ['Path'] }]],
      fallback: 'y',
    })
  })

  it('refuses what is no template', () => {
    for (const text of [
      '${}',
      '${A',
      '$A',
      '{A}',
      '${A|nothing}',
      '${A|last|raw}',
      '${Account}',
      '${Account=1}x',
      '${A,Account}',
      '${A..B}',
      'a${A}}',
      '${Region|last}:',
    ])
      assert.throws(() => templateOf(text), text)
  })

  it('reads and refuses sources of keys', () => {
    assert.deepEqual(sourceOf('A,B[]|time'), { at: [['A'], ['B', eachStep]], function: 'time', many: true })
    assert.deepEqual(sourceOf('A=1'), { at: [['A']], fallback: '1' })
    assert.deepEqual(sourceOf('#x-amz-acl'), { header: 'x-amz-acl' })
    assert.deepEqual(sourceOf('=RunInstances'), { constant: 'RunInstances' })
    for (const text of ['', '=', '#', '#X-Amz', 'A|', 'A|nothing', 'A|last|raw', 'A=', 'A,', '|last'])
      assert.throws(() => sourceOf(text), text)
  })

  it('refuses a place of an element where no list is named', () => {
    for (const need of [
      { action: 'a:B', on: ['x/${.A}'] },
      { action: 'a:B', on: ['x/${A,.B}'] },
      { action: 'a:B', when: 'A & .B' },
      { action: 'a:B', keys: { 'a:k': '.' } },
    ])
      assert.throws(() => compiledOperation({ asks: [need] }, [], new Templates()), /no list/)
  })
})

describe('what is kept by hand and what guard.pack holds', () => {
  it('agree on the roles that operations hand on', () => {
    let seen = 0
    for (const { prefix, signs, operations, id } of guardCatalogue().all)
      for (const [name, { passes }] of Object.entries(operations)) {
        const { passes: written } = compiledOperation(
          {},
          passRoleRows(prefix ?? signs, name),
          new Templates(),
        )
        assert.deepEqual(passes, written, `${id} ${name}`)
        seen += passes?.length ?? 0
      }
    assert.ok(seen > 500, String(seen))
  })

  it('agree on what operations ask beside their own actions', () => {
    const { asked, acting, listed } = guardDependents<unknown, { readonly action: string }>()
    const beside = (id: string, name: string) =>
      (guardCatalogue().byId.get(id)?.operation(name)?.asks ?? [])
        .filter((need) => need.beside === true)
        .map(({ action }) => action)
    for (const [id, { operations }] of Object.entries(asked))
      for (const [names, { asks }] of Object.entries(operations))
        for (const name of names.split(' '))
          for (const { action } of asks)
            assert.ok(beside(id, name).includes(action), `${id} ${name} ${action}`)
    for (const [id, rows] of Object.entries(listed))
      for (const [names, actions] of Object.entries(rows))
        for (const name of names.split(' '))
          for (const action of actions)
            assert.ok(beside(id, name).includes(action), `${id} ${name} ${action}`)
    for (const [id, { operations }] of Object.entries(acting))
      for (const name of operations.split(' '))
        assert.equal(guardCatalogue().byId.get(id)?.operation(name)?.acting, true, `${id} ${name}`)
  })
})
