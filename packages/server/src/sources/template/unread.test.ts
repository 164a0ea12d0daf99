import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseSource } from '../index.ts'
import { resolveTemplates } from './resolve.ts'

function notesOf(text: string) {
  const root = parseSource(text, 'a.yaml')
  assert(root.type !== 'problem')
  const { notes, problems, resources } = resolveTemplates([{ file: 'a.yaml', text, root }])
  assert.deepEqual(problems, [])
  return {
    notes: notes.map(({ kind, message, place }) => `${place.line} ${kind} ${message}`),
    resources: resources.map(({ logicalId }) => logicalId),
  }
}

const topic = 'T: { Type: AWS::SNS::Topic }'

describe('what a macro makes is not known, and is said (GRD-620)', () => {
  test('of the whole template', () => {
    assert.deepEqual(notesOf(`Transform: [Own, AWS::LanguageExtensions]\nResources: { ${topic} }`), {
      notes: ['1 Transform Own: what the macro makes is not known'],
      resources: ['T'],
    })
  })
  test('in the place of resources, of one resource, or of a section', () => {
    const include = '{ Name: AWS::Include, Parameters: { Location: s3://b/part.yaml } }'
    const said = 'Transform AWS::Include: what s3://b/part.yaml contains is not known'
    assert.deepEqual(
      notesOf(
        [
          `Transform: ${include}`,
          `Fn::Transform: ${include}`,
          'Mappings:',
          `  Fn::Transform: ${include}`,
          'Resources:',
          `  Fn::Transform: ${include}`,
          `  ${topic}`,
          `  Made: { Fn::Transform: { Name: Own } }`,
        ].join('\n'),
      ),
      {
        notes: [
          `1 ${said}`,
          `2 ${said}`,
          `4 ${said}`,
          `6 ${said}`,
          '8 Transform Own: what the macro makes is not known',
        ],
        resources: ['T'],
      },
    )
  })
  test('and nothing is said of transforms that are carried out, or that make nothing of IAM', () => {
    const transforms = '[AWS::Serverless-2016-10-31, AWS::LanguageExtensions, AWS::CodeDeployBlueGreen]'
    assert.deepEqual(notesOf(`Transform: ${transforms}\nResources: { ${topic} }`).notes, [])
  })
})

describe('roles that SAM makes and that are not read are said (GRD-621)', () => {
  const api = (properties: string) =>
    notesOf(
      `Transform: AWS::Serverless-2016-10-31\nResources:\n  A: { Type: AWS::Serverless::GraphQLApi, Properties: ${properties} }`,
    ).notes
  const said = [
    '3 AWS::Serverless::GraphQLApi A: the roles that SAM makes of AWS::Serverless::GraphQLApi are not known',
  ]

  test('of the log of an API', () => {
    assert.deepEqual(api('{ Auth: { Type: AWS_IAM } }'), said)
    assert.deepEqual(api('{ Logging: { FieldLogLevel: ALL } }'), said)
    assert.deepEqual(api('{ Logging: false }'), [])
    assert.deepEqual(api('{ Logging: { CloudWatchLogsRoleArn: r } }'), [])
  })
  test('of its data sources', () => {
    assert.deepEqual(api('{ Logging: false, DataSources: { DynamoDb: { D: { TableName: t } } } }'), said)
    assert.deepEqual(
      api('{ Logging: false, DataSources: { Lambda: { L: { FunctionArn: f, ServiceRoleArn: r } } } }'),
      [],
    )
  })
  test('of a type that SAM may have later', () => {
    const text = 'Transform: AWS::Serverless-2016-10-31\nResources: { A: { Type: AWS::Serverless::Later } }'
    assert.match(
      notesOf(text).notes.join(),
      /the roles that SAM makes of AWS::Serverless::Later are not known/,
    )
  })
})
