import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { policyText } from '../kit/index.ts'
import { needs, startMoto, startReader, type UpstreamServer } from '../support/index.ts'
import { form } from './ambiguous-bodies.ts'
import { answerOf, type BotoCall, boto } from './boto3.ts'
import { type Allowed, account, allowing, type GuardServer, guardServer, send } from './house.ts'

type Made = Pick<BotoCall, 'client' | 'method' | 'params'>

const role = `arn:aws:iam::${account}:role/web`
const passing = (resource: string): Allowed => ({
  action: 'iam:PassRole',
  resource,
  condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
})
const others: Allowed = { action: ['ec2:*', 'autoscaling:*'] }

/** A server with a role in an instance profile of its name. */
async function serverWithProfile(upstream: UpstreamServer): Promise<GuardServer> {
  const server = await guardServer({ upstream, forward: ['ec2'] })
  await server.role('web', 'ec2.amazonaws.com')
  await server.iam.createInstanceProfile({ InstanceProfileName: 'web' })
  await server.iam.addRoleToInstanceProfile({ InstanceProfileName: 'web', RoleName: 'web' })
  return server
}

describe('who launches from a template hands on the role in it (GRD-46)', needs('moto', 'boto3'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials
  let image: string

  before(async () => {
    moto = await startMoto()
    server = await serverWithProfile(moto)
    user = await server.user('user')
    const [images] = await called(server.admin, { client: 'ec2', method: 'describe_images' })
    image = (answerOf(images).Images as readonly { readonly ImageId: string }[])[0]!.ImageId
    for (const [name, profile] of [
      ['with', { Arn: `arn:aws:iam::${account}:instance-profile/web` }],
      ['without', undefined],
    ] as const) {
      const data = {
        ImageId: image,
        InstanceType: 't3.micro',
        ...(profile && { IamInstanceProfile: profile }),
      }
      const params = { LaunchTemplateName: name, LaunchTemplateData: data }
      const [made] = await called(server.admin, { client: 'ec2', method: 'create_launch_template', params })
      answerOf(made)
    }
  })
  after(async () => {
    await server?.close()
    await moto?.close()
  })

  const called = (as: ClientCredentials, ...calls: readonly Made[]) =>
    boto(
      server.omen.endpoint,
      calls.map((call) => ({ ...call, as })),
    )
  const launch = (LaunchTemplateName: string): readonly Made[] => [
    {
      client: 'ec2',
      method: 'run_instances',
      params: { LaunchTemplate: { LaunchTemplateName }, ImageId: image, MinCount: 1, MaxCount: 1 },
    },
    {
      client: 'autoscaling',
      method: 'create_auto_scaling_group',
      params: {
        AutoScalingGroupName: LaunchTemplateName,
        LaunchTemplate: { LaunchTemplateName, Version: '1' },
        MinSize: 0,
        MaxSize: 0,
        AvailabilityZones: ['us-east-1a'],
      },
    },
  ]

  test('and must be allowed to', async () => {
    await server.allow('user', allowing(others, passing(`${role}-other`)))
    for (const { code, message } of await called(user, ...launch('with')))
      assert.match(
        `${code} ${message}`,
        /^(?:AccessDenied|UnauthorizedOperation) .*iam:PassRole on resource: arn:aws:iam::\d+:role\/web /s,
      )
    for (const passed of await called(user, ...launch('without'))) answerOf(passed)
    await server.allow('user', allowing(others, passing(role)))
    for (const passed of await called(user, ...launch('with'))) answerOf(passed)
  })

  test('and use the template, also where it is named by its name', async () => {
    const params = { LaunchTemplateNames: ['without'] }
    const [found] = await called(server.admin, { client: 'ec2', method: 'describe_launch_templates', params })
    const [template] = answerOf(found).LaunchTemplates as readonly { readonly LaunchTemplateId: string }[]
    const resource = `arn:aws:ec2:us-east-1:${account}:launch-template/${template!.LaunchTemplateId}`
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'ec2:RunInstances', Resource: resource },
    ]
    await server.allow('user', policyText(...statements))
    const [refused] = await called(user, launch('without')[0]!)
    assert.equal(refused?.code, 'UnauthorizedOperation')
  })
})

describe('a template that an upstream does not describe (GRD-46)', () => {
  let reply: { readonly status: number; readonly body: string }
  let upstream: UpstreamServer
  let server: GuardServer
  let user: ClientCredentials

  before(async () => {
    upstream = await startReader((_, question, outgoing) => {
      const asked = question.toString().includes('DescribeLaunchTemplateVersions')
      const { status, body } = asked ? reply : { status: 200, body: 'passed' }
      outgoing.writeHead(status).end(body)
    })
    server = await serverWithProfile(upstream)
    user = await server.user('user', allowing(others, passing(role)))
  })
  after(async () => {
    await server.close()
    await upstream.close()
  })

  const fleet = (fields: Readonly<Record<string, string>>) =>
    send(server.omen.endpoint, {
      method: 'POST',
      service: 'ec2',
      as: user,
      headers: { 'content-type': form },
      body: new URLSearchParams({ Version: '2016-11-15', ...fields }).toString(),
    })
  const named = 'LaunchTemplateConfigs.1.LaunchTemplateSpecification.LaunchTemplateId'
  const create = () => fleet({ Action: 'CreateFleet', [named]: 'lt-1' })
  const versions = (data: string) => ({
    status: 200,
    body: `<R><launchTemplateVersionSet><item>${data}</item></launchTemplateVersionSet></R>`,
  })

  test('may hand on any role; one that is not there hands on none (GRD-46, GRD-465)', async () => {
    for (const [told, passes] of [
      [
        versions(
          '<launchTemplateData><iamInstanceProfile><name>web</name></iamInstanceProfile></launchTemplateData>',
        ),
        true,
      ],
      [versions('<launchTemplateData/>'), true],
      [{ status: 400, body: '<Code>InvalidLaunchTemplateId.NotFound</Code>' }, true],
      [
        versions(
          '<launchTemplateData><iamInstanceProfile><name>unknown</name></iamInstanceProfile></launchTemplateData>',
        ),
        false,
      ],
      [versions(''), false],
      [{ status: 400, body: '<Code>InvalidAction</Code>' }, false],
      [{ status: 501, body: 'not implemented' }, false],
    ] as const) {
      reply = told
      const { status, body } = await create()
      assert.equal(status, passes ? 200 : 403, told.body)
      if (!passes) assert.match(body, /iam:PassRole on resource: arn:aws:iam::\d+:role\/\*/)
    }
    reply = { status: 500, body: '' }
    const { status, body } = await create()
    assert.equal(status, 503)
    // GRD-465: which question, and which status
    assert.match(body, /cannot be read: it answered 500 \(DescribeLaunchTemplateVersions of ec2\)/)
  })

  test('is looked for wherever an operation takes one', async () => {
    reply = { status: 501, body: '' }
    const one = (member: string) =>
      `LaunchTemplateConfig.1.LaunchTemplateSpecification.LaunchTemplate${member}`
    const spot = `SpotFleetRequestConfig.${named}`
    for (const fields of [
      { Action: 'ModifyFleet', FleetId: 'f', [one('Id')]: 'lt-1' },
      { Action: 'ModifySpotFleetRequest', SpotFleetRequestId: 'sfr', [one('Name')]: 't' },
      { Action: 'RequestSpotFleet', [spot]: 'lt-1' },
      { Action: 'RunInstances', 'LaunchTemplate.LaunchTemplateId': 'lt-1' },
      { Action: 'EnableFastLaunch', ImageId: 'ami-1', 'LaunchTemplate.LaunchTemplateName': 't' },
    ])
      assert.match((await fleet(fields)).body, /iam:PassRole on resource/, fields.Action)
  })
})
