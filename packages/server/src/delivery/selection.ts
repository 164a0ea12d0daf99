import type { AdvancedEventSelector, EventSelector, FieldSelector, Trail } from '../directory/index.ts'
import type { StoredEvent } from '../store/index.ts'

/** Services without regions: a trail may exclude their events (behaviour TRL-71). */
const globalSources = new Set(['iam.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com'])

/** The selectors of a trail that has none of its own. */
const allManagement: EventSelector = {
  readWriteType: 'All',
  includeManagementEvents: true,
  dataResources: [],
  excludeSources: [],
}

/** Returns whether a trail delivers an event of an account that it covers. */
export function delivers(trail: Trail, event: StoredEvent): boolean {
  if (!trail.periods.some(({ from, to }) => event.time >= from && (to === undefined || event.time <= to)))
    return false
  if (!trail.multiRegion && event.region !== trail.homeRegion) return false
  if (!trail.globalEvents && globalSources.has(event.source)) return false
  if (trail.advancedSelectors !== undefined)
    return trail.advancedSelectors.some((selector) => passesAdvanced(selector, event))
  return (trail.selectors ?? [allManagement]).some((selector) => passes(selector, event))
}

function passes(selector: EventSelector, event: StoredEvent): boolean {
  const { readOnly, source, data } = event
  if (selector.readWriteType !== 'All' && (selector.readWriteType === 'ReadOnly') !== readOnly) return false
  if (data === true) return selector.dataResources.some((chosen) => choosesData(chosen, event))
  return selector.includeManagementEvents && !selector.excludeSources.includes(source)
}

/** The beginning of a service's ARNs that means every resource, and the event source of the service. */
const allOf: Readonly<Record<string, { readonly all: RegExp; readonly source: string }>> = {
  'AWS::S3::Object': { all: /^arn:aws[a-z-]*:s3(?::::)?$/, source: 's3.amazonaws.com' },
  'AWS::Lambda::Function': { all: /^arn:aws[a-z-]*:lambda$/, source: 'lambda.amazonaws.com' },
  'AWS::DynamoDB::Table': { all: /^arn:aws[a-z-]*:dynamodb$/, source: 'dynamodb.amazonaws.com' },
}

/** Returns whether a basic selector of data resources matches the event (behaviour TRL-73). */
function choosesData({ type, values }: EventSelector['dataResources'][number], event: StoredEvent): boolean {
  const all = allOf[type]
  return values.some((value) => {
    if (all?.all.test(value) === true) return event.source === all.source
    return event.resources.some((resource) => {
      if (resource.type !== type) return false
      return type === 'AWS::S3::Object' ? resource.name.startsWith(value) : resource.name === value
    })
  })
}

/** All fields must match. Those about resources must match one and the same resource. */
function passesAdvanced({ fields }: AdvancedEventSelector, event: StoredEvent): boolean {
  const own = fields.filter(({ field }) => !field.startsWith('resources.'))
  const onResource = fields.filter(({ field }) => field.startsWith('resources.'))
  const fits = own.every((field) => {
    const value = fieldOf(event, field.field)
    return value !== undefined && compares(field, value)
  })
  if (!fits || onResource.length === 0) return fits
  return event.resources.some(({ type, name }) =>
    onResource.every((field) => compares(field, field.field === 'resources.type' ? type : name)),
  )
}

/** Returns an event's value of a field, or undefined if it has no such field; then no selector on it matches. */
function fieldOf(event: StoredEvent, field: string): string | undefined {
  switch (field) {
    case 'eventCategory':
      return event.data === true ? 'Data' : 'Management'
    case 'readOnly':
      return String(event.readOnly)
    case 'eventSource':
      return event.source
    case 'eventName':
      return event.name
    case 'eventType':
      return textAt(event.json, ['eventType'])
    case 'errorCode':
      return event.errorCode
    case 'sessionCredentialFromConsole':
      return textAt(event.json, ['sessionCredentialFromConsole']) ?? 'false'
    case 'userIdentity.arn':
      return textAt(event.json, ['userIdentity', 'arn'])
    default:
      return undefined
  }
}

function textAt(json: string, path: readonly string[]): string | undefined {
  let value: unknown = JSON.parse(json)
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([key]) => key === name)?.[1]
  }
  return typeof value === 'string' ? value : undefined
}

/** Returns whether a value matches one of the included values and none of the excluded ones (behaviour TRL-72). */
function compares(field: FieldSelector, value: string): boolean {
  const { equals = [], startsWith = [], endsWith = [] } = field
  const { notEquals = [], notStartsWith = [], notEndsWith = [] } = field
  const fits = (are: readonly string[], start: readonly string[], end: readonly string[]) =>
    are.includes(value) ||
    start.some((text) => value.startsWith(text)) ||
    end.some((text) => value.endsWith(text))
  const wanted = equals.length + startsWith.length + endsWith.length > 0
  return (!wanted || fits(equals, startsWith, endsWith)) && !fits(notEquals, notStartsWith, notEndsWith)
}
