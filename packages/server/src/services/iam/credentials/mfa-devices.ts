import { type Call, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import {
  type MfaDevice,
  type MfaUse,
  mfaDevices,
  mfaDevicesOf,
  pairMfaDevice,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { alreadyExists, checkQuota, noSuchEntity } from '../faults.ts'
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
  EnableMFADevice: {
    ...asksOwner('number'),
    run(input, call) {
      const { id } = getOwner(input, call, 'number')
      const device = get(theMfaDevice, input, call)
      if (device.use !== undefined) throw alreadyExists('MFA Device is already in use.')
      checkQuota(call, 'MFADevicesPerUser', mfaDevicesOf(id, call.account).length + 1)
      call.account
        .table(mfaDevices)
        .put(paired(device, { owner: id, enabledAt: call.now }, 'enable', input, call))
    },
  },
  ResyncMFADevice: {
    ...asksOwner('number'),
    run(input, call) {
      const { device, use } = getDevice(input, getOwner(input, call, 'number'), call)
      call.account.table(mfaDevices).put(paired(device, use, 'resync', input, call))
    },
  },
  DeactivateMFADevice: {
    // root must name itself (behaviour CRED-1)
    ...asksOwner('assumedRoot', 'number'),
    run(input, call) {
      const { device } = getDevice(input, getOwner(input, call, 'assumedRoot', 'number'), call)
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
          const shown = { UserName: name, SerialNumber: serial, EnableDate: use.enabledAt }
          return shown as typeof shown & { readonly UserName: string } // absent for root's, whatever the model says
        }),
        ...rest,
      }
    },
  },
  GetMFADevice: {
    ...asksOwner(...ofRoot),
    run(input, call) {
      const owner = getOwner(input, call, ...ofRoot)
      const { device, use } = getDevice(input, owner, call)
      return { UserName: owner.name, SerialNumber: device.serial, EnableDate: use.enabledAt }
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

/** @throws Fault InvalidAuthenticationCode if they are not two consecutive, unused codes of the device */
function paired(
  device: MfaDevice,
  use: Omit<MfaUse, 'drift'>,
  purpose: 'enable' | 'resync',
  input: Codes,
  call: Call,
): MfaDevice {
  const codes = [input.AuthenticationCode1, input.AuthenticationCode2] as const
  const after = pairMfaDevice(device, codes, use, purpose, call.now, call.house.vault)
  if (after === undefined) {
    throw fault('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403)
  }
  return after
}
