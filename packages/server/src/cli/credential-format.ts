import type { Worn } from './become.ts'
import { shellWord } from './output.ts'

/** The output formats of credentials; those that the AWS CLI has too are the same as its own. */
export const credentialFormats = ['env', 'env-no-export', 'fish', 'powershell', 'process', 'json'] as const
export type CredentialFormat = (typeof credentialFormats)[number]

/** Credentials in the form of `aws configure export-credentials --format …`; `json` is STS's answer with its chain (behaviour SHL-1). */
export function writtenCredentials(worn: Worn, format: CredentialFormat): string {
  switch (format) {
    case 'env':
      return lines(worn, (name, value) => `export ${name}=${shellWord(value)}`)
    case 'env-no-export':
      return lines(worn, (name, value) => `${name}=${shellWord(value)}`)
    case 'fish':
      return lines(worn, (name, value) => `set -gx ${name} "${shellWord(value)}"`)
    case 'powershell':
      return lines(worn, (name, value) => `$Env:${name}="${shellWord(value)}"`)
    case 'process':
      return json({ Version: 1, ...credentialsOf(worn) })
    case 'json':
      return json({
        Credentials: credentialsOf(worn),
        AssumedRoleUser: { AssumedRoleId: worn.assumedRoleId, Arn: worn.arn },
        PackedPolicySize: worn.packedPolicySize,
        SourceIdentity: worn.sourceIdentity,
        Chain: worn.chain,
      })
  }
}

/** The environment variables by which every AWS client finds the credentials. */
export function credentialVariables({ keys, expiration }: Worn): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: expiration,
  }
}

/** The values are base64, ids and instants, written without quotes as the AWS CLI writes them. */
function lines(worn: Worn, line: (name: string, value: string) => string): string {
  return Object.entries(credentialVariables(worn))
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('')
}

function credentialsOf({ keys, expiration }: Worn) {
  return {
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    Expiration: expiration,
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
