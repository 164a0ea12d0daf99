import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createOmen } from 'omen-iam/testing'
import { checkCorpus, Names } from '../corpus/index.ts'
import { account } from '../kit/index.ts'
import { bodyOf, headersOf, linesOf, membersOf, partOf, requestOf } from './answers-request.ts'
import { seed } from './answers-seed.ts'

// A line of these corpora is a request, and below it is the answer: the status, headers that not every answer has, and the body
// without the records of events. Ids and tokens are numbers in the order in which they come.
//
//     WHO METHOD PATH [BODY]              the server's own API; [name=value] before the body are headers
//     WHO SERVICE:OPERATION [INPUT]       an API of AWS, in the form of a query
//     NAME = …                            keeps the answer: {NAME.member} in a later line is a part of it
//     … | MEMBER MEMBER                   shows these members alone
//     clock SECONDS                       moves the clock, which does not move otherwise
//
// WHO signs: root, admin, a user, a role, or nobody.

const corpora: Readonly<Record<string, 'enforce' | 'audit' | 'off'>> = {
  'own-api': 'enforce',
  decisions: 'enforce',
  views: 'enforce',
  events: 'enforce',
  images: 'enforce',
  people: 'enforce',
  door: 'enforce',
  audit: 'audit',
  off: 'off',
}

describe('what a server answers', () => {
  for (const [name, mode] of Object.entries(corpora)) {
    test(name, async ({ mock }) => {
      mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2, 3, 4, 5) })
      await using omen = await createOmen({ account, seed, mode, port: false })
      const path = join(import.meta.dirname, 'answers', `${name}.txt`)
      const names = new Names()
      const kept: Record<string, unknown> = {}
      const answers: (readonly string[])[] = []
      for (const line of readFileSync(path, 'utf8').split('\n')) {
        if (line === '' || /^(?:#| {2})/.test(line)) continue
        const [, as, asked = '', only] = /^(?:(\w+) = )?(.*?)(?: \| ([\w ]+))?$/.exec(line) ?? []
        const words = asked.replaceAll(/\{(\w[\w.]*)\}/g, (_, of: string) => String(partOf(kept, of)))
        const seconds = /^clock (\d+)$/.exec(words)?.[1]
        if (seconds !== undefined) {
          mock.timers.setTime(Date.now() + Number(seconds) * 1_000)
          answers.push([])
          continue
        }
        const { status, headers, body } = await omen.omen.answer(requestOf(omen, words))
        // events of reads are stored together, a little later
        await omen.omen.deps.recorder.flush()
        const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
        const value = bodyOf(text)
        if (as !== undefined) kept[as] = value
        const shown = linesOf(membersOf(value, only?.split(' ') ?? []))
        answers.push([`${status}${headersOf(headers)}`, ...shown].map((each) => names.numbered(each)))
      }
      checkCorpus(path, () => answers.shift()!)
    })
  }
})

test('no route answers a path that begins before its own or goes on behind it', async () => {
  await using omen = await createOmen({ account, port: false })
  const rows = readFileSync(join(import.meta.dirname, '../../docs/OWN-API.md'), 'utf8')
  const paths = [...rows.matchAll(/^\| (?:GET|POST) \| `(\/_omen\/[^`]+)`/gm)].map(([, path = '']) =>
    path
      .replaceAll(/\\\|[\w|\\]+/g, '')
      .replace('{account}', account)
      .replaceAll(/\{\w+\}/g, '1'),
  )
  assert.ok(paths.length > 50)
  for (const path of paths)
    for (const method of ['GET', 'POST']) {
      for (const other of [`${path}.x`, `/_omen/x${path}`]) {
        const { status, body } = await omen.omen.answer(requestOf(omen, `admin ${method} ${other}`))
        assert.deepEqual([status, JSON.parse(String(body))], [404, { error: `There is no ${other} here.` }])
      }
    }
})
