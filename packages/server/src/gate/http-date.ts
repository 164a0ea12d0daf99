import { type Clock, presentTime } from '../base/index.ts'

/** A clock's time in HTTP format, made once a second. */
export function httpDate(clock: Clock): () => string {
  let made = Number.NaN
  let text = ''
  return () => {
    const second = Math.floor(presentTime(clock, clock.now()) / 1000)
    if (made !== second) {
      made = second
      text = new Date(second * 1000).toUTCString()
    }
    return text
  }
}
