import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { promisify } from 'node:util'
import { omen, temporaryHome } from './process.ts'
import { anyoneHere, houseWithRoles } from './roles.ts'

const run = promisify(execFile)

suite('omen completion', { concurrency: 2 }, () => {
  test('bash completes commands, options, their choices, and roles', async (t) => {
    const folder = temporaryHome(t)
    const script = join(folder, 'omen.bash')
    writeFileSync(script, (await omen(['completion', 'bash'])).stdout)
    const complete = async (...words: readonly string[]) => {
      const line = ['omen', ...words].map((word) => `'${word}'`).join(' ')
      const asked = `omen() { echo deployer; }; source '${script}'; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _omen; echo "\${COMPREPLY[*]}"`
      return (await run('bash', ['--norc', '-c', asked])).stdout.trim()
    }
    assert.equal(await complete('who'), 'whoami')
    assert.equal(await complete('oidc', ''), 'serve token register unregister')
    assert.equal(await complete('oidc', 'token', '--like', 'k'), 'kubernetes')
    assert.equal(await complete('wear', '--ses'), '--session --session-policy')
    assert.equal(await complete('assume', '--format', 'env-'), 'env-no-export')
    assert.equal(await complete('exec', 'd'), 'deployer')
    assert.equal(await complete('exec', 'deployer', '--', 'd'), '')
    assert.equal(await complete('completion', 'z'), 'zsh')
  })

  test('fish and zsh get their own, and roles are told by the house', async (t) => {
    const fish = (await omen(['completion', 'fish'])).stdout
    assert.match(fish, /^complete -c omen -f -n '__fish_use_subcommand' -a assume -d '/m)
    assert.match(
      fish,
      /^complete -c omen -f -n '__fish_seen_subcommand_from assume wear' -l format -x -a 'env env-no-export fish powershell process json' -d '/m,
    )
    assert.match(
      (await omen(['completion', 'zsh'])).stdout,
      /^autoload -U \+X bashcompinit && bashcompinit\n/,
    )
    assert.equal((await omen(['completion', 'csh'])).status, 252)
    const powershell = (await omen(['completion', 'powershell'])).stdout
    assert.match(powershell, /^Register-ArgumentCompleter -Native -CommandName omen -ScriptBlock {\n/)
    assert.match(powershell, /^ {4}'oidc:token' = 'oidc token'$/m)
    assert.match(powershell, /^ {4}'start' = @\('--host', /m)
    assert.match(powershell, /^ {4}'oidc token:--like' = @\('github', 'kubernetes', 'plain'\)$/m)
    const house = await houseWithRoles(t)
    await house.role('deployer', anyoneHere)
    assert.equal((await omen(['completion', 'roles', '--home', house.home])).stdout, 'deployer\n')
  })
})
