import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAccountId } from '../base/index.ts'
import { Account, StaleAccount } from '../directory/index.ts'
import { bucketOwners, ownerOfBucket } from './bucket-owners.ts'

const id = parseAccountId('111122223333')!
const other = parseAccountId('444455556666')!

/** An account that keeps who owns buckets; its first `stale` commits find that another has changed it. */
function kept(stale = 0) {
  const account = new Account(
    { id, partition: 'aws' },
    { revision: 0, lineage: undefined, items: [] },
    () => {},
  )
  let commits = 0
  const directory = {
    hasChanges: true,
    find: async () => account,
    commit: async () => {
      if (++commits <= stale) throw new StaleAccount(id)
    },
  }
  const complaints: unknown[] = []
  const deps = { directory, firstAccount: id } as unknown as Parameters<typeof bucketOwners>[0]
  const open = (origin: string, most?: number) =>
    bucketOwners(deps, origin, (error) => void complaints.push(error), most)
  return { deps, open, complaints, commits: () => commits }
}

const creation = (account: typeof id, now = 10, since = now) => ({ account, since, now })

test('GRD-83 a bucket belongs to who created it last at an upstream, by its ARN if only one is known', async () => {
  const { deps, open } = kept()
  const [one, two] = [open('http://one'), open('http://two')]
  await one!.note('b', creation(id))
  assert.equal(await one!.find('b'), id)
  assert.equal(await two!.find('b'), undefined)
  const ownerOf = (arn: string) => ownerOfBucket(arn, deps)
  assert.equal(await ownerOf('arn:aws:s3:::b'), id)
  assert.equal(await ownerOf('arn:aws-cn:s3:::b/key'), id)
  for (const none of ['arn:aws:s3:::bb', 'arn:aws:s3:::*', 'arn:aws:sqs:::b', 'xarn:aws:s3:::b'])
    assert.equal(await ownerOf(none), undefined, none)
  await two!.note('b', creation(id))
  assert.equal(await ownerOf('arn:aws:s3:::b'), id)
  await two!.note('b', creation(other, 20))
  assert.equal(await ownerOf('arn:aws:s3:::b'), undefined)
  await two!.forget('b')
  assert.equal(await ownerOf('arn:aws:s3:::b'), id)
})

test('GRD-83 who asked before another’s success does not own the bucket', async () => {
  const { open } = kept()
  const owners = open('o')
  await owners!.note('b', creation(id, 10))
  await owners!.note('b', creation(other, 20, 10))
  assert.equal(await owners!.find('b'), id)
  await owners!.note('b', creation(other, 20, 11))
  assert.equal(await owners!.find('b'), other)
})

test('GRD-83 of too many buckets the oldest is dropped, and a known one drops none', async () => {
  const { open } = kept()
  const owners = open('o', 2)
  await owners!.note('a', creation(id, 20))
  await owners!.note('b', creation(id, 10))
  await owners!.note('a', creation(other, 30))
  assert.deepEqual([await owners!.find('a'), await owners!.find('b')], [other, id])
  await owners!.note('c', creation(id, 40))
  assert.deepEqual(
    [await owners!.find('a'), await owners!.find('b'), await owners!.find('c')],
    [other, undefined, id],
  )
})

test('an upstream that is emptied has no buckets, and others keep theirs', async () => {
  const { open } = kept()
  const [one, two] = [open('one'), open('two')]
  for (const owners of [one, two]) await owners!.note('b', creation(id))
  await one!.forgetAll()
  assert.deepEqual([await one!.find('b'), await two!.find('b')], [undefined, id])
})

test('a change that meets another is tried eight times, and then named', async () => {
  const seven = kept(7)
  await seven.open('o')!.note('b', creation(id))
  assert.deepEqual([seven.commits(), seven.complaints.length], [8, 0])
  const eight = kept(8)
  await eight.open('o')!.note('b', creation(id))
  assert.deepEqual([eight.commits(), eight.complaints.length], [8, 1])
})
