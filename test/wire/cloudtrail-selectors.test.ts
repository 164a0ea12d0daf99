import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type {
  AdvancedFieldSelector,
  EventSelector,
  PutEventSelectorsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { account } from '../kit/index.ts'
import { credentialsOf, openTrailServer, organizationWithMember } from './cloudtrail-house.ts'

const arn = `arn:aws:cloudtrail:us-east-1:${account}:trail/first`

async function withTrail() {
  const server = await openTrailServer()
  await server.cloudtrail.createTrail({
    Name: 'first',
    S3BucketName: 'trail-bucket',
    IsMultiRegionTrail: true,
  })
  const put = (selectors: Omit<PutEventSelectorsCommandInput, 'TrailName'>) =>
    server.cloudtrail.putEventSelectors({ TrailName: 'first', ...selectors })
  return {
    server,
    basic: (...EventSelectors: EventSelector[]) => put({ EventSelectors }),
    advanced: (...FieldSelectors: AdvancedFieldSelector[]) =>
      put({ AdvancedEventSelectors: [{ FieldSelectors }] }),
  }
}

function refuses(call: Promise<unknown>, message: string | RegExp): Promise<void> {
  return assert.rejects(call, { name: 'InvalidEventSelectorsException', message })
}

describe('Basic event selectors', () => {
  it('name data resources as CloudTrail knows them (CTR-13)', async () => {
    const { server, basic } = await withTrail()
    await using _ = server
    const of = (Type: string, ...Values: string[]) => basic({ DataResources: [{ Type, Values }] })
    const fit = {
      'AWS::S3::Object': ['arn:aws:s3', 'arn:aws:s3:::', 'arn:aws:s3:::bucket/', 'arn:aws:s3:::bucket/a*/b'],
      'AWS::Lambda::Function': ['arn:aws:lambda', `arn:aws:lambda:us-east-1:${account}:function:f`],
      'AWS::DynamoDB::Table': ['arn:aws:dynamodb', `arn:aws:dynamodb:us-east-1:${account}:table/t`],
    }
    for (const [type, values] of Object.entries(fit)) await of(type, ...values)
    const unfit = {
      'AWS::S3::Object': ['arn:aws:s3:::*', 'arn:aws:s3:::bucket', 'bucket/', 'arn:aws:s3:::cg-*/*', ''],
      'AWS::Lambda::Function': ['arn:aws:lambda:*', 'f', 'arn:aws:s3'],
      'AWS::DynamoDB::Table': ['arn:aws:dynamodb:*', `arn:aws:dynamodb:us-east-1:${account}:t`],
    }
    for (const [type, values] of Object.entries(unfit))
      for (const value of values)
        await refuses(of(type, value), `Value ${value} for DataResources.Values is invalid.`)
    const many = Array.from({ length: 251 }, (_, n) => `arn:aws:s3:::bucket/${n}`)
    await of('AWS::S3::Object', ...many.slice(1))
    await refuses(
      of('AWS::S3::Object', ...many),
      /^Specify a valid number of DataResources\.Values \(0 to 250\)/,
    )
  })

  it('choose something: management events, or data resources even without values (CTR-13)', async () => {
    const { server, basic } = await withTrail()
    await using _ = server
    await refuses(
      basic({ IncludeManagementEvents: false }),
      'Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not be empty.',
    )
    await basic({
      IncludeManagementEvents: false,
      DataResources: [{ Type: 'AWS::Lambda::Function', Values: [] }],
    })
  })
})

describe('Advanced event selectors', () => {
  it('compare what events of their category have (CTR-12)', async () => {
    const { server, advanced } = await withTrail()
    await using _ = server
    const category = (value: string) => ({ Field: 'eventCategory', Equals: [value] })
    const [management, data, network] = ['Management', 'Data', 'NetworkActivity'].map(category)
    const isFunction = { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] }
    const source = (...NotEquals: string[]) => ({ Field: 'eventSource', NotEquals })
    await advanced(management!, source('kms.amazonaws.com', 'rdsdata.amazonaws.com'))
    await advanced(data!, isFunction, { Field: 'eventName', StartsWith: ['Inv'] })
    await advanced(network!, { Field: 'eventSource', Equals: ['kms.amazonaws.com'] })
    const refused: AdvancedFieldSelector[][] = [
      [management!, { Field: 'eventName', Equals: ['CreateRole'] }],
      [management!, { Field: 'resources.ARN', Equals: ['arn'] }],
      [management!, source('iam.amazonaws.com')],
      [management!, { Field: 'eventSource', Equals: ['kms.amazonaws.com'] }],
      [management!, { Field: 'readOnly', Equals: ['maybe'] }],
      [management!, management!],
      [network!],
      [data!, isFunction, { Field: 'vpcEndpointId', Equals: ['x'] }],
      [data!, { Field: 'resources.type', Equals: ['AWS::Lambda::Function', 'AWS::S3::Object'] }],
      [{ Field: 'eventCategory', Equals: ['constructor'] }],
    ]
    for (const each of refused) await refuses(advanced(...each), /./)
  })

  it('take the types that AWS lists, and no other (CTR-17)', async () => {
    const { server, advanced } = await withTrail()
    await using _ = server
    const ofType = (type: string) =>
      advanced({ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: [type] })
    for (const type of ['AWS::FSx::Volume', 'AWS::EKS::Dashboard', 'AWS::XRay::Trace']) await ofType(type)
    for (const type of ['AWS::EKS::Cluster', 'AWS::FSx::Volume ', 'AWS::FSx::', 'FSx::Volume'])
      await refuses(ofType(type), /resources.type field value is not valid/)
  })
})

describe('Trails of an organization', () => {
  it('are looked at by members under their ARN, with permission in their own account (CTR-3, CTR-15)', async () => {
    await using server = await openTrailServer()
    const { member } = await organizationWithMember(server.omen)
    const made = { Name: 'org', S3BucketName: 'trail-bucket', IsOrganizationTrail: true }
    const { TrailARN: Name } = await server.cloudtrail.createTrail(made)
    const { Credentials: session } = await server.sts.assumeRole({
      RoleArn: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'across',
    })
    const theirs = server.as(credentialsOf(session!)).cloudtrail
    assert.equal((await theirs.getTrail({ Name })).Trail?.Name, 'org')
    assert.equal((await theirs.getTrailStatus({ Name })).IsLogging, false)
    assert.equal((await theirs.getEventSelectors({ TrailName: Name })).EventSelectors?.length, 1)
    await assert.rejects(theirs.getTrailStatus({ Name: 'org' }), {
      name: 'TrailNotFoundException',
      message: `Unknown trail: org for the user: ${member}`,
    })
    for (const call of [theirs.stopLogging({ Name }), theirs.deleteTrail({ Name })])
      await assert.rejects(call, { name: 'TrailNotFoundException' })
    await assert.rejects(theirs.listTags({ ResourceIdList: [Name!] }), {
      name: 'CloudTrailARNInvalidException',
    })
  })
})

describe('Tags of trails', () => {
  it('are given, changed and taken away (CTR-7)', async () => {
    await using server = await openTrailServer()
    const { cloudtrail } = server
    await cloudtrail.createTrail({
      Name: 'first',
      S3BucketName: 'trail-bucket',
      TagsList: [{ Key: 'a', Value: '1' }],
    })
    await cloudtrail.addTags({
      ResourceId: arn,
      TagsList: [
        { Key: 'b', Value: '2' },
        { Key: 'a', Value: '3' },
      ],
    })
    const told = await cloudtrail.listTags({ ResourceIdList: [arn] })
    assert.deepEqual(told.ResourceTagList, [
      {
        ResourceId: arn,
        TagsList: [
          { Key: 'b', Value: '2' },
          { Key: 'a', Value: '3' },
        ],
      },
    ])
    await cloudtrail.removeTags({ ResourceId: arn, TagsList: [{ Key: 'b' }] })
    const left = await cloudtrail.listTags({ ResourceIdList: [arn] })
    assert.deepEqual(left.ResourceTagList![0]!.TagsList, [{ Key: 'a', Value: '3' }])
    const many = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }))
    await assert.rejects(cloudtrail.addTags({ ResourceId: arn, TagsList: many }), {
      name: 'TagsLimitExceededException',
    })
    const twice = [
      { Key: 'x', Value: '1' },
      { Key: 'x', Value: '2' },
    ]
    await assert.rejects(cloudtrail.addTags({ ResourceId: arn, TagsList: twice }), {
      name: 'InvalidTagParameterException',
    })
    await assert.rejects(cloudtrail.listTags({ ResourceIdList: ['first'] }), {
      name: 'CloudTrailARNInvalidException',
    })
  })

  it('are of the account’s own trails, at home (CTR-14)', async () => {
    const { server } = await withTrail()
    await using _ = server
    const west = new CloudTrail({ ...server.omen.clientConfig(), region: 'eu-west-1', maxAttempts: 2 })
    const list = (id: string, client = server.cloudtrail) => client.listTags({ ResourceIdList: [id] })
    await list(arn)
    await assert.rejects(list(arn.replace('first', 'none')), { name: 'ResourceNotFoundException' })
    await assert.rejects(list(arn, west), {
      name: 'CloudTrailARNInvalidException',
      message: 'Region in ARN is wrong, you can only access resources in region eu-west-1.',
    })
    await assert.rejects(server.cloudtrail.addTags({ ResourceId: `${arn}x`, TagsList: [{ Key: 'a' }] }), {
      name: 'ResourceNotFoundException',
    })
    await assert.rejects(list(arn.replace(account, '210987654321')), {
      name: 'CloudTrailARNInvalidException',
      message: `AccountID in ARN is wrong, you can only access resources with AccountID ${account}.`,
    })
    west.destroy()
  })
})
