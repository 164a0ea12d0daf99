import type { Call, Dependencies } from '../../authorization/index.ts'
import { perObject } from '../../base/index.ts'
import { Guesses } from '../../directory/index.ts'

/** The wrong codes of a device that are accepted within a window in milliseconds (behaviour STS-41). */
const limits = { most: 10, window: 300_000, kept: 10_000 } as const

const guessesIn = perObject(({ directory }: Dependencies) => new Guesses(directory.store, limits))

/** Returns whether a further code of the device is checked: the owner of a key must not find the code by trying. */
export function mayTry(serial: string, { house, account, now, id }: Call): boolean {
  return guessesIn(house).mayTry(nameOf(serial, account), now, id)
}

/** Counts a wrong code, once for a call however often it is run. */
export function noteFailure(serial: string, { house, account, now, id }: Call): void {
  guessesIn(house).noteWrong(nameOf(serial, account), now, id)
}

/** Takes back what was counted when the call was run before, on a state that was not the last one. */
export function noteSuccess(serial: string, { house, account, now, id }: Call): void {
  guessesIn(house).noteRight(nameOf(serial, account), now, id)
}

function nameOf(serial: string, account: Call['account']): string {
  return `mfa ${account.id} ${serial}`
}
