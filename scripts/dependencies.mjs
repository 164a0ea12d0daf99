// The npm packages: installed when they differ from the lock file, left alone when they do not.

import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { neededNode, root } from './root.mjs'
import { runQuietly, SetupFailure, say } from './terminal.mjs'

const ownBin = join(root, 'node_modules', '.bin')
const nodeBinary = join(root, 'node_modules', 'node', 'bin', 'node')

/** Runs `npm ci` where what is installed differs from package-lock.json. */
export function installDependencies() {
  const reason = difference()
  if (reason === undefined) return
  say(`installing dependencies with npm ci (${reason})`)
  installWith(machineEnvironment())
  if (isLeftOut()) installOnNewerNode()
  const left = difference()
  if (left !== undefined) throw new SetupFailure(`npm ci ended well, but ${left}${scriptsHint()}`)
}

function installWith(env) {
  const command = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  if (!runQuietly('npm', command, { cwd: root, env }))
    throw new SetupFailure('npm ci failed; its reason stands above')
}

/** Whether npm has left out a package for this platform: it does if the Node that runs it is too old for the package. */
function isLeftOut() {
  if (Number.parseInt(process.versions.node, 10) >= neededNode || !existsSync(nodeBinary)) return false
  const wanted = packagesOf(join(root, 'package-lock.json')) ?? {}
  return Object.entries(wanted).some(([path, { optional, os = [], cpu = [], libc = ['glibc'] }]) => {
    const isForThis = os.includes(process.platform) && cpu.includes(process.arch) && libc.includes('glibc')
    return optional === true && isForThis && !existsSync(join(root, path))
  })
}

/** Installs once more, on a copy of the Node that was installed: npm ci removes the one in node_modules. */
function installOnNewerNode() {
  const folder = mkdtempSync(join(tmpdir(), 'omen-node-'))
  try {
    copyFileSync(nodeBinary, join(folder, 'node'))
    const environment = machineEnvironment()
    installWith({ ...environment, PATH: [folder, environment.PATH].join(delimiter) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Why what is installed is not what the lock file says, or undefined where it is. */
function difference() {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  if (wanted === undefined) throw new SetupFailure('package-lock.json is missing or damaged')
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (installed === undefined) return 'nothing is installed yet'
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/')) continue
    const found = installed[path]
    if (found === undefined) {
      // npm leaves out what is optional and made for another platform.
      if (entry.optional || entry.devOptional) continue
      return `${path} is missing`
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity)
      return `${path} is another version`
    if (!existsSync(join(root, path))) return `${path} is missing`
  }
  for (const path of Object.keys(installed)) {
    if (path.startsWith('node_modules/') && wanted[path] === undefined) return `${path} is no longer wanted`
  }
  return hasNode() ? undefined : `Node ${neededNode} is missing`
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** Scripts find the npm package `node` first; a machine whose own Node is new enough does without it. */
function hasNode() {
  try {
    accessSync(nodeBinary, constants.X_OK)
    return true
  } catch {
    return Number.parseInt(process.versions.node, 10) >= neededNode && !process.execPath.startsWith(ownBin)
  }
}

/** npm with `ignore-scripts` installs the package `node` without its binary. */
function scriptsHint() {
  return hasNode() ? '' : ': allow its install script with `npm rebuild node --ignore-scripts=false`'
}

/**
 * The environment in which npm was started, without what it adds for its scripts: npm ci replaces
 * node_modules, so neither npm nor the install scripts may run on the Node that stands in there.
 */
function machineEnvironment() {
  const environment = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_(lifecycle_|package_|command$|config_(local_prefix|workspaces?|omit|include)$)/i.test(name)) {
      environment[name] = value
    }
  }
  const path = (process.env.PATH ?? '').split(delimiter)
  environment.PATH = path.filter((folder) => folder !== ownBin).join(delimiter)
  return environment
}
