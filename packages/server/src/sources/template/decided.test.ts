import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { writtenJson } from '../one-reading.ts'
import { resolveTemplates } from './resolve.ts'

const queue = { Type: 'AWS::SQS::Queue' }
const ref = (name: string) => ({ Ref: name })
const equal = (one: unknown, other: unknown) => ({ 'Fn::Equals': [one, other] })
const bucket = (BucketName: unknown) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName } })

/** A template as it was decided; a text is the problem that it has. */
function decided(template: object, parameters: Record<string, string> = {}) {
  const options = { stack: 'one', account: '123456789012', parameters, decide: true }
  const { decided: found, problems } = resolveTemplates(
    [{ file: 'template.json', text: JSON.stringify(template) }],
    options,
  )
  const [problem] = problems
  return problem === undefined
    ? (JSON.parse(writtenJson(found[0]!.root)) as Record<string, Record<string, unknown>>)
    : problem.message
}

/** Names of a bucket with what another reader gets in their place. */
const values: readonly (readonly [written: unknown, sent: unknown])[] = [
  [ref('P'), 'given'],
  [{ 'Fn::Sub': '${P}-${AWS::StackName}-${!x}' }, 'given-one-${x}'],
  [{ 'Fn::Sub': ['${P}-${Q}', { P: 'own', Q: ref('P') }] }, 'own-given'],
  [{ 'Fn::Join': ['-', ['a', ref('AWS::NoValue'), ref('P')]] }, 'a-given'],
  [{ 'Fn::If': ['Yes', ref('P'), ref('Q')] }, 'given'],
  [{ 'Fn::Select': ['0', { 'Fn::Split': [',', 'x,y'] }] }, 'x'],
  [{ 'Fn::FindInMap': ['M', 'a', 'n'] }, 1],
  [{ 'Fn::ToJsonString': { a: ref('P') } }, '{"a": "given"}'],
  [ref('AWS::NoValue'), undefined],
  // what names a resource stays, with decided arguments
  [ref('Q'), ref('Q')],
  [{ 'Fn::Sub': '${P}-${Q}' }, { 'Fn::Sub': '${P}-${Q}' }],
  [{ 'Fn::Join': ['-', [ref('P'), ref('Q')]] }, { 'Fn::Join': ['-', ['given', ref('Q')]] }],
  [{ 'Fn::If': ['Yes', { 'Fn::GetAtt': ['Q', 'Arn'] }, 'no'] }, { 'Fn::GetAtt': ['Q', 'Arn'] }],
  [{ 'Fn::ImportValue': { 'Fn::Sub': '${P}-x' } }, { 'Fn::ImportValue': 'given-x' }],
  [ref('Stored'), ref('Stored')],
  ['{{resolve:ssm:x}}', '{{resolve:ssm:x}}'],
]

const sections = {
  Parameters: {
    P: { Type: 'String' },
    Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a' },
  },
  Mappings: { M: { a: { n: 1 } } },
  Conditions: {
    Yes: equal(1, '1'),
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Open: equal(ref('Stored'), 'a'),
  },
}

describe('a template goes on as it was decided', () => {
  test('functions have their values, unless they name a resource (GRD-400)', () => {
    for (const [written, sent] of values) {
      const whole = decided({ ...sections, Resources: { Q: queue, B: bucket(written) } }, { P: 'given' })
      assert(typeof whole !== 'string', `${JSON.stringify(written)}: ${whole}`)
      const { B } = whole.Resources as Record<string, { Properties: { BucketName?: unknown } }>
      assert.deepEqual(B!.Properties.BucketName, sent, JSON.stringify(written))
    }
  })

  test('conditions are true or false, and what is not made is left out (GRD-400)', () => {
    const whole = decided(
      {
        ...sections,
        Resources: {
          A: { ...queue, Condition: 'Yes', DependsOn: ['B', 'D'] },
          B: { ...queue, Condition: 'No' },
          C: { ...queue, Condition: 'Open', DependsOn: 'B' },
          D: queue,
        },
        Outputs: { X: { Value: ref('P'), Condition: 'No' }, Y: { Value: ref('P'), Condition: 'Yes' } },
      },
      { P: 'given' },
    )
    assert(typeof whole !== 'string', String(whole))
    const { Conditions, Resources, Outputs } = whole
    assert.deepEqual(Conditions, {
      Yes: equal('true', 'true'),
      No: equal('true', 'false'),
      Open: equal(ref('Stored'), 'a'),
    })
    assert.deepEqual(Resources, {
      A: { ...queue, DependsOn: ['D'] },
      C: { ...queue, Condition: 'Open' },
      D: queue,
    })
    assert.deepEqual(Outputs, { Y: { Value: 'given' } })
  })

  test('a function with another member beside it, and a condition that is no name, are refused (GRD-400)', () => {
    const beside = { 'Fn::Sub': 'a', Ref: 'AWS::StackName' }
    assert.match(String(decided({ Resources: { B: bucket(beside) } })), /other members beside it/)
    const listed = { ...queue, Condition: ['Yes'] }
    assert.match(String(decided({ ...sections, Resources: { Q: listed } })), /the name of a condition/)
  })

  test('a list, JSON of a text, and a parameter of Systems Manager that a parent names, are no known name (TPL-4, TPL-40)', () => {
    for (const name of [['a'], { 'Fn::ToJsonString': 'a' }, ref('Stored')]) {
      const inner = { ...sections, Resources: { B: bucket(name) } }
      const nested = {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { TemplateURL: 'inner.json', Parameters: { P: 'p', Stored: 'a' } },
      }
      const files = [
        { file: 'outer.json', text: JSON.stringify({ Resources: { N: nested } }) },
        { file: 'inner.json', text: JSON.stringify(inner) },
      ]
      const { resources } = resolveTemplates(files)
      const made = resources.find(({ logicalId }) => logicalId === 'B')
      assert.notEqual(made?.name.dependsOn, undefined, JSON.stringify(name))
    }
  })

  test('what it takes to decide grows with the template, and long texts are not made (TPL-41)', () => {
    let deep: unknown = 'a'
    // each level names the one below three times
    for (let level = 0; level < 30; level++) deep = { 'Fn::Sub': ['${x}${x}${x}', { x: deep }] }
    assert.match(String(decided({ Resources: { B: bucket(deep) } })), /more than 200000 functions/)
    const long = { 'Fn::Base64': 'x'.repeat(900_000) }
    const whole = decided({ Resources: { B: bucket(long) } })
    assert(typeof whole !== 'string', String(whole))
    const { B } = whole.Resources as Record<string, { Properties: { BucketName: unknown } }>
    assert.deepEqual(B!.Properties.BucketName, long, 'it stays as it is written')
  })
})
