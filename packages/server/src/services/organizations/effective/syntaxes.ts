import { resourceTypesOf } from '../../../authorization/index.ts'
import { aiServices } from './ai-services.ts'
import { isSchedule } from './cron.ts'
import { anything, fields, keys, type Syntax, scalars, text, texts } from './syntax.ts'

/** `tags`: a key for each tag; its tag_key may differ from the key only in case (behaviours ORG-91 and ORG-123). */
export const tagSyntax: Syntax = keys(
  (key) =>
    fields({
      tag_key: text((assigned) => assigned.toLowerCase() === key.toLowerCase()),
      tag_value: scalars(hasOneWildcard),
      enforced_for: texts(isTaggedType),
      report_required_tag_for: texts(isTaggedType),
    }),
  (key) => key !== '',
)

/** `services`: the AI services that AWS lists, letter by letter (behaviour ORG-124). */
export const optOutSyntax: Syntax = keys(
  fields({ opt_out_policy: text((value) => value === 'optOut' || value === 'optIn') }),
  (key) => aiServices.has(key),
)

const client = text()
const roles = texts()
const channels = { supported_channel_types: texts(), supported_role_settings: roles }

/** `chatbot`: clients by platform (behaviours ORG-125 and ORG-126). */
export const chatSyntax: Syntax = fields({
  default: fields({ client }),
  platforms: fields({
    slack: fields({
      client,
      workspaces: texts(isWorkspace),
      default: fields(channels),
      overrides: keys(fields(channels), isWorkspace),
    }),
    microsoft_teams: fields({
      client,
      tenants: keys(texts(isTenant), isTenant),
      default: fields({ supported_role_settings: roles }),
      overrides: keys(keys(fields({ supported_role_settings: roles }), isUuid), isUuid),
    }),
    chime: fields({ client }),
  }),
})

const windows = { is: 'value', list: false, fits: isMinutes, operators: ['@@assign'] } as const

/** `plans`: of a rule, its schedule and its windows are looked at (behaviours ORG-127 and ORG-128). */
export const backupSyntax: Syntax = keys(
  fields(
    {
      regions: texts(),
      rules: keys(
        fields(
          {
            schedule_expression: text(isSchedule),
            start_backup_window_minutes: windows,
            complete_backup_window_minutes: windows,
          },
          anything,
        ),
      ),
    },
    anything,
  ),
)

/** One at most; numbers, booleans and null have none. */
function hasOneWildcard(value: unknown): boolean {
  return typeof value !== 'string' || value.split('*').length <= 2
}

/**
 * `ec2:instance`, or `ec2:ALL_SUPPORTED`: a type of the service authorization reference (behaviour ORG-123).
 */
function isTaggedType(name: string): boolean {
  const [service = '', type = '', ...more] = name.split(':')
  const types = resourceTypesOf(service)
  if (types === undefined || more.length > 0) return false
  return type === 'ALL_SUPPORTED' || types.has(type.toLowerCase())
}

function isWorkspace(id: string): boolean {
  return /^[A-Z0-9]{1,255}$/.test(id)
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
}

/** A tenant or a team; `*` is all of them. */
function isTenant(id: string): boolean {
  return id === '*' || isUuid(id)
}

/** Sixteen digits at most. */
function isMinutes(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && /^\d{1,16}$/.test(String(value))
}
