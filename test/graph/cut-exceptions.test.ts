import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { type CutQuestion, type Graph, graphOf, proposeCuts } from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  administratorAccess,
  allow,
  graphOfFile,
  roleArn,
  userArn,
} from './account-file.ts'

const table = techniqueTable()
const account = 'arn:aws:iam::123456789012:root'
const prod = { trust: { AWS: account }, attached: [administratorAccess] }

function cutsOf(graph: Graph, question: CutQuestion = {}) {
  return proposeCuts(graph, { starts: [graph.find('dev')!], most: 5, ...question })
}

describe('what a cut leaves alone', () => {
  const guarded: AccountFile = {
    users: { dev: { statements: [allow('sts:AssumeRole', [roleArn('glass'), roleArn('prod')])] } },
    roles: {
      prod,
      glass: {
        trust: [
          {
            Effect: 'Allow',
            Principal: { AWS: account },
            Action: 'sts:AssumeRole',
            Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
          },
        ],
        attached: [administratorAccess],
      },
    },
  }
  const isAbout = ({ cuts }: ReturnType<typeof cutsOf>, name: string): boolean =>
    cuts.some(({ edits }) =>
      edits.some(({ edit }) => JSON.stringify(edit).includes(`"role":"${roleArn(name)}"`)),
    )

  it('ends no path that is only conditional if these are accepted', () => {
    const graph = graphOfFile(guarded)
    assert.ok(isAbout(cutsOf(graph), 'glass'))
    const accepted = cutsOf(graph, { acceptConditional: true })
    assert.ok(accepted.cuts.length > 0)
    assert.ok(!isAbout(accepted, 'glass'))
  })

  it('changes nothing of an exception, and says where nothing else would help', () => {
    const graph = graphOfFile(guarded)
    const { cuts } = cutsOf(graph, { except: new Set([roleArn('glass')]) })
    assert.ok(cuts.length > 0)
    assert.ok(!isAbout({ cuts } as ReturnType<typeof cutsOf>, 'glass'))
    const all = new Set([userArn('dev'), roleArn('glass'), roleArn('prod')])
    assert.equal(cutsOf(graph, { except: all }).cuts.length, 0)
  })

  it('is undecided where a fact is missing, as the paths are', () => {
    const { world } = graphOfFile({
      users: {
        dev: { statements: [allow('iam:CreateAccessKey', userArn('boss'))] },
        boss: { statements: [allow('*')] },
      },
    })
    const graph = graphOf({ ...world, inventory: { ...world.inventory, accessKeys: undefined } }, table)
    assert.equal(graph.paths(graph.find('dev')!).verdict, 'undecided')
    assert.equal(cutsOf(graph).verdict, 'undecided')
    const chain = { users: { dev: { statements: [] } } }
    assert.equal(cutsOf(graphOfFile(chain)).verdict, 'none')
  })
})
