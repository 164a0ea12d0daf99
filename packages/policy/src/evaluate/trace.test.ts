import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import { allow, deny, layerOf, ownAccount, policyOf, requestOf, session, sourceOf } from '../fixture.ts'
import { trace } from './trace.ts'

describe('trace', () => {
  const statements = [
    allow({ Action: 'ec2:*' }),
    allow({ Action: ['s3:List*', 's3:Get*'], Resource: 'arn:aws:s3:::other/*' }),
    allow({
      Condition: {
        StringEquals: { 'aws:PrincipalTag/team': '${aws:ResourceTag/team}' },
        IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
      },
    }),
  ]
  const asked = requestOf({
    context: { 'aws:PrincipalTag/team': 'red', 'aws:ResourceTag/team': 'red', 'aws:SourceIp': '192.0.2.1' },
  })
  const told = trace(
    asked,
    compile({ identity: layerOf('identity', ...statements), boundary: layerOf('boundary', allow()) }),
  )

  test('names each layer and what it says', () => {
    assert.deepEqual(
      told.layers.map(({ layer, verdict }) => `${layer} ${verdict}`),
      ['identity noAllow', 'boundary allow'],
    )
    assert.equal(told.decision.outcome, 'implicitDeny')
  })

  test('says of each statement which element failed', () => {
    const traced = told.layers[0]?.policies[0]?.statements ?? []
    assert.deepEqual(
      traced.map(({ matched, failed }) => [matched, failed?.element]),
      [
        [false, 'Action'],
        [false, 'Resource'],
        [false, 'Condition'],
      ],
    )
    assert.deepEqual(
      traced[1]?.elements.map((element) => ('by' in element ? element.by : undefined)),
      ['s3:Get*', undefined],
    )
  })

  test('shows the condition that failed with both values, variables filled in, and its place', () => {
    const [, , last] = told.layers[0]?.policies[0]?.statements ?? []
    const conditions = last?.elements.filter((element) => 'operator' in element) ?? []
    assert.deepEqual(
      conditions.map(({ operator, wanted, seen, matched }) => ({ operator, wanted, seen, matched })),
      [
        { operator: 'StringEquals', wanted: ['red'], seen: 'red', matched: true },
        { operator: 'IpAddress', wanted: ['10.0.0.0/8'], seen: '192.0.2.1', matched: false },
      ],
    )
    assert.equal(last?.failed, conditions[1])
    assert.ok((last?.failed?.span.start.line ?? 0) > 1)
  })

  test('POL-026 says how the resource policy names the caller', () => {
    const source = sourceOf(policyOf('resource', allow({ Principal: { AWS: ownAccount } })))
    const [layer] = trace(requestOf(), compile({ resource: { source } })).layers
    assert.equal(layer?.grantedTo, 'account')
    assert.equal(layer?.policies[0]?.statements[0]?.elements[1]?.element, 'Principal')
  })

  test('POL-013 marks layers that do not bind the principal', () => {
    const principal = { ...session, serviceLinked: true } as typeof session
    const [scp] = trace(requestOf({ principal }), compile({ scp: [layerOf('scp', deny())] })).layers
    assert.equal(scp?.verdict, 'notApplied')
  })

  test('POL-012 numbers the levels of SCPs', () => {
    const scp = [layerOf('scp', allow()), layerOf('scp', allow({ Action: 'ec2:*' }))]
    const { layers } = trace(requestOf(), compile({ identity: layerOf('identity', allow()), scp }))
    assert.deepEqual(
      layers.map(({ layer, level, verdict }) => [layer, level, verdict]),
      [
        ['scp', 0, 'allow'],
        ['scp', 1, 'noAllow'],
        ['identity', undefined, 'allow'],
      ],
    )
  })

  test('POL-182 says that a resource cannot be read', () => {
    for (const Resource of ["arn:aws:s3:::b/${aws:username,'x'}", 'arn:aws:s3:::b/${aws:username*']) {
      const compiled = compile({ identity: layerOf('identity', allow({ Resource }), deny({ Resource })) })
      const [first, second] = trace(requestOf(), compiled).layers[0]?.policies[0]?.statements ?? []
      assert.deepEqual([first?.matched, second?.matched], [false, true])
      assert.equal(first?.failed?.element, 'Resource')
      for (const statement of [first, second])
        assert.match(statement?.problem ?? '', /^Resource: "arn:aws:s3:::b\/.*" has a variable/)
    }
  })

  test('says of one action the same, whatever else is asked', () => {
    const set = compile({ identity: layerOf('identity', ...statements) })
    const elementsOf = (resource: string) =>
      trace(requestOf({ resource }), set).layers[0]!.policies[0]!.statements.map(
        ({ elements }) => elements[0],
      )
    const [one, other] = [elementsOf('arn:aws:s3:::a'), elementsOf('arn:aws:s3:::other/b')]
    // It is made once for each action, and once for each policy.
    for (const [at, element] of one.entries()) assert.equal(element, other[at])
  })

  test('POL-121 reports what cannot be evaluated', () => {
    const open = { Condition: { NumericLessThan: { 'a:n': '1' } } }
    const request = requestOf({ context: { 'a:n': 'one' } })
    const [layer] = trace(request, compile({ identity: layerOf('identity', allow(open), deny(open)) })).layers
    const [first, second] = layer?.policies[0]?.statements ?? []
    assert.deepEqual([first?.matched, second?.matched], [false, true])
    assert.equal(second?.problem, `NumericLessThan a:n: the request's "one" is not a number`)
  })
})
