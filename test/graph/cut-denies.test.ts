import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { type Edit, editedWorld, graphOf } from '../../packages/server/src/graph/index.ts'
import { allow, graphOfFile, userArn } from './account-file.ts'

const dev = userArn('dev')

/** The verdict of dev, who may attach any policy to itself, after denies of some actions, as a cut writes them. */
function verdictAfter(...actions: readonly string[]): string {
  const { world } = graphOfFile({ users: { dev: { statements: [allow('iam:AttachUserPolicy', dev)] } } })
  const denies = actions.map((action): Edit => ({ kind: 'deny', principal: dev, action, resource: '*' }))
  const graph = graphOf(editedWorld(world, denies), techniqueTable())
  return graph.paths(graph.find('dev')!).verdict
}

describe('a Deny that a cut writes (GRD-811)', () => {
  it('ends the paths that need its action', () => {
    assert.equal(verdictAfter('iam:AttachUserPolicy'), 'blocked')
  })

  it('makes nobody less of an administrator, as an SCP does not', () => {
    const changes = ['iam:DeleteUserPolicy', 'iam:PutUserPolicy', 'iam:CreateUser', 'iam:CreateRole']
    assert.equal(verdictAfter('s3:ListAllMyBuckets', ...changes), 'proven')
  })
})
