import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAccountId } from '../../base/index.ts'
import type { EventPage, EventQuery, StoredEvent } from '../../store/index.ts'
import { readTrail } from './seen.ts'

const account = parseAccountId('111122223333')!
const day = 86_400_000
const now = 100 * day
const dev = `arn:aws:iam::${account}:user/dev`

function event(time: number, action: string, more: Partial<StoredEvent> = {}): StoredEvent {
  const json = JSON.stringify({ userIdentity: { arn: dev } })
  return { time, json, asked: [{ action, resource: '*' }], ...more } as StoredEvent // what a trail's reader looks at
}

/** A trail of some pages, and the questions that it was asked. */
function trailOf(pages: (page: number) => EventPage) {
  const asked: EventQuery[] = []
  const lookUp = (query: EventQuery) => Promise.resolve(pages(asked.push(query) - 1))
  return { asked, read: (days = 30) => readTrail(lookUp, account, now, days) }
}

describe('the calls of a trail', () => {
  it('are counted over all pages, without those that were refused', async () => {
    const refused = event(98 * day, 'iam:GetRole', { errorCode: 'AccessDenied' })
    const pages: readonly EventPage[] = [
      { events: [event(99 * day, 'iam:GetUser'), refused], next: 'a' },
      { events: [event(97 * day, 'iam:GetUser'), event(96 * day, 's3:GetObject')] },
    ]
    const trail = trailOf((page) => pages[page]!)
    const seen = { principal: dev, resource: '*' }
    assert.deepEqual(await trail.read(), {
      calls: [
        { ...seen, action: 'iam:GetUser', calls: 2, last: new Date(99 * day).toISOString() },
        { ...seen, action: 's3:GetObject', calls: 1, last: new Date(96 * day).toISOString() },
      ],
    })
    assert.deepEqual(
      trail.asked.map(({ from, after }) => [from, after]),
      [
        [70 * day, undefined],
        [70 * day, 'a'],
      ],
    )
  })

  it('are not read for no days', async () => {
    const trail = trailOf(() => ({ events: [event(now, 'iam:GetUser')] }))
    assert.deepEqual([await trail.read(0), trail.asked], [{ calls: [] }, []])
  })

  it('say how far back they were read where the trail has more', async () => {
    const trail = trailOf((page) => ({ events: [event(now - page * day, 'iam:GetUser')], next: `${page}` }))
    const { calls, since } = await trail.read()
    assert.deepEqual([calls[0]?.calls, trail.asked.length], [20, 20])
    assert.equal(since, new Date(now - 19 * day).toISOString())
  })
})
