import type { RoleSession } from './become.ts'
import { shellWord } from './output.ts'

/** The output formats of credentials; those that the AWS CLI has too are the same as its own. */
export const credentialFormats = ['env', 'env-no-export', 'fish', 'powershell', 'process', 'json'] as const
export type CredentialFormat = (typeof credentialFormats)[number]

/** Credentials in the form of `aws configure export-credentials --format …`; `json` is STS's answer with its chain (behaviour SHL-1). */
export function writtenCredentials(session: RoleSession, format: CredentialFormat): string {
  switch (format) {
    case 'env':
      return lines(session, (name, value) => `export ${name}=${shellWord(value)}`)
    case 'env-no-export':
      return lines(session, (name, value) => `${name}=${shellWord(value)}`)
    case 'fish':
      return lines(session, (name, value) => `set -gx ${name} "${shellWord(value)}"`)
    case 'powershell':
      return lines(session, (name, value) => `$Env:${name}="${shellWord(value)}"`)
    case 'process':
      return json({ Version: 1, ...credentialsOf(session) })
    case 'json':
      return json({
        Credentials: credentialsOf(session),
        AssumedRoleUser: { AssumedRoleId: session.assumedRoleId, Arn: session.arn },
        PackedPolicySize: session.packedPolicySize,
        SourceIdentity: session.sourceIdentity,
        Chain: session.chain,
      })
  }
}

/** The environment variables by which every AWS client finds the credentials. */
export function credentialVariables({ keys, expiration }: RoleSession): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: expiration,
  }
}

/** The values are base64, ids and instants, written without quotes as the AWS CLI writes them. */
function lines(session: RoleSession, line: (name: string, value: string) => string): string {
  return Object.entries(credentialVariables(session))
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('')
}

function credentialsOf({ keys, expiration }: RoleSession) {
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
