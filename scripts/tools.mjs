// What the suites need beyond npm. Each is looked for where a machine may have it, got by apt-get where that
// is allowed, and otherwise named in one line: its suites are then skipped, or fail in CI on Debian 13, which has all.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { root } from './root.mjs'
import { SetupFailure, say } from './terminal.mjs'

/**
 * `command` is looked for in PATH and then in the system's own folders, because a version manager's shim
 * often hides the system's; the first whose output of `probe` matches `proof` is taken.
 * The versions asked for are the first that know AWS_ENDPOINT_URL.
 */
export const tools = {
  awsCli: {
    label: 'AWS CLI 2.13 or newer',
    debian: 'awscli',
    command: 'aws',
    probe: ['--version'],
    proof: /^aws-cli\/2\.(1[3-9]|[2-9]\d)\./,
  },
  boto3: {
    label: 'Python 3 with boto3 1.28 or newer',
    debian: 'python3-boto3',
    command: 'python3',
    probe: ['-c', 'import boto3; print(boto3.__version__)'],
    proof: /^1\.(2[89]|[3-9]\d)\./,
  },
  awscrt: {
    label: 'Python 3 with awscrt, AWS’s Common Runtime',
    debian: 'python3-awscrt',
    command: 'python3',
    probe: ['-c', 'import awscrt.auth; print("signs", awscrt.auth.AwsSigningAlgorithm.V4_ASYMMETRIC.name)'],
    proof: /^signs V4_ASYMMETRIC/,
  },
  goSdk: {
    label: 'Go with an AWS SDK for Go v2 that reads AWS_ENDPOINT_URL',
    debian: 'golang-go golang-github-aws-aws-sdk-go-v2-dev',
    command: 'go',
    // Debian keeps the sources of packages in a folder of its own, without modules
    env: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' },
    // no command prints its version: the field is there since it reads AWS_ENDPOINT_URL
    probe: ['doc', 'github.com/aws/aws-sdk-go-v2/config', 'EnvConfig.BaseEndpoint'],
    proof: /^\s+BaseEndpoint string$/m,
  },
  openMetrics: {
    label: 'Python 3 with prometheus_client, the reference parser of OpenMetrics',
    debian: 'python3-prometheus-client',
    command: 'python3',
    probe: ['-c', 'import prometheus_client.openmetrics.parser; print("parses")'],
    proof: /^parses/,
  },
  moto: {
    label: 'moto_server 5 or newer',
    // its server asks for what the package only recommends
    debian: 'python3-moto python3-flask-cors python3-openapi-spec-validator',
    command: 'python3',
    // its CloudFormation loads every service, also one that needs the validator
    probe: ['-c', 'import flask_cors, openapi_spec_validator, moto.server; print("moto", moto.__version__)'],
    proof: /^moto ([5-9]|\d\d)\./m,
  },
  ansible: {
    label: 'Ansible with amazon.aws',
    debian: 'ansible',
    command: 'ansible-playbook',
    probe: ['--version'],
    proof: /^ansible-playbook \[core 2\.(1[5-9]|[2-9]\d)/,
  },
  minioClient: {
    label: 'the MinIO client',
    debian: 'minio-client',
    command: 'minio-client',
    probe: ['--version'],
    proof: /^minio-client version/,
  },
  s3cmd: {
    label: 's3cmd 2 or newer',
    debian: 's3cmd',
    command: 's3cmd',
    probe: ['--version'],
    proof: /^s3cmd version ([2-9]|\d\d)\./,
  },
  rclone: {
    label: 'rclone 1.50 or newer',
    debian: 'rclone',
    command: 'rclone',
    probe: ['version'],
    proof: /^rclone v1\.[5-9]\d/,
  },
  bubblewrap: {
    label: 'bubblewrap 0.8 or newer',
    debian: 'bubblewrap',
    command: 'bwrap',
    probe: ['--version'],
    proof: /^bubblewrap (?:0\.(?:[89]|\d\d)|[1-9])/,
  },
  buildah: {
    label: 'buildah 1.28 or newer',
    // it asks for netavark before it does anything, though the test's builds use no network
    debian: 'buildah netavark',
    command: 'buildah',
    probe: ['--version'],
    proof: /^buildah version 1\.(2[89]|[3-9]\d)\./,
  },
  chromium: {
    label: 'Chromium 120 or newer',
    debian: 'chromium',
    command: 'chromium',
    probe: ['--version', '--no-sandbox'],
    proof: /^Chromium (1[2-9]\d|[2-9]\d\d)\./,
  },
  postgres: {
    label: 'PostgreSQL 15 or newer',
    debian: 'postgresql',
    command: 'postgres',
    // Debian keeps the server's programs out of PATH, because several versions may be installed
    folders: () => versionFolders('/usr/lib/postgresql'),
    probe: ['--version'],
    proof: /^postgres \(PostgreSQL\) (1[5-9]|[2-9]\d)[.b]/,
  },
  pgbouncer: {
    label: 'PgBouncer 1.21 or newer',
    debian: 'pgbouncer',
    command: 'pgbouncer',
    probe: ['--version'],
    proof: /^PgBouncer 1\.(2[1-9]|[3-9]\d)\./,
  },
  zsh: {
    label: 'zsh 5 or newer',
    debian: 'zsh',
    command: 'zsh',
    probe: ['--version'],
    proof: /^zsh ([5-9]|\d\d)\./,
  },
  fish: {
    label: 'fish 3 or newer',
    debian: 'fish',
    command: 'fish',
    probe: ['--version'],
    proof: /^fish, version ([3-9]|\d\d)\./,
  },
}

const systemFolders = ['/usr/local/bin', '/usr/bin', '/usr/sbin']
const foundFile = join(root, 'node_modules', '.cache', 'omen', 'tools.json')
const probeLimit = 20_000

/**
 * Looks for every tool, gets what is missing where it may, and keeps what it found for the suites. What cannot be had is
 * named once, and its tests are skipped; where nothing may be missing, it is a failure.
 *
 * @param given for tests: other tools, folders, rights and file
 */
export function getTools({ quiet = false, ...given } = {}) {
  const wanted = given.wanted ?? tools
  const places = { path: process.env.PATH ?? '', system: systemFolders, ...given.places }
  const mayInstall = given.mayInstall ?? process.getuid?.() === 0
  const tell = given.tell ?? say
  const missing = Object.keys(wanted)
  const found = {}
  const look = () => {
    for (const name of missing.splice(0)) {
      found[name] = probe(wanted[name], places)
      if (found[name] === undefined) missing.push(name)
    }
  }
  look()
  const aptGet = inFolders('apt-get', [...places.path.split(delimiter), ...places.system])
  if (missing.length > 0 && mayInstall && aptGet !== undefined) {
    const packages = missing.map((name) => wanted[name].debian)
    tell(`installing ${packages.join(' and ')} with apt-get`)
    install(packages, aptGet, places.path)
    look()
  }
  const file = given.file ?? foundFile
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(found))
  const lines = missing.map(
    (name) => `${wanted[name].label} is missing (Debian: apt-get install ${wanted[name].debian})`,
  )
  if (lines.length > 0 && (given.mustHaveAll ?? mustHaveAll())) throw new SetupFailure(lines.join('; '))
  for (const line of quiet ? [] : lines) tell(`${line}; the tests that need it are skipped`)
}

/** The path of a tool as the last set-up found it, else looked for now; undefined where there is none. */
export function findTool(name) {
  const path = remembered()[name]
  if (path !== undefined && executable(path)) return path
  return probe(tools[name], { path: process.env.PATH ?? '', system: systemFolders })
}

/** Whether CI runs the suites. */
export function inCi() {
  return process.env.CI === 'true'
}

/** Whether a missing tool is a failure: in CI, on the distribution that has all of them. */
export function mustHaveAll() {
  return inCi() && isReference()
}

/** Whether the machine runs Debian 13, where every tool is a package. */
function isReference() {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8').split('\n')
    return lines.includes('ID=debian') && lines.includes('VERSION_ID="13"')
  } catch {
    return false
  }
}

function remembered() {
  try {
    return JSON.parse(readFileSync(foundFile, 'utf8'))
  } catch {
    return {}
  }
}

function probe(tool, { path, system }) {
  const folders = new Set([...path.split(delimiter), ...system, ...(tool.folders?.() ?? [])])
  for (const folder of folders) {
    const file = join(folder, tool.command)
    if (folder === '' || !executable(file)) continue
    const { stdout, stderr } = spawnSync(file, tool.probe, {
      encoding: 'utf8',
      timeout: probeLimit,
      env: { ...process.env, ...tool.env },
    })
    if (tool.proof.test(stdout) || tool.proof.test(stderr)) return file
  }
  return undefined
}

/** The folders `bin` of a folder with one folder for each version, the newest version first. */
function versionFolders(folder) {
  try {
    return readdirSync(folder)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(folder, version, 'bin'))
  } catch {
    return []
  }
}

/** The first of these folders that has the program. */
function inFolders(program, folders) {
  return folders.map((folder) => join(folder || '/nowhere', program)).find(executable)
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Installs packages together, or one by one: a name that the distribution lacks would stop all others. */
function install(packages, aptGet, path) {
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync(aptGet, ['-qq', ...args], { cwd: root, env, stdio: 'ignore' }).status === 0
  const get = (names) =>
    apt('install', '-y', '--no-install-recommends', ...names.flatMap((name) => name.split(' ')))
  // A fresh machine has no package lists yet, an old one has stale lists: both fail, then succeed.
  if (get(packages)) return
  apt('update')
  if (packages.length === 1 || !get(packages)) for (const name of packages) get([name])
}
