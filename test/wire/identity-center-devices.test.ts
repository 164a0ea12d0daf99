import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { centerHouse } from './center-house.ts'

const omen = await createOmen()
after(() => omen.close())
const house = await centerHouse(omen)

test('SSO-90: an address has forty devices that wait, and room again once they have ended', async () => {
  const client = await house.register()
  const begin = () => house.post('/device_authorization', { ...client, startUrl: house.shown.startUrl })
  const begun = async () => {
    const all = await Promise.all(Array.from({ length: 20 }, begin))
    omen.clock.advance(61_000)
    return all.filter(({ deviceCode }) => deviceCode !== undefined).length
  }
  assert.deepEqual([await begun(), await begun(), await begun()], [20, 20, 0])
  omen.clock.advance(601_000)
  assert.ok((await begin()).deviceCode)
})
