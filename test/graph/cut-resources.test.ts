import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type CutQuestion,
  cutAnswerView,
  editedWorld,
  type Graph,
  graphOf,
  proposeCuts,
  readInventory,
  readOrganization,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  account,
  allow,
  detailsOf,
  inventoryOf,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'

const table = techniqueTable()
const pay = `arn:aws:lambda:eu-west-1:${account}:function:pay`
const jobs = `arn:aws:sqs:eu-west-1:${account}:jobs`
const roles = { pay: { trust: { Service: 'lambda.amazonaws.com' }, statements: [allow('*')] } }

function lambda(...Statement: readonly object[]) {
  return {
    type: 'AWS::Lambda::Function',
    arn: pay,
    role: roleArn('pay'),
    tags: {},
    invokedBy: 'a schedule',
    url: '',
    codeSigningConfig: '',
    policy: { Version: '2012-10-17', Statement },
  }
}

const statement = (Sid: string, Principal: object | string, Action: unknown, Resource = pay) => ({
  Sid,
  Effect: 'Allow',
  Principal,
  Action,
  Resource,
})

function graphOfOne(file: AccountFile, resources: readonly object[]): Graph {
  const world = readWorld({
    details: detailsOf(file),
    inventory: readInventory({ ...(inventoryOf(file) as object), resources }),
    organization: readOrganization({}),
  })
  return graphOf(world, table)
}

/** The graph of a user, and of an account with one function. */
function graphWith(statements: readonly Statement[], ...policy: readonly object[]): Graph {
  return graphOfOne({ users: { dev: { statements } }, roles }, [lambda(...policy)])
}

function cutOf(graph: Graph, question: CutQuestion = {}) {
  const answer = proposeCuts(graph, { starts: [graph.find('dev')!], ...question })
  const [cut] = cutAnswerView(graph.world, answer, undefined, undefined).cuts
  assert.ok(cut, 'a cut')
  const edits = answer.cuts[0]!.edits.map(({ edit }) => edit)
  const after = graphOf(editedWorld(graph.world, edits), table)
  const { verdict } = after.paths(after.find('dev')!)
  assert.ok(verdict === 'none' || verdict === 'blocked', verdict)
  return { ...cut, isMinimal: answer.isMinimal }
}

const code = 'lambda:UpdateFunctionCode'

describe('cuts in the policies of resources', () => {
  it('takes the statement of a function that lets a user in, by RemovePermission', () => {
    const graph = graphWith(
      [],
      statement('other', { AWS: userArn('other') }, code),
      statement('dev', { AWS: userArn('dev') }, code),
    )
    const cut = cutOf(graph)
    assert.deepEqual([cut.isMinimal, cut.cost, cut.edits.length], [true, 1, 1])
    const [edit] = cut.edits
    assert.match(
      edit!.text,
      /^remove lambda:UpdateFunctionCode from statement "dev" of policy of pay:\d+:\d+, and with it the whole statement$/,
    )
    assert.deepEqual([edit!.layer, edit!.arn], ['resource', pay])
    assert.deepEqual(edit!.calls, [
      { service: 'lambda', operation: 'RemovePermission', input: { FunctionName: pay, StatementId: 'dev' } },
    ])
    const { Statement } = JSON.parse(edit!.after!)
    assert.deepEqual(
      Statement.map(({ Sid }: { Sid: string }) => Sid),
      ['other'],
    )
    assert.deepEqual(cut.takesAway[0], {
      principal: userArn('dev'),
      action: code,
      resource: pay,
      policy: 'policy of pay',
    })
  })

  it('takes a principal out of a statement that names others, without a call: Lambda has none', () => {
    const graph = graphWith([], statement('both', { AWS: [userArn('dev'), userArn('other')] }, code))
    const answer = proposeCuts(graph, { starts: [graph.find('dev')!] })
    const kinds = answer.considered.map(({ edit }) => edit.kind)
    assert.ok(kinds.includes('resource-policy'), kinds.join())
    const edit = answer.considered.find(({ edit: { kind } }) => kind === 'resource-policy')!
    const alone = { ...answer, cuts: [{ ...answer.cuts[0]!, edits: [edit] }] }
    const [view] = cutAnswerView(graph.world, alone, undefined, undefined).cuts[0]!.edits
    assert.deepEqual(view!.calls, [])
    assert.match(
      view!.text,
      /^remove the principal arn:aws:iam::\d+:user\/dev from statement "both" of policy of pay:/,
    )
    assert.deepEqual(JSON.parse(view!.after!).Statement[0].Principal, { AWS: userArn('other') })
    const after = graphOf(editedWorld(graph.world, [edit.edit]), table)
    assert.equal(after.paths(after.find('dev')!).verdict, 'none')
  })

  it('cuts both halves, if the user and the policy of the function allow it', () => {
    const graph = graphWith([allow(code)], statement('dev', { AWS: userArn('dev') }, code))
    const { edits } = cutOf(graph, {
      seen: [{ principal: userArn('dev'), action: code, resource: pay, calls: 3 }],
    })
    // Any edit that ends the path refuses the call that was seen.
    assert.equal(
      edits.reduce((total, { seen }) => total + seen.calls, 0),
      edits.length === 1 ? 3 : 0,
    )
    const free = cutOf(graph)
    assert.deepEqual([free.isMinimal, free.cost], [true, 1])
    assert.equal(free.edits[0]!.kind, 'deny')
  })

  it('counts a call that the policy of a resource allows as seen', () => {
    const graph = graphWith([], statement('dev', { AWS: userArn('dev') }, code))
    const seen = [{ principal: userArn('dev'), action: code, resource: pay, calls: 2, last: '2026-11-01' }]
    const { edits, cost } = cutOf(graph, { seen })
    assert.deepEqual([cost, edits[0]!.seen.calls], [11, 2])
  })

  it('takes the statement of a queue that lets a user write to it: an edit without a call', () => {
    const maps = allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'])
    const sends = statement('dev', { AWS: userArn('dev') }, ['sqs:SendMessage', 'sqs:ReceiveMessage'], jobs)
    const queue = {
      type: 'AWS::SQS::Queue',
      arn: jobs,
      tags: {},
      getsRecords: false,
      policy: { Version: '2012-10-17', Statement: [sends] },
    }
    const seen = ['iam:PassRole', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'].map(
      (action) => ({
        principal: userArn('dev'),
        action,
        resource: action === 'iam:PassRole' ? roleArn('pay') : '*',
        ...(action === 'iam:PassRole' ? { passedTo: 'lambda.amazonaws.com' } : {}),
        calls: 1,
      }),
    )
    const graph = graphOfOne({ users: { dev: { statements: [maps] } }, roles }, [queue])
    const cut = cutOf(graph, { seen })
    assert.deepEqual(
      cut.edits.map(({ text, calls }) => [text.replace(/:\d+:\d+$/, ''), calls]),
      [['remove sqs:SendMessage from statement "dev" of policy of jobs', []]],
    )
    assert.deepEqual(JSON.parse(cut.edits[0]!.after!).Statement[0].Action, 'sqs:ReceiveMessage')
  })
})
