import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import type { AccountId } from '../../packages/server/src/base/index.ts'
import { instances } from '../../packages/server/src/directory/index.ts'
import type { Workload } from '../../packages/server/src/workload/index.ts'
import { type Ec2House, ec2House } from './ec2-house.ts'

export const launch = { ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
export const account = '123456789012' as AccountId // twelve digits

export interface WorkloadHouse extends AsyncDisposable {
  readonly house: Ec2House
  readonly workload: Workload
  readonly ec2: EC2Client
  readonly instanceId: string
  /** Without the slash at its end. */
  readonly endpoint: string
}

/** A house in which one instance wears the role `web`. */
export async function wearing(
  options: { readonly tokens?: 'optional' | 'required' } = {},
): Promise<WorkloadHouse> {
  const house = await ec2House()
  await house.profile('web', await house.role('web'))
  const ec2 = house.omen.client(EC2Client)
  const run = await ec2.send(
    new RunInstancesCommand({
      ...launch,
      IamInstanceProfile: { Name: 'web' },
      MetadataOptions: { HttpTokens: options.tokens ?? 'optional' },
    }),
  )
  const instanceId = run.Instances![0]!.InstanceId!
  const { workload } = house.omen.omen
  const endpoint = (await workload.metadataOf(account, instanceId)).replace(/\/$/, '')
  return {
    house,
    workload,
    ec2,
    instanceId,
    endpoint,
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
    },
  }
}

/** The association of the instance's profile. */
export function onlyAssociation(w: WorkloadHouse): { readonly AssociationId: string } {
  return { AssociationId: w.house.account.table(instances).find(w.instanceId)!.profile!.id }
}
