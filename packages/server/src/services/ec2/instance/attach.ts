import type { Call } from '../../../authorization/index.ts'
import { assert } from '../../../base/index.ts'
import { newResourceId } from '../ids.ts'
import { wholeSecond } from '../instant.ts'
import { FreeAddresses, newMac, newPublicAddress, parseBlock } from '../network/address.ts'
import { type NetworkInterface, networkInterfaces, type Subnet } from '../records.ts'
import type { Launch } from './launch.ts'

/** The free addresses of a launch's subnets; each subnet's are gathered once. */
export class SubnetAddresses {
  readonly #call: Call
  readonly #subnets = new Map<string, FreeAddresses>()

  constructor(call: Call) {
    this.#call = call
  }

  of(subnet: Subnet): FreeAddresses {
    const addresses = this.#subnets.get(subnet.id)
    if (addresses !== undefined) return addresses
    const block = parseBlock(subnet.cidr)
    assert(block !== undefined, `subnet ${subnet.id} has no address block`)
    const takenAddresses = new Set<string>()
    for (const each of this.#call.account.table(networkInterfaces).values())
      if (each.subnetId === subnet.id) takenAddresses.add(each.privateIp)
    const freeAddresses = new FreeAddresses(subnet.id, block, takenAddresses)
    this.#subnets.set(subnet.id, freeAddresses)
    return freeAddresses
  }
}

/** Creates an instance's network interfaces, the primary one first. */
export function attachInterfaces(
  launch: Launch,
  instanceId: string,
  addresses: SubnetAddresses,
  call: Call,
): readonly NetworkInterface[] {
  const { random } = call.deps
  return launch.interfaces.map((each) => {
    const { subnet } = each
    assert(subnet !== undefined, 'a launch was not checked')
    const free = addresses.of(subnet)
    const networkInterface: NetworkInterface = {
      id: newResourceId('eni', random),
      region: call.region,
      createdAt: call.now,
      tags: launch.tags.get('network-interface') ?? [],
      vpcId: subnet.vpcId,
      subnetId: subnet.id,
      zone: subnet.zone,
      zoneId: subnet.zoneId,
      mac: newMac(random),
      privateIp: each.privateIp === undefined ? free.take() : free.takeThis(each.privateIp),
      ...(each.publicIp ? { publicIp: newPublicAddress(random) } : {}),
      description: each.description,
      groups: each.groups.map(({ group }) => ({ id: group!.id, name: group!.name })), // checked to be there
      attachment: {
        id: newResourceId('eni-attach', random),
        instanceId,
        deviceIndex: each.deviceIndex,
        deleteOnTermination: each.deleteOnTermination,
        at: wholeSecond(call.now),
      },
    }
    call.account.table(networkInterfaces).put(networkInterface)
    return networkInterface
  })
}
