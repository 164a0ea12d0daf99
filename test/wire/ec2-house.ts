import { newId } from '../../packages/server/src/base/index.ts'
import {
  type Account,
  accessKeys,
  instanceProfiles,
  type Role,
  roles,
  users,
} from '../../packages/server/src/directory/index.ts'
import type { ClientCredentials } from '../../packages/server/src/index.ts'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey } from '../../packages/server/src/session/index.ts'
import { policyText } from '../kit/index.ts'

/** A statement as people write them. */
export interface Statement {
  readonly Sid?: string
  readonly Effect?: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: unknown
}

/** A server with what EC2 needs of IAM, written straight into its account. */
export interface Ec2Server extends AsyncDisposable {
  readonly omen: RunningOmen
  readonly account: Account
  /** Makes a user with these permissions, and its key; a user of that name gets the new ones instead. */
  user(name: string, ...statements: readonly Statement[]): Promise<ClientCredentials>
  /** Attaches a managed policy to a user. */
  attach(name: string, policyArn: string): Promise<void>
  /** Makes a role that this service may put on, or gives the one of that name this trust. */
  role(name: string, service?: string, ...statements: readonly Statement[]): Promise<Role>
  /** Makes an instance profile of the role's name, or of another, with the role in it. */
  profile(name: string, role?: Role): Promise<string>
}

export async function ec2Server(): Promise<Ec2Server> {
  const omen = await createOmen({ randomSeed: 'ec2' })
  const { deps } = omen.omen
  const account = deps.directory.loaded(deps.firstAccount)!
  const now = deps.clock.now()
  const keep = () => deps.directory.commit([])
  const inline = (statements: readonly Statement[]): Record<string, string> =>
    statements.length === 0 ? {} : { own: document(statements) }
  return {
    omen,
    account,
    async user(name, ...statements) {
      const known = account.table(users).findBy('name', name)
      const id = known?.id ?? newId('AIDA', account.id, deps.random)
      const common = { path: '/', createdAt: now, attached: [], tags: [], groups: [] }
      account.table(users).put({ ...common, id, name, inline: inline(statements) })
      const key = {
        accessKeyId: newAccessKeyId(account.id, deps.random),
        secretAccessKey: newSecretKey(deps.random),
      }
      account.table(accessKeys).put({
        id: key.accessKeyId,
        owner: id,
        active: true,
        createdAt: now,
        sealedSecret: deps.vault.sealText(accessKeyPurpose, key.secretAccessKey),
      })
      await keep()
      return key
    },
    async attach(name, policyArn) {
      const user = account.table(users).findBy('name', name)!
      account.table(users).put({ ...user, attached: [...user.attached, policyArn] })
      await keep()
    },
    async role(name, service = 'ec2.amazonaws.com', ...statements) {
      const known = account.table(roles).findBy('name', name)
      const role: Role = {
        id: known?.id ?? newId('AROA', account.id, deps.random),
        name,
        path: '/',
        createdAt: now,
        inline: inline(statements),
        attached: [],
        tags: [],
        trust: trust(service),
        maxSessionSeconds: 3_600,
      }
      account.table(roles).put(role)
      await keep()
      return role
    },
    async profile(name, role) {
      const id = newId('AIPA', account.id, deps.random)
      const common = { id, name, path: '/', createdAt: now, tags: [] }
      account.table(instanceProfiles).put(role === undefined ? common : { ...common, roleId: role.id })
      await keep()
      return `arn:aws:iam::${account.id}:instance-profile/${name}`
    },
    [Symbol.asyncDispose]: () => omen.close(),
  }
}

export function document(statements: readonly Statement[]): string {
  const full = statements.map((each) => ({ Effect: 'Allow', Resource: '*', ...each }))
  return JSON.stringify({ Version: '2012-10-17', Statement: full })
}

function trust(service: string): string {
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }]
  return policyText(...Statement)
}

/** How a call failed. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
}

/** The failure of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } } // SDK errors are
    return { name, message, status: $metadata?.httpStatusCode }
  }
  throw new Error('the call succeeded')
}
