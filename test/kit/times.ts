import assert from 'node:assert/strict'

/**
 * Checks the end of something that lives for some seconds and was made between two times: it is counted from a whole second.
 * All are in milliseconds since 1970 but the seconds.
 */
export function assertEnd(end: number, seconds: number, before: number, after: number): void {
  const [first, last] = [before, after].map((time) => Math.floor(time / 1000) * 1000 + seconds * 1000)
  assert.equal(end % 1000, 0)
  assert.ok(first! <= end && end <= last!, `${end} is not from ${first} to ${last}`)
}
