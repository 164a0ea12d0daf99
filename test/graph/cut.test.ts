import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type CutQuestion,
  cutAnswerView,
  type Edit,
  editedWorld,
  type Graph,
  graphOf,
  proposeCuts,
  type World,
} from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  administratorAccess,
  allow,
  deny,
  graphOfFile,
  policyArn,
  roleArn,
  userArn,
} from './account-file.ts'

const table = techniqueTable()
const account = 'arn:aws:iam::123456789012:root'

/** Whether dev can become an administrator. */
function isOpen(world: World): boolean {
  const graph = graphOf(world, table)
  const { verdict } = graph.paths(graph.find(userArn('dev'))!)
  return verdict === 'proven' || verdict === 'conditional'
}

function cutsOf(graph: Graph, question: CutQuestion = {}) {
  return proposeCuts(graph, { starts: [graph.find('dev')!], most: 5, ...question })
}

const prod = { trust: { AWS: account }, attached: [administratorAccess] }

/** Accounts in which a cut of one edit has each of the kinds. */
const accounts: Readonly<Record<string, AccountFile>> = {
  assume: { users: { dev: { statements: [allow('sts:AssumeRole', roleArn('prod'))] } }, roles: { prod } },
  resources: {
    users: { dev: { statements: [allow('sts:AssumeRole', [roleArn('prod'), roleArn('logs')])] } },
    roles: { prod, logs: { trust: { AWS: account } } },
  },
  attached: {
    users: { dev: { attached: [policyArn('tools')] } },
    roles: { prod },
    policies: { tools: [allow('sts:AssumeRole')] },
  },
  group: {
    users: { dev: { groups: ['team'] } },
    groups: { team: { statements: [allow('sts:AssumeRole')] } },
    roles: { prod },
  },
  service: {
    users: {
      dev: { statements: [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])] },
    },
    roles: {
      prod: {
        trust: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] },
        attached: [administratorAccess],
      },
    },
  },
  passing: {
    users: {
      dev: { statements: [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])] },
    },
    roles: {
      prod: { trust: { Service: 'lambda.amazonaws.com' }, attached: [administratorAccess] },
      root: { trust: { Service: 'lambda.amazonaws.com' }, attached: [administratorAccess] },
      app: { trust: { Service: 'lambda.amazonaws.com' } },
      web: { trust: { Service: 'ec2.amazonaws.com' } },
      principals: { trust: { AWS: account } },
    },
  },
  self: { users: { dev: { statements: [allow('iam:PutUserPolicy', userArn('dev')), allow('s3:*')] } } },
  two: {
    users: {
      dev: {
        statements: [allow('sts:AssumeRole', roleArn('a')), allow('iam:CreateAccessKey', userArn('b'))],
      },
      b: { statements: [allow('sts:AssumeRole', roleArn('prod'))] },
    },
    roles: {
      a: { trust: { AWS: userArn('dev') }, statements: [allow('sts:AssumeRole', roleArn('prod'))] },
      prod,
    },
  },
}

/** The kinds of edits that end the paths of an account by themselves. */
function kindsOf(name: string, organization: object = {}): readonly string[] {
  const graph = graphOfFile(accounts[name]!, organization)
  const { considered } = cutsOf(graph)
  return considered
    .filter(({ edit }) => !isOpen(editedWorld(graph.world, [edit])))
    .map(({ edit }) => edit.kind)
    .sort()
}

describe('what breaks a path', () => {
  it('is each kind of edit where it fits', () => {
    assert.deepEqual(kindsOf('assume'), ['deny', 'remove-action', 'trust'])
    assert.deepEqual(kindsOf('resources'), ['deny', 'remove-action', 'remove-resource', 'trust'])
    assert.deepEqual(kindsOf('attached'), ['deny', 'detach', 'remove-action', 'trust'])
    assert.deepEqual(kindsOf('group'), ['deny', 'leave-group', 'remove-action', 'trust'])
    assert.ok(kindsOf('self').includes('boundary'))
    const scps = [[{ name: 'FullAWSAccess', document: { Version: '2012-10-17', Statement: [allow('*')] } }]]
    assert.ok(kindsOf('assume', { scps }).includes('scp'))
  })

  it('passes roles to the services that are left, with the statement split', () => {
    const graph = graphOfFile(accounts.service!)
    const { considered } = cutsOf(graph)
    const condition = considered.find(({ edit }) => edit.kind === 'condition')?.edit
    assert.ok(condition)
    const [document] = editedWorld(graph.world, [condition]).users.get(userArn('dev'))!.inline
    assert.deepEqual(JSON.parse(document!.policy.text).Statement, [
      { Effect: 'Allow', Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      },
    ])
  })

  it('names the roles that are left instead of a pattern, if the call that passes one was seen', () => {
    const graph = graphOfFile(accounts.passing!)
    const seen = ['lambda:CreateFunction', 'lambda:InvokeFunction', 'iam:PassRole'].map((action) => ({
      principal: userArn('dev'),
      action,
      resource: action === 'iam:PassRole' ? roleArn('app') : '*',
      ...(action === 'iam:PassRole' ? { passedTo: 'lambda.amazonaws.com' } : {}),
      calls: 1,
    }))
    const { cuts, isMinimal } = cutsOf(graph, { seen })
    const edits = cuts[0]!.edits.map(({ edit }) => edit)
    assert.deepEqual(
      [isMinimal, cuts[0]!.cost, edits.map(({ kind }) => kind)],
      [true, 2, ['narrow', 'narrow']],
    )
    const [document] = editedWorld(graph.world, edits).users.get(userArn('dev'))!.inline
    assert.deepEqual(JSON.parse(document!.policy.text).Statement, [
      { Effect: 'Allow', Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*' },
      { Effect: 'Allow', Action: 'iam:PassRole', Resource: [roleArn('app'), roleArn('web')] },
    ])
    const view = cutAnswerView(graph.world, cutsOf(graph, { seen }), undefined, undefined).cuts[0]!
    assert.match(
      view.edits[0]!.text,
      /^name role\/app, role\/web instead of \* in statement 1 of own of dev:\d+:\d+, without role\/prod, role\/root$/,
    )
  })

  it('takes nothing back that another edit has taken away', () => {
    const graph = graphOfFile(accounts.passing!)
    const { considered } = cutsOf(graph)
    const of = (kind: string) => considered.filter(({ edit }) => edit.kind === kind).map(({ edit }) => edit)
    const [document] = editedWorld(graph.world, [
      ...of('narrow'),
      ...of('condition'),
      ...of('remove-action'),
    ]).users.get(userArn('dev'))!.inline
    assert.equal(document, undefined)
  })

  it('changes a copy: the world stays as it was, and the cut leaves no path', () => {
    for (const [name, file] of Object.entries(accounts)) {
      const graph = graphOfFile(file)
      const { cuts, isMinimal, lowerBound } = cutsOf(graph)
      assert.ok(isMinimal && cuts.length > 0, name)
      assert.equal(lowerBound, cuts[0]?.cost, name)
      for (const { edits } of cuts)
        assert.ok(
          !isOpen(
            editedWorld(
              graph.world,
              edits.map(({ edit }) => edit),
            ),
          ),
          name,
        )
      assert.ok(isOpen(graph.world), name)
    }
  })

  it('needs as many edits as there are ways that have nothing in common', () => {
    assert.equal(cutsOf(graphOfFile(accounts.assume!)).cuts[0]?.cost, 1)
    // both ways of `two` end at the trust policy of prod
    const [cut] = cutsOf(graphOfFile(accounts.two!)).cuts
    assert.deepEqual(
      cut?.edits.map(({ edit }) => edit.kind),
      ['trust'],
    )
  })

  it('says so where nothing ends a path, and where there is none', () => {
    const owner = cutsOf(graphOfFile({ users: { dev: { attached: [administratorAccess] } } }))
    assert.deepEqual([owner.cuts.length, owner.unbreakable?.steps.length], [0, 1])
    const idle = cutsOf(graphOfFile({ users: { dev: {} } }))
    assert.deepEqual([idle.paths, idle.cuts.length, idle.lowerBound], [0, 0, 0])
  })

  it('ends the paths of everyone, administrators left out', () => {
    const graph = graphOfFile({
      users: {
        dev: accounts.assume!.users!.dev!,
        ops: accounts.assume!.users!.dev!,
        owner: { statements: [allow('*')] },
      },
      roles: { prod },
    })
    const { starts, cuts } = proposeCuts(graph)
    assert.deepEqual(starts.map(({ arn }) => arn.slice(arn.lastIndexOf('/') + 1)).sort(), ['dev', 'ops'])
    assert.deepEqual(
      cuts[0]?.edits.map(({ edit }) => edit.kind),
      ['trust'],
    )
  })
})

describe('a cut and what the trail has seen', () => {
  const graph = graphOfFile({
    users: { dev: { statements: [allow('sts:AssumeRole', roleArn('a')), allow('s3:*')] } },
    roles: {
      a: { trust: { AWS: userArn('dev') }, statements: [allow('sts:AssumeRole', roleArn('prod'))] },
      prod,
    },
  })
  const used = (principal: string, resource: string) => ({
    principal,
    action: 'sts:AssumeRole',
    resource,
    calls: 3,
    last: '2026-11-01T00:00:00.000Z',
  })

  it('leaves alone what is used where something else does', () => {
    const seen = [used(userArn('dev'), roleArn('a'))]
    const { cuts } = cutsOf(graph, { seen })
    assert.equal(cuts[0]?.cost, 1)
    for (const { edit } of cuts[0]?.edits ?? [])
      assert.ok(!JSON.stringify(edit).includes('user/dev'), JSON.stringify(edit))
  })

  it('costs ten more where it refuses a call that was seen', () => {
    const seen = [used(userArn('dev'), roleArn('a')), used(roleArn('a'), roleArn('prod'))]
    const { cuts, considered } = cutsOf(graph, { seen })
    assert.equal(cuts[0]?.cost, 11)
    assert.ok(considered.some(({ refused }) => refused.length === 1))
    const { edits } = cutAnswerView(graph.world, cutsOf(graph, { seen }), undefined, undefined).cuts[0]!
    assert.deepEqual(edits[0]?.seen, { calls: 3, last: '2026-11-01T00:00:00.000Z' })
  })

  it('never counts a call that was refused before', () => {
    const { considered } = cutsOf(graph, { seen: [used(userArn('dev'), roleArn('nothing'))] })
    assert.ok(considered.every(({ cost }) => cost === 1))
  })
})

/** Every edit of an account that is about one value, found without any path. */
function leavesOf({ users, roles, groups }: World): readonly Edit[] {
  const found: Edit[] = []
  for (const { arn, inline } of [...users.values(), ...roles.values(), ...groups.values()]) {
    for (const { source, policy } of inline) {
      const document = { is: 'inline', owner: arn, name: source.name ?? '' } as const
      for (const { index: statement, effect, action, resource } of policy.statements) {
        if (effect === 'Deny') continue
        for (const { value } of action.values)
          found.push({ kind: 'remove-action', document, statement, values: [value] })
        if ((resource?.values.length ?? 0) > 1)
          for (const { value } of resource?.values ?? [])
            found.push({ kind: 'remove-resource', document, statement, values: [value] })
      }
    }
  }
  for (const { arn, trust } of roles.values()) {
    for (const { index: statement, principal } of trust?.policy.statements ?? [])
      for (const { type, value } of principal?.entries ?? [])
        found.push({
          kind: 'trust',
          document: { is: 'trust', role: arn },
          statement,
          values: [{ type, value }],
        })
  }
  for (const { arn, groups: joined } of users.values())
    for (const group of joined) found.push({ kind: 'leave-group', user: arn, group })
  return found
}

/** Whether an edit is not among the leaves: it has several values, or adds a Deny or a boundary. */
function isMore(edit: Edit): boolean {
  if (edit.kind === 'narrow') return true
  return 'values' in edit ? edit.values.length > 1 : edit.kind === 'deny' || edit.kind === 'boundary'
}

/** The fewest edits that end every path: all sets of one, of two, and so on. */
function fewest(world: World, edits: readonly Edit[], most: number): number | undefined {
  const tries = (size: number, from: number, chosen: readonly Edit[]): boolean => {
    if (size === 0) return !isOpen(editedWorld(world, chosen))
    for (let place = from; place <= edits.length - size; place++)
      if (tries(size - 1, place + 1, [...chosen, edits[place]!])) return true
    return false
  }
  for (let size = 0; size <= most; size++) if (tries(size, 0, [])) return size
  return undefined
}

describe('minimal', () => {
  /** Accounts of a user, a group and three roles, from the bits of a number. */
  function accountOf(bits: number): AccountFile {
    const has = (bit: number): boolean => (bits & (1 << bit)) !== 0
    const when = <Each>(bit: number, ...each: readonly Each[]): readonly Each[] => (has(bit) ? each : [])
    return {
      users: {
        dev: {
          groups: when(0, 'team'),
          statements: [
            allow('sts:AssumeRole', [roleArn('a'), ...when(1, roleArn('b'))]),
            ...when(2, allow('iam:CreateAccessKey', userArn('ops'))),
            ...when(3, deny('sts:AssumeRole', roleArn('prod'))),
          ],
        },
        ops: { statements: [allow('sts:AssumeRole', roleArn(has(4) ? 'prod' : 'b'))] },
      },
      groups: { team: { statements: [allow('sts:AssumeRole', roleArn('prod'))] } },
      roles: {
        a: {
          trust: { AWS: userArn('dev') },
          statements: [
            allow(has(5) ? 'iam:PutRolePolicy' : 'sts:AssumeRole', roleArn(has(5) ? 'a' : 'prod')),
          ],
        },
        b: { trust: { AWS: account }, statements: [allow('sts:AssumeRole', roleArn('prod'))] },
        prod: {
          trust: { AWS: [roleArn('a'), roleArn('b'), ...when(6, account)] },
          attached: [administratorAccess],
        },
      },
    }
  }

  it('as all sets of edits say, where there are at most twelve', () => {
    let compared = 0
    for (let bits = 0; bits < 128; bits += process.env.OMEN_SOAK === undefined ? 41 : 1) {
      const graph = graphOfFile(accountOf(bits))
      const answer = cutsOf(graph, { most: 1 })
      // an edit of several values, and what is added to an account, are no leaves
      const more = answer.considered.map(({ edit }) => edit).filter(isMore)
      const leaves = leavesOf(graph.world)
      const [cut] = answer.cuts
      if (answer.paths === 0 || leaves.length > 14) continue
      assert.ok(answer.isMinimal)
      assert.equal(cut?.cost, fewest(graph.world, [...leaves, ...more], 3), `account ${bits}`)
      compared++
    }
    assert.ok(compared >= 3, String(compared))
  })

  it('as all sets of edits say, where a role is passed by a pattern', () => {
    const graph = graphOfFile(accounts.passing!)
    const { considered, cuts } = cutsOf(graph, { most: 1 })
    const edits = considered.map(({ edit }) => edit)
    assert.equal(cuts[0]?.cost, fewest(graph.world, [...leavesOf(graph.world), ...edits.filter(isMore)], 2))
    const narrow = edits.filter(({ kind }) => kind === 'narrow')
    assert.equal(fewest(graph.world, narrow, 3), 2, 'each role that is left is a path')
  })

  it('ends the paths from outside as well, if it is asked for everyone', () => {
    const outside = 'arn:aws:iam::999988887777:root'
    const graph = graphOfFile({
      users: { dev: {} },
      roles: {
        prod: { ...prod, trust: { AWS: [account, outside] } },
        scanner: { trust: { Service: 'lambda.amazonaws.com' }, attached: [administratorAccess] },
      },
    })
    const answer = proposeCuts(graph, {})
    assert.deepEqual(
      answer.starts.map(({ arn }) => arn),
      [outside],
    )
    const edits = answer.cuts[0]?.edits.map(({ edit }) => edit) ?? []
    assert.deepEqual(
      edits.map((edit) => [edit.kind, edit.kind === 'trust' ? edit.values.map(({ value }) => value) : []]),
      [['trust', [outside]]],
    )
  })
})
