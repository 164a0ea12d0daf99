import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passRoleRows, techniqueTable } from '../../authorization/catalogue/index.ts'
import { followingCalls } from './actor.ts'

const table = techniqueTable()

test('no call that other principals may make must be given a role [PSR-20]', () => {
  const actions = Object.keys(table.actions).filter((action) => followingCalls().has(action.toLowerCase()))
  assert.equal(actions.length, followingCalls().size)
  const passing = actions.filter((action) => {
    const [service = '', name = ''] = action.split(':')
    return passRoleRows(service, name === 'InvokeFunction' ? 'Invoke' : name).length > 0
  })
  // Of these it may be left out.
  assert.deepEqual(passing.sort(), [
    'amplify:CreateBranch',
    'codebuild:StartBuild',
    'codebuild:StartBuildBatch',
    'sagemaker:CreateEndpointConfig',
    'ssm:CreateDocument',
  ])
})
