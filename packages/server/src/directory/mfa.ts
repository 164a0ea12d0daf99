import type { Vault } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'
import { findTotpStep, totpStep } from './totp.ts'

/** A virtual MFA device: a seed shared with an authenticator app. It belongs to no one until it is enabled. */
export interface MfaDevice {
  /** Its ARN. */
  readonly serial: string
  readonly createdAt: number
  /** Sealed with the vault's key for the purpose `mfa-seed`. */
  readonly sealedSeed: string
  readonly tags: readonly Tag[]
  /** The step of the last accepted code: neither it nor an earlier one is accepted again. */
  readonly lastStep?: number
  readonly use?: MfaUse
}

/** The owner of an enabled device, and the offset of its clock. */
export interface MfaUse {
  /** The user's id, or `root`. */
  readonly owner: string
  readonly enabledAt: number
  /** The number of steps that its clock is ahead of the server's. */
  readonly drift: number
}

/**
 * Devices by serial number. The serial number is the name too, because ARNs differ in more than case (behaviour
 * CRED-21).
 */
export const mfaDevices = defineTable<MfaDevice, 'name'>({
  kind: 'iam/mfa-device',
  key: (r) => r.serial,
  indexes: { name: (r) => r.serial.toLowerCase() },
})

const seedPurpose = 'mfa-seed'

/** The steps to either side of a device's clock within which a single code is accepted (behaviour CRED-25). */
const loginWindow = 1
/**
 * The steps to either side of now within which two consecutive codes are searched, to enable and to synchronise
 * (CRED-24, CRED-26).
 */
const pairWindow = { enable: 20, resync: 120 } as const

/** Creates a device that belongs to no one yet. */
export function newMfaDevice(
  serial: string,
  seed: Uint8Array,
  tags: readonly Tag[],
  now: number,
  vault: Vault,
): MfaDevice {
  return { serial, createdAt: now, tags, sealedSeed: vault.seal(seedPurpose, seed).toString('base64url') }
}

/** Returns the enabled devices of a user or of root. */
export function mfaDevicesOf(
  owner: string,
  account: Account,
): readonly (MfaDevice & { readonly use: MfaUse })[] {
  const found: (MfaDevice & { readonly use: MfaUse })[] = []
  for (const device of account.table(mfaDevices).values()) {
    const { use } = device
    if (use?.owner === owner) found.push({ ...device, use })
  }
  return found
}

/** A code as given with the serial number of a device. */
export interface GivenMfaCode {
  /** The user's id, or `root`. */
  readonly owner: string
  readonly serial: string
  readonly code: string
}

/** Returns whether `takeMfaCode` would accept the code, without changing anything. */
export function isMfaCode(given: GivenMfaCode, account: Account, now: number, vault: Vault): boolean {
  return stepOf(given, account, now, vault) !== undefined
}

/**
 * Accepts a code that a user, or root, gives with a device's serial number; returns true if the code is of that device
 * and was not used before. The device records the code, so the caller must commit.
 */
export function takeMfaCode(given: GivenMfaCode, account: Account, now: number, vault: Vault): boolean {
  const found = stepOf(given, account, now, vault)
  if (found === undefined) return false
  const { device, use, step } = found
  account.table(mfaDevices).put({ ...device, lastStep: step, use: { ...use, drift: step - totpStep(now) } })
  return true
}

function stepOf({ owner, serial, code }: GivenMfaCode, account: Account, now: number, vault: Vault) {
  const device = account.table(mfaDevices).find(serial)
  const seed = device && seedOf(device, vault)
  if (seed === undefined || device?.use?.owner !== owner) return undefined
  const { use } = device
  const step = findTotpStep(seed, [code], totpStep(now) + use.drift, loginWindow)
  return step === undefined || wasTaken(step, device) ? undefined : { device, use, step }
}

/**
 * Returns the device as enabled for an owner if two consecutive codes show the offset of its clock; undefined if they
 * are not such codes, or were used before.
 */
export function pairMfaDevice(
  device: MfaDevice,
  codes: readonly [string, string],
  use: Omit<MfaUse, 'drift'>,
  purpose: keyof typeof pairWindow,
  now: number,
  vault: Vault,
): MfaDevice | undefined {
  const seed = seedOf(device, vault)
  const first = seed && findTotpStep(seed, codes, totpStep(now), pairWindow[purpose])
  if (first === undefined || wasTaken(first + 1, device)) return undefined
  return { ...device, lastStep: first + 1, use: { ...use, drift: first + 1 - totpStep(now) } }
}

function wasTaken(step: number, device: MfaDevice): boolean {
  return device.lastStep !== undefined && step <= device.lastStep
}

function seedOf(device: MfaDevice, vault: Vault): Buffer | undefined {
  return vault.open(seedPurpose, Buffer.from(device.sealedSeed, 'base64url'))
}
