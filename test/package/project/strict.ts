// A strict program against the published types: it is compiled, and run where Node strips types itself.
import { type Policy, parsePolicy } from '@omen-iam/policy'
import { type CreateOmenOptions, createOmen, type RunningOmen } from 'omen-iam'
import { assertAllowed, createOmen as createInProcess, type OmenMatchers } from 'omen-iam/testing'

const options: CreateOmenOptions = { mode: 'enforce', account: '123456789012' }
const omen: RunningOmen = await createOmen(options)
const endpoint: string = omen.clientConfig('admin').endpoint
// @ts-expect-error there is no such mode
const wrong: CreateOmenOptions = { mode: 'enforced' }
const parsed = parsePolicy('{"Version":"2012-10-17","Statement":[]}', 'identity')
const policy: Policy | undefined = parsed.ok ? parsed.policy : undefined
type Allowed = OmenMatchers['toBeAllowedTo']

const server = await createInProcess()
await assertAllowed(server.as('root'), 'iam:CreateUser')

export type { Allowed }
export { endpoint, policy, wrong }

await server.close()
await omen.close()
