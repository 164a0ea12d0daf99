import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../../test/corpus/index.ts'
import { parseXml } from '../../wire/index.ts'
import type { IdentifiedCall } from '../catalogue/index.ts'
import { devicesIn, givenBy, launchOf } from './launches.ts'
import { lockKeys } from './lock-keys.ts'
import { isPublicPolicy } from './public-policy.ts'
import { Remembered } from './remembered.ts'

// FUNCTION INPUT, and below it what the function returns:
//
//     public POLICY                       whether S3 calls a bucket policy public
//     lock OPERATION [NAME=VALUE] [XML]   the keys about the lock of an object; after `||` the configuration of its bucket
//     devices XML                         the devices of the image ami-1
//     template XML                        what a launch template gives
//     launch REQUEST || TEMPLATE || DEVICES

const now = Date.UTC(2026, 0, 2)
const functions: Readonly<Record<string, (input: string) => unknown>> = {
  public: isPublicPolicy,
  lock(input) {
    const [before = '', configured] = input.split(' || ')
    const [, operation = '', rest = ''] = /^(\S+) ?(.*)$/.exec(before) ?? []
    const headers: Record<string, string> = {}
    const body = rest.replaceAll(/\[([\w-]+)=([^\]]*)\] ?/g, (_, name: string, value: string) => {
      headers[name] = value
      return ''
    })
    const request = { headers, body: Buffer.from(body), rawQuery: '' }
    return lockKeys({ operation, request } as unknown as IdentifiedCall, configured, now)
  },
  devices: (input) => devicesIn(parseXml(input), 'ami-1') ?? 'none',
  template: (input) => givenBy(parseXml(input)!),
  launch(input) {
    const [asked = '', given, devices] = input.split(' || ').map((each) => JSON.parse(each))
    return launchOf(asked, given === null ? undefined : async () => given?.of, async () => devices?.of)
  },
}

test('what small functions of the guard return', async () => {
  const path = join(import.meta.dirname, 'pieces.txt')
  const lines = readFileSync(path, 'utf8').split('\n')
  const answers = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', input = ''] = /^(\w+) (.*)$/.exec(line) ?? []
    const made = functions[name]
    if (made === undefined) continue
    answers.set(line, JSON.stringify(await new Promise((done) => done(made(input))).catch(String)))
  }
  checkCorpus(path, (line) => [answers.get(line)!])
})

test('answers are kept as long as they may be, and as many bytes as there is room for', async () => {
  const kept = new Remembered<string>(10, { bytes: 10, sizeOf: ({ length }) => length })
  let asked = 0
  const get = async (key: string, at: number, value = key, by = '') => {
    const before = asked
    const answer = await kept.get(
      key,
      at,
      async () => {
        asked++
        return value
      },
      by,
    )
    return `${answer} ${asked - before}`
  }
  assert.equal(await get('a', 0), 'a 1')
  assert.equal(await get('a', 9), 'a 0')
  assert.deepEqual([kept.settled('a', 9), kept.age('a', 9)], ['a', 9])
  assert.deepEqual([kept.settled('a', 10), kept.age('a', 10)], [undefined, undefined])
  assert.deepEqual([kept.settled('b', 0), kept.age('b', 0)], [undefined, undefined])
  assert.equal(await get('a', 9, 'a', 'other'), 'a 1')
  assert.equal(await get('a', 19), 'a 1')
  // nine bytes and two: the oldest goes
  assert.equal(await get('long', 19, 'ninebytes'), 'ninebytes 1')
  assert.equal(await get('two', 19, 'zz'), 'zz 1')
  assert.deepEqual(
    [kept.settled('a', 19), kept.settled('long', 19), kept.settled('two', 19)],
    [undefined, undefined, 'zz'],
  )
  assert.equal(await get('eight', 19, 'eightlen'), 'eightlen 1')
  assert.deepEqual([kept.settled('two', 19), kept.settled('eight', 19)], ['zz', 'eightlen'])
  kept.forget('two')
  assert.equal(await get('more', 19, 'zz'), 'zz 1')
  assert.deepEqual([kept.settled('eight', 19), kept.settled('more', 19)], ['eightlen', 'zz'])
  kept.clear()
  assert.equal(kept.settled('more', 19), undefined)
  assert.equal(await get('full', 19, 'ten bytes.'), 'ten bytes. 1')
  assert.equal(kept.settled('full', 19), 'ten bytes.')
  await assert.rejects(kept.get('fails', 0, () => Promise.reject(new Error('no'))))
  assert.equal(await get('fails', 0), 'fails 1')
})
