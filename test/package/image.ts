import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { installLocked } from '../../tools/build/install.ts'
import { needs, toolPath } from '../support/index.ts'
import type { Installed } from './installed.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const patience = 15_000

/**
 * Builds the Dockerfile by buildah. This machine's Node and its libraries are the base image. The stage that builds the
 * packages is replaced by the same tarballs, installed as that stage does it. Then the image's command runs as its user.
 */
export function imageTests(project: () => Installed): void {
  const { skip } = needs('buildah')
  const isRoot = process.getuid?.() === 0
  const options = { skip: skip || (isRoot ? false : 'a root file system can be entered by root only') }
  describe('the container image', options, () => {
    const folder = mkdtempSync(join(tmpdir(), 'omen-image-'))
    let image: Image
    before(async () => {
      const stage = join(folder, 'stage')
      await installLocked(root, join(stage, 'opt', 'omen'), project().tarballs)
      mkdirSync(join(stage, 'opt', 'data'))
      image = build(folder, stage)
    })
    after(() => {
      image?.remove()
      rmSync(folder, { recursive: true, force: true })
    })

    test('has a user that is not root, a volume, a health check and the version', () => {
      const { User, Volumes, Healthcheck, Labels, StopSignal, Env } = image.config
      assert.equal(User, '1000:1000')
      assert.deepEqual(Volumes, { '/data': {} })
      assert.equal(StopSignal, 'SIGTERM')
      assert.equal(Healthcheck?.Test[0], 'CMD')
      assert.ok(Env.includes('OMEN_HOME=/data'))
      const { version } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8'))
      assert.equal(Labels['org.opencontainers.image.version'], version)
    })

    test('serves, is healthy, plants seeds at its first start, and ends with SIGTERM in its grace', {
      timeout: 40_000,
    }, async (t) => {
      const { Healthcheck } = image.config
      cpSync(join(root, 'examples', 'seeds'), join(image.folder, 'seeds'), { recursive: true })
      const served = image.start({ OMEN_SEED: '/seeds', OMEN_PORT: '0' })
      t.after(() => served.child.kill('SIGKILL'))
      const note = join(image.folder, 'data', 'server.json')
      for (const until = performance.now() + patience; !existsSync(note); await sleep(20)) {
        if (performance.now() > until || served.child.exitCode !== null)
          assert.fail(`it does not serve: ${served.said()}`)
      }
      const { url } = JSON.parse(readFileSync(note, 'utf8')) as { url: string } // what omen start writes
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
      assert.deepEqual(await health(url), { status: 'ok' })
      const port = new URL(url).port
      assert.equal(image.run(Healthcheck!.Test.slice(1), { OMEN_PORT: port }).status, 0)
      assert.equal(image.run(Healthcheck!.Test.slice(1), { OMEN_PORT: '1' }).status, 1)
      const asked = image.run(['omen', 'can', 'role/deployer', 's3:PutObject', 'arn:aws:s3:::a/b'])
      assert.equal(asked.status, 0, asked.output)
      served.child.kill('SIGUSR1')
      assert.deepEqual(await health(url), { status: 'ok' })
      const asksToStop = performance.now()
      assert.equal(await served.stop(), 0)
      assert.ok(performance.now() - asksToStop < 10_000, 'the engine would have killed it')
      assert.match(served.said(), /omen has stopped; everything is kept in \/data/)
      assert.doesNotMatch(served.said(), /Debugger listening/)
    })
  })
}

async function health(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/_omen/health`, { signal: AbortSignal.timeout(patience) })
  return answer.json()
}

interface Image {
  /** Its root file system, as the user of the machine sees it. */
  readonly folder: string
  readonly config: Config
  /** Starts what the image starts. */
  start(environment: Readonly<Record<string, string>>): {
    readonly child: ChildProcess
    said(): string
    stop(): Promise<number | null>
  }
  /** Runs a command in it to its end. */
  run(
    command: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): { readonly status: number; readonly output: string }
  remove(): void
}

/** An image's configuration, as the OCI specification names it. */
interface Config {
  readonly User: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Volumes: object
  readonly Labels: Readonly<Record<string, string>>
  readonly StopSignal: string
  readonly Healthcheck?: { readonly Test: readonly string[] }
}

/** Gives the root file system devices and /proc, as an engine does, and becomes the command within, as the user. */
const entering = [
  'root=$0 user=$1',
  'shift',
  'mount --rbind /dev "$root/dev"',
  'mount --rbind /proc "$root/proc"',
  'exec /usr/sbin/chroot "--userspec=$user" "$root" "$@"',
].join(' && ')

function build(folder: string, stage: string): Image {
  const places = [
    '--root',
    join(folder, 'store'),
    '--runroot',
    join(folder, 'run'),
    '--storage-driver',
    'vfs',
  ]
  const buildah = (...args: string[]) => {
    try {
      return execFileSync(toolPath('buildah'), [...places, ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
      }).trim()
    } catch (error) {
      throw new Error(`buildah ${args.join(' ')}: ${String((error as { stderr?: string }).stderr)}`)
    }
  }
  const base = join(folder, 'base')
  copyNode(base)
  const scratch = buildah('from', 'scratch')
  buildah('add', '--quiet', scratch, base, '/')
  buildah('commit', '--quiet', scratch, 'localhost/base')
  buildah('rm', scratch)
  const stages = ['--build-arg', 'NODE_IMAGE=localhost/base', '--build-context', `packages=${stage}`]
  // Docker's form: the OCI form has no health check
  const form = ['--format', 'docker', '--pull=never', '--isolation', 'chroot', '--quiet']
  buildah('build', ...form, ...stages, '--tag', 'localhost/omen', root)
  const { Docker } = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/omen')) as Inspected // buildah's form
  const container = buildah('from', '--pull=never', 'localhost/omen')
  const mounted = buildah('mount', container)
  const config = Docker.config
  // a process that runs as another user must get there
  for (let path = mounted; path.startsWith(folder); path = dirname(path)) chmodSync(path, 0o755)

  const entered = (command: readonly string[], environment: Readonly<Record<string, string>>) => {
    const env = Object.fromEntries(config.Env.map((entry) => entry.split(/=(.*)/s, 2) as [string, string]))
    return {
      args: ['--mount', 'sh', '-c', entering, mounted, config.User, ...command],
      env: { ...env, ...environment },
    }
  }
  return {
    folder: mounted,
    config,
    start(environment) {
      const { args, env } = entered([...config.Entrypoint, ...config.Cmd], environment)
      const child = spawn('/usr/bin/unshare', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text
        })
      const end = new Promise<number | null>((resolve) => child.once('close', resolve))
      return {
        child,
        said: () => said,
        stop() {
          child.kill(config.StopSignal as NodeJS.Signals)
          return end
        },
      }
    },
    run(command, environment = {}) {
      const { args, env } = entered(command, environment)
      try {
        return {
          status: 0,
          output: execFileSync('/usr/bin/unshare', args, {
            env,
            encoding: 'utf8',
            stdio: 'pipe',
            timeout: patience,
          }),
        }
      } catch (error) {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
        return { status, output: stdout + stderr }
      }
    },
    remove() {
      buildah('umount', '--all')
    },
  }
}

interface Inspected {
  readonly Docker: { readonly config: Config }
}

/** A substitute for the base image: this Node at the path of the official image, and what it loads. */
function copyNode(base: string): void {
  const node = realpathSync(process.execPath)
  const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
  const env = '/usr/bin/env' // of the first line of bin/omen.mjs
  for (const [from, to] of [
    [node, '/usr/local/bin/node'],
    [env, env],
    ...libraries.map((library) => [library, library] as const),
  ] as const) {
    mkdirSync(dirname(join(base, to)), { recursive: true })
    copyFileSync(from, join(base, to))
  }
  for (const place of ['dev', 'proc', 'tmp']) mkdirSync(join(base, place))
  chmodSync(join(base, 'tmp'), 0o1777)
}
