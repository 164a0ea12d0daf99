// A reporter that prints nothing: it sends the events of the tests to the process that started this one.

import { inspect } from 'node:util'

const kinds = new Set(['test:dequeue', 'test:pass', 'test:fail', 'test:diagnostic'])

/** A reporter for `node --test-reporter`. */
export default async function* events(source) {
  for await (const { type, data } of source) if (kinds.has(type)) process.send({ type, data: plain(data) })
  yield ''
}

/** The event without values that only this process understands: an error is sent as the text of it. */
function plain(data) {
  const { details } = data
  const error = details?.error
  if (error === undefined) return data
  const cause = error.code === 'ERR_TEST_FAILURE' ? error.cause : error
  const sent = { failureType: error.failureType, text: inspect(cause, { colors: false, breakLength: 110 }) }
  return { ...data, details: { ...details, error: sent } }
}
