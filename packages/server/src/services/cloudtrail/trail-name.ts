import { type Fault, fault, parseArn } from '../../base/index.ts'

/** A trail as a text names it: by name, in the region of the call, or by ARN. */
export interface TrailReference {
  readonly name: string
  /** Given by an ARN. */
  readonly homeRegion?: string
  readonly account?: string
}

/** @throws Fault InvalidTrailNameException or CloudTrailARNInvalidException if the text is neither */
export function parseTrailReference(text: string): TrailReference {
  if (!text.startsWith('arn:')) return { name: checkedName(text) }
  const parts = parseArn(text)
  const name = parts?.resource.startsWith('trail/') ? parts.resource.slice('trail/'.length) : ''
  if (
    parts?.service !== 'cloudtrail' ||
    parts.region === '' ||
    !/^\d{12}$/.test(parts.account) ||
    name === ''
  ) {
    throw fault('CloudTrailARNInvalidException', `ARN ${text} is not a valid trail ARN.`, 400)
  }
  return { name: checkedName(name), homeRegion: parts.region, account: parts.account }
}

const rules: readonly (readonly [broken: RegExp, because: string])[] = [
  [/^\s*$/, 'Trail name cannot be blank!'],
  [
    /^.{0,2}$/s,
    'Trail name too short. Minimum allowed length: 3 characters. Specified name length: LENGTH characters.',
  ],
  [
    /^.{129,}$/s,
    'Trail name too long. Maximum allowed length: 128 characters. Specified name length: LENGTH characters.',
  ],
  [/^[^A-Za-z0-9]/, 'Trail name must starts with a letter or number.'],
  [/[^A-Za-z0-9]$/, 'Trail name must ends with a letter or number.'],
  [
    /[^A-Za-z0-9._-]/,
    'Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).',
  ],
  [/[._-]{2}/, 'Trail name cannot have adjacent periods (.), hyphens (-), or underscores (_).'],
  [/^\d{1,3}(?:\.\d{1,3}){3}$/, 'Trail name cannot be an IP address.'],
]

/** Returns the name if it follows the rules (behaviour CTR-1). */
export function checkedName(name: string): string {
  for (const [broken, because] of rules) if (broken.test(name)) throw invalid(because, name)
  return name
}

function invalid(because: string, name: string): Fault {
  return fault('InvalidTrailNameException', because.replace('LENGTH', String(name.length)), 400)
}
