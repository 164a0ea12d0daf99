import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { startSink, type UpstreamServer } from '../support/index.ts'
import { form } from './ambiguous-bodies.ts'
import { account, allowing, type GuardServer, guardServer, type Sent, send } from './house.ts'

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${account}:${resource}`
const json = (service: string, target: string, body: object): Sent => ({
  service,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  body: JSON.stringify(body),
})
const query = (service: string, fields: Readonly<Record<string, string>>): Sent => ({
  service,
  headers: { 'content-type': form },
  body: new URLSearchParams(fields).toString(),
})
const proxies = (Action: string, more: object = {}) =>
  query('rds', { Action, Version: '2014-10-31', DBProxyName: 'p', ...more })
const environment = (more: object) =>
  query('elasticbeanstalk', { Action: 'TerminateEnvironment', Version: '2010-12-01', ...more })
const environments =
  '<R><member><ApplicationName>a</ApplicationName><EnvironmentName>e</EnvironmentName></member></R>'

/** A call, what the upstream answers to the question that it raises, and what it turns out to be about. */
const cases: readonly (readonly [
  name: string,
  sent: Sent,
  told: string,
  action: string,
  resource: string,
])[] = [
  [
    'a deployment is its group’s',
    json('codedeploy', 'CodeDeploy_20141006.GetDeploymentInstance', { deploymentId: 'd-1', instanceId: 'i' }),
    '{"deploymentInfo":{"applicationName":"a","deploymentGroupName":"g"}}',
    'codedeploy:GetDeploymentInstance',
    arn('codedeploy', 'deploymentgroup:a/g'),
  ],
  [
    'a pull request is its repository’s',
    json('codecommit', 'CodeCommit_20150413.UpdatePullRequestTitle', { pullRequestId: '7', title: 't' }),
    '{"pullRequest":{"pullRequestTargets":[{"repositoryName":"r"}]}}',
    'codecommit:UpdatePullRequestTitle',
    arn('codecommit', 'r'),
  ],
  [
    'a proxy has an id in its ARN',
    proxies('DeleteDBProxy'),
    `<R><DBProxyArn>${arn('rds', 'db-proxy:prx-1')}</DBProxyArn></R>`,
    'rds:DeleteDBProxy',
    arn('rds', 'db-proxy:prx-1'),
  ],
  [
    'and so has its endpoint',
    query('rds', { Action: 'DeleteDBProxyEndpoint', Version: '2014-10-31', DBProxyEndpointName: 'e' }),
    `<R><DBProxyEndpointArn>${arn('rds', 'db-proxy-endpoint:prx-endpoint-1')}</DBProxyEndpointArn></R>`,
    'rds:DeleteDBProxyEndpoint',
    arn('rds', 'db-proxy-endpoint:prx-endpoint-1'),
  ],
  [
    'an environment is its application’s',
    environment({ EnvironmentName: 'e' }),
    environments,
    'elasticbeanstalk:TerminateEnvironment',
    arn('elasticbeanstalk', 'environment/a/e'),
  ],
  [
    'also by its id',
    environment({ EnvironmentId: 'e-abcdefghij' }),
    environments,
    'elasticbeanstalk:TerminateEnvironment',
    arn('elasticbeanstalk', 'environment/a/e'),
  ],
]

describe('names that are no part of an ARN (GRD-49)', () => {
  let told = { status: 200, body: '' }
  let calls = 0
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials

  before(async () => {
    upstream = await startSink((incoming, outgoing) => {
      incoming.resume()
      incoming.on('end', () => {
        // the first is the guard's own question
        const { status, body } = calls++ === 0 ? told : { status: 200, body: 'passed' }
        outgoing.writeHead(status).end(body)
      })
    })
    server = await guardServer({ upstream, forward: ['lambda'] })
    user = await server.user('user')
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const go = (sent: Sent, answer: string, status = 200) => {
    told = { status, body: answer }
    calls = 0
    return send(server.omen.endpoint, { method: 'POST', as: user, ...sent })
  }

  for (const [name, sent, answer, action, resource] of cases)
    test(name, async () => {
      await server.allow('user', allowing({ action, resource }))
      assert.equal((await go(sent, answer)).body, 'passed')
      const unknown = await go(sent, '{}', 400)
      assert.match(unknown.body, /not authorized/)
      await server.allow('user', allowing({ action, resource: `${resource}-other` }))
      assert.ok((await go(sent, answer)).body.includes(`on resource: ${resource} `))
    })

  test('an event source mapping is its function’s', async () => {
    const path = '/2015-03-31/event-source-mappings/11111111-2222-3333-4444-555555555555'
    const [own, other] = [arn('lambda', 'function:own'), arn('lambda', 'function:other')]
    const condition = { ArnEquals: { 'lambda:FunctionArn': own } }
    await server.allow('user', allowing({ action: 'lambda:*', condition }))
    const of = (method: string, body: object | undefined, FunctionArn: string) =>
      go(
        { method, service: 'lambda', path, ...(body && { body: JSON.stringify(body) }) },
        JSON.stringify({ FunctionArn }),
      )
    assert.equal((await of('DELETE', undefined, own)).body, 'passed')
    assert.equal((await of('DELETE', undefined, other)).status, 403)
    assert.equal((await of('PUT', { BatchSize: 1 }, other)).status, 403)
    assert.equal((await of('PUT', { FunctionName: 'own' }, other)).status, 403)
    assert.equal((await of('PUT', { FunctionName: 'other' }, own)).status, 403)
  })
})
