import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { instances } from '../../packages/server/src/directory/index.ts'
import type { Workload } from '../../packages/server/src/workload/index.ts'
import { type Ec2Server, ec2Server } from './ec2-house.ts'

export const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
export const account = '123456789012' as AccountId // twelve digits

export interface WorkloadServer extends AsyncDisposable {
  readonly server: Ec2Server
  readonly workload: Workload
  readonly ec2: EC2Client
  readonly instanceId: string
  /** Without the slash at its end. */
  readonly endpoint: string
}

/** A server in which one instance wears the role `web`. */
export async function wearing(
  options: { readonly tokens?: 'optional' | 'required' } = {},
): Promise<WorkloadServer> {
  const server = await ec2Server()
  await server.profile('web', await server.role('web'))
  const ec2 = server.omen.client(EC2Client)
  const run = await ec2.send(
    new RunInstancesCommand({
      ...launch,
      IamInstanceProfile: { Name: 'web' },
      MetadataOptions: { HttpTokens: options.tokens ?? 'optional' },
    }),
  )
  const instanceId = run.Instances![0]!.InstanceId!
  const { workload } = server.omen.omen
  const endpoint = (await workload.metadataOf(account, instanceId)).replace(/\/$/, '')
  return {
    server,
    workload,
    ec2,
    instanceId,
    endpoint,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
    },
  }
}

/** The association of the instance's profile. */
export function onlyAssociation(w: WorkloadServer): { readonly AssociationId: string } {
  return { AssociationId: w.server.account.table(instances).find(w.instanceId)!.profile!.id }
}
