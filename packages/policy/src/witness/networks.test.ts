import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contains, parseAddress, parseNetwork } from '../condition/ip.ts'
import { addressPoints } from './networks.ts'

describe('addresses that stand for the parts of a set of networks', () => {
  it('are one for each network without the smaller ones, and one outside of all', () => {
    const networks = ['10.0.0.0/8', '10.1.0.0/16', '200.0.0.0/7', '203.0.113.0/24', '255.255.255.255']
    const points = addressPoints(networks)
    const where = points.map((point) =>
      networks.filter((network) => contains(parseNetwork(network)!, parseAddress(point)!)).join(' '),
    )
    assert.deepEqual(where.sort(), [
      '',
      '10.0.0.0/8',
      '10.0.0.0/8 10.1.0.0/16',
      '200.0.0.0/7',
      '203.0.113.0/24',
      '255.255.255.255',
    ])
  })

  it('are outside of a network in the upper half, too', () => {
    for (const high of ['192.0.0.0/2', 'c000::/2']) {
      const network = parseNetwork(high)!
      const own = addressPoints([high]).map((point) => parseAddress(point)!)
      const inside = own.map((address) => contains(network, address))
      const ofVersion = inside.filter((_, at) => own[at]?.version === network.address.version)
      assert.deepEqual(ofVersion, [false, true], high)
    }
  })

  it('leave out what smaller networks fill, and IPv6 where none is named', () => {
    assert.deepEqual(addressPoints(['0.0.0.0/1', '128.0.0.0/1']).length, 2)
    assert.ok(addressPoints(['10.0.0.0/8']).every((point) => !point.includes(':')))
    assert.ok(addressPoints(['2001:db8::/32']).some((point) => point.startsWith('2001:db8:')))
  })
})
