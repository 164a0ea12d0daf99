import type { Call } from '../../authorization/index.ts'
import { type Fault, fault, presentTime } from '../../base/index.ts'
import { type GivenMfaCode, isMfaCode, mfaDevicesOf, takeMfaCode } from '../../directory/index.ts'
import { mayVerify } from './mfa-verifications.ts'

/** A device and its code, as AssumeRole and GetSessionToken accept them. */
interface MfaInput {
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
}

/**
 * Counts a code that is given for a device of the caller's before anything depends on it; undefined if there is none.
 * @throws Fault AccessDenied if there were too many (behaviour STS-41)
 */
export function countMfa(
  { SerialNumber: serial, TokenCode: code }: MfaInput,
  call: Call,
): Promise<void> | undefined {
  const owner = ownerOf(call)
  if (owner === undefined || serial === undefined || code === undefined) return undefined
  if (!isOwned({ owner, serial, code }, call)) return undefined
  return mayVerify(serial, call).then((may) => {
    if (!may) throw unknownDevice()
  })
}

/**
 * Returns whether the call has MFA. The code stays unused until `useMfa`, when no other check can refuse. @throws
 * Fault AccessDenied if the code is wrong (behaviour STS-40)
 */
export function bringsMfa(input: MfaInput, call: Call): boolean {
  const mfaCode = givenCode(input, call)
  if (mfaCode === undefined) return false
  if (!isMfaCode(mfaCode, call.account, presentTime(call.deps.clock, call.now), call.deps.vault))
    throw refused(mfaCode, call)
  return true
}

/** Marks the code as used. @throws Fault AccessDenied like `bringsMfa` */
export function useMfa(input: MfaInput, call: Call): boolean {
  const mfaCode = givenCode(input, call)
  if (mfaCode === undefined) return false
  if (!takeMfaCode(mfaCode, 'sts', call.account, presentTime(call.deps.clock, call.now), call.deps.vault))
    throw refused(mfaCode, call)
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
  const owner = ownerOf(call)
  if (owner === undefined) throw unknownDevice()
  return { owner, serial, code }
}

/** Returns whose devices the caller may name: its own, if it is a user or root. */
function ownerOf({ caller }: Call): string | undefined {
  return caller.kind === 'user' ? caller.user.id : caller.kind === 'root' ? 'root' : undefined
}

function refused(given: GivenMfaCode, call: Call): Fault {
  return isOwned(given, call) ? failed('with invalid MFA one time pass code. ') : unknownDevice()
}

function isOwned({ owner, serial }: GivenMfaCode, { account }: Call): boolean {
  return mfaDevicesOf(owner, account).some((device) => device.serial === serial)
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
