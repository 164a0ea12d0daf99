import assert from 'node:assert/strict'
import { type AssumeRoleCommandInput, type Credentials, STS } from '@aws-sdk/client-sts'
import type { As, ClientCredentials, CreateOmenOptions } from 'omen-iam'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import {
  hashPassword,
  loginProfiles,
  totpCode,
  totpStep,
  withPassword,
} from '../../packages/server/src/directory/index.ts'
import { policyText } from '../kit/index.ts'
import { newKey, openServer } from './iam/house.ts'

export const account = '123456789012' as AccountId // twelve digits
export const arn = (rest: string, of: string = account) => `arn:aws:iam::${of}:${rest}`

/** A trust policy for these principals, for these actions. */
export function trusting(
  principal: object | string,
  action: string | readonly string[] = 'sts:AssumeRole',
  condition?: object,
) {
  const statement = { Effect: 'Allow', Principal: principal, Action: action }
  return policyText({ ...statement, ...(condition && { Condition: condition }) })
}

/** A server in process with what tests of STS do again and again. */
export async function stsServer(options: CreateOmenOptions = {}) {
  const server = await openServer(options)
  const { omen, iam } = server
  const clients: { destroy(): void }[] = []
  const config = (who: As) => ({ ...omen.clientConfig(who), maxAttempts: 1 })
  const sts = (who: As = 'admin') => {
    const client = new STS(config(who))
    clients.push(client)
    return client
  }
  return {
    ...server,
    sts,
    iamAs: server.as,
    /** A user with this policy; its key. */
    async user(name: string, policy?: string) {
      await iam.createUser({ UserName: name })
      if (policy !== undefined) {
        await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: policy })
      }
      return newKey(iam, name)
    },
    /** A role with this trust and policy; its ARN. */
    async role(name: string, trust: string, policy?: string, more: object = {}) {
      const { Role } = await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: trust, ...more })
      if (policy !== undefined) {
        await iam.putRolePolicy({ RoleName: name, PolicyName: 'own', PolicyDocument: policy })
      }
      return Role!.Arn!
    },
    /** Assumes a role as a principal and returns the credentials. */
    async assume(who: As, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
      const { Credentials: given } = await sts(who).assumeRole({
        RoleArn,
        RoleSessionName: 'session',
        ...more,
      })
      return credentialsOf(given)
    },
    /** A virtual MFA device that serves a user; `code()` is what it shows now. */
    async mfa(userName: string) {
      const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({
        VirtualMFADeviceName: userName,
      })
      const SerialNumber = device!.SerialNumber!
      const seed = fromBase32(Buffer.from(device!.Base32StringSeed!).toString('latin1'))
      const code = () => totpCode(seed, totpStep(omen.clock.now()))
      const first = code()
      omen.clock.advance(30_000)
      await iam.enableMFADevice({
        UserName: userName,
        SerialNumber,
        AuthenticationCode1: first,
        AuthenticationCode2: code(),
      })
      omen.clock.advance(30_000)
      const next = () => {
        omen.clock.advance(30_000)
        return code()
      }
      return { SerialNumber, code, next }
    },
    async close() {
      for (const client of clients) client.destroy()
      await server.close()
    },
  }
}

/** An event as its record says it. */
export type Event = { readonly [member: string]: unknown } & {
  readonly userIdentity: Readonly<Record<string, unknown>>
  readonly requestParameters: Readonly<Record<string, unknown>> | null
  readonly responseElements: Readonly<Record<string, unknown>> | null
}

export type StsServer = Awaited<ReturnType<typeof stsServer>>

/** The credentials of an answer as clients take them. */
export function credentialsOf(given: Credentials | undefined): ClientCredentials {
  assert(given?.AccessKeyId && given.SecretAccessKey && given.SessionToken)
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
  }
}

/** The newest events of a name in an account, oldest first. */
export async function eventsNamed({ omen }: StsServer, name: string, of: AccountId = account) {
  const { events } = await omen.omen.deps.recorder.lookUp({
    account: of,
    attribute: { key: 'EventName', value: name },
    limit: 50,
  })
  return events.map(({ json }) => JSON.parse(json) as Event).reverse()
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function fromBase32(text: string): Buffer {
  let bits = ''
  for (const character of text.replace(/=+$/, ''))
    bits += digits.indexOf(character).toString(2).padStart(5, '0')
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
}

/** Root sets its password on AWS's own pages, not by an operation. */
export async function rootPassword({ omen }: StsServer, password: string): Promise<void> {
  const { directory, vault, clock } = omen.omen.deps
  const salt = Buffer.alloc(16, 7)
  const passwords = withPassword(await hashPassword(password, salt), salt, [], 1, vault)
  const now = clock.now()
  directory
    .loaded(account)!
    .table(loginProfiles)
    .put({ owner: 'root', createdAt: now, passwordSetAt: now, resetRequired: false, passwords })
  await directory.commit([])
}
