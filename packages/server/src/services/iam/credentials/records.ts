import { defineTable, type Named, type Tag } from '../../../directory/index.ts'

/** A public key for CodeCommit over SSH. */
export interface SshPublicKey {
  readonly id: string
  /** The user's id. */
  readonly owner: string
  /** As given. */
  readonly body: string
  /** MD5 of the key in SSH's form: sixteen hexadecimal bytes separated by colons. */
  readonly fingerprint: string
  readonly active: boolean
  readonly uploadedAt: number
}

/** An X.509 certificate that signs calls of old SOAP APIs for a user or root. */
export interface SigningCertificate {
  readonly id: string
  /** The user's id, or `root`. */
  readonly owner: string
  /** As given, without surrounding white space. */
  readonly body: string
  readonly active: boolean
  readonly uploadedAt: number
}

/** A certificate with its key, for a load balancer or a distribution. */
export interface ServerCertificate extends Named {
  /** As given, without surrounding white space; the chain too. */
  readonly body: string
  readonly chain?: string
  /** PEM, sealed with the vault's key for the purpose `server-certificate`. */
  readonly sealedKey: string
  readonly expiresAt: number
  readonly tags: readonly Tag[]
}

/** A user name and password, or an API key, for one service. */
export interface ServiceCredential {
  readonly id: string
  /** The user's id. */
  readonly owner: string
  /** `codecommit.amazonaws.com` */
  readonly service: string
  readonly publicName: string
  /** Sealed with the vault's key for the purpose `service-credential`. */
  readonly sealedSecret: string
  readonly active: boolean
  readonly createdAt: number
  readonly expiresAt?: number
}

export const sshPublicKeys = defineTable<SshPublicKey>({ kind: 'iam/ssh-public-key', key: (r) => r.id })
export const signingCertificates = defineTable<SigningCertificate>({
  kind: 'iam/signing-certificate',
  key: (r) => r.id,
})
export const serverCertificates = defineTable<ServerCertificate, 'name'>({
  kind: 'iam/server-certificate',
  key: (r) => r.id,
  indexes: { name: (r) => r.name.toLowerCase() },
})
export const serviceCredentials = defineTable<ServiceCredential>({
  kind: 'iam/service-credential',
  key: (r) => r.id,
})
