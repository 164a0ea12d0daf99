import type { ClientCredentials } from '../../../packages/server/src/testing/index.ts'
import { allow, policyText } from '../../kit/index.ts'
import { type Answered, textIn } from './replay-house.ts'

/** What an attacker writes: everything. */
export const everything = policyText(allow('*'))

/**
 * A trust policy for some callers. IAM refuses to name a session (behaviour POL-142), and everyone is granted as a session
 * is (behaviour POL-025).
 */
export function trustFor(...arns: readonly string[]): string {
  const AWS = arns.some((arn) => /:(?:assumed-role|role)\//.test(arn)) ? '*' : arns
  return policyText({ Effect: 'Allow', Principal: { AWS }, Action: assuming })
}

const assuming = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession']

/** A password that the account's rules allow. */
export const password = 'Other-Horse-8!'

/** The access key in an answer of CreateAccessKey. */
export function keyIn({ body }: Answered): ClientCredentials {
  return {
    accessKeyId: textIn(body, 'AccessKeyId') ?? '',
    secretAccessKey: textIn(body, 'SecretAccessKey') ?? '',
  }
}

/** The credentials in an answer of STS. */
export function sessionIn(answered: Answered): ClientCredentials {
  return { ...keyIn(answered), sessionToken: textIn(answered.body, 'SessionToken') ?? '' }
}

/** The bytes of a text in base32 (RFC 4648). */
export function base32Bytes(text: string): Uint8Array {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of text.replaceAll('=', '')) {
    held = ((held << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}
