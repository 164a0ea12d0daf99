import { given } from '../../base/index.ts'
import type { LastUseImage, LoginProfileImage, SourcePlace, UserImage } from '../../image/index.ts'
import type { Draft } from '../draft.ts'
import { intakeLimits } from '../limits.ts'
import { IntakeProblem } from '../problem.ts'
import { accountOfArn, forms } from './answer.ts'

/**
 * Reads IAM's credential report: who has a password and since when, and when keys were used. The report has no ids of
 * keys and devices; its dates of use belong to the keys that list-access-keys names.
 */
export function credentialReport(text: string, at: SourcePlace, draft: Draft): void {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const columns = head.split(',')
  if (lines.length > intakeLimits.things)
    throw new IntakeProblem(at, `the report has more than ${intakeLimits.things} lines`)
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    // a report in base64 has no lines of its own in the file
    const place = at.line === 0 ? { ...at, line: index + 2 } : at
    const cells = cellsOf(line)
    if (cells.length !== columns.length)
      throw new IntakeProblem(
        place,
        `line ${index + 2} of the report has ${cells.length} columns, not ${columns.length}`,
      )
    const row = new Map(columns.map((name, column) => [name, cells[column] ?? '']))
    readRow((name) => row.get(name) ?? 'N/A', place, draft)
  }
}

function readRow(cell: (name: string) => string, at: SourcePlace, draft: Draft): void {
  const account = accountOfArn(cell('arn'))
  const name = cell('user')
  if (account === undefined)
    throw new IntakeProblem(at, `${JSON.stringify(cell('arn'))} is not an ARN of an account`)
  const { id, partition } = account
  const isRoot = name === '<root_account>'
  if (!isRoot && !forms.name.test(name))
    throw new IntakeProblem(at, `${JSON.stringify(name)} is not a name of a user`)
  if (isRoot) {
    const createdAt = instantOf(cell('user_creation_time'))
    draft.set(id, partition, createdAt === undefined ? {} : { createdAt }, at)
  } else {
    const image = given<UserImage>({
      at,
      name,
      passwordLastUsed: instantOf(cell('password_last_used')),
    })
    draft.add(id, partition, 'users', image)
    if (cell('password_enabled') === 'true') {
      const profile = given<LoginProfileImage>({
        at,
        user: name,
        passwordSetAt: instantOf(cell('password_last_changed')),
      })
      draft.add(id, partition, 'loginProfiles', profile)
    }
  }
  for (const number of [1, 2]) {
    const key = (what: string) => cell(`access_key_${number}_${what}`)
    const use = instantOf(key('last_used_date'))
    const rotated = instantOf(key('last_rotated'))
    if (rotated === undefined) continue
    const lastUsed: LastUseImage | undefined =
      use === undefined
        ? undefined
        : { at: use, region: key('last_used_region'), service: key('last_used_service') }
    draft.reportKey(id, partition, {
      at,
      user: isRoot ? null : name,
      createdAt: rotated,
      active: key('active') === 'true',
      lastUsed,
    })
  }
}

function instantOf(text: string): number | undefined {
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? undefined : instant
}

/** The cells of a line; one that contains a comma is in quotes. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
