import { BlockList, isIP } from 'node:net'

/** The proxies in front of the server that end TLS. */
export interface TlsTerms {
  /** Every call counts as one over TLS. */
  readonly assumeTls?: boolean
  /** Addresses, or networks such as `10.0.0.0/8`, of proxies whose X-Forwarded-Proto counts. */
  readonly trustedProxies?: readonly string[]
}

/** Returns whether a call without TLS counts as one over TLS, by its remote address and X-Forwarded-Proto. */
export type CountsAsTls = (address: string, forwardedProto: string | undefined) => boolean

/**
 * Reads which proxies may report that calls came over TLS (behaviour WIRE-70). @throws TypeError if a proxy is neither
 * an address nor a network
 */
export function countsAsTls({ assumeTls = false, trustedProxies = [] }: TlsTerms): CountsAsTls {
  if (assumeTls) return () => true
  if (trustedProxies.length === 0) return () => false
  const trusted = new BlockList()
  for (const proxy of trustedProxies) addTo(trusted, proxy)
  return (address, forwardedProto) => {
    const version = isIP(address)
    if (forwardedProto === undefined || version === 0) return false
    // of several the nearest proxy, which is the trusted one, wrote the last
    const nearest = forwardedProto.slice(forwardedProto.lastIndexOf(',') + 1).trim()
    return nearest.toLowerCase() === 'https' && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }
}

function addTo(list: BlockList, proxy: string): void {
  const [address = '', bits, ...more] = proxy.split('/')
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  const isNetwork = bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= most
  if (version === 0 || more.length > 0 || (bits !== undefined && !isNetwork))
    throw new TypeError(`${proxy} is no address and no network`)
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}
