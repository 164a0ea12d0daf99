import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type ExportFormat,
  exportAs,
  type Picture,
  type PictureQuestion,
} from '../../packages/server/src/graph/index.ts'
import { parseXml, type XmlElement } from '../../packages/server/src/wire/index.ts'
import {
  type AccountFile,
  administratorAccess,
  allow,
  graphOfFile,
  roleArn,
  userArn,
} from './account-file.ts'

/** Twelve applications lead to dev, dev to a role by a function, and with MFA to a role that empowers itself. */
const file: AccountFile = {
  users: {
    dev: {
      statements: [
        allow('iam:PassRole', roleArn('ci')),
        allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
        allow('sts:AssumeRole', roleArn('ops'), { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      ],
    },
    ...Object.fromEntries(
      Array.from({ length: 12 }, (_, place) => [
        `app-${place}`,
        { statements: [allow('iam:CreateAccessKey', userArn('dev'))] },
      ]),
    ),
    owner: { statements: [allow('*')] },
    idle: {},
    'odd.name+x@y=z,w': { statements: [allow('iam:CreateAccessKey', userArn('dev'))] },
  },
  roles: {
    ci: {
      trust: { Service: 'lambda.amazonaws.com' },
      statements: [allow('sts:AssumeRole', roleArn('prod'))],
    },
    prod: { trust: { AWS: roleArn('ci') }, attached: [administratorAccess] },
    ops: {
      trust: { AWS: `arn:aws:iam::123456789012:root` },
      statements: [allow('iam:PutRolePolicy', roleArn('ops'))],
    },
  },
}
const graph = graphOfFile(file)
const table = techniqueTable()
const write = (format: ExportFormat, question: PictureQuestion = {}) =>
  exportAs(graph, table, format, question)
const drawn = (question: PictureQuestion = {}): Picture => write('json', question).picture!

const pictureOf = (other: AccountFile): Picture => exportAs(graphOfFile(other), table, 'json', {}).picture!

describe('the words of a picture', () => {
  /** What is written in Latin letters and is no name of AWS or of the account: `roles`, `is administrator`. */
  const english = (svg: string): readonly string[] => {
    const shown = svg
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<[^>]*>/g, '\n')
      .replace(/arn:\S+/g, '')
      .replace(/(?:user|role)\/\S+/g, '')
    const words = [...shown.matchAll(/[A-Za-z][A-Za-z.-]*/g)].map(([word]) => word)
    const names = new Set([
      'ID',
      'lambda',
      'aws',
      'token.acti',
      'githubusercontent.com',
      'token.actions.githubusercontent.com',
    ])
    // CreateAccessKey, AssumeRole: AWS's names of actions
    return words.filter((word) => !names.has(word) && !/^(?:[A-Z][a-z]+){2,}$/.test(word))
  }
  const trusts = (AWS: string) => ({ trust: { AWS }, attached: [administratorAccess] })
  const outside: AccountFile = {
    users: {
      ...Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { statements: [allow('*')] }])),
      self: { statements: [allow('iam:PutUserPolicy', userArn('self'))] },
    },
    roles: {
      open: trusts('*'),
      foreign: trusts('arn:aws:iam::999988887777:root'),
      ...Object.fromEntries(
        ['r1', 'r2', 'r3'].map((name) => [name, { ...trusts(userArn('self')), statements: [] }]),
      ),
      ci: {
        trust: [
          {
            Effect: 'Allow',
            Principal: {
              Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
            },
            Action: 'sts:AssumeRoleWithWebIdentity',
          },
        ],
        attached: [administratorAccess],
      },
    },
  }
  const drawing = (of: AccountFile, language: 'en' | 'ja', format: ExportFormat = 'svg') =>
    exportAs(graphOfFile(of), table, format, { language }).text

  it('are Japanese where that is asked for, but for names', () => {
    for (const each of [file, outside]) {
      assert.deepEqual(english(drawing(each, 'ja')), [])
      assert.match(drawing(each, 'ja'), /管理者/)
    }
    assert.match(drawing(outside, 'ja'), /だれでも/)
    assert.match(drawing(outside, 'ja'), /アカウント 999988887777/)
    assert.match(drawing(outside, 'ja'), /ロール 3 件/)
    assert.match(drawing(file, 'ja'), /lambda に PassRole/)
    for (const format of ['dot', 'mermaid', 'graphml', 'json'] as const) {
      assert.match(drawing(file, 'ja', format), /管理者/, format)
      assert.doesNotMatch(drawing(file, 'ja', format), /is administrator|\d users|PassRole to/, format)
    }
  })

  it('are found by this test if they are English', () => {
    const words = english(drawing(file, 'en'))
    for (const word of ['users', 'is', 'administrator', 'conditional', 'to'])
      assert.ok(words.includes(word), word)
    assert.ok(english(drawing(outside, 'en')).includes('anyone'))
  })

  it('keep of names that are long what distinguishes them', () => {
    const named = (name: string, path = '/') => ({ [name]: { path, ...trusts(userArn('self')) } })
    const long: AccountFile = {
      users: { self: { statements: [allow('sts:AssumeRole')] } },
      roles: {
        ...named('AWSReservedSSO_Admin_0123456789abcdef', '/aws-reserved/sso.amazonaws.com/'),
        ...named('AWSReservedSSO_Power_0123456789abcdef', '/aws-reserved/sso.amazonaws.com/'),
        ...named(
          'AWSReservedSSO_DatabaseAdministrators_0123456789abcdef',
          '/aws-reserved/sso.amazonaws.com/eu-west-1/',
        ),
        ...named('cdk-hnb659fds-deploy-role-123456789012-eu-west-1'),
        ...named('cdk-hnb659fds-lookup-role-123456789012-eu-west-1'),
      },
    }
    const { nodes } = JSON.parse(exportAs(graphOfFile(long), table, 'json', {}).text) as Picture
    const folded = nodes.find(({ count }) => count > 1)
    const all = JSON.parse(
      exportAs(graphOfFile(long), table, 'json', { unfold: folded === undefined ? [] : [folded.id] }).text,
    ) as Picture
    assert.deepEqual(
      all.nodes.map(({ label }) => label).sort(),
      [
        'administrator',
        'role/cdk…deploy-role-1234567890…',
        'role/cdk…lookup-role-1234567890…',
        'role/…/AWS…atabaseAdministrators',
        'role/…/AWSReservedSSO_Admin',
        'role/…/AWSReservedSSO_Power',
        'user/self',
      ].sort(),
    )
    assert.equal(all.nodes[0]?.label, 'user/self')
  })

  it('have room: a box is wider for wide characters', () => {
    const widthOf = (language: 'en' | 'ja') => {
      const { nodes } = JSON.parse(drawing(file, language, 'json')) as Picture
      const many = nodes.find(({ count }) => count > 1)!
      return { width: many.width, label: many.label }
    }
    const { width, label } = widthOf('ja')
    assert.equal(label, 'ユーザー 13 件')
    assert.ok(width > widthOf('en').width)
  })
})

describe('the picture of a graph', () => {
  it('has the goal at the right, folds what is alike, and leaves out whoever leads nowhere', () => {
    const { nodes, edges, foldedAway, hidden } = drawn()
    const fold = nodes.find(({ count }) => count > 1)
    assert.deepEqual([fold?.label, fold?.count, foldedAway, hidden], ['13 users', 13, 12, 0])
    assert.ok(!nodes.some(({ arn }) => arn === userArn('idle')))
    const goal = nodes.find(({ kind }) => kind === 'administrator')!
    assert.ok(nodes.every(({ layer }) => layer <= goal.layer))
    const at = (name: string) => nodes.find(({ label }) => label === name)!
    assert.ok(at('user/dev').layer < at('role/ci').layer && at('role/ci').layer < at('role/prod').layer)
    assert.deepEqual(
      edges.map(({ from, to, verdict }) => [from.split('/').at(-1), to.split('/').at(-1), verdict]).sort(),
      [
        ['ci', 'prod', 'proven'],
        ['dev', 'ci', 'proven'],
        ['dev', 'ops', 'conditional'],
        [fold?.id, 'dev', 'proven'],
        ['ops', 'administrator', 'proven'],
        ['owner', 'administrator', 'proven'],
        ['prod', 'administrator', 'proven'],
      ].sort(),
    )
    assert.equal(edges.find(({ from }) => from === fold?.id)?.count, 13)
    const layers = edges.map(({ from }) => nodes.find(({ id }) => id === from)!.layer)
    assert.deepEqual(
      layers,
      layers.toSorted((one, other) => one - other),
    )
    assert.equal(at('role/prod').isAdministrator, true)
    assert.equal(at('role/ops').isAdministrator, false)
  })

  it('tells who is an administrator from who becomes one by a change', () => {
    const { nodes, edges } = pictureOf({
      users: {
        dev: {
          statements: [
            allow('iam:PassRole', roleArn('tool')),
            allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
          ],
        },
      },
      roles: {
        tool: {
          trust: { Service: 'lambda.amazonaws.com' },
          statements: [allow('iam:AttachUserPolicy', userArn('dev'))],
        },
      },
    })
    assert.ok(nodes.every(({ isAdministrator, kind }) => isAdministrator === (kind === 'administrator')))
    assert.deepEqual(edges.map(({ label }) => label).sort(), [
      'AttachUserPolicy',
      'PassRole to lambda',
      'then is administrator',
    ])
  })

  it('shows the members of a fold one by one, and no more nodes than there may be', () => {
    const id = drawn().nodes.find(({ count }) => count > 1)!.id
    const unfolded = drawn({ unfold: [id] })
    assert.equal(unfolded.nodes.length, drawn().nodes.length + 12)
    assert.equal(unfolded.foldedAway, 0)
    const few = drawn({ unfold: [id], maxNodes: 6 })
    assert.equal(few.nodes.length, 6)
    assert.equal(few.hidden, unfolded.nodes.length - 6)
    assert.ok(few.nodes.some(({ kind }) => kind === 'administrator'))
  })

  it('shows what is near a principal, both ways', () => {
    const labels = (depth: number) =>
      drawn({ around: graph.find('role/ci')!, depth })
        .nodes.map(({ label }) => label)
        .sort()
    // ops first gives itself everything, and then hands ci over to a function
    // the service that the role trusts is a node
    assert.deepEqual(labels(1), [
      'lambda.amazonaws.com',
      'role/ci',
      'role/ops',
      'role/prod',
      'user/dev',
      'user/owner',
    ])
    assert.ok(labels(2).includes('administrator'))
    assert.ok(labels(2).some((label) => label.endsWith('users')))
  })

  it('asks for the paths of one start, and for a goal that is a principal', () => {
    const labels = (question: PictureQuestion) => drawn(question).nodes.map(({ label }) => label)
    assert.ok(!labels({ from: graph.find('dev')! }).some((label) => label.endsWith('users')))
    assert.ok(!labels({ to: graph.find('role/prod')!, verdicts: ['proven'] }).includes('administrator'))
  })

  it('is SVG without scripts and references, with every text escaped', () => {
    const { text, contentType } = write('svg')
    assert.equal(contentType, 'image/svg+xml')
    const root = rootOf(text)
    assert.equal(root.name, 'svg')
    assert.doesNotMatch(text, /<script|href=|url\((?!#head)/)
  })

  it('is GraphML that parses: every edge joins nodes, every datum has a key', () => {
    const root = rootOf(write('graphml').text)
    const all = elements(root)
    const named = (name: string) => all.filter((each) => each.name === name)
    const keys = new Set(named('key').map(({ attributes }) => attributes.id))
    const nodes = new Set(named('node').map(({ attributes }) => attributes.id))
    assert.equal(nodes.size, drawn().nodes.length)
    assert.equal(named('edge').length, drawn().edges.length)
    for (const { attributes } of named('edge'))
      assert.ok(nodes.has(attributes.source) && nodes.has(attributes.target))
    for (const { attributes } of named('data')) assert.ok(keys.has(attributes.key))
  })

  it("is Graphviz's language: its tokens are those of the grammar", () => {
    const tokens = tokensOf(write('dot').text)
    assert.deepEqual(tokens.slice(0, 3), ['digraph', 'paths', '{'])
    assert.equal(tokens.at(-1), '}')
    assert.equal(tokens.filter((token) => token === '->').length, drawn().edges.length)
    assert.equal(
      tokens.filter((token) => token === '[').length,
      tokens.filter((token) => token === ']').length,
    )
  })

  it('is a flow chart of Mermaid: each line is a node or an arrow between nodes', () => {
    const [open, title, close, head, ...lines] = write('mermaid').text.trim().split('\n')
    assert.deepEqual([open, close, head], ['---', '---', 'flowchart LR'])
    assert.match(title ?? '', /^title: "Who can become whom: \d+ nodes, \d+ relations"$/)
    assert.match(
      exportAs(graphOfFile({ users: { owner: { statements: [allow('*')] } } }), table, 'mermaid', {}).text,
      /: 2 nodes, 1 relation"/,
    )
    const nodes = new Set<string>()
    for (const line of lines) {
      const node = /^ {2}(n\d+)(?:\("[^"]*"\)|\["[^"]*"\]|\{\{"[^"]*"\}\})$/.exec(line)?.[1]
      const arrow = /^ {2}(n\d+) (?:-->|-\.->)\|"[^"]*"\| (n\d+)$/.exec(line)
      if (node !== undefined) nodes.add(node)
      else assert.ok(arrow && nodes.has(arrow[1]!) && nodes.has(arrow[2]!), line)
    }
    assert.equal(nodes.size, drawn().nodes.length)
  })

  it('is OpenGraph by its rules: kinds, flat properties, ids that exist; conditional ones are no kind of others', () => {
    const { graph: data, metadata } = JSON.parse(write('opengraph').text)
    assert.equal(metadata.source_kind, 'Omen')
    const ids = new Set(data.nodes.map(({ id }: { id: string }) => id))
    assert.equal(ids.size, data.nodes.length)
    // dev, 13 users that lead to it, owner, three roles and the administrator: nothing is folded
    assert.equal(ids.size, 19)
    for (const { kinds, properties } of data.nodes) {
      assert.ok(kinds.length >= 1 && kinds.length <= 3)
      checkProperties(properties)
    }
    const kinds = new Map<string, string>()
    for (const { kind, start, end, properties } of data.edges) {
      assert.match(kind, /^[A-Za-z0-9_]+$/)
      assert.ok(ids.has(start.value) && ids.has(end.value))
      assert.deepEqual([start.match_by, end.match_by], ['id', 'id'])
      checkProperties(properties)
      assert.equal(properties.traversable, properties.verdict === 'proven')
      kinds.set(`${start.value} ${end.value}`, kind)
    }
    assert.equal(kinds.get(`${userArn('app-1')} ${userArn('dev')}`), 'AWS_CanCreateAccessKey')
    assert.equal(kinds.get(`${roleArn('ci')} ${roleArn('prod')}`), 'AWS_CanAssumeRole')
    assert.equal(kinds.get(`${userArn('dev')} ${roleArn('ci')}`), 'Omen_pass_lambda')
    assert.equal(kinds.get(`${userArn('dev')} ${roleArn('ops')}`), 'Omen_conditional_trust_assume_role')
  })

  it('name a step as paths do: by the call of its way', () => {
    const trust = { AWS: 'arn:aws:iam::123456789012:root' }
    const { edges } = pictureOf({
      roles: {
        lead: {
          trust,
          statements: [
            allow('iam:TagRole', roleArn('lead')),
            allow('sts:AssumeRole', '*', { StringEquals: { 'aws:PrincipalTag/team': 'core' } }),
          ],
        },
        prod: { trust, attached: [administratorAccess] },
      },
    })
    assert.deepEqual(
      edges.map(({ label }) => label),
      ['TagRole + AssumeRole', 'is administrator'],
    )
  })
})

function checkProperties(properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    assert.match(name, /^[a-z][a-z0-9_]*$/)
    assert.notEqual(name, 'objectid')
    for (const each of [value].flat()) assert.ok(['string', 'number', 'boolean'].includes(typeof each), name)
    if (Array.isArray(value)) assert.equal(new Set(value.map((each) => typeof each)).size, 1, name)
  }
}

/** The tokens of a text in the DOT language. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  const token = /\s*("(?:[^"\\]|\\.)*"|->|[{}[\]=,;]|[A-Za-z_]\w*|-?\d+(?:\.\d+)?)\s*/y
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    assert.ok(found, `no token at ${text.slice(tokens.join('').length, 40)}`)
    tokens.push(found[1]!)
  }
  return tokens
}

function rootOf(text: string): XmlElement {
  const root = parseXml(text)
  assert.ok(root, 'the text is no XML')
  return root
}

function elements(root: XmlElement): readonly XmlElement[] {
  return [root, ...root.children.flatMap(elements)]
}
