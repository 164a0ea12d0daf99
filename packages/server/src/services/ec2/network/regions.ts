import { factsOf, type Partition } from '../../../base/index.ts'

/** EC2's layout of a region: its zones' letters, and the short name in zone ids. */
interface Layout {
  readonly short: string
  readonly letters: string
}

/** Regions that every account has without opting in (behaviour EC2-60). */
const layouts: Readonly<Record<string, Layout>> = {
  'ap-northeast-1': { short: 'apne1', letters: 'acd' },
  'ap-northeast-2': { short: 'apne2', letters: 'abcd' },
  'ap-northeast-3': { short: 'apne3', letters: 'abc' },
  'ap-south-1': { short: 'aps1', letters: 'abc' },
  'ap-southeast-1': { short: 'apse1', letters: 'abc' },
  'ap-southeast-2': { short: 'apse2', letters: 'abc' },
  'ca-central-1': { short: 'cac1', letters: 'abd' },
  'cn-north-1': { short: 'cnn1', letters: 'abd' },
  'cn-northwest-1': { short: 'cnnw1', letters: 'abc' },
  'eu-central-1': { short: 'euc1', letters: 'abc' },
  'eu-north-1': { short: 'eun1', letters: 'abc' },
  'eu-west-1': { short: 'euw1', letters: 'abc' },
  'eu-west-2': { short: 'euw2', letters: 'abc' },
  'eu-west-3': { short: 'euw3', letters: 'abc' },
  'sa-east-1': { short: 'sae1', letters: 'abc' },
  'us-east-1': { short: 'use1', letters: 'abcdef' },
  'us-east-2': { short: 'use2', letters: 'abc' },
  'us-gov-east-1': { short: 'usge1', letters: 'abc' },
  'us-gov-west-1': { short: 'usgw1', letters: 'abc' },
  'us-west-1': { short: 'usw1', letters: 'ac' },
  'us-west-2': { short: 'usw2', letters: 'abcd' },
}

export interface Zone {
  /** `us-east-1a`. */
  readonly name: string
  /** `use1-az1`. */
  readonly id: string
}

/** Returns the regions of a partition. */
export function regionNames(partition: Partition): readonly string[] {
  const { regionForm } = factsOf(partition)
  return Object.keys(layouts).filter((name) => regionForm.test(name))
}

/** Returns the zones of a region; an unknown region has three. */
export function zonesOf(region: string): readonly Zone[] {
  const { short, letters } = layouts[region] ?? { short: shortName(region), letters: 'abc' }
  return [...letters].map((letter, i) => ({ name: region + letter, id: `${short}-az${i + 1}` }))
}

/** `eu-south-2` → `eus2`, as AWS shortens its own. */
function shortName(region: string): string {
  return region
    .split('-')
    .map((word, i) => (i === 0 || /^\d+$/.test(word) ? word : word[0]!))
    .join('')
}
