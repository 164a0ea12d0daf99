import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findTool, tools } from '../../test/support/index.ts'

/** A client that says who it is: a line with its version and the caller's ARN. */
export interface Client {
  /** The name in the table of docs/CLIENTS.md. */
  readonly name: string
  /** Makes the program ready: what runs it, or a sentence on what is missing. It may use the network. */
  prepare(): Prepared | string
  /** The cases that it cannot be asked, with the reason. */
  readonly without?: Readonly<Partial<Record<CaseId, string>>>
}

/** What runs a client. */
export interface Prepared {
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
}

/** What a client is asked to do; cases.ts has the environments. */
export type CaseId = 'keys' | 'role' | 'configured' | 'alone' | 'global'

const programs = join(import.meta.dirname, 'programs')
/** Where programs are compiled, so that only the first run waits. */
const built = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'omen', 'clients')

export const clients: readonly Client[] = [
  {
    name: 'AWS CLI',
    prepare() {
      const aws = findTool('awsCli')
      if (aws === undefined) return lacks('awsCli')
      const version = /\S+/.exec(spawnSync(aws, ['--version'], { encoding: 'utf8' }).stdout)?.[0] ?? 'unknown'
      const asked = '"$0" sts get-caller-identity --query Arn --output text'
      return {
        command: ['/bin/sh', '-c', `arn=$(${asked}) && echo "${version.replace('aws-cli/', '')} $arn"`, aws],
      }
    },
  },
  {
    name: 'boto3 (Python)',
    prepare() {
      const python = findTool('boto3')
      return python === undefined ? lacks('boto3') : { command: [python, join(programs, 'identity.py')] }
    },
  },
  {
    name: 'AWS SDK for JavaScript 3',
    prepare: () => ({ command: [process.execPath, join(programs, 'identity.mjs')] }),
  },
  { name: 'AWS SDK for Go 2', prepare: prepareGo },
  { name: 'AWS SDK for Ruby 3', prepare: prepareRuby },
  { name: 'AWS SDK for Java 2', prepare: prepareJava },
  {
    name: 'AWS SDK for Rust',
    prepare: prepareRust,
    without: { alone: 'it reads no proxy, so its calls to AWS would leave the machine' },
  },
  {
    name: 'Terraform',
    prepare: () => prepareTerraform('terraform'),
    without: { global: 'it refuses the region' },
  },
  { name: 'OpenTofu', prepare: () => prepareTerraform('tofu'), without: { global: 'it refuses the region' } },
]

/**
 * The program with the SDK that Debian packages, without optimisation, which halves the time. What Go compiles is in its usual
 * place: every checkout compiles the same packages.
 */
export function prepareGo(): Prepared | string {
  const go = findTool('goSdk')
  if (go === undefined) return lacks('goSdk')
  const program = join(built, 'go', 'identity')
  const env = {
    PATH: process.env.PATH ?? '',
    ...tools.goSdk.env,
    GOCACHE: process.env.GOCACHE ?? join(homedir(), '.cache', 'go-build'),
    CGO_ENABLED: '0',
  }
  const source = join(programs, 'go', 'identity.go')
  const failed = ran([go, 'build', '-gcflags=all=-N -l', '-ldflags=-s -w', '-o', program, source], { env })
  return failed ?? { command: [program] }
}

function prepareRuby(): Prepared | string {
  const ruby = inPath('ruby')
  const failed = ruby === undefined ? '' : ran([ruby, '-e', 'require "aws-sdk-core"'], {})
  if (ruby === undefined || failed !== undefined) return 'lacks Ruby with aws-sdk-core'
  return { command: [ruby, join(programs, 'identity.rb')] }
}

function prepareJava(): Prepared | string {
  const mvn = inPath('mvn')
  const java = inPath('java')
  if (mvn === undefined || java === undefined) return 'lacks Java with Maven'
  const folder = copied('java')
  const goals = ['-q', '-B', 'package', 'dependency:copy-dependencies', '-DoutputDirectory=target/lib']
  const failed = ran([mvn, ...goals], { cwd: folder })
  const classes = [join(folder, 'target', 'classes'), join(folder, 'target', 'lib', '*')].join(delimiter)
  // it looks up no name but these
  const hosts = '-Djdk.net.hosts.file=/etc/hosts'
  return failed ?? { command: [java, hosts, '-cp', classes, 'Identity'] }
}

function prepareRust(): Prepared | string {
  const cargo = inPath('cargo')
  if (cargo === undefined) return 'lacks Rust with Cargo'
  const folder = copied('rust')
  const failed = ran([cargo, 'build', '--quiet'], { cwd: folder })
  return failed ?? { command: [join(folder, 'target', 'debug', 'identity')] }
}

function prepareTerraform(program: 'terraform' | 'tofu'): Prepared | string {
  const path = inPath(program)
  if (path === undefined) return `lacks ${program}`
  const folder = copied('terraform')
  const failed = ran([path, 'init', '-input=false', '-no-color'], { cwd: folder })
  const version = `$("$0" version -json | tr -d ' \\n' | sed 's/.*terraform_version":"\\([^"]*\\).*registry[^"]*aws":"\\([^"]*\\).*/\\1, provider \\2/')`
  const apply = '"$0" apply -auto-approve -input=false -no-color > /dev/null'
  return (
    failed ?? {
      command: ['/bin/sh', '-c', `${apply} && echo "${version} $("$0" output -raw arn)"`, path],
      folder,
    }
  )
}

function lacks(name: 'awsCli' | 'boto3' | 'goSdk'): string {
  return `lacks ${tools[name].label}`
}

/** A copy of a program's folder, in which it is compiled. */
function copied(name: string): string {
  const folder = join(built, name)
  mkdirSync(folder, { recursive: true })
  cpSync(join(programs, name), folder, { recursive: true })
  return folder
}

/** Runs a step of the preparation; the last line of what it says if it fails. */
function ran(
  [program = '', ...args]: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(program, args, { ...options, encoding: 'utf8' })
  if (status === 0) return undefined
  const said = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '')
  return `cannot be built: ${error?.message ?? said[0]?.trim() ?? 'it says nothing'}`
}

function inPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const has = (folder: string) => {
    try {
      return readdirSync(folder).includes(program)
    } catch {
      return false
    }
  }
  const folder = folders.find(has)
  return folder === undefined ? undefined : join(folder, program)
}
