import type { TestContext } from 'node:test'
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import { account, policyText } from '../kit/index.ts'
import { type Served, serve, temporaryHome } from './process.ts'

/** A server whose first account has roles, and the folder that `--home` names. */
export interface ServerWithRoles extends Served {
  readonly home: string
  readonly account: string
  readonly iam: IAMClient
  /** A role that these principals may put on; it may do everything. */
  role(name: string, principal: Principal, more?: RoleOptions): Promise<string>
}

type Principal = Readonly<Record<string, string>>

export interface RoleOptions {
  readonly path?: string
  readonly maxSessionSeconds?: number
  readonly condition?: object
  readonly actions?: readonly string[]
}

/** A virtual device of admin's, enabled; `code` gives each next code. */
export async function adminsDevice(server: ServerWithRoles) {
  const { iam } = server
  const created = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }))
  const { SerialNumber: serial = '', Base32StringSeed: text = new Uint8Array() } =
    created.VirtualMFADevice ?? {}
  const seed = bytesOfBase32(Buffer.from(text).toString('ascii'))
  let step = totpStep(Date.now()) - 1
  const code = () => totpCode(seed, step++)
  const codes = { AuthenticationCode1: code(), AuthenticationCode2: code() }
  await iam.send(new EnableMFADeviceCommand({ UserName: 'admin', SerialNumber: serial, ...codes }))
  return { serial, code }
}

function bytesOfBase32(text: string): Uint8Array {
  const bits = [...text.replace(/=+$/, '')]
    .map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** Trusts the principal with this ARN. */
export function only(arn: string): Principal {
  return { AWS: arn }
}

/** Trusts everyone whom the account allows. */
export const anyoneHere: Principal = only(`arn:aws:iam::${account}:root`)

export async function serverWithRoles(t: TestContext): Promise<ServerWithRoles> {
  const home = temporaryHome(t)
  const served = await serve(home, ['--memory'])
  const iam = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin })
  t.after(async () => {
    iam.destroy()
    await served.stop('SIGTERM')
  })
  return {
    ...served,
    home,
    account,
    iam,
    async role(name, principal, options = {}) {
      const statement = {
        Effect: 'Allow',
        Principal: principal,
        Action: options.actions ?? ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        ...(options.condition === undefined ? {} : { Condition: options.condition }),
      }
      const { Role: role } = await iam.send(
        new CreateRoleCommand({
          RoleName: name,
          Path: options.path ?? '/',
          AssumeRolePolicyDocument: policyText(statement),
          MaxSessionDuration: options.maxSessionSeconds,
        }),
      )
      await iam.send(
        new AttachRolePolicyCommand({
          RoleName: name,
          PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      )
      return role!.Arn!
    },
  }
}
