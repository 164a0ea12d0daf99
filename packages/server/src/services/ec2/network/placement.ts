import { family } from '../../../authorization/index.ts'
import { dnsSuffixIn, fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { shownFields } from '../described.ts'
import { invalidParameter } from '../faults.ts'
import { filteredBy } from '../filter.ts'
import { filters } from '../shown-filters.ts'
import { defaultVpcId } from './launch-interface.ts'
import { regionNames, type Zone, zonesOf } from './regions.ts'

/** Regions, zones, and the account's default attributes. */
export const placement = family<Ec2.Operations>()({
  DescribeRegions: {
    run({ RegionNames: asked = [], Filters }, { account: { partition } }) {
      const all = regionNames(partition)
      for (const name of asked) if (!all.includes(name)) throw invalidParameter(`Invalid region: [${name}]`)
      const regions = all
        .filter((name) => isAsked(name, asked))
        .map((name) => ({
          RegionName: name,
          Endpoint: `ec2.${name}.${dnsSuffixIn(name)}`,
          OptInStatus: 'opt-in-not-required',
        }))
      return { Regions: filteredBy(regions, Filters, regionFilters) }
    },
  },
  DescribeAvailabilityZones: {
    run({ ZoneNames: names = [], ZoneIds: ids = [], Filters }, { region }) {
      const all = zonesOf(region)
      for (const name of names)
        if (!all.some((zone) => zone.name === name))
          throw invalidParameter(`Invalid availability zone: [${name}]`)
      for (const id of ids)
        if (!all.some((zone) => zone.id === id))
          throw invalidParameter(`Invalid availability zone-id: [${id}]`)
      const zones = all
        .filter((zone) => isAsked(zone.name, names) && isAsked(zone.id, ids))
        .map((zone) => zoneOut(zone, region))
      return { AvailabilityZones: filteredBy(zones, Filters, zoneFilters) }
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
      const attributeNames = input.AttributeNames ?? []
      const names = attributeNames.length > 0 ? attributeNames : Object.keys(attributes)
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

function isAsked(text: string, list: readonly string[]): boolean {
  return list.length === 0 || list.includes(text)
}

function zoneOut({ name, id }: Zone, region: string): Ec2.AvailabilityZone {
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

const regionFilters = shownFields(filters.DescribeRegions)

const zoneFilters = shownFields(filters.DescribeAvailabilityZones)
