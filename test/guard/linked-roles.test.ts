import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { startReader } from '../support/index.ts'
import { allowing, guardServer, send } from './house.ts'

/** Turns of the event loop within which a role is made after an answer. */
const mostTurns = 2_000

test('CreateCluster makes the service-linked role of ECS for who may, and succeeds without (GRD-475)', async () => {
  await using upstream = await startReader((_, __, outgoing) => outgoing.end('{}'))
  const server = await guardServer({ upstream: { url: upstream.url, sharedIam: false } })
  try {
    const as = await server.user('user')
    const roles = async () => (await server.iam.listRoles({})).Roles?.map(({ RoleName }) => RoleName) ?? []
    const create = async () => {
      const headers = {
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.CreateCluster',
        'content-type': 'application/x-amz-json-1.1',
      }
      const body = JSON.stringify({ clusterName: 'c' })
      return (await send(server.omen.endpoint, { method: 'POST', service: 'ecs', headers, body, as })).status
    }
    await server.allow('user', allowing({ action: 'ecs:*' }))
    assert.equal(await create(), 200)
    for (let count = 0; count < 50; count++) await turn()
    assert.ok(!(await roles()).includes('AWSServiceRoleForECS'))
    const condition = { StringEquals: { 'iam:AWSServiceName': 'ecs.amazonaws.com' } }
    await server.allow(
      'user',
      allowing({ action: 'ecs:*' }, { action: 'iam:CreateServiceLinkedRole', condition }),
    )
    assert.equal(await create(), 200)
    for (let count = 0; count < mostTurns && !(await roles()).includes('AWSServiceRoleForECS'); count++)
      await turn()
    assert.ok((await roles()).includes('AWSServiceRoleForECS'))
    assert.equal(await create(), 200, 'the role is there')
  } finally {
    await server.close()
  }
})
