import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cutAnswerView, proposeCuts } from '../../packages/server/src/graph/index.ts'
import { account, administratorAccess, allow, graphOfFile, roleArn, userArn } from './account-file.ts'
import { reserved, root } from './kinds.ts'

const makesUsers = allow(['iam:CreateUser', 'iam:PutUserPolicy', 'iam:CreateAccessKey'])
const linked = {
  AWSServiceRoleForSSO: {
    path: '/aws-service-role/sso.amazonaws.com/',
    trust: { Service: 'sso.amazonaws.com' },
    statements: [allow(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'])],
  },
}
const users = {
  dev: { statements: [allow('iam:PutUserPolicy', userArn('dev'))] },
  owner: { attached: [administratorAccess] },
}
const cutsOf = (file: Parameters<typeof graphOfFile>[0]) => {
  const graph = graphOfFile(file)
  const answer = proposeCuts(graph)
  return { answer, view: cutAnswerView(graph.world, answer, undefined, undefined) }
}

describe('the cut of everyone', () => {
  it('leaves service-linked roles out (GRD-562)', () => {
    const { answer } = cutsOf({ users, roles: linked })
    assert.deepEqual(
      answer.starts.map(({ arn }) => arn),
      [userArn('dev')],
    )
    assert.deepEqual(answer.leftOut, [])
    assert.deepEqual(
      answer.cuts[0]?.edits.map(({ edit }) => edit.kind),
      ['remove-action'],
    )
  })

  it('leaves out the starts that no edit stops, names them and cuts the rest (GRD-563)', () => {
    const roles = { ...reserved('Dev', [makesUsers]), ...reserved('Ops', [makesUsers]), ...linked }
    const { answer, view } = cutsOf({ users, roles })
    assert.deepEqual(answer.leftOut.map(({ start }) => start.arn.split('_')[1]).sort(), ['Dev', 'Ops'])
    assert.deepEqual(
      answer.starts.map(({ arn }) => arn),
      [userArn('dev')],
    )
    assert.equal(answer.cuts[0]?.cost, 1)
    assert.equal(answer.isMinimal, true)
    assert.match(
      view.problems.join('\n'),
      /AWSReservedSSO_Dev_0123456789abcdef is left out\. No edit that Omen proposes/,
    )
  })

  it('proposes nothing where no start can be stopped', () => {
    const { answer } = cutsOf({ roles: reserved('Dev', [makesUsers]) })
    assert.deepEqual([answer.cuts.length, answer.leftOut.length, answer.starts.length], [0, 0, 1])
    assert.notEqual(answer.unbreakable, undefined)
  })

  it('keeps a start of which some paths have edits and the edits together end all (GRD-563)', () => {
    const roles = {
      ...reserved('Dev', [allow('sts:AssumeRole', roleArn('*'))]),
      one: { trust: { AWS: root }, attached: [administratorAccess] },
      two: { trust: { AWS: root }, attached: [administratorAccess] },
    }
    const { answer } = cutsOf({ roles })
    assert.deepEqual(answer.leftOut, [])
    assert.deepEqual(
      answer.cuts[0]?.edits.map(({ edit }) => edit.kind),
      ['trust', 'trust'],
    )
  })
})

describe('a list of who can become an administrator', () => {
  const roles = {
    ...linked,
    boss: { trust: { AWS: `arn:aws:iam::${account}:user/none` }, attached: [administratorAccess] },
  }

  it('has no service-linked role and ends with those that are one (GRD-562)', () => {
    const names = graphOfFile({ users, roles })
      .comers(undefined)
      .map(({ from }) => from.split('/').at(-1))
    assert.deepEqual(names, ['dev', 'boss', 'owner'])
  })

  it('says of a service-linked role alone what it can do (GRD-562)', () => {
    const graph = graphOfFile({ users, roles })
    assert.equal(graph.paths(graph.find('AWSServiceRoleForSSO')!).verdict, 'proven')
  })
})
