import { spawn } from 'node:child_process'
import type { DecisionView } from '../reason/view.ts'
import type { Actor, Keys, Refusal, Stage } from './stage.ts'

/** The parts of the server and of this machine that the tour needs. */
export interface StageParts {
  /** The AWS CLI, version 2. */
  readonly awsCli: string
  readonly endpoint: string
  readonly account: string
  readonly adminKeys: Keys
  /** The metadata endpoint of an instance. */
  metadataOf(instanceId: string): Promise<string>
  /** The output of `omen why` for the newest denial or failure. */
  readonly why?: () => Promise<unknown>
  /** Receives each call before it runs, and its end. */
  readonly shown: {
    call(who: Actor, command: readonly string[]): void
    answer(answer: unknown): void
    refusal(refusal: Refusal): void
    /** Receives the decision behind a refusal, if the server has made one. */
    why?(decision: DecisionView): void
    fact(fact: string): void
  }
}

/** A tour whose result differs from its text. */
export class StoryBroken extends Error {
  override readonly name = 'StoryBroken'
}

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const callTimeout = 60_000

/** A stage on which every call is a process of the real AWS CLI. */
export function awsStage(parts: StageParts): Stage {
  const { shown } = parts
  const run = (who: Actor, written: readonly string[]) => {
    const command = wordsOf(written)
    shown.call(who, command)
    return aws(parts.awsCli, command, who.environment)
  }
  const actor = (name: string, keys: Keys): Actor => ({
    name,
    environment: {
      AWS_ENDPOINT_URL: parts.endpoint,
      AWS_ACCESS_KEY_ID: keys.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
      ...(keys.SessionToken === undefined ? {} : { AWS_SESSION_TOKEN: keys.SessionToken }),
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  })
  return {
    endpoint: parts.endpoint,
    account: parts.account,
    admin: actor('admin', parts.adminKeys),
    actor,
    async does(who, ...command) {
      const ended = await run(who, command)
      if (ended.status !== 0)
        throw new StoryBroken(`aws ${command.join(' ')} as ${who.name}: ${ended.stderr.trim()}`)
      const answer: unknown = ended.stdout.trim() === '' ? null : JSON.parse(ended.stdout)
      shown.answer(answer)
      return answer
    },
    async refused(who, ...command) {
      const ended = await run(who, command)
      if (ended.status === 0)
        throw new StoryBroken(`aws ${command.join(' ')} as ${who.name} should have been refused`)
      const refusal = refusalIn(ended.stderr)
      shown.refusal(refusal)
      // other failures have no denial, and the newest one is another call's
      const isDenial = /AccessDenied|Unauthorized/.test(refusal.code)
      const decision = isDenial && shown.why !== undefined ? await parts.why?.() : undefined
      if (isDecision(decision)) shown.why?.(decision)
      return refusal
    },
    check(fact, holds) {
      if (!holds) throw new StoryBroken(`not so: ${fact}`)
      shown.fact(fact)
    },
    async onInstance(instanceId) {
      return {
        name: `a program on ${instanceId}`,
        environment: {
          AWS_ENDPOINT_URL: parts.endpoint,
          AWS_EC2_METADATA_SERVICE_ENDPOINT: await parts.metadataOf(instanceId),
          AWS_METADATA_SERVICE_NUM_ATTEMPTS: '1',
        },
      }
    },
  }
}

/** A failure before any decision is none. */
function isDecision(answer: unknown): answer is DecisionView {
  return typeof answer === 'object' && answer !== null && 'asked' in answer
}

/** The words of a command written as a terminal has it; policies, which begin with a brace, are one word. */
function wordsOf(written: readonly string[]): readonly string[] {
  return written.flatMap((part) => (part.startsWith('{') ? [part] : part.split(' ')))
}

/** The environment is the actor's alone: no profile, key or endpoint of the terminal's shines through. */
function aws(
  cli: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_REGION: 'us-east-1',
    AWS_PAGER: '',
    ...environment,
  }
  return new Promise((resolve, reject) => {
    const child = spawn(cli, [...command, '--output', 'json'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: callTimeout,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
}

/** The AWS CLI writes `An error occurred (Code) when calling the X operation: message`. */
function refusalIn(stderr: string): Refusal {
  const match =
    /An error occurred \(([^)]+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: ([\s\S]*)/.exec(
      stderr,
    )
  if (match !== null) return { code: match[1] ?? '', message: (match[2] ?? '').trim() }
  return {
    code: stderr.includes('Unable to locate credentials') ? 'NoCredentials' : '',
    message: stderr.trim(),
  }
}
