import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { writeDecision, writeFailed, writeVerdicts } from '../../packages/server/src/cli/index.ts'
import { checkCorpus } from '../corpus/index.ts'

// A line is a view with its language and the width of the terminal (c: with colours), and below it is what is shown of it. What a view does not
// say is as in `usual`, and so is a statement of a policy.

const usual = {
  caller: 'arn:aws:iam::123456789012:user/ann',
  allowed: false,
  asked: [{}],
}
const question = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::photos/1',
  outcome: 'implicitDeny',
  because: 'identity',
  crossAccount: false,
  sentence: '',
  story: [],
  context: {},
  layers: [],
  suggestions: [],
}
const statement = { index: 0, effect: 'Allow', line: 1, column: 1, matched: false }

describe('what is shown of a decision', () => {
  for (const name of ['decisions', 'ways', 'failures', 'verdicts'])
    test(name, () => {
      const path = join(import.meta.dirname, 'shown', `${name}.txt`)
      checkCorpus(path, (line) => {
        const [, language, width, isColoured, json = ''] = /^(\w+) (\d+)(c?) (.*)$/.exec(line)!
        let text = ''
        const stream = Object.assign(new Writable(), {
          columns: Number(width),
          isTTY: isColoured === 'c',
          write(chunk: string) {
            text += chunk
            return true
          },
        })
        shown[name]!(JSON.parse(json) as never, stream as never, language as 'en')
        text = text.replaceAll(/\u001b\[(\d+)m/g, '{$1}')
        return text.split('\n').filter((each) => each !== '')
      })
    })
})

type Show = (given: never, stream: NodeJS.WriteStream, language: 'en' | 'ja') => void

const shown: Readonly<Record<string, Show>> = {
  decisions: ({ now, folded, ...view }: Given, stream, language) =>
    writeDecision(viewOf(view), stream, language, now && viewOf(now), { folded: folded === true }),
  ways: ({ asked = {}, ...view }: Given, stream, language) =>
    writeDecision(viewOf({ ...view, asked: [{ ...asked, because: 'exempt' }] }), stream, language),
  failures: (view: object, stream, language) =>
    writeFailed(
      { failed: true, time: '2026-01-02T03:04:05Z', service: 's3', operation: 'GetObject', ...view } as never,
      stream,
      language,
    ),
  verdicts: (rows: readonly (Given & { action: string; resource: string })[], stream, language) =>
    writeVerdicts(
      rows.map(({ action, resource, ...view }) => ({
        action,
        resource,
        answer: viewOf({ ...view, asked: view.asked ?? [{ action, resource }] }),
      })),
      stream,
      language,
    ),
}

interface Given {
  readonly now?: Given
  readonly folded?: boolean
  readonly gone?: boolean
  readonly asked?: object
  readonly [name: string]: unknown
}

/** A view with what it does not say. */
function viewOf(given: object) {
  const { asked, ...view } = { ...usual, ...given } as { asked: readonly { layers?: readonly unknown[] }[] }
  return {
    ...view,
    asked: asked.map((each) => ({ ...question, ...each, layers: (each.layers ?? []).map(layerOf) })),
  } as never
}

/** `[layer, verdict, { title: [statements] }, more]`. */
function layerOf(given: unknown) {
  const [layer, verdict, policies = {}, more = {}] = given as [
    string,
    string,
    Record<string, object[]>?,
    object?,
  ]
  const written = Object.entries(policies).map(([title, statements]) => ({
    policy: title,
    title,
    statements: statements.map((each, index) => ({ ...statement, index, ...each })),
  }))
  return { layer, verdict, policies: written, ...more }
}
