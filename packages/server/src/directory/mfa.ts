import type { Vault } from '../base/index.ts'
import type { Account } from './account.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'
import { findTotpStep, searchTotpStep, totpStep } from './totp.ts'

/** A virtual MFA device: a seed shared with an authenticator app. It belongs to no one until it is enabled. */
export interface MfaDevice {
  /** Its ARN. */
  readonly serial: string
  readonly createdAt: number
  /** Sealed with the vault's key for the purpose `mfa-seed`. */
  readonly sealedSeed: string
  readonly tags: readonly Tag[]
  /** The number of steps that its clock is ahead of the server's; if absent, it never had a pair of codes. */
  readonly drift?: number
  /** The step of the second code of the last accepted pair. */
  readonly pairStep?: number
  /** The latest steps whose codes were used, in order. */
  readonly spent?: readonly number[]
  /** Every step up to this one counts as used. */
  readonly lastStep?: number
  readonly use?: MfaUse
}

/** The owner of an enabled device. */
export interface MfaUse {
  /** The user's id, or `root`. */
  readonly owner: string
  readonly enabledAt: number
  /** The drift, as devices of an earlier version have it. */
  readonly drift?: number
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

/** Devices of users of a directory: no operation of IAM names them (behaviour SSO-103). */
export const centerMfaDevices = defineTable<MfaDevice, 'name'>({
  kind: 'center/mfa-device',
  beside: true,
  key: (r) => r.serial,
  indexes: { name: (r) => r.serial },
})

const seedPurpose = 'mfa-seed'

/** The steps to either side of a device's clock within which a single code is accepted (behaviour CRED-25). */
const codeWindow = 2
/** The steps to either side of a device's clock within which the first code of a pair is accepted (CRED-24). */
const pairWindow = 999
/** Used steps that a device remembers one by one. They are more than a window has. */
const spentMost = 16

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
  const registered: (MfaDevice & { readonly use: MfaUse })[] = []
  for (const device of account.table(mfaDevices).values()) {
    const { use } = device
    if (use?.owner === owner) registered.push({ ...device, use })
  }
  return registered
}

/** A code as given with the serial number of a device. */
export interface GivenMfaCode {
  /** The user's id, or `root`. */
  readonly owner: string
  readonly serial: string
  readonly code: string
}

/**
 * The taker of a code. STS takes also the codes of an accepted pair, each once (behaviour CRED-93); the sign-in takes no
 * code that was given before, to whatever end (CRED-94).
 */
type MfaTaker = 'sts' | 'sign-in'

/** Returns whether `takeMfaCode` would accept the code for STS, without changing anything. */
export function isMfaCode(given: GivenMfaCode, account: Account, now: number, vault: Vault): boolean {
  return stepOf(given, 'sts', account, now, vault) !== undefined
}

/**
 * Accepts a code that a user, or root, gives with a device's serial number; returns true if the code is of that device
 * and was not used before. The device records the code, so the caller must commit.
 */
export function takeMfaCode(
  given: GivenMfaCode,
  taker: MfaTaker,
  account: Account,
  now: number,
  vault: Vault,
  devices = mfaDevices,
): boolean {
  const taken = stepOf(given, taker, account, now, vault, devices)
  if (taken === undefined) return false
  account.table(devices).put(withSpent(taken.device, taken.step))
  return true
}

function stepOf(
  { owner, serial, code }: GivenMfaCode,
  taker: MfaTaker,
  account: Account,
  now: number,
  vault: Vault,
  devices = mfaDevices,
) {
  const device = account.table(devices).find(serial)
  const seed = device && seedOf(device, vault)
  if (seed === undefined || device?.use?.owner !== owner) return undefined
  const step = findTotpStep(seed, [code], clockOf(device, now), codeWindow)
  if (step === undefined || isSpent(step, device)) return undefined
  if (taker === 'sign-in' && step <= (device.pairStep ?? step - 1)) return undefined
  return { device, step }
}

function isSpent(step: number, { spent = [], lastStep }: MfaDevice): boolean {
  return spent.includes(step) || (lastStep !== undefined && step <= lastStep)
}

/** The earliest remembered steps become the limit up to which all count as used: they are far behind the clock. */
function withSpent(device: MfaDevice, step: number): MfaDevice {
  const all = [...(device.spent ?? []), step].sort((a, b) => a - b)
  const dropped = all.slice(0, -spentMost).at(-1)
  const lastStep = dropped === undefined ? device.lastStep : Math.max(dropped, device.lastStep ?? dropped)
  return { ...device, spent: all.slice(-spentMost), ...(lastStep !== undefined && { lastStep }) }
}

/** Two consecutive codes, as EnableMFADevice and ResyncMFADevice take them. */
export type MfaPair = readonly [string, string]

/**
 * Searches the step of the first code of a pair around the clock of a device. It takes a pause now and then, because a
 * wrong pair is compared with every step of the window.
 */
export async function findMfaPair(
  device: MfaDevice,
  codes: MfaPair,
  now: number,
  vault: Vault,
): Promise<number | undefined> {
  const seed = seedOf(device, vault)
  return seed && searchTotpStep(seed, codes, clockOf(device, now), pairWindow)
}

/**
 * Returns the device as enabled for an owner, its clock set by a pair of codes that was found at a step; undefined if they
 * are not the codes of that step, or are not newer than the last accepted pair (behaviour CRED-92).
 */
export function pairMfaDevice(
  device: MfaDevice,
  codes: MfaPair,
  first: number | undefined,
  { owner, enabledAt }: MfaUse,
  now: number,
  vault: Vault,
): MfaDevice | undefined {
  const seed = seedOf(device, vault)
  if (seed === undefined || first === undefined) return undefined
  if (Math.abs(first - clockOf(device, now)) > pairWindow) return undefined
  if (findTotpStep(seed, codes, first, 0) === undefined) return undefined
  if (device.pairStep !== undefined && first <= device.pairStep) return undefined
  const second = first + 1
  return { ...device, pairStep: second, drift: second - totpStep(now), use: { owner, enabledAt } }
}

/** Returns the step that the clock of a device shows. One that was never set is the server's. */
function clockOf({ drift, use }: MfaDevice, now: number): number {
  return totpStep(now) + (drift ?? use?.drift ?? 0)
}

function seedOf(device: MfaDevice, vault: Vault): Buffer | undefined {
  return vault.open(seedPurpose, Buffer.from(device.sealedSeed, 'base64url'))
}
