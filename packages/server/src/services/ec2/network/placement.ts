import { family } from '../../../authorization/index.ts'
import { dnsSuffixIn, fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { invalidParameter } from '../faults.ts'
import { type Fields, filteredBy, nowhere } from '../filter.ts'
import { defaultVpcId } from './launch-interface.ts'
import { regionNames, type Zone, zonesOf } from './regions.ts'

/** Regions, zones, and the account's default attributes. */
export const placement = family<Ec2.Operations>()({
  DescribeRegions: {
    run(input, { account: { partition } }) {
      const names = regionNames(partition)
      const all = names.map((name) => ({ name }))
      for (const name of input.RegionNames ?? [])
        if (!names.includes(name)) throw invalidParameter(`Invalid region: [${name}]`)
      const named = (input.RegionNames?.length ?? 0) > 0
      const asked = named ? all.filter(({ name }) => input.RegionNames?.includes(name)) : all
      return {
        Regions: filteredBy(asked, input.Filters, regionFields).map(({ name }) => ({
          RegionName: name,
          Endpoint: endpointOf(name),
          OptInStatus: 'opt-in-not-required',
        })),
      }
    },
  },
  DescribeAvailabilityZones: {
    run(input, call) {
      const { region } = call
      const all = zonesOf(region).map((zone) => ({ ...zone, region }))
      for (const name of input.ZoneNames ?? [])
        if (!all.some((zone) => zone.name === name))
          throw invalidParameter(`Invalid availability zone: [${name}]`)
      for (const id of input.ZoneIds ?? [])
        if (!all.some((zone) => zone.id === id))
          throw invalidParameter(`Invalid availability zone-id: [${id}]`)
      const asked = all.filter(
        (zone) => isAsked(zone.name, input.ZoneNames) && isAsked(zone.id, input.ZoneIds),
      )
      return { AvailabilityZones: filteredBy(asked, input.Filters, zoneFields).map(zoneOut) }
    },
  },
  DescribeAccountAttributes: {
    run(input, call) {
      const attributes: Readonly<Record<string, readonly string[]>> = {
        'supported-platforms': ['VPC'],
        'vpc-max-security-groups-per-interface': ['5'],
        'max-elastic-ips': ['5'],
        'max-instances': ['20'],
        'vpc-max-elastic-ips': ['5'],
        'default-vpc': [defaultVpcId(call) ?? 'none'],
      }
      const asked = input.AttributeNames ?? []
      const names = asked.length > 0 ? asked : Object.keys(attributes)
      return {
        AccountAttributes: names.map((name) => {
          const values = attributes[name]
          if (values === undefined) throw fault('InvalidParameterValue', `Invalid attribute: ${name}`, 400)
          return {
            AttributeName: name,
            AttributeValues: values.map((AttributeValue) => ({ AttributeValue })),
          }
        }),
      }
    },
  },
})

interface ZoneHere extends Zone {
  readonly region: string
}

function isAsked(text: string, list: readonly string[] | undefined): boolean {
  return list === undefined || list.length === 0 || list.includes(text)
}

function endpointOf(region: string): string {
  return `ec2.${region}.${dnsSuffixIn(region)}`
}

function zoneOut({ name, id, region }: ZoneHere): Ec2.AvailabilityZone {
  return {
    ZoneName: name,
    ZoneId: id,
    RegionName: region,
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
  }
}

const regionFields: Fields<{ readonly name: string }> = {
  endpoint: ({ name }) => endpointOf(name),
  'opt-in-status': () => 'opt-in-not-required',
  'region-name': ({ name }) => name,
}

const zoneFields: Fields<ZoneHere> = {
  ...nowhere('message parent-zone-id parent-zone-name'),
  'group-long-name': ({ region }) => region,
  'group-name': ({ region }) => `${region}-zg-1`,
  'network-border-group': ({ region }) => region,
  'opt-in-status': () => 'opt-in-not-required',
  'region-name': ({ region }) => region,
  state: () => 'available',
  'zone-id': ({ id }) => id,
  'zone-name': ({ name }) => name,
  'zone-type': () => 'availability-zone',
}
