import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { columnsOf } from '../../packages/server/src/cli/index.ts'
import { needs } from '../support/index.ts'
import { omenArguments, temporaryHome } from './process.ts'

/** What to wait for, and what to type; or the width that the terminal gets. */
type Step = readonly [wait: string, type: string | number]

/** Plays `omen learn` in a pseudo-terminal, which Node itself has none of. */
async function played(
  home: string,
  columns: number,
  steps: readonly Step[],
  environment: Readonly<Record<string, string>> = {},
  verb: readonly string[] = [],
  /** Whether a shell says afterwards how the terminal is. */
  asksAfter = false,
) {
  const command = [process.execPath, ...omenArguments, 'learn', ...verb]
  const after = '"$@"; echo code $? $(stty -a | grep -owE -e "-?(icanon|echo)")'
  const asked = asksAfter ? ['sh', '-c', after, 'sh', ...command] : command
  const words = [String(columns), JSON.stringify(steps), ...asked]
  const child = spawn('python3', [join(import.meta.dirname, 'terminal.py'), ...words], {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      OMEN_HOME: home,
      TERM: 'xterm',
      SHELL: '/bin/sh',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text
    })
  const status = await new Promise((resolve) => child.once('close', resolve))
  return { status, written, lines: stripVTControlCharacters(written).split(/\r?\n/) }
}

const question: readonly Step[] = [
  ['  > ', '3\n'],
  ['  > ', 'A'],
  ['  > ', '\n'],
  ['  > ', '?'],
  ['  > ', 'q'],
]

describe('omen learn on a terminal', { concurrency: 2, ...needs('boto3') }, () => {
  for (const [columns, lang, colour] of [
    [80, 'en', true],
    [80, 'ja', false],
    [60, 'ja', true],
    [60, 'en', false],
  ] as const)
    test(`${columns} columns, ${lang}, ${colour ? 'with' : 'without'} colour: no line is wider`, async (t) => {
      const environment = { OMEN_LANG: lang, ...(colour ? {} : { NO_COLOR: '1' }) }
      const { status, written, lines } = await played(temporaryHome(t), columns, question, environment)
      assert.equal(status, 0, written)
      for (const line of lines) assert.ok(columnsOf(line) <= columns, line)
      assert.equal(written.includes('\u001b['), colour)
      assert.match(written, lang === 'ja' ? /自信あり/ : /and were sure/)
      assert.match(written, lang === 'ja' ? /ヒント 1\/3/ : /Hint 1\/3/)
    })

  test('a lesson is solved by a file that is saved, judged after each save and call, and left', async (t) => {
    const home = temporaryHome(t)
    const document = (resource: string) =>
      JSON.stringify([
        'AmazonEC2FullAccess',
        {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: resource,
            Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
          },
        },
      ])
    const save = (resource: string) =>
      `echo '${document(resource)}' > omen-learn/full-access-cannot-hand/user-dev.json; exit\n`
    const { status, written } = await played(home, 80, [
      ['  > ', '3\n'],
      ['  > ', 'b'],
      ['  > ', '\n'],
      ['  > ', '$'],
      ['comes back', save('*')],
      ['3/6 hold', ''],
      ['  > ', '$'],
      ['comes back', save('arn:aws:iam::123456789012:role/web')],
      ['Enter goes on', '\n'],
      ['solved', ''],
      ['  > ', 'q'],
    ])
    assert.equal(status, 0, written)
    assert.match(written, /That is so\./)
    assert.match(written, /Solved\./)
  })

  test('e opens the files in the editor of the environment, and the task is judged when it ends', async (t) => {
    const home = temporaryHome(t)
    const editor = join(home, 'editor.sh')
    const mended = [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }]
    writeFileSync(editor, `#!/bin/sh\necho '${JSON.stringify(mended)}' > "$1"\n`)
    chmodSync(editor, 0o755)
    const { status, written } = await played(
      home,
      80,
      [
        ['  > ', '10\n'],
        ['  > ', 'c'],
        ['  > ', '\n'],
        ['  > ', 'e'],
        ['Solved.', ''],
        ['  > ', 'q'],
      ],
      { EDITOR: editor },
    )
    assert.equal(status, 0, written)
  })

  test('w shows the gates of the first check that does not hold, and keeps the ways out to itself', async (t) => {
    const steps: readonly Step[] = [
      ['  > ', '3\n'],
      ['  > ', 'b'],
      ['  > ', '\n'],
      ['  > ', 'w'],
      ['  > ', 'q'],
    ]
    const { status, written } = await played(temporaryHome(t), 80, steps)
    assert.equal(status, 0, written)
    assert.match(written, /denied.*iam:PassRole/i)
    assert.doesNotMatch(written, /The way out/)
  })

  for (const colour of [true, false])
    test(`Ctrl-C leaves ${colour ? 'with' : 'without'} colour, the terminal is as before, and a new width is taken`, async (t) => {
      const environment = colour ? {} : { NO_COLOR: '1' }
      const steps: readonly Step[] = [
        ['  > ', '3\n'],
        ['  > ', 50],
        ['  > ', 'A'],
        ['  > ', '\n'],
        ['  > ', '\u0003'],
      ]
      const { written, lines } = await played(temporaryHome(t), 80, steps, environment, [], true)
      assert.match(written, /Left\. It is kept where it is/)
      assert.match(written, /code 130 icanon echo/)
      const from = lines.findIndex((line) => line.includes('You said'))
      for (const line of lines.slice(from)) assert.ok(columnsOf(line) <= 50, line)
      assert.equal(written.includes('\u001b['), colour)
    })

  test('a review asks another instance of what is due, and says when it comes back', async (t) => {
    const home = temporaryHome(t)
    const due = { solvedAt: 1, due: 1, box: 0, hints: 0, failed: 0, mistakes: [], reviews: 0 }
    writeFileSync(join(home, 'learn.json'), JSON.stringify({ version: 1, lessons: { 'two-papers': due } }))
    const { status, written } = await played(home, 80, [['  > ', 'b']], {}, ['review'])
    assert.equal(status, 0, written)
    assert.match(written, /Which paper must name/)
    assert.match(written, /Right: again in 3 d/)
  })
})
