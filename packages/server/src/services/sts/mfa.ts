import type { Call } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import { type GivenMfaCode, isMfaCode, mfaDevicesOf, takeMfaCode } from '../../directory/index.ts'
import { mayTry, noteFailure, noteSuccess } from './mfa-failures.ts'

/** A device and its code, as AssumeRole and GetSessionToken accept them. */
interface MfaInput {
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
}

/**
 * Returns whether the call has MFA. The code stays unused until `useMfa`, when no other check can refuse. @throws
 * Fault AccessDenied if the code is wrong (behaviour STS-40)
 */
export function bringsMfa(input: MfaInput, call: Call): boolean {
  const given = givenCode(input, call)
  if (given === undefined) return false
  if (!mayTry(given.serial, call) || !isMfaCode(given, call.account, call.now, call.house.vault))
    throw refused(given, call)
  noteSuccess(given.serial, call)
  return true
}

/** Marks the code as used. @throws Fault AccessDenied like `bringsMfa` */
export function useMfa(input: MfaInput, call: Call): boolean {
  const given = givenCode(input, call)
  if (given === undefined) return false
  if (!mayTry(given.serial, call) || !takeMfaCode(given, call.account, call.now, call.house.vault))
    throw refused(given, call)
  noteSuccess(given.serial, call)
  return true
}

function givenCode(
  { SerialNumber: serial, TokenCode: code }: MfaInput,
  call: Call,
): GivenMfaCode | undefined {
  if (serial === undefined && code === undefined) return undefined
  if (serial === undefined || code === undefined) {
    throw failed('must provide both MFA serial number and one time pass code.')
  }
  const { caller } = call
  if (caller.kind === 'user') return { owner: caller.user.id, serial, code }
  if (caller.kind === 'root') return { owner: 'root', serial, code }
  throw unknownDevice()
}

function refused(given: GivenMfaCode, call: Call): Fault {
  const owned = mfaDevicesOf(given.owner, call.account).some((device) => device.serial === given.serial)
  if (!owned) return unknownDevice()
  noteFailure(given.serial, call)
  return failed('with invalid MFA one time pass code. ')
}

function unknownDevice(): Fault {
  return failed(
    'unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
  )
}

function failed(how: string): Fault {
  const comma = how.startsWith('with') ? ' ' : ', '
  return fault('AccessDenied', `MultiFactorAuthentication failed${comma}${how}`, 403)
}
