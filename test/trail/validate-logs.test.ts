import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { awsCli, needs } from '../support/index.ts'
import { serveS3 } from '../support/s3-server.ts'
import { bucket, hour, openDeliveringServer } from './delivery-house.ts'

describe('aws cloudtrail validate-logs', needs('awsCli'), () => {
  test('accepts what a trail delivered, and finds what was altered, taken away or forged (TRL-82 to TRL-86)', async () => {
    // the CLI signs with the machine's time: the server begins three hours before it, and arrives at it
    await using server = await openDeliveringServer({ now: Date.now() - 3 * hour })
    await using s3 = await serveS3(server.folder)
    const began = Date.now() - 3 * hour - 60_000
    const arn = await server.trail('proven', { EnableLogFileValidation: true, IsMultiRegionTrail: true })
    for (const UserName of ['alice', 'bob']) {
      await server.iam.createUser({ UserName })
      await server.deliver()
      server.omen.clock.advance(hour)
      await server.deliver()
    }
    server.omen.clock.set(Date.now())
    await server.cloudtrail.stopLogging({ Name: 'proven' })
    server.omen.clock.advance(2_000)
    await server.deliver()
    const { accessKeyId, secretAccessKey } = server.omen.keys.admin
    const target = {
      endpoint: server.omen.endpoint,
      credentials: { accessKeyId, secretAccessKey },
      environment: { AWS_ENDPOINT_URL_S3: s3.url },
    }
    const validate = () =>
      awsCli(
        target,
        ...['cloudtrail', 'validate-logs', '--verbose', '--trail-arn', arn],
        ...['--start-time', new Date(began).toISOString()],
      )

    const clean = await validate()
    assert.equal(clean.status, 0, clean.stderr)
    assert.match(clean.stdout, /\n(\d+)\/\1 digest files valid/)
    assert.match(clean.stdout, /\n(\d+)\/\1 log files valid/)

    const log = join(server.root, server.logKeys()[0]!)
    const original = readFileSync(log)
    const altered = gunzipSync(original).toString('utf8').replace('"alice"', '"mallory"')
    writeFileSync(log, gzipSync(altered))
    const tampered = await validate()
    assert.equal(tampered.status, 1)
    assert.match(tampered.stderr, /INVALID: hash value doesn't match/)

    rmSync(log)
    assert.match((await validate()).stderr, /Log file.*INVALID: not found/)
    writeFileSync(log, original)

    const digest = join(server.root, server.digestKeys()[1]!)
    const signed = readFileSync(digest)
    const forged = gunzipSync(signed).toString('utf8').replace('"logFiles":[{', '"logFiles":[],"was":[{')
    writeFileSync(digest, gzipSync(forged))
    assert.match((await validate()).stderr, /Digest file.*INVALID: signature verification failed/)
    rmSync(digest)
    assert.match((await validate()).stderr, /Digest file.*INVALID: not found/)
    writeFileSync(digest, signed)
    assert.equal((await validate()).status, 0)
    assert.ok(server.digestKeys().length >= 3)
    assert.equal(bucket, server.root.split('/').at(-1))
  })
})
