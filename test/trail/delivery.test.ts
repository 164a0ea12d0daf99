import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { STS } from '@aws-sdk/client-sts'
import { Secret, systemClock } from '../../packages/server/src/base/index.ts'
import { Deliverer, folderTarget, s3Target } from '../../packages/server/src/delivery/index.ts'
import { firstPosition } from '../../packages/server/src/store/index.ts'
import { serveS3 } from '../support/s3-server.ts'
import { credentialsOf, organizationWithMember } from '../wire/cloudtrail-house.ts'
import { account, bucket, hour, minute, noon, openDeliveringServer } from './delivery-house.ts'

const names = (events: readonly { readonly eventName: string }[]) => events.map(({ eventName }) => eventName)

describe('A trail', () => {
  it('delivers what was logged while it logged, under AWS’s names (TRL-80, TRL-81)', async () => {
    await using server = await openDeliveringServer()
    await server.iam.createUser({ UserName: 'before' })
    await server.trail('all', { S3KeyPrefix: 'some/prefix' })
    await server.iam.createUser({ UserName: 'alice' })
    await server.iam.listUsers({})
    await assert.rejects(server.iam.getUser({ UserName: 'none' }))
    await server.cloudtrail.stopLogging({ Name: 'all' })
    server.omen.clock.advance(1_000)
    await server.iam.createUser({ UserName: 'after' })
    await server.deliver()
    const keys = server.logKeys()
    assert.equal(keys.length, 1)
    assert.match(
      keys[0]!,
      /^some\/prefix\/AWSLogs\/123456789012\/CloudTrail\/us-east-1\/2026\/03\/04\/123456789012_CloudTrail_us-east-1_20260304T1200Z_[A-Za-z0-9]{16}\.json\.gz$/,
    )
    // of a try that failed there may be a second: clients learn of the server's time by one
    const delivered = [...new Set(names(server.delivered()))].sort()
    assert.deepEqual(delivered, ['CreateUser', 'GetUser', 'ListUsers', 'StartLogging', 'StopLogging'])
    const [, found] = await server.events('CreateUser')
    assert.deepEqual(
      server.delivered().find(({ eventName }) => eventName === 'CreateUser'),
      found,
    )
    const status = await server.cloudtrail.getTrailStatus({ Name: 'all' })
    assert.equal(status.IsLogging, false)
    assert.equal(status.LatestDeliveryError, undefined)
    // the server's clock runs on
    const deliveredAt = status.LatestDeliveryTime!.getTime()
    assert.ok(deliveredAt >= noon + 1_000 && deliveredAt < noon + minute)
    await server.deliver()
    assert.equal(server.logKeys().length, 1)
  })

  it('takes one region, or all; reads or writes; global services or not (TRL-70, TRL-71, TRL-72)', async () => {
    await using server = await openDeliveringServer()
    const west = { ...server.omen.clientConfig(), region: 'eu-west-1' }
    const sts = new STS({ ...west, maxAttempts: 2 })
    await server.trail('home')
    await server.deliver()
    await sts.getCallerIdentity({})
    await server.deliver()
    assert.ok(!names(server.delivered()).includes('GetCallerIdentity'))
    await server.cloudtrail.updateTrail({ Name: 'home', IsMultiRegionTrail: true })
    await server.cloudtrail.putEventSelectors({
      TrailName: 'home',
      EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }],
    })
    await sts.getCallerIdentity({})
    await server.iam.createUser({ UserName: 'bob' })
    await server.deliver()
    assert.ok(server.logKeys().some((key) => key.includes('/eu-west-1/')))
    assert.ok(names(server.delivered()).includes('GetCallerIdentity'))
    assert.ok(!names(server.delivered()).includes('CreateUser'))
    await server.cloudtrail.putEventSelectors({
      TrailName: 'home',
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Management'] },
            { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
            { Field: 'readOnly', Equals: ['false'] },
          ],
        },
      ],
    })
    await server.iam.createGroup({ GroupName: 'g' })
    await server.iam.createUser({ UserName: 'carol' })
    await server.as('root').iam.createUser({ UserName: 'dave' })
    await server.deliver()
    const created = server.delivered().filter(({ eventName }) => eventName.startsWith('Create'))
    assert.deepEqual(
      created.map(({ requestParameters }) => requestParameters),
      [{ groupName: 'g' }, { userName: 'carol' }, { userName: 'dave' }],
    )
    sts.destroy()
  })

  it('of an organization takes the events of all its accounts (TRL-70, TRL-81)', async () => {
    await using server = await openDeliveringServer()
    const { id, member } = await organizationWithMember(server.omen)
    await server.trail('org', { IsOrganizationTrail: true, IsMultiRegionTrail: true })
    const { Credentials: session } = await server.sts.assumeRole({
      RoleArn: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'across',
    })
    const theirs = server.as(credentialsOf(session!))
    await theirs.iam.createUser({ UserName: 'in-member' })
    const seen = (await theirs.cloudtrail.describeTrails({})).trailList
    assert.deepEqual(
      seen?.map(({ Name, IsOrganizationTrail }) => [Name, IsOrganizationTrail]),
      [['org', true]],
    )
    await assert.rejects(theirs.cloudtrail.stopLogging({ Name: 'org' }), { name: 'TrailNotFoundException' })
    await server.deliver()
    const own = `AWSLogs/${id}/${account}/CloudTrail/us-east-1/`
    const others = `AWSLogs/${id}/${member}/CloudTrail/us-east-1/`
    const keys = server.logKeys()
    assert.ok(keys.every((key) => key.startsWith(own) || key.startsWith(others)))
    const inMember = keys.filter((key) => key.startsWith(others)).flatMap((key) => names(server.records(key)))
    assert.ok(inMember.includes('CreateUser') && inMember.includes('AssumeRole'))
  })

  it('delivers more than a file holds, each event once (TRL-80)', async () => {
    await using server = await openDeliveringServer()
    await server.trail('all')
    const store = server.omen.omen.deps.directory.store
    const [pattern] = (await store.lookUpEvents({ account: server.omen.omen.deps.firstAccount, limit: 1 }))
      .events
    const many = Array.from({ length: 2_500 }, (_, n) => ({
      ...pattern!,
      id: `id-${n}`,
      json: JSON.stringify({ eventName: 'Made', eventID: `id-${n}` }),
    }))
    for (let n = 0; n < many.length; n += 500) await store.record(many.slice(n, n + 500))
    await server.deliver()
    const made = server.delivered().filter(({ eventName }) => eventName === 'Made')
    assert.equal(new Set(made.map(({ eventID }) => eventID)).size, 2_500)
    assert.equal(made.length, 2_500)
    assert.ok(server.logKeys().length >= 3)
  })
})

describe('A call that ends after its trail has stopped', () => {
  it('is delivered where it began before: within minutes, or however long the guard knows of it (TRL-88)', async () => {
    await using server = await openDeliveringServer()
    const { recorder, directory } = server.omen.omen.deps
    await server.trail('all')
    await server.iam.createUser({ UserName: 'pattern' })
    const events = (await directory.store.eventsAfter(firstPosition, 100)).events
    const pattern = events.find(({ name }) => name === 'CreateUser')!
    const event = (id: string) => ({ ...pattern, id, json: JSON.stringify({ eventName: id }) })
    await recorder.begin(event('forwarded'))
    await server.cloudtrail.stopLogging({ Name: 'all' })
    server.omen.clock.advance(5 * minute)
    await server.deliver()
    recorder.add([event('invoked')])
    await server.deliver()
    assert.ok(names(server.delivered()).includes('invoked'))
    // more others than the store returns
    const others = Array.from({ length: 1_000 }, (_, n) => ({ ...event(`0-${n}`), time: noon + 9 * hour }))
    await directory.store.begin(others)
    server.omen.clock.advance(3 * hour)
    await server.deliver()
    for (const other of others) recorder.end(other)
    recorder.end(event('forwarded'))
    await server.deliver()
    assert.ok(names(server.delivered()).includes('forwarded'))
    // now everything was written, and the trail is not visited any more
    server.omen.clock.advance(hour)
    await server.deliver()
    recorder.add([event('too late')])
    await server.deliver()
    assert.ok(!names(server.delivered()).includes('too late'))
  })
})

describe('A delivery that has much to catch up with', () => {
  it('goes on at the next minute, and lets other trails have their turn (TRL-80)', async () => {
    await using server = await openDeliveringServer()
    await server.trail('all')
    const { deps: inner } = server.omen.omen
    const { store } = inner.directory
    const { events } = await store.eventsAfter(firstPosition, 100)
    const pattern = events.find(({ name }) => name === 'StartLogging')!
    for (let lot = 0; lot < 5; lot++) {
      const made = { ...pattern, json: JSON.stringify({ eventName: `Made${lot}` }) }
      await store.record(Array.from({ length: 1_000 }, (_, n) => ({ ...made, id: `id-${lot}-${n}` })))
    }
    const { directory, clock, random, vault } = inner
    const parts = { store, directory, clock, random, vault }
    const deliverer = new Deliverer({
      ...parts,
      flush: async () => {},
      target: folderTarget(server.folder),
      lots: 2,
    })
    const counts: number[] = []
    for (let minutes = 0; minutes < 4; minutes++) {
      await deliverer.tick()
      counts.push(server.delivered().length)
      server.omen.clock.advance(minute)
    }
    // the first lot holds what was before the trail logged, too
    assert.deepEqual(
      counts.map((count) => Math.round(count / 1_000)),
      [2, 4, 5, 5],
    )
    assert.equal(counts.at(-1), 5_001)
  })
})

describe('Digests', () => {
  it('come each hour, empty ones too, chained; a stop ends the chain (TRL-82, TRL-83, TRL-84)', async () => {
    await using server = await openDeliveringServer()
    await server.trail('proven', { EnableLogFileValidation: true })
    await server.iam.createUser({ UserName: 'alice' })
    await server.deliver()
    server.omen.clock.advance(3 * hour)
    await server.deliver()
    const digests = server.digests()
    assert.deepEqual(
      digests.map(({ digestEndTime }) => digestEndTime),
      ['2026-03-04T13:00:00Z', '2026-03-04T14:00:00Z', '2026-03-04T15:00:00Z'],
    )
    const [first, second, third] = digests
    assert.equal(first!.previousDigestS3Object, null)
    assert.equal(first!.logFiles.length, 1)
    assert.equal(second!.previousDigestS3Object, first!.digestS3Object)
    assert.equal(second!.newestEventTime, null)
    assert.deepEqual(second!.logFiles, [])
    const hash = createHash('sha256').update(server.read(second!.digestS3Object)).digest('hex')
    assert.equal(third!.previousDigestHashValue, hash)
    assert.match(
      first!.digestS3Object,
      /^AWSLogs\/123456789012\/CloudTrail-Digest\/us-east-1\/2026\/03\/04\/123456789012_CloudTrail-Digest_us-east-1_proven_us-east-1_20260304T130000Z\.json\.gz$/,
    )
    server.omen.clock.advance(10 * minute)
    await server.cloudtrail.stopLogging({ Name: 'proven' })
    server.omen.clock.advance(20 * minute)
    await server.deliver()
    assert.equal(server.digests().length, 4)
    server.omen.clock.advance(5 * hour)
    await server.deliver()
    assert.equal(server.digests().length, 4)
    await server.cloudtrail.startLogging({ Name: 'proven' })
    server.omen.clock.advance(hour)
    await server.deliver()
    const last = server.digests().at(-1)!
    assert.equal(server.digests().length, 5)
    assert.equal(last.previousDigestSignature, null)
  })

  it('of weeks in which nothing ran are all written before the next file, with keys of their time (TRL-82, TRL-86)', async () => {
    await using server = await openDeliveringServer()
    await server.trail('proven', { EnableLogFileValidation: true })
    await server.deliver()
    const weeks = 35 * 24
    server.omen.clock.advance(weeks * hour)
    await server.iam.createUser({ UserName: 'late' })
    await server.deliver()
    const digests = server.digests()
    assert.equal(digests.length, weeks)
    assert.equal(digests.filter(({ logFiles }) => logFiles.length > 0).length, 1)
    server.omen.clock.advance(hour)
    await server.deliver()
    assert.equal(server.digests().at(-1)!.logFiles.length, 1)
    const then = { StartTime: new Date(noon + 10 * 24 * hour), EndTime: new Date(noon + 11 * 24 * hour) }
    const keys = (await server.cloudtrail.listPublicKeys(then)).PublicKeyList!.map((key) => key.Fingerprint)
    assert.deepEqual(keys, [digests.at(250)!.digestPublicKeyFingerprint])
    assert.notEqual(digests.at(-1)!.digestPublicKeyFingerprint, keys[0])
  })

  it('are written to the end of a trail that is deleted, which then is gone (TRL-84)', async () => {
    await using server = await openDeliveringServer()
    await server.trail('short', { EnableLogFileValidation: true })
    server.omen.clock.advance(5 * minute)
    await server.cloudtrail.deleteTrail({ Name: 'short' })
    assert.deepEqual((await server.cloudtrail.listTrails({})).Trails, [])
    server.omen.clock.advance(20 * minute)
    await server.deliver()
    assert.ok(names(server.delivered()).includes('DeleteTrail'))
    assert.equal(server.digests().length, 1)
    server.omen.clock.advance(2 * hour)
    await server.deliver()
    assert.equal(server.digests().length, 1)
  })
})

describe('Delivery to an S3', () => {
  it('is by signed PUTs; what is refused is reported and delivered later (TRL-87)', async () => {
    await using folder = await openDeliveringServer()
    await using s3 = await serveS3(folder.folder)
    const target = s3Target(
      {
        url: s3.url,
        region: 'eu-west-1',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secret: new Secret('x'.repeat(40)),
      },
      systemClock,
    )
    s3.refusing = 'NoSuchBucket'
    const object = {
      bucket,
      key: "a b/it's (1)!*/c.json.gz",
      bytes: Buffer.from('x'),
      metadata: { signature: 'ff' },
    }
    await assert.rejects(target.put(object), { name: 'DeliveryFailure', code: 'NoSuchBucket' })
    s3.refusing = undefined
    await target.put(object)
    const headers = s3.puts.at(-1)!
    assert.match(
      headers.authorization!,
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=.*x-amz-content-sha256.*x-amz-meta-signature/,
    )
    assert.equal(s3.paths.at(-1), `/${bucket}/a%20b/it%27s%20%281%29%21%2A/c.json.gz`)
    const got = await fetch(s3.url + s3.paths.at(-1)!)
    assert.equal(await got.text(), 'x')
    assert.equal(got.headers.get('x-amz-meta-signature'), 'ff')
    const gone = s3Target(
      { url: 'http://127.0.0.1:1', region: 'x', accessKeyId: 'a', secret: new Secret('b') },
      systemClock,
    )
    await assert.rejects(gone.put(object), { code: 'ServiceUnavailable' })
  })

  it('follows no redirection and reads no endless refusal (TRL-87)', async () => {
    let followed = 0
    let sent = 0
    const elsewhere = createServer((_request, response) => {
      followed++
      response.end()
    })
    const server = createServer((request, response) => {
      const status = Number(request.url?.split('/').at(-1))
      const { port } = elsewhere.address() as AddressInfo // it listens on a TCP address
      response.writeHead(status, { location: `http://127.0.0.1:${port}/x` })
      if (status !== 500) return response.end()
      const more = () => {
        while (!response.destroyed && sent < 50_000_000 && response.write('x'.repeat(65_536))) sent += 65_536
      }
      response.on('drain', more)
      more()
      return undefined
    })
    for (const each of [elsewhere, server])
      await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo // it listens on a TCP address
      const endpoint = { region: 'us-east-1', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secret: new Secret('x') }
      const target = s3Target({ url: `http://127.0.0.1:${port}`, ...endpoint }, systemClock)
      for (const code of ['301', '302', '303', '307', '308', '500'])
        await assert.rejects(target.put({ bucket, key: code, bytes: Buffer.from('x'), metadata: {} }), {
          code,
        })
      assert.equal(followed, 0)
      assert.ok(sent < 10_000_000, `${sent} bytes`)
    } finally {
      for (const each of [elsewhere, server]) {
        each.closeAllConnections()
        each.close()
      }
    }
  })

  it('keeps events waiting while it is refused', async () => {
    const { createOmen } = await import('omen-iam')
    await using folder = await openDeliveringServer()
    await using s3 = await serveS3(folder.folder)
    s3.refusing = 'AccessDenied'
    const trailTarget = s3Target(
      {
        url: s3.url,
        region: 'us-east-1',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secret: new Secret('x'.repeat(40)),
      },
      systemClock,
    )
    await using omen = await createOmen({ now: noon, trailTarget })
    const cloudtrail = omen.client(CloudTrail)
    await cloudtrail.createTrail({ Name: 'all', S3BucketName: bucket })
    await cloudtrail.startLogging({ Name: 'all' })
    await omen.omen.deliverTrails()
    const refused = await cloudtrail.getTrailStatus({ Name: 'all' })
    assert.equal(refused.LatestDeliveryError, 'AccessDenied')
    assert.equal(refused.LatestDeliveryTime, undefined)
    assert.deepEqual(folder.logKeys(), [])
    s3.refusing = undefined
    await omen.omen.deliverTrails()
    assert.ok(names(folder.delivered()).includes('StartLogging'))
    const accepted = await cloudtrail.getTrailStatus({ Name: 'all' })
    assert.equal(accepted.LatestDeliveryError, undefined)
    assert.ok(accepted.LatestDeliveryTime)
    assert.equal(account, omen.account)
  })
})
