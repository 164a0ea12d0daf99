import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonNode } from '@omen-iam/policy'
import fc from 'fast-check'
import { resolveTemplates } from '../index.ts'

/** A value of a template, and its expected result. */
interface Pair {
  readonly written: unknown
  readonly value: unknown
}

/** Sections that wrapped values refer to. */
interface Sections {
  readonly Parameters: Record<string, unknown>
  readonly Mappings: Record<string, unknown>
  readonly Conditions: Record<string, unknown>
}

const text = fc.string({ maxLength: 12 }).filter((each) => !each.includes('{{') && !/\$\{/.test(each))
const literal: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.array(text, { maxLength: 3 }),
  fc.record(
    { Effect: fc.constant('Allow'), Action: fc.array(text, { maxLength: 2 }), Note: text },
    { noNullPrototype: true },
  ),
)

/** Ways to write a value that return the value itself. Source: AWS CloudFormation User Guide, intrinsic functions. */
const wraps: readonly ((pair: Pair, sections: Sections, id: string) => Pair)[] = [
  (pair) => pair,
  ({ written, value }, { Conditions }, id) => {
    Conditions[`Yes${id}`] = { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'nowhere'] }] }
    return { written: { 'Fn::If': [`Yes${id}`, written, { Ref: 'AWS::NoValue' }] }, value }
  },
  ({ written, value }, { Conditions }, id) => {
    Conditions[`No${id}`] = { 'Fn::And': [{ 'Fn::Equals': ['a', 'a'] }, { 'Fn::Equals': ['a', 'b'] }] }
    return { written: { 'Fn::If': [`No${id}`, 'another', written] }, value }
  },
  ({ written, value }) => {
    // in a list, a list from Fn::Select would be spliced
    if (typeof value !== 'string') return { written, value }
    return { written: { 'Fn::Select': ['1', ['zero', written]] }, value }
  },
  ({ written, value }, { Parameters }, id) => {
    if (typeof value !== 'string' || typeof written !== 'string') return { written, value }
    Parameters[`P${id}`] = { Type: 'String', Default: value }
    return { written: { Ref: `P${id}` }, value }
  },
  ({ written, value }, { Mappings }, id) => {
    if (typeof value !== 'string' || typeof written !== 'string') return { written, value }
    Mappings[`M${id}`] = { 'us-east-1': { Key: value } }
    return { written: { 'Fn::FindInMap': [`M${id}`, { Ref: 'AWS::Region' }, 'Key'] }, value }
  },
  ({ written, value }) => {
    if (typeof value !== 'string') return { written, value }
    return { written: { 'Fn::Sub': ['x${Part}y', { Part: written }] }, value: `x${value}y` }
  },
  ({ written, value }) => {
    if (typeof value !== 'string') return { written, value }
    return {
      written: { 'Fn::Join': ['/', ['a', written, { Ref: 'AWS::AccountId' }]] },
      value: `a/${value}/123456789012`,
    }
  },
  ({ written, value }) => {
    if (typeof value !== 'string' || value.includes('|')) return { written, value }
    return {
      written: { 'Fn::Select': [0, { 'Fn::Split': ['|', { 'Fn::Join': ['|', [written, 'rest']] }] }] },
      value,
    }
  },
  ({ written, value }) => {
    if (typeof value !== 'string') return { written, value }
    return { written: { 'Fn::Base64': written }, value: Buffer.from(value).toString('base64') }
  },
]

function plain(node: JsonNode | undefined): unknown {
  if (node?.type === 'list') return node.items.map(plain)
  if (node?.type === 'object')
    return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]))
  return node?.value
}

test('whatever functions a value is written with, it becomes the value', () => {
  const property = fc.property(
    fc.array(fc.tuple(literal, fc.array(fc.nat(wraps.length - 1), { maxLength: 5 })), {
      minLength: 1,
      maxLength: 4,
    }),
    (values) => {
      const sections: Sections = { Parameters: {}, Mappings: {}, Conditions: {} }
      const pairs = values.map(([value, chosen], index) =>
        chosen.reduce<Pair>((pair, wrap, depth) => wraps[wrap]!(pair, sections, `${index}x${depth}`), {
          written: value,
          value,
        }),
      )
      const properties = Object.fromEntries(pairs.map(({ written }, index) => [`V${index}`, written]))
      const template = { ...sections, Resources: { R: { Type: 'Custom::Thing', Properties: properties } } }
      const { resources, problems } = resolveTemplates([{ file: 't.json', text: JSON.stringify(template) }])
      assert.deepEqual(problems, [])
      const evaluated = plain(resources[0]?.properties) as Record<string, unknown>
      for (const [index, { value }] of pairs.entries()) assert.deepEqual(evaluated[`V${index}`], value)
    },
  )
  fc.assert(property, { numRuns: 400 })
})

const sample = `Parameters: { P: { Type: String } }
Conditions: { C: !Equals [!Ref P, a] }
Resources:
  R:
    Type: AWS::IAM::Role
    Condition: C
    Properties:
      RoleName: !Sub '\${P}-x'
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { AWS: !GetAtt U.Arn } }] }
  U: { Type: AWS::IAM::User, DependsOn: B, Properties: { UserName: !Join ['', [!Select [0, !Split ['-', a-b]], !ImportValue x]] } }
  B: { Type: AWS::S3::Bucket }
  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: n.yaml, Parameters: { P: !Ref B } } }
`
const pieces = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '\n',
  '  ',
  '!Ref R',
  '!Sub ',
  '${',
  '- ',
  '&a ',
  '*a',
  '<<: *a',
  'Fn::',
  '\0',
  'Resources:',
  'DependsOn: R',
]

test('whatever a template contains, evaluating it never throws, and mistakes have a place in it', () => {
  const edit = fc.record({ at: fc.nat(sample.length), drop: fc.nat(20), put: fc.constantFrom(...pieces) })
  const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
    const edited = edits.reduce(
      (all, { at, drop, put }) => all.slice(0, at) + put + all.slice(at + drop),
      sample,
    )
    const { problems, resources } = resolveTemplates([{ file: 't.yaml', text: edited }], {
      read: () => sample,
    })
    for (const { place } of problems) assert.ok(place.offset <= edited.length + sample.length)
    assert.ok(problems.length === 0 || resources.length === 0)
  })
  fc.assert(property, { numRuns: 300 })
})
