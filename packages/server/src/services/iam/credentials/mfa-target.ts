import type { Call } from '../../../authorization/index.ts'
import { iamArn } from '../../../base/index.ts'
import { type MfaDevice, mfaDevices } from '../../../directory/index.ts'
import { noSuchEntity } from '../faults.ts'
import type { Target } from '../target.ts'

/** The MFA device of a serial number; a virtual one's is its ARN. */
export const theMfaDevice: Target<MfaDevice, { readonly SerialNumber: string }> = {
  table: mfaDevices,
  word: 'MFA device',
  find: (input, call) => call.account.table(mfaDevices).find(input.SerialNumber),
  missing: (input) =>
    noSuchEntity(`VirtualMFADevice with serial number ${input.SerialNumber} does not exist.`),
  arn: (input, call) =>
    input.SerialNumber.startsWith('arn:') ? input.SerialNumber : mfaArn(call, '/', input.SerialNumber),
  spoken: (input) => input.SerialNumber,
  tagsOf: (device) => device.tags,
  tagKeys: ['aws:ResourceTag/'],
  tagging: { action: 'iam:TagMFADevice', quota: 'TagsPerMFADevice' },
}

export function mfaArn(call: Call, path: string, name: string): string {
  return iamArn(call.account, 'mfa', path, name)
}
