import { type Command, Option } from 'commander'
import type { TlsTerms } from '../gate/index.ts'
import { badSyntax } from './failure.ts'
import { messageOf } from './home.ts'

/** The command line's options about TLS that ends in front of the server. */
export interface TlsFlags {
  readonly assumeTls?: boolean
  readonly trustedProxy?: string
}

/** Adds the options of a server behind a TLS proxy. */
export function addTlsOptions(command: Command): Command {
  return command
    .optionsGroup('Behind a TLS proxy:')
    .addOption(
      new Option(
        '--assume-tls',
        'treat every call as one over TLS, for policies with aws:SecureTransport',
      ).env('OMEN_ASSUME_TLS'),
    )
    .addOption(
      new Option(
        '--trusted-proxy <addresses>',
        'proxies whose X-Forwarded-Proto is believed, for example 10.0.0.1,172.16.0.0/12',
      ).env('OMEN_TRUSTED_PROXY'),
    )
}

/**
 * The proxies that end TLS in front of the server. @param check the gate's own check, which is loaded late @throws
 * CommandFailure if a proxy is neither an address nor a network
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
