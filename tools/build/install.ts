import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package as `npm pack` made it. */
export interface Packed {
  readonly name: string
  /** The tarball's name in the folder that was asked for. */
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** Packs the published packages of a checkout into a folder. @throws Error with npm's output */
export async function pack(root: string, folder: string): Promise<readonly Packed[]> {
  mkdirSync(folder, { recursive: true })
  const workspaces = ['--workspace', 'packages/policy', '--workspace', 'packages/server']
  const said = await npm(root, ['pack', '--json', '--pack-destination', folder, ...workspaces])
  // npm 12 answers with an object by name, earlier versions with a list
  return Object.values(JSON.parse(said.slice(said.search(/^[[{]/m))) as Packed[] | Record<string, Packed>)
}

/**
 * Installs tarballs into a folder, with the dependencies in the versions of the checkout's lock file.
 * @throws Error with npm's output
 */
export async function installLocked(
  root: string,
  folder: string,
  tarballs: readonly string[],
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const manifest = { private: true, overrides: lockedVersions(root) }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  await npm(folder, ['install', '--omit=dev', ...tarballs])
}

/** Runs npm in a folder, as if no npm script were around it. @throws Error with npm's output */
export function npm(folder: string, args: readonly string[]): Promise<string> {
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  return new Promise((resolve, reject) => {
    execFile('npm', [...args, ...quiet], { cwd: folder, env: plainEnvironment() }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`npm ${args.join(' ')}: ${stdout}${stderr}`)),
    )
  })
}

/** Versions of what is needed at run time, by name. */
function lockedVersions(root: string): Readonly<Record<string, string>> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock // npm's form
  const versions: Record<string, string> = {}
  for (const [path, { version, dev, link }] of Object.entries(lock.packages)) {
    const name = path.replace('node_modules/', '')
    if (!path.startsWith('node_modules/') || name.includes('node_modules/')) continue
    if (version !== undefined && dev !== true && link !== true) versions[name] = version
  }
  return versions
}

interface Lock {
  readonly packages: Readonly<Record<string, { version?: string; dev?: boolean; link?: boolean }>>
}

/** The variables that npm adds for its scripts would lead an inner npm to the checkout. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE_OPTIONS$)/i.test(name)),
  )
}
