/** The origin of a call, for condition keys and the trail. */
export interface Origin {
  readonly sourceIp: string
  readonly userAgent: string
  readonly host: string
  readonly secure: boolean
  /** The encryption of the connection. */
  readonly tls?: { readonly version: string; readonly cipherSuite: string }
  /** The service that makes the call on someone's behalf, such as `ec2.amazonaws.com`. */
  readonly invokedBy?: string
  /** The sign-in that makes the call on someone's behalf; the session that it begins belongs to it. */
  readonly signIn?: string
}

/** Returns whether a call reached STS by its global endpoint. */
export function callsGlobalSts({ host }: Origin): boolean {
  return /^sts\.amazonaws\.com(?::\d+)?$/.test(host)
}
