// Test results for people: one line a file, what was skipped and why, failures in full, then the counts that
// Node's runner closes with. In CI what passed is named too.

import { relative } from 'node:path'
import { spec as Spec } from 'node:test/reporters'
import { root } from './root.mjs'

const everything = process.env.CI === 'true'

/** A reporter for `node --test --test-reporter`. */
export default async function* reporter(events) {
  const spec = new Spec()
  let closing = ''
  for await (const event of events) {
    const { type, data } = event
    if (type === 'test:pass' && data.skip !== undefined && data.skip !== false) {
      yield `﹣ ${where(data.file)} › ${data.name}: skipped, ${data.skip === true ? 'no reason given' : data.skip}\n`
    } else if (type === 'test:fail' || (type === 'test:pass' && everything)) {
      yield shown(spec, event)
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      yield data.message
    } else if (type === 'test:diagnostic') {
      const text = shown(spec, event)
      if (data.file === undefined) closing += text
      else yield text
    } else if (type === 'test:summary' && data.file !== undefined && data.success) {
      yield `✔ ${where(data.file)} (${data.counts.passed} passed, ${Math.round(data.duration_ms)} ms${data.cpu === undefined ? '' : `, ${Math.round(data.cpu)} ms of processor`})\n`
    } else if (type === 'test:summary' && data.file === undefined) {
      yield shown(spec, event)
    }
  }
  yield closing
}

function where(file) {
  return file === undefined ? 'tests' : relative(root, file)
}

/** What Node's own reporter makes of one event. */
function shown(spec, event) {
  spec.write(event)
  return spec.read() ?? ''
}
