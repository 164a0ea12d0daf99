import type { Call, House } from '../../authorization/index.ts'
import { Failures, perObject } from '../../base/index.ts'

/** Wrong codes of one device that are let pass, and for how long they count, in milliseconds (behaviour STS-41). */
const most = 10
const window = 300_000
const devicesKept = 10_000

const failuresIn = perObject((_house: House) => new Failures(window, devicesKept))

/** Whether a further code of the device is looked at: who has a key must not find the code by trying them all. */
export function mayTry(serial: string, { house, account, now }: Call): boolean {
  return failuresIn(house).of(`${account.id} ${serial}`, now) < most
}

/** Notes a wrong code. */
export function noteFailure(serial: string, { house, account, now }: Call): void {
  failuresIn(house).add(`${account.id} ${serial}`, now)
}
