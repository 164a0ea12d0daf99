import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IntakeProblem, readImage, readPart } from '../../packages/server/src/intake/index.ts'

const read = (text: string, name = 'x.json') => readImage([{ name, text }])
const refused = (text: string, pattern: RegExp, name?: string) =>
  assert.throws(
    () => read(text, name),
    (error) =>
      error instanceof IntakeProblem &&
      pattern.test(error.message) &&
      error.message.startsWith(`${name ?? 'x.json'}:`),
  )

describe('hostile files are refused with file, line and reason', () => {
  test('deep nesting', () => {
    refused(`{"a":${'['.repeat(100_000)}`, /nested too deeply/)
    refused(`a: ${'['.repeat(5_000)}`, /nested too deeply/, 'x.yaml')
  })

  test('a YAML bomb', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x]'
        : `a${level}: &a${level} [${Array(10)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    )
    refused(levels.join('\n'), /./, 'x.yaml')
  })

  test('a million nested functions, circles, and templates that lead elsewhere', () => {
    const role = (more: string) => `{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":${more}}}}`
    refused(role(`{"A":${'{"Fn::Join":["",['.repeat(1_000_000)}`), /^x\.json:1:\d+: nested too deeply/)
    refused('a: &a [*a]', /^x\.yaml:1:\d+: /, 'x.yaml')
    const circle = {
      R: { Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: 'S' } } },
      S: { Type: 'AWS::IAM::User', Properties: { UserName: { Ref: 'R' } } },
    }
    refused(JSON.stringify({ Resources: circle }), /Circular dependency between resources: R → S → R/)
    const nesting = (url: string) =>
      JSON.stringify({
        Resources: { N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } } },
      })
    const asked: string[] = []
    const readNested = (file: string) => {
      asked.push(file)
      return undefined
    }
    for (const url of [
      '../../etc/passwd',
      '/etc/passwd',
      'a/../../b.yaml',
      'c:\\windows',
      'file:///etc/passwd',
    ])
      assert.throws(
        () => readImage([{ name: 'dir/app.json', text: nesting(url) }], { readNested }),
        (error) =>
          error instanceof IntakeProblem && /^dir\/app\.json:1:\d+: .* not within/.test(error.message),
        url,
      )
    readImage([{ name: 'dir/app.json', text: nesting('sub/ok.json') }], { readNested })
    assert.deepEqual(asked, ['dir/sub/ok.json'])
  })

  test('names, ids, paths and ARNs that AWS does not give', () => {
    const user = (members: object) =>
      JSON.stringify({
        Users: [
          {
            UserName: 'a',
            UserId: 'AIDAQEXAMPLEAAAAAAAAA',
            Path: '/',
            Arn: 'arn:aws:iam::111122223333:user/a',
            ...members,
          },
        ],
      })
    read(user({}))
    for (const members of [
      { UserName: '../../etc/passwd' },
      { UserName: 'a\u001b[31m' },
      { UserName: 'a'.repeat(129) },
      { UserId: 'short' },
      { Path: '/a b/' },
      { Path: 'a' },
      { Arn: 'arn:aws:iam::111122223333:user/b' },
      { Arn: 'arn:aws:s3:::bucket' },
      { CreateDate: 'yesterday' },
      { Tags: 'none' },
    ])
      refused(user(members), /^x\.json:1:\d+: /)
  })

  test('lists that are too long, and documents that are none', () => {
    const role = (members: object) =>
      JSON.stringify({ Roles: [{ RoleName: 'r', Arn: 'arn:aws:iam::111122223333:role/r', ...members }] })
    refused(role({ Tags: Array(1_001).fill({ Key: 'a', Value: '' }) }), /more than 1000 entries/)
    refused(role({ AssumeRolePolicyDocument: '{"a"' }), /must be a policy document/)
    refused(role({ AssumeRolePolicyDocument: { a: 'x'.repeat(140_000) } }), /longer than 131072 characters/)
  })

  test('a part that is sent to a house is checked like a file', () => {
    const at = { file: 'x', line: 1, column: 1 }
    const own = { account: '111122223333', partition: 'aws', at }
    const part = (list: string, thing: object) => readPart({ account: own, list, things: [{ at, ...thing }] })
    assert.equal(typeof part('users', { name: 'a', boundaryArn: null }), 'object')
    assert.equal(typeof part('users', { name: 'a' }), 'object')
    for (const [list, thing] of [
      ['users', { name: 'a/b' }],
      ['users', { name: 'a', surprise: 1 }],
      ['users', { name: 'a', __proto__: null, constructor: 1 }],
      ['roles', { name: 'r', trust: 'no JSON' }],
      ['roles', { name: 'r', maxSessionSeconds: 'long' }],
      ['policies', { name: 'a', description: null }],
      ['accessKeys', { id: 'AKIAIOSFODNN7EXAMPLE', active: true }],
      ['nothing', { name: 'a' }],
      ['constructor', { name: 'a' }],
    ] as const)
      assert.equal(typeof part(list, thing), 'string', list)
    assert.equal(typeof readPart(null), 'string')
    assert.equal(typeof readPart({ account: { ...own, account: '1' } }), 'string')
  })
})
