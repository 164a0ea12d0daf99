import { type Call, family } from '../../../authorization/index.ts'
import { base32, type MfaDevice, mfaDevices, newMfaDevice, users } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { rootArn } from '../../../session/index.ts'
import { alreadyExists, deleteConflict, limitExceeded, quotaOf, validationError } from '../faults.ts'
import { listsAll } from '../lists-all.ts'
import { page, sortedBy } from '../page.ts'
import { asks, creates, get } from '../target.ts'
import { newTags, tagging, tagsOut } from '../traits/tags.ts'
import { rootUser, userSummary } from '../users.ts'
import { mfaArn, theMfaDevice } from './mfa-target.ts'
import { qrCodePng } from './qr-code.ts'

/** Bytes of a seed: 64 characters of base32. */
const seedLength = 40

/** The form of serial numbers that every operation on a device accepts; a path may be longer and contain more. */
const serialForm = /^[\w+=/:,.@-]{9,256}$/

const tags = tagging(theMfaDevice)

/** Virtual MFA devices, enabled or not. */
export const virtualMfaDeviceFamily = family<Iam.Operations>()({
  CreateVirtualMFADevice: {
    ...creates(theMfaDevice, serialOf),
    run(input, call) {
      const table = call.account.table(mfaDevices)
      const serial = serialOf(input, call)
      // no other operation could name it (behaviour CRED-32)
      if (!serialForm.test(serial)) throw validationError(`The serial number ${serial} would be none.`)
      if (table.findBy('name', serial.toLowerCase()) !== undefined) {
        throw alreadyExists('MFA device already exists.')
      }
      // the quota equals that of users (behaviour CRED-20)
      const quota = quotaOf(call, 'UsersPerAccount')
      if (table.size >= quota) throw limitExceeded(`Cannot exceed quota for MFADevicesPerAccount: ${quota}`)
      const seed = call.deps.random.bytes(seedLength)
      const tags = newTags(theMfaDevice, input.Tags, call)
      table.put(newMfaDevice(serial, seed, tags, call.now, call.deps.vault))
      return {
        VirtualMFADevice: {
          SerialNumber: serial,
          Base32StringSeed: Buffer.from(base32(seed)),
          QRCodePNG: qrCodePng(
            `otpauth://totp/${encodeURIComponent(input.VirtualMFADeviceName)}@${call.account.id}?secret=${base32(seed)}`,
          ),
          ...tagsOut(tags),
        },
      }
    },
  },
  ListVirtualMFADevices: {
    ...listsAll('mfa/'),
    run(input, call) {
      const status = input.AssignmentStatus ?? 'Any'
      const { items, rest } = page(
        sortedBy(call.account.table(mfaDevices).values(), serialKey),
        serialKey,
        input,
        ({ use }) => status === 'Any' || (use !== undefined) === (status === 'Assigned'),
      )
      return { VirtualMFADevices: items.map((device) => deviceOut(device, call)), ...rest }
    },
  },
  DeleteVirtualMFADevice: {
    requests(input, call) {
      const requests = asks(theMfaDevice).requests(input, call)
      if (call.caller.kind !== 'assumedRoot' || servesUser(theMfaDevice.find(input, call))) return requests
      // AWS's task policy permits this for root only: a device without an owner counts as root's (behaviour CRED-4)
      return requests.map((request) => ({ ...request, resource: rootArn(call.account) }))
    },
    run(input, call) {
      const device = get(theMfaDevice, input, call)
      if (device.use !== undefined) throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.')
      call.account.table(mfaDevices).delete(device.serial)
    },
  },
  TagMFADevice: tags.tag,
  UntagMFADevice: tags.untag,
  ListMFADeviceTags: tags.list,
})

function serialOf(input: Iam.CreateVirtualMFADeviceRequest, call: Call): string {
  return mfaArn(call, input.Path ?? '/', input.VirtualMFADeviceName)
}

function servesUser(device: MfaDevice | undefined): boolean {
  return device?.use !== undefined && device.use.owner !== 'root'
}

function serialKey(device: MfaDevice): string {
  return device.serial
}

/** Returns a device as lists show it: with its owner, without tags and seed. */
function deviceOut({ serial, use }: MfaDevice, call: Call): Iam.VirtualMFADevice {
  if (use === undefined) return { SerialNumber: serial }
  const user = call.account.table(users).find(use.owner)
  return {
    SerialNumber: serial,
    User: user === undefined ? rootUser(call) : userSummary(user, call),
    EnableDate: use.enabledAt,
  }
}
