import { type Command, Option } from 'commander'
import type { TlsTerms } from '../gate/index.ts'
import { badSyntax } from './failure.ts'
import { messageOf } from './home.ts'

/** What the command line says of TLS that ends in front of the house. */
export interface TlsFlags {
  readonly assumeTls?: boolean
  readonly trustedProxy?: string
}

/** Adds the options of a house behind something that ends TLS. */
export function addTlsOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--assume-tls',
        'every call counts as one over TLS, for policies with aws:SecureTransport behind a terminator',
      ).env('OMEN_ASSUME_TLS'),
    )
    .addOption(
      new Option(
        '--trusted-proxy <addresses>',
        'proxies whose X-Forwarded-Proto counts, for example 10.0.0.1,172.16.0.0/12',
      ).env('OMEN_TRUSTED_PROXY'),
    )
}

/**
 * What ends TLS in front of the house.
 * @param check the gate's own, which is read in late
 * @throws CommandFailure where a proxy is no address and no network
 */
export function tlsTermsOf(
  { assumeTls, trustedProxy }: TlsFlags,
  check: (terms: TlsTerms) => unknown,
): TlsTerms {
  const trustedProxies = (trustedProxy ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  const terms = { ...(assumeTls === true && { assumeTls }), trustedProxies }
  try {
    check({ trustedProxies })
  } catch (error) {
    throw badSyntax(`--trusted-proxy: ${messageOf(error)}`)
  }
  return terms
}
