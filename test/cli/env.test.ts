import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { omen, serve, temporaryHome } from './process.ts'

const checkout = fileURLToPath(new URL('../../', import.meta.url))
const wrapper = join(checkout, 'bin/omen')

function shell(script: string, environment: Readonly<Record<string, string>> = {}) {
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH ?? '', ...environment }
    execFile('/bin/sh', ['-c', script], { env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

describe('omen env', { concurrency: 2 }, () => {
  test('what the banner says can be typed as it is, in another terminal', async (t) => {
    const home = join(temporaryHome(t), "a home's")
    const served = await serve(home, ['--memory'])
    const { stdout } = await served.stop('SIGTERM')
    const hint = /^ {2}next: (eval "\$\(.*\)") {3}/m.exec(stdout)?.[1] ?? ''
    const again = await serve(home, ['--memory'])
    t.after(() => again.child.kill())
    const { status, stdout: said, stderr } = await shell(`${hint} && echo "$AWS_ENDPOINT_URL"`)
    assert.deepEqual([status, said, stderr], [0, `${again.url}\n`, ''])
    await again.stop('SIGTERM')
  })

  test('where no server runs, evaluating it fails and changes nothing', async (t) => {
    const home = temporaryHome(t)
    const evaluated = `eval "$(${wrapper} env --home ${home})" || echo "failed $AWS_ENDPOINT_URL"`
    const before = await shell(evaluated, { AWS_ENDPOINT_URL: 'http://before' })
    assert.equal(before.stdout, 'failed http://before\n')
    assert.match(before.stderr, /^omen: no server runs on the home [^\n]+ start --home [^\n]+\n$/)
    const { status, stdout } = await omen(['env', '--home', home])
    assert.deepEqual([status, stdout], [253, 'false\n'])
    const served = await serve(home)
    await served.stop('SIGKILL')
    const killed = await shell(evaluated, { AWS_ENDPOINT_URL: 'http://before' })
    assert.equal(killed.stdout, 'failed http://before\n', 'its note is left, its process is gone')
  })

  test('SHL-70 leaves no variable of an earlier server that would be found first, and sets the one of STS', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    const all = (await omen(['env', '--home', home])).stdout
    assert.match(all, /^unset .*\bAWS_PROFILE\b.*\bAWS_ENDPOINT_URL_IAM\b/m)
    assert.ok(all.includes(`export AWS_ENDPOINT_URL_STS='${served.url}'`))
    assert.doesNotMatch(all, /^unset .*AWS_ENDPOINT_URL_STS/m)
    const services = (await omen(['env', '--home', home, '--services', '--format', 'fish'])).stdout
    assert.match(services, /^set -e AWS_ENDPOINT_URL$/m)
    assert.doesNotMatch(services, /^set -e AWS_ENDPOINT_URL_IAM$/m)
    await served.stop('SIGTERM')
  })
})

describe('omen start --exec', { concurrency: 2 }, () => {
  const printed = 'echo "$AWS_ENDPOINT_URL $AWS_ENDPOINT_URL_STS $AWS_PROFILE $AWS_ENDPOINT_URL_IAM"; exit 3'

  test('SHL-70 runs a command against a server of its own, and ends with its exit code', async () => {
    const elsewhere = { AWS_ENDPOINT_URL: 'http://elsewhere', AWS_ENDPOINT_URL_IAM: 'http://elsewhere' }
    const { status, stdout, stderr } = await omen(['start', '--exec', '--', 'sh', '-c', printed], {
      ...elsewhere,
      AWS_PROFILE: 'prod',
    })
    assert.equal(status, 3, stderr)
    assert.match(stdout, /^(http:\/\/127\.0\.0\.1:\d+) \1 {2}\n$/)
  })

  test('commands of omen within it find the server', async () => {
    const { status, stdout } = await omen([
      'start',
      '--exec',
      '--',
      wrapper,
      'can',
      'admin',
      'iam:CreateUser',
    ])
    assert.equal(status, 0)
    assert.match(stdout, /ALLOWED/i)
  })

  test('a command that is not there is 127, one that may not be run 126', async (t) => {
    assert.equal((await omen(['start', '--exec', '--', 'no-such-command'])).status, 127)
    const file = join(temporaryHome(t), 'file')
    writeFileSync(file, '')
    assert.equal((await omen(['start', '--exec', '--', file])).status, 126)
  })

  test('a command without --exec, or none after it, is a mistake in the command line', async () => {
    assert.equal((await omen(['start', 'npm', 'test'])).status, 252)
    assert.equal((await omen(['start', '--exec'])).status, 252)
  })
})
