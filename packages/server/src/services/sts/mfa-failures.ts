import type { Call, House } from '../../authorization/index.ts'
import { Failures, perObject } from '../../base/index.ts'

/** The wrong codes of a device that are accepted within a window in milliseconds (behaviour STS-41). */
const most = 10
const window = 300_000
const devicesKept = 10_000

const failuresIn = perObject((_house: House) => new Failures(window, devicesKept))

/** Returns whether a further code of the device is checked: the owner of a key must not find the code by trying. */
export function mayTry(serial: string, { house, account, now }: Call): boolean {
  return failuresIn(house).of(`${account.id} ${serial}`, now) < most
}

/** Records a wrong code. */
export function noteFailure(serial: string, { house, account, now }: Call): void {
  failuresIn(house).add(`${account.id} ${serial}`, now)
}
