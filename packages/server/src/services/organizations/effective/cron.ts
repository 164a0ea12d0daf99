/** A field of a schedule. */
interface Field {
  readonly least: number
  readonly most: number
  /** The largest step; undefined for years. */
  readonly step?: number
  /** Names of its values, from the least on. */
  readonly names?: readonly string[]
  readonly day?: 'month' | 'week'
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const fields: readonly Field[] = [
  { least: 0, most: 59, step: 59 },
  { least: 0, most: 23, step: 23 },
  { least: 1, most: 31, step: 31, day: 'month' },
  { least: 1, most: 12, step: 12, names: months },
  { least: 1, most: 7, step: 7, names: days, day: 'week' },
  { least: 0, most: 9999 },
]

/** Minutes to days of the week; years may be left out. */
const fieldsNeeded = 5

/** A schedule is short; a longer one is not looked at. */
const longestSchedule = 1_000

/**
 * Returns whether AWS Backup reads a text as a schedule: `cron(…)`, as Quartz reads its triggers (behaviour ORG-127).
 * What follows the sixth field is not looked at.
 */
export function isSchedule(text: string): boolean {
  if (!/^\s*cron\(/i.test(text)) return true
  const inner = /^\s*cron\((.*)\)\s*$/i.exec(text)?.[1]
  if (inner === undefined || inner.length > longestSchedule) return false
  const fieldTexts = inner
    .toUpperCase()
    .split(/[ \t]+/)
    .filter((each) => each !== '')
  if (fieldTexts.length < fieldsNeeded) return false
  const isWhole = fields.every(
    (field, place) => fieldTexts[place] === undefined || isField(fieldTexts[place], field),
  )
  return isWhole && isOneDay(fieldTexts[2]!, fieldTexts[4]!) && happens(fieldTexts[2]!, fieldTexts[3]!)
}

/** Either a day of the month or a day of the week is left open. */
function isOneDay(dayOfMonth: string, dayOfWeek: string): boolean {
  return dayOfMonth.split(',').includes('?') !== dayOfWeek.split(',').includes('?')
}

function isField(text: string, field: Field): boolean {
  // the last day does not go with others, nor do two counted days
  if (field.day !== undefined && text.includes('L') && text.includes(',')) return false
  if (field.day === 'week' && text.split('#').length > 2) return false
  const parts = text.split(',').filter((part) => part !== '')
  return parts.every((part) => isPart(part, field))
}

function isPart(part: string, field: Field): boolean {
  if (part.startsWith('?')) return field.day !== undefined && part === '?'
  if (part === '*') return true
  const every = /^(?:\*?\/)(\d+)/.exec(part)
  if (every !== null) return isStep(every[1]!, field)
  if (part.startsWith('L')) return isLast(part, field)
  return /^[A-Z]/.test(part) ? isNamed(part, field) : isNumber(part, field)
}

/** The last day, of the week or of the month: `L`, `L-3`, `LW`, `L-3W`. */
function isLast(part: string, { day }: Field): boolean {
  if (day === 'week') return part === 'L'
  const offset = /^L(?:-(\d+))?W?$/.exec(part)
  return day === 'month' && offset !== null && Number(offset[1] ?? 0) <= 30
}

/** Names of months and days; a step behind a range of names is not looked at. */
function isNamed(part: string, { names = [], day }: Field): boolean {
  if (!names.includes(part.slice(0, 3))) return false
  const rest = part.slice(3)
  if (rest.startsWith('-')) return names.includes(rest.slice(1, 4))
  return day === 'week' && rest.startsWith('#') ? isCount(rest.slice(1)) : true
}

/** `5`, `1-5`, `1-5/2`, `1/5`; `5W` in a month; `5L` and `5#2` in a week. */
function isNumber(part: string, field: Field): boolean {
  const [whole, first, rest = ''] = /^(\d+)(.*)$/.exec(part) ?? []
  if (whole === undefined || !isIn(first!, field)) return false
  switch (rest[0]) {
    case undefined:
      return true
    case '-':
      return isRange(first!, rest.slice(1), field)
    case '/':
      return /^\/\d+$/.test(rest) && isStep(rest.slice(1), field)
    case 'L':
      return field.day === 'week'
    case 'W':
      return field.day === 'month'
    case '#':
      return field.day === 'week' && isCount(rest.slice(1))
    default:
      return true
  }
}

/** All ranges wrap around, but those of years. */
function isRange(first: string, rest: string, field: Field): boolean {
  const last = /^\d+/.exec(rest)?.[0]
  if (last === undefined || Number(last) > field.most) return false
  return field.step !== undefined || Number(first) <= Number(last)
}

function isIn(digits: string, { least, most }: Field): boolean {
  return Number(digits) >= least && Number(digits) <= most
}

function isStep(digits: string, { step = Number.POSITIVE_INFINITY }: Field): boolean {
  return Number(digits) <= step
}

/** The first to the fifth such day of a month. */
function isCount(digits: string): boolean {
  return /^[1-5]$/.test(digits)
}

/** Days that no month of the schedule has never come, such as the working day next to 31 February. */
function happens(dayOfMonth: string, month: string): boolean {
  const chosen = dayOfMonth.split(',').map((part) => /^(\d+)W?$/.exec(part)?.[1])
  const monthNumbers = month.split(',').map((part) => months.indexOf(part) + 1 || Number(part))
  if (chosen.includes(undefined) || !monthNumbers.every((each) => each >= 1 && each <= 12)) return true
  return chosen.some((day) => monthNumbers.some((each) => Number(day) <= longest[each - 1]!))
}
