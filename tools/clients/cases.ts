import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { endpointVariables, servedEndpoints } from '../../packages/server/src/base/index.ts'
import type { CaseId, Client, Prepared } from './clients.ts'

/** What a client did in each case: its version and who it was, or undefined where it failed. */
export interface Outcome {
  readonly version: string | undefined
  readonly arns: Readonly<Partial<Record<CaseId, string>>>
  /** What it said where it failed. */
  readonly complaints: Readonly<Partial<Record<CaseId, string>>>
}

type Environment = Readonly<Record<string, string>>

/** Milliseconds that a client may take. */
const patience = 120_000

/** A server with the environments of all cases, in which any client may be run. */
export interface Place extends AsyncDisposable {
  run(client: Pick<Client, 'without'>, prepared: Prepared): Promise<Outcome>
  /** What a client says if it has a token that is none, with or without the variable of STS. */
  withToken(prepared: Prepared, endpoints: 'both' | 'alone'): Promise<string>
}

/** Opens a server with a role, and the files of the AWS clients with its profile. */
export async function openPlace(): Promise<Place> {
  const omen = await createOmen()
  const url = await omen.listen()
  const folder = mkdtempSync(join(tmpdir(), 'omen-clients-'))
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: omen.account }, Action: 'sts:AssumeRole' },
  })
  await omen.client(IAM, 'admin').createRole({ RoleName: 'dev', AssumeRolePolicyDocument })
  const environments = environmentsOf(url, omen.keys.admin, `arn:aws:iam::${omen.account}:role/dev`, folder)
  return {
    async run({ without = {} }, prepared) {
      const arns: Partial<Record<CaseId, string>> = {}
      const complaints: Partial<Record<CaseId, string>> = {}
      let version: string | undefined
      const cases = Object.entries(environments) as [CaseId, Environment][] // the record has these keys
      for (const [id, environment] of cases) {
        const { status, stdout, stderr } =
          without[id] === undefined
            ? await ended(prepared, { ...fence(folder), ...environment })
            : { status: 1, stdout: '', stderr: without[id] }
        const [, said, arn] = /^(.*) (arn:\S+)\n?$/.exec(stdout) ?? []
        if (status === 0 && arn !== undefined) arns[id] = arn
        else complaints[id] = stderr.trim()
        version ??= said
      }
      return { version, arns, complaints }
    },
    async withToken(prepared, endpoints) {
      const token = join(folder, 'token')
      writeFileSync(token, 'a.b.c')
      const environment = {
        AWS_REGION: 'us-east-1',
        AWS_ROLE_ARN: `arn:aws:iam::${omen.account}:role/dev`,
        AWS_WEB_IDENTITY_TOKEN_FILE: token,
        ...(endpoints === 'both' ? endpointVariables(url) : { AWS_ENDPOINT_URL: url }),
      }
      return (await ended(prepared, { ...fence(folder), ...environment })).stderr
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true })
      await omen.close()
    },
  }
}

/** What every case has: nothing of the machine's own, and a closed port for all that would leave the machine. */
function fence(folder: string): Environment {
  const closed = 'http://127.0.0.1:1'
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    HTTP_PROXY: closed,
    HTTPS_PROXY: closed,
    http_proxy: closed,
    https_proxy: closed,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  }
}

function environmentsOf(
  url: string,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  role: string,
  folder: string,
): Readonly<Record<CaseId, Environment>> {
  const file = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
    return join(folder, name)
  }
  const profile = ['[profile dev]', `role_arn = ${role}`, 'source_profile = own', 'region = us-east-1']
  const own = ['[profile own]', 'region = us-east-1']
  const services = servedEndpoints.flatMap((name) => [`${name.toLowerCase()} =`, `  endpoint_url = ${url}`])
  const here = ['services = omen', `endpoint_url = ${url}`]
  const region = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' }
  const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const files = {
    AWS_PROFILE: 'dev',
    AWS_SHARED_CREDENTIALS_FILE: file('credentials', [
      '[own]',
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
    ]),
  }
  const plain = { ...files, AWS_CONFIG_FILE: file('config', [...profile, ...own]) }
  const configured = ['[services omen]', ...services, ...profile, ...here, ...own, ...here]
  const nowhere = { AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') }
  return {
    keys: { ...region, ...nowhere, ...keys, ...endpointVariables(url) },
    role: { ...region, ...plain, ...endpointVariables(url) },
    configured: { ...files, AWS_CONFIG_FILE: file('configured', configured) },
    alone: { ...region, ...plain, AWS_ENDPOINT_URL: url },
    global: {
      ...nowhere,
      ...keys,
      ...endpointVariables(url),
      AWS_REGION: 'aws-global',
      AWS_DEFAULT_REGION: 'aws-global',
    },
  }
}

function ended({ command, environment, folder }: Prepared, env: Environment) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const [program = '', ...args] = command
    const child = spawn(program, args, {
      env: { ...env, ...environment },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
    })
    let [stdout, stderr] = ['', '']
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
