import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BucketAsker } from './bucket-facts.ts'
import type { KeyedPlace } from './keyed-place.ts'
import { objectReaders } from './s3-keys.ts'

const [own, other] = ['111122223333', '444455556666']

/** The questions that a write to a bucket asks of it, and in whose name. */
async function askedOf(owned: readonly object[]) {
  const askers: string[] = []
  const place = {
    found: {
      labels: { Bucket: 'b', Key: 'k' },
      request: { rawQuery: '', headers: {} },
    },
    call: { account: { id: own, partition: 'aws' }, now: 0 },
    owned,
    facts: {
      encryption: async (_: string, { owner }: BucketAsker) => {
        askers.push(owner)
        return { algorithm: 'aws:kms', key: 'k1' }
      },
    },
  }
  // a test: the reader looks at no more than this
  const things = await objectReaders.newObject(place as unknown as KeyedPlace)
  return { askers, keys: things.flatMap(({ keys }) => keys) }
}

test('the default key of another account’s bucket is asked in the name of that account (GRD-156)', async () => {
  const resource = 'arn:aws:s3:::b/k'
  assert.deepEqual(await askedOf([{ resource, resourceAccount: other }]), { askers: [other], keys: ['k1'] })
  assert.deepEqual(await askedOf([{ resource }]), { askers: [own], keys: ['k1'] })
  assert.deepEqual(await askedOf([]), { askers: [own], keys: ['k1'] })
})
