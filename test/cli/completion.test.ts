import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { CreateUserCommand } from '@aws-sdk/client-iam'
import { needs, toolPath } from '../support/index.ts'
import { omen, omenArguments } from './process.ts'
import { anyoneHere, type ServerWithRoles, serverWithRoles } from './roles.ts'

const run = promisify(execFile)

/** The newest event of a call, as text: what the server says later of its watch for paths is none. */
async function lastEvent(home: string): Promise<string> {
  const { stdout } = await omen(['events', '--home', home, '--output', 'json'])
  const calls = stdout.split('\n').filter((line) => line.includes('"eventType":"AwsApiCall"'))
  return calls.at(-1) ?? ''
}

describe('omen completion', () => {
  const done: (() => void | Promise<void>)[] = []
  let server: ServerWithRoles
  let path: string
  const script = (shell: string) => join(server.home, `omen.${shell}`)
  before(async () => {
    server = await serverWithRoles({ after: (each: () => void) => done.push(each) } as never)
    await server.role('deployer', anyoneHere)
    await server.iam.send(new CreateUserCommand({ UserName: 'dora' }))
    const folder = join(server.home, 'bin')
    mkdirSync(folder)
    const command = `#!/bin/sh\nexec '${[process.execPath, ...omenArguments].join("' '")}' "$@"\n`
    writeFileSync(join(folder, 'omen'), command, { mode: 0o755 })
    path = `${folder}:/usr/local/bin:/usr/bin:/bin`
    for (const shell of ['bash', 'zsh', 'fish'])
      writeFileSync(script(shell), (await omen(['completion', shell])).stdout)
  })
  after(async () => {
    for (const each of done.reverse()) await each()
  })
  const environment = () => ({ PATH: path, OMEN_HOME: server.home, HOME: server.home, TERM: 'dumb' })

  test('bash completes commands, options, their choices, roles, users and actions, and writes no events', async () => {
    const last = await lastEvent(server.home)
    assert.match(last, /"eventName":"CreateUser"/)
    const lines = {
      'omen who': 'whoami who-can',
      'omen oidc ': 'serve token register unregister',
      'omen oidc token --like k': 'kubernetes',
      'omen wear --ses': '--session --session-policy',
      'omen assume --format env-': 'env-no-export',
      'omen exec d': 'deployer',
      'omen exec deployer -- d': '',
      'omen can d': 'dora deployer',
      // bash splits words at colons: the part before one is already typed
      'omen can dora iam:ListUserT': 'ListUserTags',
      'omen can dora iam:GetUser,iam:ListUserT': 'ListUserTags',
      'omen events --role dep': 'deployer',
      'omen completion z': 'zsh',
      'omen who-can bec': 'become',
      'omen paths dora adm': 'administrator admin',
      'omen why dora =dep': 'deployer',
      'omen what-can --unf': '--unfold',
      'omen paths --only bl': 'blocked',
    }
    const asked = Object.keys(lines).map(
      (line) =>
        `COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; COMP_WORDBREAKS=$' \\n:='; _omen; echo "\${COMPREPLY[*]}"`,
    )
    const all = `source '${script('bash')}'; ${asked.join('; ')}`
    const { stdout } = await run('bash', ['--norc', '-c', all], { env: environment() })
    assert.deepEqual(stdout.split('\n').slice(0, -1), Object.values(lines))
    assert.equal(await lastEvent(server.home), last)
  })

  test('a name from elsewhere is no word to bash but itself', async () => {
    const evil = `omen() { echo 'a$(touch owned)'; echo 'a*'; }; source '${script('bash')}'`
    const asked = `${evil}; COMP_LINE='omen exec a'; COMP_POINT=11; _omen; printf '%s|' "\${COMPREPLY[@]}"; ls`
    const folder = join(server.home, 'empty')
    mkdirSync(folder)
    const { stdout } = await run('bash', ['--norc', '-c', asked], { cwd: folder })
    assert.equal(stdout, 'a$(touch owned)|a*|')
  })

  test('zsh completes the same, and its PATH stays what it is', needs('zsh'), async () => {
    const lines = {
      'omen whoa': 'omen whoami ',
      'omen oidc token --like kub': 'omen oidc token --like kubernetes ',
      'omen exec dep': 'omen exec deployer ',
      'omen can dor': 'omen can dora ',
      'omen can dora iam:ListInstanceProfilesFor': 'omen can dora iam:ListInstanceProfilesForRole ',
    }
    const steps = Object.entries(lines).flatMap(([line, expected]) => [
      `zpty -w -n z '${line}'$'\\t\\C-x'`,
      `zpty -r -m z out '*<${expected}>*' && echo '${expected}'`,
    ])
    const all = [
      'zmodload zsh/zpty',
      'zpty z zsh -f -i',
      `zpty -w z 'autoload -Uz compinit; compinit -u -D; source ${script('zsh')}; shown() { print -r -- "<$BUFFER>"; BUFFER= }; zle -N shown; bindkey "^X" shown; echo ready'`,
      `zpty -r -m z out '*ready*ready*'`,
      ...steps,
      `zpty -w z 'print -r -- "<<$PATH>>"'`,
      `zpty -r -m z out '*<<${path}>>*' && echo same`,
      'zpty -d z',
    ].join('\n')
    const { stdout } = await run(toolPath('zsh'), ['-f', '-c', all], { env: environment(), timeout: 30_000 })
    assert.deepEqual(stdout.split('\n').slice(0, -1), [...Object.values(lines), 'same'])
  })

  test('fish completes the same, and its script says nothing when it is read', needs('fish'), async () => {
    const lines = {
      'omen whoa': 'whoami',
      'omen oidc token --like kub': 'kubernetes',
      'omen exec d': 'deployer',
      'omen can d': 'deployer dora',
      'omen can dora iam:ListUserT': 'iam:ListUserTags',
      'omen start --mod': '--mode',
    }
    const asked = Object.keys(lines).map((line) => `complete -C '${line}'; echo ===`)
    const all = `source '${script('fish')}' 2>&1; ${asked.join('; ')}`
    const { stdout } = await run(toolPath('fish'), ['-N', '-c', all], { env: environment(), timeout: 30_000 })
    const answers = stdout.split('===\n').slice(0, -1)
    assert.deepEqual(
      answers.map((each) =>
        each
          .split('\n')
          .slice(0, -1)
          .map((line) => line.split('\t')[0])
          .sort()
          .join(' '),
      ),
      Object.values(lines),
    )
  })

  test('PowerShell gets its own form, and a format that does not exist is refused', async () => {
    assert.equal((await omen(['completion', 'csh'])).status, 252)
    const powershell = (await omen(['completion', 'powershell'])).stdout
    assert.match(powershell, /^Register-ArgumentCompleter -Native -CommandName omen -ScriptBlock {\n/)
    assert.match(powershell, /^ {4}'oidc:token' = 'oidc token'$/m)
    assert.match(powershell, /^ {4}'start' = @\(.*'--host', /m)
    assert.match(powershell, /^ {4}'oidc token:--like' = @\('github', 'kubernetes', 'plain'\)$/m)
    assert.match(powershell, /^ {2}\$asking = @\('assume', 'exec', /m)
  })
})
