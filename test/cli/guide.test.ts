// Begins first: it runs each command of the guide.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { createOmen } from '../../packages/server/src/index.ts'
import { needs, toolPath } from '../support/index.ts'
import { omenArguments, serve, temporaryHome } from './process.ts'

const guide = join(import.meta.dirname, '../../docs/guide')
const account = join(import.meta.dirname, 'account')

/** The commands of a page: the lines of its blocks in sh. */
function commandsOf(
  page: string,
): readonly { readonly command: string; readonly status: number | 'refused' }[] {
  const text = readFileSync(join(guide, page), 'utf8')
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .map((line) => {
      const [, command = line, note = ''] = /^(.*?)(?:\s+# (.*))?$/.exec(line) ?? []
      // the AWS CLI's exit code is another one by its version
      if (note.includes('AccessDenied')) return { command, status: 'refused' }
      return { command, status: Number(/(?:exit|終了コード) (\d+)/.exec(note)?.[1] ?? 0) }
    })
}

/** The English page runs all commands, the Japanese one those that differ. */
const pages = ['README.md', 'README.ja.md'] as const
const inJapanese = / --lang ja\b/

describe('the guide', { concurrency: 2, ...needs('awsCli') }, () => {
  test('both pages have the same commands', () => {
    const [english, japanese] = pages.map((page) =>
      commandsOf(page).map(({ command, ...rest }) => ({ command: command.replace(inJapanese, ''), ...rest })),
    )
    assert.deepEqual(japanese, english)
  })

  for (const page of pages)
    test(`${page}: every command does what it says`, async (t) => {
      const folder = temporaryHome(t)
      for (const name of ['account.json', 'inventory.json'])
        copyFileSync(join(account, name), join(folder, name))
      const bin = join(folder, 'omen')
      writeFileSync(
        bin,
        `#!/bin/sh\nexec '${process.execPath}' ${omenArguments.map((each) => `'${each}'`).join(' ')} "$@"\n`,
      )
      chmodSync(bin, 0o755)
      await using emulator = await createOmen()
      const home = join(folder, 'home')
      const served = await serve(home)
      try {
        const environment = {
          PATH: `${folder}:${dirname(toolPath('awsCli'))}:${process.env.PATH}`,
          HOME: folder,
          OMEN_HOME: home,
          EMULATOR: emulator.endpoint,
          AWS_ENDPOINT_URL: served.url,
          AWS_REGION: 'us-east-1',
          AWS_DEFAULT_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: served.keys.admin.accessKeyId,
          AWS_SECRET_ACCESS_KEY: served.keys.admin.secretAccessKey,
          AWS_PAGER: '',
        }
        const commands = commandsOf(page).filter(
          ({ command }) => page === pages[0] || inJapanese.test(command),
        )
        assert.ok(commands.length > 6)
        for (const { command, status } of commands) {
          const ended = await run(command, folder, environment)
          const isMeant = status === 'refused' ? ended.status > 0 : ended.status === status
          assert.ok(isMeant, `${ended.status}: ${command}\n${ended.output}`)
        }
      } finally {
        await served.stop('SIGTERM')
      }
    })
})

function run(command: string, cwd: string, env: Readonly<Record<string, string>>) {
  return new Promise<{ readonly status: number; readonly output: string }>((resolve) => {
    execFile('sh', ['-c', command], { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ status, output: stdout + stderr })
    })
  })
}
