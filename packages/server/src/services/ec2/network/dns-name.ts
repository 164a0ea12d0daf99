import { dnsSuffixIn } from '../../../base/index.ts'
import type { Instance } from '../../../directory/index.ts'

/** `ip-172-31-0-4.ec2.internal`; outside us-east-1 it contains the region. */
export function privateName({ privateIp, region }: Pick<Instance, 'privateIp' | 'region'>): string {
  const host = `ip-${privateIp.replaceAll('.', '-')}`
  return region === 'us-east-1' ? `${host}.ec2.internal` : `${host}.${region}.compute.internal`
}

/** `ec2-203-0-113-4.compute-1.amazonaws.com`; empty if there is no public address. */
export function publicName({ publicIp, region }: Pick<Instance, 'publicIp' | 'region'>): string {
  if (publicIp === undefined) return ''
  const host = `ec2-${publicIp.replaceAll('.', '-')}`
  return region === 'us-east-1'
    ? `${host}.compute-1.amazonaws.com`
    : `${host}.${region}.compute.${dnsSuffixIn(region)}`
}
