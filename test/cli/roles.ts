import type { TestContext } from 'node:test'
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { type Served, serve, temporaryHome } from './process.ts'

/** A house whose first account has roles, and the folder that `--home` names. */
export interface HouseWithRoles extends Served {
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

const account = '123456789012'

/** Whoever this ARN is may put the role on. */
export function only(arn: string): Principal {
  return { AWS: arn }
}

/** Whoever the account lets. */
export const anyoneHere: Principal = only(`arn:aws:iam::${account}:root`)

export async function houseWithRoles(t: TestContext): Promise<HouseWithRoles> {
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
          AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
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
