import type { Call, House } from '../../authorization/index.ts'
import { perObject } from '../../base/index.ts'

/** Wrong codes of one device that are let pass, and for how long they count, in milliseconds (behaviour STS-41). */
const most = 10
const window = 300_000
const devicesKept = 10_000

interface Count {
  readonly since: number
  failures: number
}

const countsOf = perObject((_house: House) => new Map<string, Count>())

/** Whether a further code of the device is looked at: who has a key must not find the code by trying them all. */
export function mayTry(serial: string, { house, account, now }: Call): boolean {
  const count = countsOf(house).get(`${account.id} ${serial}`)
  return count === undefined || now >= count.since + window || count.failures < most
}

/** Notes a wrong code. In memory, for each node its own. */
export function noteFailure(serial: string, { house, account, now }: Call): void {
  const known = countsOf(house)
  const name = `${account.id} ${serial}`
  const count = known.get(name)
  if (count !== undefined && now < count.since + window) {
    count.failures++
    return
  }
  known.delete(name)
  if (known.size >= devicesKept) known.delete(known.keys().next().value!) // it is not empty
  known.set(name, { since: now, failures: 1 })
}
