import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import type { AccountId } from '../../../packages/server/src/base/index.ts'
import { type Account, accessKeys, settings, users } from '../../../packages/server/src/directory/index.ts'
import type { ClientCredentials } from '../../../packages/server/src/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey } from '../../../packages/server/src/session/index.ts'
import { zipOf } from '../../support/index.ts'
import { document, type Ec2Server, ec2Server, type Statement } from '../ec2-house.ts'

export const roleArn = 'arn:aws:iam::123456789012:role/fn'
export const strangers = '210987654321' as AccountId // twelve digits

/** How an invocation ended, its parts read. */
export interface Invoked {
  readonly payload: unknown
  readonly error: string | undefined
  readonly log: string
  readonly status: number | undefined
}

/** A server with a role `fn` that Lambda may put on. */
export interface LambdaServer extends Ec2Server {
  readonly lambda: LambdaClient
  /** A function of this source, named `f` if nothing else is said. */
  create(source: string, settings?: Partial<CreateFunctionCommandInput>): Promise<void>
  invoke(settings?: Partial<InvokeCommandInput>, client?: LambdaClient): Promise<Invoked>
  permit(settings: Partial<AddPermissionCommandInput>): Promise<void>
  /** A client of a user of another account, with these permissions. */
  stranger(...statements: readonly Statement[]): Promise<LambdaClient>
  /** A client that tries nothing twice. */
  client(as?: ClientCredentials): LambdaClient
}

export async function lambdaServer(): Promise<LambdaServer> {
  const server = await ec2Server()
  await server.role('fn', 'lambda.amazonaws.com')
  const clients: LambdaClient[] = []
  const client = (as?: ClientCredentials) => {
    const made = new LambdaClient({ ...server.omen.clientConfig(as), maxAttempts: 1 })
    clients.push(made)
    return made
  }
  const lambda = client()
  return {
    ...server,
    lambda,
    client,
    async create(source, more = {}) {
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'f',
          Role: roleArn,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: 10,
          Code: { ZipFile: zipOf({ 'index.js': source }) },
          ...more,
        }),
      )
    },
    async invoke(more = {}, by = lambda) {
      const answer = await by.send(new InvokeCommand({ FunctionName: 'f', LogType: 'Tail', ...more }))
      const text = Buffer.from(answer.Payload ?? []).toString()
      return {
        payload: text === '' ? undefined : JSON.parse(text),
        error: answer.FunctionError,
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
        status: answer.StatusCode,
      }
    },
    async permit(more) {
      const wanted = { FunctionName: 'f', Action: 'lambda:InvokeFunction', StatementId: 'one', ...more }
      await lambda.send(new AddPermissionCommand(wanted as AddPermissionCommandInput)) // the caller gives the principal
    },
    async stranger(...statements) {
      return client(await strangeUser(server, statements))
    },
    async [Symbol.asyncDispose]() {
      for (const each of clients) each.destroy()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** The user `guest` of the other account, made with it. */
async function strangeUser(
  { omen }: Ec2Server,
  statements: readonly Statement[],
): Promise<ClientCredentials> {
  const { deps } = omen.omen
  const createdAt = deps.clock.now()
  let account: Account | undefined = deps.directory.loaded(strangers)
  if (account === undefined) {
    account = deps.directory.create(strangers)
    account.table(settings).put({ id: 'settings', name: 'theirs', email: 'a@example.com', createdAt })
  }
  const id = 'AIDAGUEST00000000000A'
  const inline: Record<string, string> = statements.length === 0 ? {} : { own: document(statements) }
  account
    .table(users)
    .put({ id, name: 'guest', path: '/', createdAt, inline, attached: [], groups: [], tags: [] })
  const key = {
    accessKeyId: newAccessKeyId(strangers, deps.random),
    secretAccessKey: newSecretKey(deps.random),
  }
  account.table(accessKeys).put({
    id: key.accessKeyId,
    owner: id,
    active: true,
    createdAt,
    sealedSecret: deps.vault.sealText(accessKeyPurpose, key.secretAccessKey),
  })
  await deps.directory.commit([])
  return key
}

/** Gives os.tmpdir() a folder of its own for a while, in which nothing but this test's functions unpack. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omen-test-'))
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await use(folder)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(folder, { recursive: true })
  }
}
