import type { AdvancedEventSelector, EventSelector, FieldSelector, Trail } from '../directory/index.ts'
import type { StoredEvent } from '../store/index.ts'

/** Services without regions: a trail may leave their events out (behaviour TRL-71). */
const globalSources = new Set(['iam.amazonaws.com', 'sts.amazonaws.com', 'organizations.amazonaws.com'])

/** Whether a trail delivers an event of an account that it covers. */
export function delivers(trail: Trail, event: StoredEvent): boolean {
  if (!trail.periods.some(({ from, to }) => event.time >= from && (to === undefined || event.time <= to)))
    return false
  if (!trail.multiRegion && event.region !== trail.homeRegion) return false
  if (!trail.globalEvents && globalSources.has(event.source)) return false
  if (trail.advancedSelectors !== undefined)
    return trail.advancedSelectors.some((selector) => passesAdvanced(selector, event))
  return trail.selectors === undefined || trail.selectors.some((selector) => passes(selector, event))
}

function passes(selector: EventSelector, { readOnly, source }: StoredEvent): boolean {
  if (!selector.includeManagementEvents || selector.excludeSources.includes(source)) return false
  return selector.readWriteType === 'All' || (selector.readWriteType === 'ReadOnly') === readOnly
}

function passesAdvanced({ fields }: AdvancedEventSelector, event: StoredEvent): boolean {
  return fields.every((field) => {
    const value = fieldOf(event, field.field)
    return value !== undefined && compares(field, value)
  })
}

/** What an event says in a field; undefined where it has no such field, and then no selector on it fits. */
function fieldOf(event: StoredEvent, field: string): string | undefined {
  switch (field) {
    case 'eventCategory':
      return 'Management'
    case 'readOnly':
      return String(event.readOnly)
    case 'eventSource':
      return event.source
    case 'eventName':
      return event.name
    case 'eventType':
      return textAt(event.json, ['eventType'])
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

/** One of what may be must fit, and none of what may not (behaviour TRL-72). */
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
