import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LastUseImage } from '../../image/index.ts'
import { lastUse } from './identities.ts'
import type { AccountPlan } from './plan.ts'

/** The use that is written of a role whose last use is known, or not, and what is said to change. */
function written(known: LastUseImage | undefined, image: LastUseImage | undefined) {
  const uses: unknown[] = []
  const names: string[] = []
  const usage = {
    find: (id: string) => (known === undefined || id !== 'role' ? undefined : { id, ...known }),
  }
  const plan = { before: { usage }, put: (_table: unknown, use: unknown) => void uses.push(use) }
  // a test: no more is looked at
  lastUse(plan as unknown as AccountPlan, 'role', image, { names } as unknown as Parameters<
    typeof lastUse
  >[3])
  return { uses, names }
}

const use = (at: number, service?: string): LastUseImage => ({
  at,
  region: 'eu-west-1',
  ...(service === undefined ? {} : { service }),
})

test('a last use is written if it is later by a second, and keeps the service that is known', () => {
  for (const [known, image, expected] of [
    [undefined, use(5_000, 's3'), { id: 'role', service: 's3', region: 'eu-west-1', at: 5_000 }],
    [undefined, use(5_000), { id: 'role', service: '', region: 'eu-west-1', at: 5_000 }],
    [use(1_000, 'sqs'), use(5_000), { id: 'role', service: 'sqs', region: 'eu-west-1', at: 5_000 }],
    [use(1_000, 'sqs'), use(5_000, 's3'), { id: 'role', service: 's3', region: 'eu-west-1', at: 5_000 }],
  ] as const)
    assert.deepEqual(written(known, image), { uses: [expected], names: ['last use'] })
  for (const [known, image] of [
    [use(5_000), use(5_999)],
    [use(5_000), use(4_000)],
    [use(5_000), undefined],
  ] as const)
    assert.deepEqual(written(known, image), { uses: [], names: [] })
})
