import { type Call, family, prepared, refuses } from '../../../authorization/index.ts'
import { fault, presentTime } from '../../../base/index.ts'
import {
  findMfaPair,
  type MfaDevice,
  type MfaPair,
  type MfaUse,
  mfaDevices,
  mfaDevicesOf,
  pairMfaDevice,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { alreadyExists, checkQuota, noSuchEntity, validationError } from '../faults.ts'
import { page, sortedBy } from '../page.ts'
import { get } from '../target.ts'
import { theMfaDevice } from './mfa-target.ts'
import { asksOwner, getOwner, type OfUser, type Owner } from './owner.ts'

type OfDevice = OfUser & { readonly SerialNumber: string }
/** Returns whether the input means root's devices. */
const ofRoot = ['root', 'assumedRoot', 'number'] as const
type Codes = { readonly AuthenticationCode1: string; readonly AuthenticationCode2: string }

/** MFA devices of users and of root. */
export const mfaDeviceFamily = family<Iam.Operations>()({
  EnableMFADevice: prepared({
    ...asksOwner<Iam.EnableMFADeviceRequest>('number'),
    prepare: findPair,
    run(input, call, pair) {
      const { id, name = 'root' } = getOwner(input, call, 'number')
      requireMfa(id, call)
      const device = get(theMfaDevice, input, call)
      if (device.use?.owner === id) throw alreadyExists(`MFA Device for user ${name} already exists.`)
      if (device.use !== undefined) throw alreadyExists('MFA Device is already in use.')
      checkQuota(call, 'MFADevicesPerUser', mfaDevicesOf(id, call.account).length + 1)
      call.account
        .table(mfaDevices)
        .put(paired(device, { owner: id, enabledAt: call.now }, pair, input, call))
    },
  }),
  ResyncMFADevice: prepared({
    ...asksOwner<Iam.ResyncMFADeviceRequest>('number'),
    prepare: findPair,
    run(input, call, pair) {
      const { device, use } = getDevice(input, getOwner(input, call, 'number'), call)
      call.account.table(mfaDevices).put(paired(device, use, pair, input, call))
    },
  }),
  DeactivateMFADevice: {
    // root must name itself (behaviour CRED-1)
    ...asksOwner('assumedRoot', 'number'),
    run(input, call) {
      const owner = getOwner(input, call, 'assumedRoot', 'number')
      requireMfa(owner.id, call)
      const { device } = getDevice(input, owner, call)
      const { use, ...unused } = device
      call.account.table(mfaDevices).put(unused)
    },
  },
  ListMFADevices: {
    ...asksOwner(...ofRoot),
    run(input, call) {
      const { id, name } = getOwner(input, call, ...ofRoot)
      const serialKey = (device: MfaDevice) => device.serial
      const { items, rest } = page(sortedBy(mfaDevicesOf(id, call.account), serialKey), serialKey, input)
      return {
        MFADevices: items.map(({ serial, use }) => {
          const view = { UserName: name, SerialNumber: serial, EnableDate: use.enabledAt }
          return view as typeof view & { readonly UserName: string } // absent for root's, whatever the model says
        }),
        ...rest,
      }
    },
  },
  GetMFADevice: {
    ...asksOwner(...ofRoot),
    run(input, call): Iam.GetMFADeviceResponse {
      getOwner(input, call, ...ofRoot)
      get(theMfaDevice, input, call)
      // every device of Omen is a virtual one (behaviour CRED-30)
      throw validationError(
        'The MFA device serial number sent in the request is invalid or not supported by this API. Currently, only hardware FIDO security keys are supported. Please use the compatible device or API.',
      )
    },
  },
})

/** Returns the owner's device. @throws Fault NoSuchEntity */
function getDevice(
  input: OfDevice,
  owner: Owner,
  call: Call,
): { readonly device: MfaDevice; readonly use: MfaUse } {
  const device = get(theMfaDevice, input, call)
  const { use } = device
  if (use?.owner !== owner.id) throw noSuchEntity('MFA Device invalid for user.')
  return { device, use }
}

/**
 * A key alone neither adds nor takes off a device of its own user, or of root, once one is enabled: who stole the key
 * would end MFA. @throws Fault AccessDenied (behaviour CRED-95)
 */
function requireMfa(owner: string, { account, caller, mode }: Call): void {
  if (caller.kind !== 'user' && caller.kind !== 'root') return
  const id = caller.kind === 'root' ? 'root' : caller.user.id
  if (id !== owner || caller.session?.mfaAt !== undefined || !refuses(mode)) return
  if (mfaDevicesOf(owner, account).length === 0) return
  throw fault(
    'AccessDenied',
    'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.',
    403,
  )
}

function codesOf(input: Codes): MfaPair {
  return [input.AuthenticationCode1, input.AuthenticationCode2]
}

/** Returns the step at which the device has the codes, if the device exists. */
async function findPair(input: OfDevice & Codes, call: Call): Promise<number | undefined> {
  const device = theMfaDevice.find(input, call)
  return (
    device && findMfaPair(device, codesOf(input), presentTime(call.deps.clock, call.now), call.deps.vault)
  )
}

/** @throws Fault InvalidAuthenticationCode if they are not two consecutive, new codes of the device */
function paired(
  device: MfaDevice,
  use: MfaUse,
  pair: number | undefined,
  input: Codes,
  call: Call,
): MfaDevice {
  const after = pairMfaDevice(
    device,
    codesOf(input),
    pair,
    use,
    presentTime(call.deps.clock, call.now),
    call.deps.vault,
  )
  if (after === undefined) {
    throw fault('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403)
  }
  return after
}
