import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contains, parseAddress, parseNetwork } from './ip.ts'

describe('addresses and networks', () => {
  it('are read as IPv4, IPv6 and mapped IPv4 (POL-097, POL-206)', () => {
    for (const text of ['1.2.3.4', '::', '2001:db8::1', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8'])
      assert.ok(parseAddress(text), text)
    for (const text of [
      '1.2.3',
      '1.2.3.256',
      '::ffff:300.0.0.1',
      '::1.2.3',
      '1:2:3:4:5:6:7',
      '::::',
      '1:2:3:4:5:6:1.2.3.4',
      '1::2::3',
      '12345::',
    ])
      assert.equal(parseAddress(text), undefined, text)
  })

  it('contain the addresses of their first bits (POL-097)', () => {
    const isIn = (address: string, network: string) =>
      contains(parseNetwork(network)!, parseAddress(address)!)
    for (const [address, network, expected] of [
      ['10.255.255.255', '10.0.0.0/8', true],
      ['11.0.0.0', '10.0.0.0/8', false],
      ['203.0.113.7', '203.0.113.7', true],
      ['203.0.113.6', '203.0.113.7', false],
      ['203.0.113.6', '203.0.113.7/31', true],
      ['198.51.100.1', '0.0.0.0/0', true],
      ['198.51.100.1', '128.0.0.0/1', true],
      ['98.51.100.1', '128.0.0.0/1', false],
      ['7fff::', '8000::/1', false],
      ['::1', '0.0.0.0/0', false],
      ['2001:db8:ffff::', '2001:db8::/32', true],
      ['2001:db9::', '2001:db8::/32', false],
      ['2001:db8::1', '2001:db8::/64', true],
      ['2001:db9::1', '2001:db8::/48', false],
      ['2001:db8:0:1::1', '2001:db8::/64', false],
      ['::ffff:0:1', '::/0', false],
      ['::ffff:0:1', '0.0.0.0/8', true],
    ] as const)
      assert.equal(isIn(address, network), expected, `${address} in ${network}`)
  })
})
