// Begins first: hundreds of commands are run one after the other.

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createOmen, type RunningOmen } from 'omen-iam/testing'
import { checkCorpus, Names } from '../corpus/index.ts'
import { requestOf } from '../gate/answers-request.ts'
import { seed } from '../gate/answers-seed.ts'
import { account } from '../kit/index.ts'
import { omenWithin } from './within.ts'

// A line of these corpora is a command, and below it is how it ends: its exit code, its first lines with a hash of the
// others, and after `!` those of standard error. Ids are numbers in the order in which they come, HOME is a
// folder of this test, and SERVER, PID, EVENT, SESSION and TIME differ each time. {1} is the first decision of a refused call.
//
//     omen WORDS                    in this process, in the folder of the repository
//     NAME=VALUE omen WORDS         with a variable; AS=ann is the key of a user of the server
//     WHO SERVICE:OPERATION [INPUT] a call of the server
//     world NAME                    writes the files of a case of test/graph/worlds.jsonl
//     file NAME TEXT                writes a file of HOME; \\n is the end of a line

/** The corpora, and whether a server runs. */
const corpora: Readonly<Record<string, boolean>> = {
  alone: false,
  cases: false,
  linted: false,
  plans: false,
  words: false,
  worlds: false,
  refused: true,
  server: true,
  state: true,
}

const most = 40

describe('what commands answer', () => {
  const home = mkdtempSync(join(tmpdir(), 'omen-answers-'))
  after(() => rmSync(home, { recursive: true, force: true }))
  const worlds = new Map(
    readFileSync(join(import.meta.dirname, '../graph/worlds.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => [JSON.parse(line).name, JSON.parse(line)]),
  )

  for (const [name, isServed] of Object.entries(corpora))
    test(name, async ({ mock }) => {
      mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2, 3, 4, 5) })
      await using omen = isServed ? await createOmen({ account, seed }) : undefined
      await omen?.listen()
      writeHome(omen)
      const path = join(import.meta.dirname, 'answers', `${name}.txt`)
      const names = new Names()
      const kept: string[] = []
      const answers: (readonly string[])[] = []
      for (const line of readFileSync(path, 'utf8').split('\n')) {
        if (line === '' || /^(?:#| {2})/.test(line)) continue
        const world = /^world (.+)/.exec(line)?.[1]
        const [, file, text = ''] = /^file (\S+) (.*)/.exec(line) ?? []
        if (world !== undefined) answers.push(writeWorld(world))
        else if (file !== undefined) answers.push(writeFile(file, text))
        else if (!/^(?:\w+=\S* )*omen(?: |$)/.test(line)) {
          const { status, headers } = await omen!.omen.answer(requestOf(omen!, line))
          const decision = headers['x-omen-decision-id']
          if (status === 403) kept.push(String(decision))
          await omen!.omen.deps.recorder.flush()
          answers.push([String(status)])
        } else {
          const said = await commandOf(
            line.replaceAll(/\{(\d+)\}/g, (_, at) => kept[Number(at) - 1]!),
            omen,
          )
          answers.push(said.flatMap((each) => shortened(each.map((line) => names.numbered(line)))))
        }
      }
      checkCorpus(path, () => answers.shift()!)
    })

  /** Writes the note by which commands find the server, or a home without one. */
  function writeHome(omen: RunningOmen | undefined): void {
    const note = omen && {
      url: omen.endpoint,
      pid: process.pid,
      mode: 'enforce',
      store: 'memory',
      account,
      keys: omen.keys,
    }
    if (note === undefined) rmSync(join(home, 'server.json'), { force: true })
    else writeFileSync(join(home, 'server.json'), JSON.stringify(note))
  }

  function writeWorld(world: string): readonly string[] {
    const { details, inventory, organization } = worlds.get(world)
    for (const [file, value] of Object.entries({ details, inventory: inventory ?? {}, organization }))
      writeFileSync(join(home, `${file}.json`), JSON.stringify(value ?? [], undefined, 2))
    return []
  }

  function writeFile(name: string, text: string): readonly string[] {
    const path = join(home, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text.replaceAll(/(?<!\\)\\n/g, '\n').replaceAll('\\\\n', '\\n'))
    return []
  }

  /** Runs a command in this process, and returns how it ends. */
  async function commandOf(
    line: string,
    omen: RunningOmen | undefined,
  ): Promise<readonly (readonly string[])[]> {
    const [, before = '', rest = ''] = /^((?:\w+=\S* )*)omen ?(.*)$/.exec(line) ?? []
    const variables = Object.fromEntries(
      before
        .trim()
        .split(' ')
        .filter((each) => each !== '')
        .map((each) => each.split('=') as [string, string]),
    )
    const { AS: who, ...others } = variables
    const words = [...rest.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word)
    const files = { AWS_CONFIG_FILE: join(home, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(home, 'keys') }
    const given: Record<string, string> = {
      PATH: home,
      HOME: home,
      OMEN_HOME: home,
      COLUMNS: '100',
      NO_COLOR: '1',
      ...files,
      ...others,
    }
    if (who !== undefined) {
      const { accessKeyId, secretAccessKey, sessionToken } = omen!.as(who).credentials
      given.AWS_ACCESS_KEY_ID = accessKeyId
      given.AWS_SECRET_ACCESS_KEY = secretAccessKey
      if (sessionToken !== undefined) given.AWS_SESSION_TOKEN = sessionToken
    }
    const { stdout, stderr, status } = await omenWithin(
      words.map((word) => word.replaceAll('HOME', home)),
      { env: given, bin: 'omen' },
    )
    const shown = (text: string) =>
      text
        .replaceAll(home, 'HOME')
        .replaceAll(omen?.endpoint ?? 'http://none', 'http://SERVER')
        .replaceAll(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:PORT')
        .replaceAll(String(process.pid), 'PID')
        .replaceAll(/(?<= )[0-9a-f]{8}$/gm, 'EVENT')
        .replaceAll(/(?<== admin-)[A-Z0-9]{6}$/gm, 'SESSION')
        .replaceAll(/(?<![\dT])\d\d:\d\d:\d\d(?!\d)/g, 'TIME')
        .split('\n')
        .map((line) => line.trimEnd())
        .filter((line) => line !== '')
    return [[`exit ${status}`], shown(stdout), shown(stderr).map((each) => `! ${each}`)]
  }
})

/** The first lines, and a hash of the others. */
function shortened(lines: readonly string[]): readonly string[] {
  const others = lines.slice(most)
  if (others.length === 0) return lines
  const hash = createHash('sha256').update(others.join('\n')).digest('hex').slice(0, 12)
  return [...lines.slice(0, most), `(${others.length} more lines: ${hash})`]
}
