import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Graph } from '../../packages/server/src/graph/index.ts'
import { allow, deny, denyAllBut, graphOfFile, type Statement } from './account-file.ts'

const tagged = (value: string) => ({ StringEquals: { 'aws:PrincipalTag/team': value } })

/** The account of one user. */
function dev(statements: readonly Statement[], tags: Readonly<Record<string, string>> = {}): Graph {
  return graphOfFile({ users: { dev: { statements, tags } } })
}

/** The verdict for dev, and the techniques of its best path without the end. */
function best(graph: Graph): string {
  const { verdict, paths } = graph.paths(graph.find('dev')!)
  const steps = (verdict === 'blocked' ? [] : (paths[0]?.steps ?? [])).map(({ technique }) => technique)
  return [verdict, ...steps.filter((technique) => technique !== 'administrator')].join(' ')
}

describe('tags that an attacker writes', () => {
  test('iam:UntagUser does not write the tag that a condition names', () => {
    const other = { StringEquals: { 'aws:RequestTag/team': 'blue' } }
    const statements = [
      allow('iam:TagUser', '*', other),
      allow('iam:UntagUser'),
      allow('*', '*', tagged('red')),
    ]
    assert.equal(best(dev(statements)), 'none')
    assert.equal(best(dev([allow('iam:TagUser'), ...statements])), 'proven lift.tags')
  })

  test('a tag that a Deny names is taken away, or replaced by another value', () => {
    const but = (action: string) => [allow('*'), denyAllBut(action, tagged('red'))]
    assert.equal(best(dev(but('iam:UntagUser'), { team: 'red' })), 'proven lift.tags')
    assert.equal(best(dev(but('iam:TagUser'), { team: 'red' })), 'proven lift.tags')
    assert.equal(best(dev(but('iam:PutRolePolicy'), { team: 'red' })), 'blocked')
  })

  test('a value is made that fits a pattern', () => {
    const condition = { StringNotLike: { 'aws:PrincipalTag/team': 'a*-?' } }
    assert.equal(best(dev([allow('*'), denyAllBut('iam:TagUser', condition)])), 'proven lift.tags')
  })

  test('the name of the attacker is written where a condition compares with it', () => {
    const own = { StringEquals: { 'iam:ResourceTag/owner': '$' + '{aws:username}' } }
    const of = (more: readonly Statement[]) =>
      graphOfFile({
        users: {
          dev: { statements: [allow('iam:CreateAccessKey', '*', own), ...more] },
          boss: { statements: [allow('*')] },
        },
      })
    assert.equal(best(of([allow('iam:TagUser')])), 'proven lift.tags user.access-key')
    assert.equal(best(of([])), 'none')
  })

  test('a Deny on a tag that an administrator lacks takes nothing away', () => {
    assert.equal(best(dev([allow('*'), deny('*', '*', tagged('red'))])), 'proven')
    assert.equal(best(dev([allow('*'), deny('*', '*', tagged('red'))], { team: 'red' })), 'blocked')
  })
})
