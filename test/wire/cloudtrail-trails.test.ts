import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { account } from '../kit/index.ts'
import { allow, credentialsOf, openTrailServer } from './cloudtrail-house.ts'

const S3BucketName = 'trail-bucket'
const arn = `arn:aws:cloudtrail:us-east-1:${account}:trail/first`

function fails(call: Promise<unknown>, name: string, message?: RegExp | string): Promise<void> {
  return assert.rejects(call, message === undefined ? { name } : { name, message })
}

describe('Trails', () => {
  it('are created, described, changed and deleted (CTR-5, CTR-8)', async () => {
    await using server = await openTrailServer()
    const { cloudtrail } = server
    const { $metadata: _, ...made } = await cloudtrail.createTrail({
      Name: 'first',
      S3BucketName,
      TagsList: [{ Key: 'team', Value: 'red' }],
    })
    const settings = {
      Name: 'first',
      S3BucketName,
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: arn,
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
      RecursiveLogging: true,
    }
    assert.deepEqual(made, settings)
    const event = await server.event('CreateTrail')
    assert.deepEqual(event.requestParameters, {
      name: 'first',
      s3BucketName: S3BucketName,
      tagsList: [{ key: 'team', value: 'red' }],
    })
    assert.deepEqual(event.responseElements, {
      name: 'first',
      s3BucketName: S3BucketName,
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: false,
      trailARN: arn,
      logFileValidationEnabled: false,
      isOrganizationTrail: false,
      recursiveLogging: true,
    })
    const whole = { HomeRegion: 'us-east-1', HasCustomEventSelectors: false, HasInsightSelectors: false }
    assert.deepEqual((await cloudtrail.getTrail({ Name: arn })).Trail, { ...settings, ...whole })
    assert.deepEqual((await cloudtrail.describeTrails({})).trailList, [{ ...settings, ...whole }])
    assert.deepEqual((await cloudtrail.describeTrails({ trailNameList: ['none'] })).trailList, [])
    assert.deepEqual((await cloudtrail.listTrails({})).Trails, [
      { TrailARN: arn, Name: 'first', HomeRegion: 'us-east-1' },
    ])
    const changed = await cloudtrail.updateTrail({
      Name: 'first',
      S3KeyPrefix: 'logs',
      EnableLogFileValidation: true,
    })
    assert.equal(changed.S3KeyPrefix, 'logs')
    assert.equal(changed.LogFileValidationEnabled, true)
    await cloudtrail.deleteTrail({ Name: 'first' })
    await fails(
      cloudtrail.getTrailStatus({ Name: 'first' }),
      'TrailNotFoundException',
      `Unknown trail: first for the user: ${account}`,
    )
  })

  it('are refused where they may not be (CTR-1, CTR-2, CTR-4, CTR-9, CTR-10)', async () => {
    await using server = await openTrailServer()
    const { cloudtrail } = server
    const make = (Name: string, more: object = {}) => cloudtrail.createTrail({ Name, S3BucketName, ...more })
    await make('first')
    await fails(
      make('first'),
      'TrailAlreadyExistsException',
      `Trail first already exists for customer: ${account}`,
    )
    await fails(make(' '), 'InvalidTrailNameException', 'Trail name cannot be blank!')
    for (const name of ['ab', 'a'.repeat(129), '-abc', 'abc.', 'a b c', 'a..b', '10.0.0.1'])
      await fails(make(name), 'InvalidTrailNameException')
    for (const bucket of ['ab', '../../etc', 'A-Bucket', 'a..b'])
      await fails(make('other', { S3BucketName: bucket }), 'InvalidS3BucketNameException')
    for (const prefix of ['../x', 'a//b', '/a', 'a/../b', 'x'.repeat(201), 'a\u0000b'])
      await fails(make('other', { S3KeyPrefix: prefix }), 'InvalidS3PrefixException')
    await fails(
      make('other', { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false }),
      'InvalidParameterCombinationException',
    )
    await fails(make('other', { IsOrganizationTrail: true }), 'OrganizationsNotInUseException')
    for (const more of [
      { KmsKeyId: 'alias/x' },
      { SnsTopicName: 't' },
      { CloudWatchLogsLogGroupArn: 'arn:x' },
    ])
      await fails(make('other', more), 'UnsupportedOperationException')
    for (const n of [2, 3, 4, 5]) await make(`trail-${n}`)
    await fails(make('trail-6'), 'MaximumNumberOfTrailsExceededException')
  })

  it('are seen from everywhere where they cover it, and changed at home (CTR-3)', async () => {
    await using server = await openTrailServer()
    const west = new CloudTrail({ ...server.omen.clientConfig(), region: 'eu-west-1', maxAttempts: 1 })
    await server.cloudtrail.createTrail({ Name: 'first', S3BucketName })
    await server.cloudtrail.createTrail({ Name: 'all', S3BucketName, IsMultiRegionTrail: true })
    const names = (found: { trailList?: { Name?: string | undefined }[] | undefined }) =>
      found.trailList?.map(({ Name }) => Name)
    assert.deepEqual(names(await west.describeTrails({})), ['all'])
    assert.deepEqual(names(await west.describeTrails({ includeShadowTrails: false })), [])
    const all = arn.replace('first', 'all')
    assert.equal((await west.getTrail({ Name: all })).Trail?.HomeRegion, 'us-east-1')
    assert.deepEqual(names(await west.describeTrails({ trailNameList: ['all', all] })), ['all'])
    await fails(
      west.getTrailStatus({ Name: 'all' }),
      'TrailNotFoundException',
      /^Unknown trail: all for the user/,
    )
    assert.equal((await west.listTrails({})).Trails?.length, 2)
    await fails(
      west.getTrail({ Name: 'first' }),
      'TrailNotFoundException',
      /^Unknown trail: first for the user/,
    )
    await fails(west.stopLogging({ Name: 'all' }), 'TrailNotFoundException')
    await fails(west.stopLogging({ Name: arn }), 'InvalidHomeRegionException')
    await fails(west.createTrail({ Name: 'all', S3BucketName }), 'TrailAlreadyExistsException')
    west.destroy()
  })

  it('are made with tags by who may tag, too (CTR-16)', async () => {
    await using server = await openTrailServer()
    const { iam } = server
    await iam.createUser({ UserName: 'dev' })
    const PolicyDocument = allow({ Action: 'cloudtrail:CreateTrail', Resource: '*' })
    await iam.putUserPolicy({ UserName: 'dev', PolicyName: 'own', PolicyDocument })
    const { AccessKey: key } = await iam.createAccessKey({ UserName: 'dev' })
    const dev = server.as({ accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! })
    const tagged = { Name: 'first', S3BucketName, TagsList: [{ Key: 'team', Value: 'red' }] }
    await fails(dev.cloudtrail.createTrail(tagged), 'AccessDeniedException', /perform: cloudtrail:AddTags on/)
    await dev.cloudtrail.createTrail({ ...tagged, TagsList: [] })
  })

  it('log after StartLogging, and report since when (CTR-8)', async () => {
    await using server = await openTrailServer()
    const { cloudtrail } = server
    await cloudtrail.createTrail({ Name: 'first', S3BucketName })
    const before = await cloudtrail.getTrailStatus({ Name: 'first' })
    assert.equal(before.IsLogging, false)
    assert.equal(before.TimeLoggingStarted, '')
    await cloudtrail.startLogging({ Name: 'first' })
    await cloudtrail.startLogging({ Name: arn })
    const during = await cloudtrail.getTrailStatus({ Name: 'first' })
    assert.equal(during.IsLogging, true)
    assert.match(during.TimeLoggingStarted!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.equal(await server.event('StopLogging').catch(() => undefined), undefined)
    await cloudtrail.stopLogging({ Name: 'first' })
    const after = await cloudtrail.getTrailStatus({ Name: 'first' })
    assert.equal(after.IsLogging, false)
    assert.ok(after.StopLoggingTime)
    assert.deepEqual((await server.event('StopLogging')).requestParameters, { name: 'first' })
  })

  it('select events, one way or the other (CTR-6)', async () => {
    await using server = await openTrailServer()
    const { cloudtrail } = server
    await cloudtrail.createTrail({ Name: 'first', S3BucketName })
    const everything = {
      ReadWriteType: 'All',
      IncludeManagementEvents: true,
      DataResources: [],
      ExcludeManagementEventSources: [],
    }
    assert.deepEqual((await cloudtrail.getEventSelectors({ TrailName: 'first' })).EventSelectors, [
      everything,
    ])
    const EventSelectors = [
      {
        ReadWriteType: 'ReadOnly' as const,
        IncludeManagementEvents: false,
        DataResources: [{ Type: 'AWS::S3::Object', Values: [] }],
        ExcludeManagementEventSources: [],
      },
    ]
    const put = await cloudtrail.putEventSelectors({ TrailName: 'first', EventSelectors })
    assert.deepEqual(put.EventSelectors, EventSelectors)
    const event = await server.event('PutEventSelectors')
    const shown = [
      {
        readWriteType: 'ReadOnly',
        includeManagementEvents: false,
        dataResources: [{ type: 'AWS::S3::Object', values: [] }],
        excludeManagementEventSources: [],
      },
    ]
    assert.deepEqual(event.requestParameters, { trailName: 'first', eventSelectors: shown })
    assert.deepEqual(event.responseElements, { trailARN: arn, eventSelectors: shown })
    assert.equal((await cloudtrail.getTrail({ Name: 'first' })).Trail?.HasCustomEventSelectors, true)
    const AdvancedEventSelectors = [
      {
        Name: 'writes',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Management'] },
          { Field: 'readOnly', Equals: ['false'] },
        ],
      },
    ]
    await cloudtrail.putEventSelectors({ TrailName: 'first', AdvancedEventSelectors })
    const advanced = await cloudtrail.getEventSelectors({ TrailName: 'first' })
    assert.deepEqual(advanced.AdvancedEventSelectors, AdvancedEventSelectors)
    assert.equal(advanced.EventSelectors, undefined)
    const refused = [
      {},
      { EventSelectors, AdvancedEventSelectors },
      { EventSelectors: [] },
      { EventSelectors: [{ ExcludeManagementEventSources: ['iam.amazonaws.com'] }] },
      { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'readOnly', Equals: ['true'] }] }] },
      {
        AdvancedEventSelectors: [
          {
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Management'] },
              { Field: 'nonsense', Equals: ['x'] },
            ],
          },
        ],
      },
    ]
    for (const each of refused)
      await fails(
        cloudtrail.putEventSelectors({ TrailName: 'first', ...each }),
        'InvalidEventSelectorsException',
      )
  })

  it('have no Insights, and say so (CTR-11, TRL-64)', async () => {
    await using server = await openTrailServer()
    const { cloudtrail } = server
    await cloudtrail.createTrail({ Name: 'first', S3BucketName })
    await fails(cloudtrail.getInsightSelectors({ TrailName: 'first' }), 'InsightNotEnabledException')
    await cloudtrail.putInsightSelectors({ TrailName: 'first', InsightSelectors: [] })
    const InsightSelectors = [{ InsightType: 'ApiCallRateInsight' as const }]
    await fails(
      cloudtrail.putInsightSelectors({ TrailName: 'first', InsightSelectors }),
      'UnsupportedOperationException',
    )
    await fails(cloudtrail.lookupEvents({ EventCategory: 'insight' }), 'UnsupportedOperationException')
  })

  it('need permission on their ARN', async () => {
    await using server = await openTrailServer()
    await server.cloudtrail.createTrail({ Name: 'first', S3BucketName })
    await server.cloudtrail.createTrail({ Name: 'second', S3BucketName })
    await server.iam.createUser({ UserName: 'alice' })
    await server.iam.putUserPolicy({
      UserName: 'alice',
      PolicyName: 'p',
      PolicyDocument: allow({ Action: 'cloudtrail:*Logging', Resource: arn }),
    })
    const { AccessKey: key } = await server.iam.createAccessKey({ UserName: 'alice' })
    const alice = server.as(credentialsOf(key!)).cloudtrail
    await alice.startLogging({ Name: 'first' })
    await fails(
      alice.startLogging({ Name: 'second' }),
      'AccessDeniedException',
      /cloudtrail:StartLogging on resource: arn:aws:cloudtrail:us-east-1:123456789012:trail\/second because no identity-based policy allows/,
    )
    await fails(alice.listTrails({}), 'AccessDeniedException')
  })
})

describe('LookupEvents', () => {
  it('finds by each attribute, and by one at a time (TRL-61, TRL-63, TRL-66, TRL-67, TRL-69)', async () => {
    await using server = await openTrailServer()
    const { User: alice } = await server.iam.createUser({ UserName: 'alice' })
    const event = await server.event('CreateUser')
    const attributes = {
      EventId: event.eventID,
      EventName: 'CreateUser',
      ReadOnly: 'false',
      Username: 'admin',
      ResourceType: 'AWS::IAM::User',
      ResourceName: 'alice',
      EventSource: 'iam.amazonaws.com',
      AccessKeyId: server.omen.keys.admin.accessKeyId,
    } as const
    for (const [key, value] of Object.entries(attributes)) {
      const { Events: found = [] } = await server.cloudtrail.lookupEvents({
        LookupAttributes: [{ AttributeKey: key as keyof typeof attributes, AttributeValue: value }],
      })
      assert.ok(
        found.some(({ EventId }) => EventId === event.eventID),
        key,
      )
    }
    const { Events: one = [] } = await server.cloudtrail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: event.eventID }],
    })
    const { CloudTrailEvent: text, EventTime: time, ...rest } = one[0]!
    assert.equal(JSON.parse(text!).eventID, event.eventID)
    assert.equal(time!.getTime(), Date.parse(String(event.eventTime)))
    assert.deepEqual(rest, {
      EventId: event.eventID,
      EventName: 'CreateUser',
      ReadOnly: 'false',
      AccessKeyId: attributes.AccessKeyId,
      EventSource: 'iam.amazonaws.com',
      Username: 'admin',
      Resources: ['alice', alice!.UserId, alice!.Arn].map((ResourceName) => ({
        ResourceType: 'AWS::IAM::User',
        ResourceName,
      })),
    })
    const two = server.cloudtrail.lookupEvents({
      LookupAttributes: [
        { AttributeKey: 'EventName', AttributeValue: 'CreateUser' },
        { AttributeKey: 'Username', AttributeValue: 'nobody' },
      ],
    })
    await fails(two, 'InvalidLookupAttributesException')
  })

  it('finds an AssumeRole by the session it made (TRL-57)', async () => {
    await using server = await openTrailServer()
    const trust = allow({ Principal: { AWS: account }, Action: 'sts:AssumeRole' })
    const { Role: role } = await server.iam.createRole({ RoleName: 'worn', AssumeRolePolicyDocument: trust })
    const session = await server.sts.assumeRole({ RoleArn: role!.Arn!, RoleSessionName: 'lookup' })
    const key = session.Credentials!.AccessKeyId!
    const { Events: found = [] } = await server.cloudtrail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: key }],
    })
    assert.equal(found.length, 1)
    assert.equal(found[0]!.EventName, 'AssumeRole')
    const named = found[0]!.Resources!.map((each) => `${each.ResourceType} ${each.ResourceName}`)
    const { AssumedRoleId: id, Arn: sessionArn } = session.AssumedRoleUser!
    assert.equal(named.pop(), `AWS::IAM::Role ${role!.Arn}`)
    const sessions = [id, sessionArn, 'lookup'].map((name) => `AWS::STS::AssumedRole ${name}`)
    assert.deepEqual(new Set(named), new Set([`AWS::IAM::AccessKey ${key}`, ...sessions]))
  })

  it('pages, newest first, within a time (TRL-60, TRL-62, TRL-65, TRL-68)', async () => {
    await using server = await openTrailServer()
    for (let n = 0; n < 7; n++) await server.iam.createUser({ UserName: `user-${n}` })
    const seen: string[] = []
    let NextToken: string | undefined
    do {
      const page = await server.cloudtrail.lookupEvents({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateUser' }],
        MaxResults: 3,
        ...(NextToken === undefined ? {} : { NextToken }),
      })
      seen.push(...page.Events!.map(({ Resources }) => Resources![0]!.ResourceName!))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    assert.deepEqual(
      seen,
      [6, 5, 4, 3, 2, 1, 0].map((n) => `user-${n}`),
    )
    const now = server.omen.clock.now()
    await fails(
      server.cloudtrail.lookupEvents({ StartTime: new Date(now + 60_000) }),
      'InvalidTimeRangeException',
    )
    await fails(
      server.cloudtrail.lookupEvents({ StartTime: new Date(now), EndTime: new Date(now - 5_000) }),
      'InvalidTimeRangeException',
    )
    await fails(server.cloudtrail.lookupEvents({ NextToken: 'nonsense' }), 'InvalidNextTokenException')
    const { NextToken: token } = await server.cloudtrail.lookupEvents({ MaxResults: 2 })
    await server.cloudtrail.lookupEvents({ NextToken: token, MaxResults: 5 })
    await fails(
      server.cloudtrail.lookupEvents({ NextToken: token, StartTime: new Date(now - 60_000) }),
      'InvalidNextTokenException',
    )
    const long = (AttributeValue: string) =>
      server.cloudtrail.lookupEvents({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }] })
    assert.deepEqual((await long('x'.repeat(2_000))).Events, [])
    assert.deepEqual((await long('_'.repeat(2_000))).Events, [])
    await fails(long('x'.repeat(2_001)), 'ValidationException')
    await fails(server.cloudtrail.lookupEvents({ MaxResults: 0 }), 'InvalidMaxResultsException')
    await fails(server.cloudtrail.lookupEvents({ MaxResults: 51 }), 'InvalidMaxResultsException')
    server.omen.clock.advance(91 * 86_400_000)
    const old = await server.cloudtrail.lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateUser' }],
    })
    assert.deepEqual(old.Events, [])
  })
})
