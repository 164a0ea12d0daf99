import { query } from './aws.ts'
import { everyPage } from './iam.ts'

/** An MFA device, assigned to a user or not. */
export interface MfaDevice {
  readonly serial: string
  /** The user's name, `root` for the root user; absent if it is not assigned. */
  readonly user?: string
  /** ISO 8601. */
  readonly enabled?: string
}

/** All virtual devices of the account. */
export async function listMfaDevices(signal?: AbortSignal): Promise<readonly MfaDevice[]> {
  const found = await everyPage('ListVirtualMFADevices', 'VirtualMFADevices', {}, signal)
  return found.map((device) => {
    const arn = device.child('User').optional('Arn')
    const user = arn?.endsWith(':root') === true ? 'root' : device.child('User').optional('UserName')
    const enabled = device.optional('EnableDate')
    return {
      serial: device.text('SerialNumber'),
      ...(user === undefined || user === '' ? {} : { user }),
      ...(enabled === undefined ? {} : { enabled }),
    }
  })
}

/** The devices of one user. */
export async function mfaDevicesOf(user: string, signal?: AbortSignal): Promise<readonly MfaDevice[]> {
  const found = await everyPage('ListMFADevices', 'MFADevices', { UserName: user }, signal)
  return found.map((device) => ({
    serial: device.text('SerialNumber'),
    user,
    enabled: device.text('EnableDate'),
  }))
}

/** A device that was just made. Its secret is shown this once. */
export interface NewMfaDevice {
  readonly serial: string
  /** Base32, as authenticator apps take it. */
  readonly secret: string
  /** A PNG in base64. */
  readonly qrCode: string
}

/** Makes a virtual device that is not assigned yet. */
export async function createMfaDevice(name: string): Promise<NewMfaDevice> {
  const answer = await query('iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: name })
  const device = answer.child('VirtualMFADevice')
  return {
    serial: device.text('SerialNumber'),
    secret: atob(device.text('Base32StringSeed')),
    qrCode: device.text('QRCodePNG'),
  }
}

/** Takes a device from its user, if it has one, and deletes it. */
export async function removeMfaDevice({ serial, user }: MfaDevice): Promise<void> {
  if (user !== undefined && user !== 'root')
    await query('iam', 'DeactivateMFADevice', { UserName: user, SerialNumber: serial })
  if (serial.startsWith('arn:')) await query('iam', 'DeleteVirtualMFADevice', { SerialNumber: serial })
}
