import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ToolName } from '../../scripts/tools.mjs'
import { toolPath } from './needs.ts'

/** Whom a client program calls, and as whom; without credentials it looks for some as any client does. */
export interface Target {
  readonly endpoint: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string | undefined
  }
  readonly region?: string
  /** More environment variables; these win. */
  readonly environment?: Readonly<Record<string, string>>
}

/** How a client program ended. */
export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs longer than this, in milliseconds, is stopped. */
const limit = 120_000

/**
 * Runs `aws …args` as a user would after `omen env`. The process is awaited, not blocked on: the server that
 * answers it may live in this very process.
 */
export function awsCli(target: Target, ...args: readonly string[]): Promise<Outcome> {
  return run(toolPath('awsCli'), ['--output', 'json', ...args], environment(target))
}

/** A command of the AWS CLI that prints something and then waits. */
export interface Waiting {
  /** Resolves to the first line like this. @throws where the program ends instead */
  line(like: RegExp): Promise<string>
  readonly ended: Promise<number | null>
}

/** Starts `aws …args` for a test that answers what it prints. */
export function awsCliLines(target: Target, ...args: readonly string[]): Waiting {
  const env = { ...environment(target), PYTHONUNBUFFERED: '1' }
  const child = spawn(toolPath('awsCli'), args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: limit })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const lines = createInterface(child.stdout)
  return {
    ended,
    async line(like) {
      for await (const line of lines) if (like.test(line.trim())) return line.trim()
      throw new Error(`the program ended: ${complaint}`)
    },
  }
}

/** Runs a Python program that may import boto3. */
export function python(target: Target, program: string, ...args: readonly string[]): Promise<Outcome> {
  return run(toolPath('boto3'), ['-c', program, ...args], environment(target))
}

/** A program that is asked line by line. */
export interface Dialogue extends Disposable {
  /** Sends a line, and resolves to the line that answers it. @throws where the program ends instead */
  ask(line: string): Promise<string>
}

/** Starts a Python program that may import boto3, reads lines and answers each with one. */
export function pythonDialogue(target: Target, program: string): Dialogue {
  const child = spawn(toolPath('boto3'), ['-c', program], {
    env: environment(target),
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limit,
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`)
      const { value, done } = await answers.next()
      if (done === true) throw new Error(`the program ended: ${complaint}`)
      return value
    },
    [Symbol.dispose]: () => child.kill(),
  }
}

/** Runs any other tool, with the target's environment. */
export function program(tool: ToolName, args: readonly string[], target: Target): Promise<Outcome> {
  return run(toolPath(tool), args, environment(target))
}

/** Runs a program in a folder: one of the tools, or any other by its path. */
export function inFolder(
  folder: string,
  tool: ToolName | (string & {}),
  args: readonly string[],
  target: Target,
): Promise<Outcome> {
  const path = tool.includes('/') ? tool : toolPath(tool as ToolName) // only paths have slashes
  return run(path, args, environment(target), folder)
}

/** Nothing of the machine's own: no profile, no key and no endpoint can leak into a test or out of it. */
function environment(target: Target): Record<string, string> {
  const nowhere = join(tmpdir(), 'omen-has-no-such-folder')
  const { credentials } = target
  return {
    PATH: process.env.PATH ?? '',
    HOME: nowhere,
    LC_ALL: 'C.UTF-8',
    AWS_CONFIG_FILE: join(nowhere, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(nowhere, 'credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    AWS_ENDPOINT_URL: target.endpoint,
    AWS_REGION: target.region ?? 'us-east-1',
    AWS_DEFAULT_REGION: target.region ?? 'us-east-1', // botocore reads only this one
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    }),
    ...target.environment,
  }
}

function run(
  path: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: limit })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}
