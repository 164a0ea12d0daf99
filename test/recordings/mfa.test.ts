import { after } from 'node:test'
import { IAM, type VirtualMFADevice } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { totpCode } from '../../packages/server/src/directory/index.ts'
import { allow, policyText } from '../kit/index.ts'
import { faultOf, newKey } from '../wire/iam/house.ts'
import { fromBase32 } from '../wire/sts-house.ts'
import { type Row, replay } from './rows.ts'

/** A call on MFA devices. Steps count half minutes since 1970. */
interface Asked {
  readonly call: string
  /** The time of the request. */
  readonly at?: string
  readonly user?: string
  readonly device?: string
  /** The step of the second code of a pair. */
  readonly second?: number
  readonly reversed?: true
  /** The step of a single code. */
  readonly code?: number
  /** A single code that is no code of the device about then. */
  readonly wrong?: true
  readonly status?: 'Assigned' | 'Unassigned'
  /** It is signed with the session of `as`, which is made with a code of this device. */
  readonly with?: string
}

interface MfaRow extends Row, Asked {
  readonly at: string
  /** `admin`, `key:USER` or `mfa:USER`: a session of that user that was made with a code. */
  readonly as: string
  /** Calls before whose answers are not kept, of the row's user and device unless they name others. */
  readonly before?: readonly Asked[]
  /** `Success`, or code and words. */
  readonly answer: string
  readonly shown?: readonly { readonly device: string; readonly user?: string }[]
  /** The members of a new device. */
  readonly members?: readonly string[]
}

const omen = await createOmen({ port: false })
after(() => {
  for (const client of clients.values()) client.destroy()
  return omen.close()
})
const clients = new Map<string, IAM | STS>()

/** A client that asks once, and whose clock is the server's. */
function clientOf<C extends IAM | STS>(
  Client: new (options: ReturnType<typeof omen.clientConfig> & { maxAttempts: number }) => C,
  as: Parameters<typeof omen.clientConfig>[0] = 'admin',
): C {
  const name = `${Client.name} ${typeof as === 'string' ? as : as.accessKeyId}`
  const known = clients.get(name) ?? new Client({ ...omen.clientConfig(as), maxAttempts: 1 })
  clients.set(name, known)
  known.config.systemClockOffset = omen.clock.shift
  return known as C
}

/** Sets the clocks of the server and of its clients. */
function setClock(at: string): void {
  omen.clock.set(Date.parse(at))
  for (const { config } of clients.values()) config.systemClockOffset = omen.clock.shift
}

const iam = clientOf(IAM)
const policy = policyText(allow('*'))

/** What a capture has made, by its names for it. */
class Capture {
  readonly #name: string
  readonly #users = new Map<string, ReturnType<typeof newKey>>()
  readonly #seeds = new Map<string, Buffer>()
  readonly #sessions = new Map<string, IAM>()

  constructor(name: string) {
    this.#name = name
  }

  named(name: string): string {
    return `${this.#name}-${name}`
  }

  serial(device: string): string {
    return `arn:aws:iam::${omen.account}:mfa/${this.named(device)}`
  }

  async key(user: string) {
    const UserName = this.named(user)
    if (!this.#users.has(user)) {
      await iam.createUser({ UserName })
      await iam.putUserPolicy({ UserName, PolicyName: 'all', PolicyDocument: policy })
      this.#users.set(user, newKey(iam, UserName))
    }
    return this.#users.get(user)!
  }

  async create(device: string): Promise<VirtualMFADevice> {
    const { VirtualMFADevice: made } = await iam.createVirtualMFADevice({
      VirtualMFADeviceName: this.named(device),
    })
    this.#seeds.set(device, fromBase32(Buffer.from(made!.Base32StringSeed!).toString()))
    return made!
  }

  async seed(device: string): Promise<Buffer> {
    if (!this.#seeds.has(device)) await this.create(device)
    return this.#seeds.get(device)!
  }

  /** The client of a row, or of a session of its user that has MFA. */
  async client(as: string, asked: Asked): Promise<IAM> {
    const device = asked.with ?? asked.device ?? ''
    const [kind, user = ''] = as.split(':')
    if (kind === 'admin') return iam
    const key = await this.key(user)
    if (kind === 'key') return clientOf(IAM, key)
    const known = this.#sessions.get(user)
    if (known !== undefined) return known
    const { Credentials: made } = await clientOf(STS, key).getSessionToken({
      SerialNumber: this.serial(device),
      TokenCode: totpCode(await this.seed(device), Math.floor(omen.clock.now() / 30_000)),
    })
    const client = clientOf(IAM, {
      accessKeyId: made!.AccessKeyId!,
      secretAccessKey: made!.SecretAccessKey!,
      sessionToken: made!.SessionToken!,
    })
    this.#sessions.set(user, client)
    return client
  }
}

const captures = new Map<string, Capture>()

/** Makes one call. */
async function made(capture: Capture, as: string, asked: Asked): Promise<Record<string, unknown>> {
  if (asked.at !== undefined) setClock(asked.at)
  const { call, user, device = '', second = 0, code = 0 } = asked
  const UserName = user && capture.named(user)
  if (user !== undefined) await capture.key(user)
  const SerialNumber = capture.serial(device)
  if (device !== '' && call !== 'CreateVirtualMFADevice') await capture.seed(device)
  if (call === 'CreateVirtualMFADevice') return { VirtualMFADevice: await capture.create(device) }
  const codeOf = async (step: number) => totpCode(await capture.seed(device), step)
  if (call === 'GetSessionToken') {
    const step = asked.wrong ? Math.floor(omen.clock.now() / 30_000) + 100 : code
    const sts = clientOf(STS, await capture.key(as.split(':')[1]!))
    return { ...(await sts.getSessionToken({ SerialNumber, TokenCode: await codeOf(step) })) }
  }
  const by = await capture.client(as, asked)
  const pair = second === 0 ? [] : [await codeOf(second - 1), await codeOf(second)]
  if (asked.reversed) pair.reverse()
  const [AuthenticationCode1, AuthenticationCode2] = pair
  const codes = { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }
  switch (call) {
    case 'EnableMFADevice':
      return { ...(await by.enableMFADevice(codes)) }
    case 'ResyncMFADevice':
      return { ...(await by.resyncMFADevice(codes)) }
    case 'DeactivateMFADevice':
      return { ...(await by.deactivateMFADevice({ UserName, SerialNumber })) }
    case 'DeleteVirtualMFADevice':
      return { ...(await by.deleteVirtualMFADevice({ SerialNumber })) }
    case 'ListMFADevices':
      return { ...(await by.listMFADevices({ UserName })) }
    case 'ListVirtualMFADevices':
      return { ...(await by.listVirtualMFADevices({ AssignmentStatus: asked.status })) }
    case 'GetMFADevice':
      return { ...(await by.getMFADevice({ UserName, SerialNumber })) }
    case 'DeleteUser':
      return { ...(await by.deleteUser({ UserName })) }
    default:
      throw new Error(`no such call: ${call}`)
  }
}

replay<MfaRow>('mfa.jsonl', async (row) => {
  const [name = ''] = row.id.split('/')
  const capture = captures.get(name) ?? new Capture(name.replaceAll('_', '-'))
  captures.set(name, capture)
  for (const earlier of row.before ?? []) {
    const asked = { device: row.device, user: row.as.split(':')[1] ?? row.user, ...earlier } as Asked
    const by =
      asked.call === 'GetSessionToken' ? `key:${asked.user}` : asked.with !== undefined ? row.as : 'admin'
    setClock(row.at)
    await made(capture, by, asked).catch(() => undefined)
  }
  setClock(row.at)
  const outcome = await made(capture, row.as, row).catch((error: unknown) => faultOf(Promise.reject(error)))
  const [fault, output] = typeof outcome === 'string' ? [outcome, undefined] : ['Success', outcome]
  const answer = fault.replace(/ \d{3}: /, ': ').replaceAll(capture.named(''), '')
  const wanted = row.answer.replace('stackd-mfa-fixture-', '')
  if (answer !== wanted) return `${answer} instead of ${wanted}`
  if (row.members !== undefined) {
    const found = Object.keys(output?.VirtualMFADevice ?? {}).sort()
    if (found.join() !== row.members.join()) return `members ${found}`
  }
  if (row.shown === undefined) return undefined
  const listed = (output?.MFADevices ?? output?.VirtualMFADevices) as readonly VirtualMFADevice[]
  const shown = listed
    .filter(({ SerialNumber = '' }) => SerialNumber.includes(`mfa/${capture.named('')}`))
    .map((each) => [each.SerialNumber, each.User?.UserName ?? (each as { UserName?: string }).UserName])
  const expected = row.shown.map(({ device, user }) => [capture.serial(device), user && capture.named(user)])
  return JSON.stringify(shown) === JSON.stringify(expected) ? undefined : `shows ${JSON.stringify(shown)}`
})
