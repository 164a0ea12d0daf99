import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ResolveOptions, resolveTemplates } from '../index.ts'

const resolved = (text: string, options: ResolveOptions = {}) =>
  resolveTemplates([{ file: 'app.yaml', text }], { stack: 'app', ...options })
const refused = (text: string, pattern: RegExp, options: ResolveOptions = {}) => {
  const { problems, resources } = resolved(text, options)
  assert.deepEqual(resources, [])
  assert.match(`${problems[0]!.place.line}: ${problems[0]!.message}`, pattern)
}
const loops = (collection: string, body = '') => `
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: 'a-1, b' }, Open: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Queues:
    - Name
    - ${collection}
    - Queue&{Name}: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name } }
      Role&{Name}:
        Type: AWS::IAM::Role
        Properties:
          RoleName: !Sub 'own-${'${Name}'}-${'${AWS::Region}'}'
          AssumeRolePolicyDocument: {}
          Policies:
            - PolicyName: sends
              PolicyDocument:
                Statement: [{ Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt ['Queue&{Name}', Arn] }]
${body}`

test('a loop makes its resources for each value, with its values in names and texts (TPL-9)', () => {
  for (const collection of ['!Ref Names', '[a-1, b]']) {
    const { resources, problems } = resolved(loops(collection))
    assert.deepEqual(problems, [])
    assert.deepEqual(
      resources.map(({ logicalId, name }) => [logicalId, name.value]),
      [
        ['Queuea1', 'a-1'],
        ['Rolea1', 'own-a-1-us-east-1'],
        ['Queueb', 'b'],
        ['Roleb', 'own-b-us-east-1'],
      ],
    )
    assert.match(JSON.stringify(resources[1]!.properties), /arn:aws:sqs:us-east-1:123456789012:a-1/)
  }
  const given = resolved(loops('!Ref Open'), { parameters: { Open: 'x,y' } })
  assert.deepEqual(
    given.resources.map(({ logicalId }) => logicalId),
    ['Queuex', 'Rolex', 'Queuey', 'Roley'],
  )
})

test('loops within loops multiply, and are refused where that goes too far, with the line', () => {
  const inner = (depth: number): string =>
    depth === 0
      ? `{ 'T\${A0}\${A1}': { Type: AWS::SNS::Topic } }`
      : `{ 'Fn::ForEach::L${depth}': [A${depth - 1}, [x, y], ${inner(depth - 1)}] }`
  const within = (depth: number) => `
Transform: [AWS::LanguageExtensions]
Resources: ${inner(depth)}
`
  assert.deepEqual(
    resolved(within(2)).resources.map(({ logicalId }) => logicalId),
    ['Txx', 'Tyx', 'Txy', 'Tyy'],
  )
  refused(within(6), /^3: Loops are nested more than 5 deep/)
  const many = JSON.stringify(Array.from({ length: 2_000 }, (_, index) => `n${index}`))
  refused(loops(many), /^\d+: The section Resources has more than 500 entries/)
  const far = `[A, ${many}, { 'Fn::ForEach::B': [B, ${many}, { T: { Type: AWS::SNS::Topic } }] }]`
  refused(
    `Transform: AWS::LanguageExtensions\nResources: { 'Fn::ForEach::A': ${far} }`,
    /^2: The loops make more than/,
  )
})

test('a loop over what is not known, or without its three parts, is refused', () => {
  refused(loops('!Ref Open'), /^7: The loop Queues runs over Open, which is not known/)
  refused(loops('[!GetAtt A.B]'), /^7: The loop Queues runs over values that are not known/)
  refused(
    "Transform: AWS::LanguageExtensions\nResources: { 'Fn::ForEach::A': [x, [y]] }",
    /^2: The loop A needs/,
  )
})

test('what a connector of SAM allows is not known, and is noted with its place', () => {
  const { notes } = resolved(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Table: { Type: AWS::Serverless::SimpleTable }
  Work:
    Type: AWS::Serverless::Function
    Properties: { Runtime: python3.12, Handler: a.b, InlineCode: '0' }
    Connectors: { Reads: { Properties: { Destination: { Id: Table }, Permissions: [Read] } } }
`)
  assert.deepEqual(
    notes.map(({ place, message }) => [place.line, message]),
    [[6, 'Work: the permissions of a connector are not known']],
  )
})
