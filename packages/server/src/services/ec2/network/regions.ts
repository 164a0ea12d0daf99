import { factsOf, type Partition } from '../../../base/index.ts'

/** The regions that every account has without opting in (behaviour EC2-60), each with the letters of its zones. */
const regions: ReadonlyMap<string, string> = new Map(
  `ap-northeast-1:acd ap-northeast-2:abcd ap-northeast-3:abc ap-south-1:abc ap-southeast-1:abc ap-southeast-2:abc
  ca-central-1:abd cn-north-1:abd cn-northwest-1:abc eu-central-1:abc eu-north-1:abc eu-west-1:abc eu-west-2:abc
  eu-west-3:abc sa-east-1:abc us-east-1:abcdef us-east-2:abc us-gov-east-1:abc us-gov-west-1:abc us-west-1:ac
  us-west-2:abcd`
    .split(/\s+/)
    .map((each) => each.split(':') as [string, string]), // every word has one colon
)

export interface Zone {
  /** `us-east-1a`. */
  readonly name: string
  /** `use1-az1`. */
  readonly id: string
}

/** Returns the regions of a partition. */
export function regionNames(partition: Partition): readonly string[] {
  const { regionForm } = factsOf(partition)
  return [...regions.keys()].filter((name) => regionForm.test(name))
}

/** Returns the zones of a region; an unknown region has three. */
export function zonesOf(region: string): readonly Zone[] {
  const letters = regions.get(region) ?? 'abc'
  return [...letters].map((letter, i) => ({ name: region + letter, id: `${shortName(region)}-az${i + 1}` }))
}

/** `ap-southeast-2` → `apse2`, as zone ids have it. */
function shortName(region: string): string {
  return region
    .replace(/(north|south)(east|west)/, '$1-$2')
    .split('-')
    .map((word, i) => (i === 0 || /^\d+$/.test(word) ? word : word[0]!))
    .join('')
}
