import { setTimeout as sleep } from 'node:timers/promises'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import type { ClientCredentials } from '../../packages/server/src/testing/index.ts'
import { account } from './twins.ts'
import { policy } from './wire-calls.ts'

/** What programs do all day: clients of the SDK as they are made without any option but where and who. */
export class UpgradeLoad {
  readonly failures: string[] = []
  calls = 0
  readonly #options: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: ClientCredentials
  }
  #isOver = false
  #running: readonly Promise<void>[] = []

  constructor(endpoint: string, { accessKeyId, secretAccessKey }: ClientCredentials) {
    this.#options = { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } }
  }

  /** Lets clients call until the end. */
  begin(clients: number): void {
    this.#running = Array.from({ length: clients }, (_, index) => this.#client(index))
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end()
  }

  /** Makes a role, sees and changes it, assumes it and deletes it. */
  async #client(index: number): Promise<void> {
    const [iam, sts] = [new IAM(this.#options), new STS(this.#options)]
    const trust = policy({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' })
    const RoleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`
    for (let round = 0; !this.#isOver; round++) {
      const RoleName = `upgrade-${index}-${round}`
      const steps = [
        () => iam.createRole({ RoleName, AssumeRolePolicyDocument: trust }),
        () => iam.getRole({ RoleName }),
        () => iam.updateRole({ RoleName, Description: 'new' }),
        () => sts.assumeRole({ RoleArn: RoleArn(RoleName), RoleSessionName: 'session' }),
        () => sts.getCallerIdentity({}),
        () => iam.deleteRole({ RoleName }),
      ]
      for (const step of steps)
        try {
          this.calls++
          await sleep(75)
          await step()
        } catch (error) {
          this.failures.push(
            `${RoleName}: ${step} ${error} ${JSON.stringify((error as { $metadata?: object }).$metadata)}`,
          )
        }
    }
    iam.destroy()
    sts.destroy()
  }
}
