import type { ImageFinding, SourcePlace } from '../../intake/index.ts'
import { github, type Level, type Place, type Result, sarif } from '../../report/index.ts'
import type { NewAccess } from '../diff/narrow.ts'
import { exampleText, whatOf } from '../diff/report.ts'
import { humanPaths, jsonOfDifferences, pathResults, pathRules } from '../graph/differences.ts'
import { words } from '../lint/report.ts'
import { safe } from '../output.ts'
import { unreadLines } from '../unread.ts'
import { version } from '../version.ts'
import type { AccessChange } from './changes.ts'
import type { MissingKey } from './missing-keys.ts'
import type { Plan } from './plan.ts'
import type { NewWay } from './roles.ts'

export const planFormats = ['human', 'json', 'sarif', 'github'] as const
export type PlanFormat = (typeof planFormats)[number]

/** The plan in one of the forms that people and programs read. */
export function planReport(plan: Plan, format: PlanFormat): string {
  switch (format) {
    case 'human':
      return human(plan)
    case 'json':
      return `${JSON.stringify(json(plan), null, 2)}\n`
    case 'sarif':
      return sarif({ name: 'omen plan', version: version(), rules }, resultsOf(plan), process.cwd())
    case 'github':
      return github(resultsOf(plan))
  }
}

function human(plan: Plan): string {
  const nameOf = namesIn(plan)
  const parts = [
    ...plan.changes.map((change) => humanChange(change, plan, nameOf)),
    humanWays(plan, nameOf),
    section(
      'Lost, and seen used:',
      plan.lost.map(({ who, action, resource }) => `${nameOf(who)}: ${action} on ${resource}`),
    ),
    humanPaths(plan.paths).replace(/^\n/, ''),
    section(
      'Refused, for want of a key:',
      plan.keys.map((each) => keyText(each, nameOf)),
    ),
    section(
      'Findings:',
      plan.findings.map(
        ({ file, span: { start }, class: type, message, code }) =>
          `${file}:${start.line}:${start.column}  ${words[type]}  ${message}  ${code}`,
      ),
    ),
    section('Not looked at:', [
      ...plan.notTaken.map(({ at, kind, name, reason }) => `${placeText(at)}  ${kind} ${name}: ${reason}`),
      ...plan.imageFindings.filter(isUnread).map(({ at, message }) => `${placeText(at)}  ${message}`),
      ...plan.notes,
    ]),
    section(
      'Taken so:',
      plan.imageFindings
        .filter((each) => !isUnread(each))
        .map(({ at, message }) => `${placeText(at)}  ${message}`),
    ),
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'Nothing changes.\n' : parts.join('\n')
}

/** Whether a finding is about something that is left out. The others are about what is read in another form. */
function isUnread({ code }: ImageFinding): boolean {
  return code === 'unknown-value' || code === 'unknown-deny'
}

function humanChange(change: AccessChange, plan: Plan, nameOf: NameOf): string {
  const { kind, arn, state, added, removed, limited, undecided } = change
  const at = plan.at.get(arn)
  const title =
    kind === 'trust'
      ? `${nameOf(arn)} (who may assume it)`
      : kind === 'resource'
        ? `${arn} (its policy)`
        : nameOf(arn)
  // a plan of Terraform is often one line, and names are not known yet
  const resource = at?.resource === undefined ? '' : `  ${at.resource}`
  const where = at === undefined ? '' : `${resource}  ${placeText(at)}`
  const isNew = state === 'made' && kind !== 'trust' ? ', new' : state === 'removed' ? ', removed' : ''
  const rows = [
    ...added.map((row) => rowLines('+', row, plan, exampleText(row))),
    ...removed.map((row) => rowLines('-', row, plan, exampleText(row))),
    ...limited.map((row) => rowLines('!', row, plan, 'The permissions boundary does not let it through.')),
    ...undecided.map((row) =>
      rowLines('?', row, plan, 'Undecided: no file has the permissions boundary, which may let it through.'),
    ),
  ]
  return `${safe(`${title}${isNew}${where}`)}\n${rows.join('')}`
}

function rowLines(sign: string, row: NewAccess, plan: Plan, more: string): string {
  const place = plan.places.of(row.statement)
  const where = place === undefined ? '' : `  ${placeText(place)}`
  return `  ${safe(`${sign} ${whatIn(row, plan)}${where}`)}\n      ${safe(more)}\n`
}

/** The access of a row; for a long statement of an AWS managed policy, the name of the policy. */
function whatIn(row: NewAccess, { places }: Plan): string {
  const owner = places.ownerOf(row.statement)
  if (owner === undefined) return whatOf(row)
  const name = owner.slice(owner.indexOf('/') + 1)
  if (row.actions.length <= mostActions || row.notActions) return `${whatOf(row)} (of ${name})`
  return `${row.actions.length} actions of ${name}${row.resources === undefined ? '' : ` on ${row.resources.join(', ')}`}`
}

/** Actions of a managed policy of AWS that are spelled out. */
const mostActions = 8

function humanWays({ ways }: Plan, nameOf: NameOf): string {
  const groups = Map.groupBy(ways, ({ role, how, service }) => JSON.stringify([role, how, service ?? '']))
  const lines = [...groups.values()].map((group) => {
    const [{ role, how, service } = { role: '', how: 'assume' as const, service: undefined }] = group
    const names = group.map(
      ({ who, conditions }) =>
        `${nameOf(who)}${conditions.length === 0 ? '' : ` (if ${conditions.join(', ')})`}`,
    )
    const shown =
      names.length > mostNames
        ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
        : names.join(', ')
    return accessText(nameOf(role), how, service, shown)
  })
  return section('Newly:', lines)
}

const mostNames = 8

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${safe(line)}\n`).join('')}`
}

/** How a user, group or role is named. */
type NameOf = (arn: string) => string

const ofIam = /^arn:[\w-]+:iam::(\d{12}):(.+)$/

/** `role/path/name` of an ARN of IAM, with the account where a plan is of several (behaviour TPL-188); other texts as they are. */
function namesIn({ at }: Plan): NameOf {
  const accounts = new Set([...at.keys()].flatMap((arn) => ofIam.exec(arn)?.[1] ?? []))
  return (arn) => {
    const [, account, resource] = ofIam.exec(arn) ?? []
    if (resource === undefined) return arn
    return accounts.size > 1 ? `${resource} of ${account}` : resource
  }
}

function placeText({ file, line, column }: SourcePlace): string {
  return isFile(file) ? `${file}:${line}:${column}` : file
}

/** A server has no files: its entities are of `account 123456789012`. */
function isFile(file: string): boolean {
  return !/^account \d{12}$/.test(file)
}

function json(plan: Plan) {
  const row = (each: NewAccess) => {
    const place = plan.places.of(each.statement)
    return {
      kind: each.kind,
      certain: each.example !== undefined,
      [each.notActions ? 'notActions' : 'actions']: each.actions,
      ...(each.resources === undefined
        ? {}
        : { [each.notResources ? 'notResources' : 'resources']: each.resources }),
      ...(each.principals === undefined
        ? {}
        : { principals: each.principals.map(({ type, value }) => ({ type, value })) }),
      ...(each.statement.condition.length === 0
        ? {}
        : {
            conditions: each.statement.condition.map(({ operator, key, values }) => ({
              operator,
              key,
              values: values.map(({ value }) => value),
            })),
          }),
      ...(place === undefined ? {} : { at: place }),
      ...(each.example === undefined
        ? {}
        : {
            example: {
              action: each.example.action,
              resource: each.example.resource,
              context: Object.fromEntries(each.example.context.entries()),
            },
          }),
    }
  }
  return {
    access: plan.changes.map(({ kind, arn, state, added, removed, limited, undecided }) => ({
      kind,
      arn,
      state,
      ...(plan.at.has(arn) ? { at: plan.at.get(arn) } : {}),
      added: added.map(row),
      removed: removed.map(row),
      limited: limited.map(row),
      undecided: undecided.map(row),
    })),
    wearers: plan.ways,
    lost: plan.lost,
    keys: plan.keys,
    ...jsonOfDifferences(plan.paths),
    findings: plan.findings.map(({ file, class: type, code, message, span: { start }, owner }) => ({
      file,
      line: start.line,
      column: start.column,
      class: type,
      code,
      message,
      ...(owner === undefined ? {} : { owner }),
    })),
    notTaken: plan.notTaken,
    unknown: plan.imageFindings,
    unread: plan.unread,
    notes: plan.notes,
  }
}

const rules = {
  'new-access': 'A user, group or role may do what it could not do before.',
  'new-trust': 'A role or resource can be used by someone who could not use it before.',
  'lost-access': 'A user or role that was seen doing something may no longer do it.',
  'new-wearer': 'Someone can newly assume a role, or pass it to a service.',
  'missing-key': 'A call is allowed, and refused for the key of AWS KMS under which its resource is.',
  'not-looked-at': 'A part of the template is not known.',
  ...pathRules,
} as const

function resultsOf(plan: Plan): readonly Result[] {
  const nameOf = namesIn(plan)
  const range = (at: SourcePlace | undefined): { readonly place?: Place } =>
    at === undefined || !isFile(at.file)
      ? {}
      : {
          place: {
            file: at.file,
            startLine: at.line,
            startColumn: at.column,
            endLine: at.line,
            endColumn: at.column,
          },
        }
  const result = (
    rule: keyof typeof rules,
    level: Level,
    message: string,
    at: SourcePlace | undefined,
  ): Result => ({
    rule,
    level,
    message,
    fingerprint: `${rule} ${message}`,
    ...range(at),
  })
  return [
    ...plan.changes.flatMap(({ kind, arn, added }) =>
      added.map((row) =>
        result(
          kind === 'resource' || kind === 'trust' ? 'new-trust' : 'new-access',
          row.example === undefined ? 'note' : 'warning',
          `${nameOf(arn)}: newly allowed: ${whatOf(row)}. ${exampleText(row)}`,
          plan.places.of(row.statement) ?? plan.at.get(arn),
        ),
      ),
    ),
    ...plan.lost.map(({ who, action, resource }) =>
      result(
        'lost-access',
        'error',
        `${nameOf(who)} was seen using ${action} on ${resource} and may no longer.`,
        plan.at.get(who),
      ),
    ),
    ...plan.ways.map((each) =>
      result('new-wearer', 'warning', wayText(each, nameOf), plan.at.get(each.role)),
    ),
    ...plan.keys.map((each) =>
      result('missing-key', 'warning', `${keyText(each, nameOf)}.`, plan.at.get(each.who)),
    ),
    ...pathResults(plan.paths, '-'),
    ...plan.notTaken.map(({ at, kind, name, reason }) =>
      result('not-looked-at', 'note', `${kind} ${name}: ${reason}`, at),
    ),
    ...plan.findings.map(
      ({ file, span: { start, end }, class: type, message, code, owner }): Result => ({
        rule: code,
        level: type === 'error' ? 'error' : type === 'suggestion' ? 'note' : 'warning',
        message: owner === undefined ? message : `${message}  (${owner})`,
        place: {
          file,
          startLine: start.line,
          startColumn: start.column,
          endLine: end.line,
          endColumn: end.column,
        },
        fingerprint: JSON.stringify([code, owner, message]),
      }),
    ),
  ]
}

function keyText({ who, actions, resource, key, missing }: MissingKey, nameOf: NameOf): string {
  return `${nameOf(who)} may ${actions.join(', ')} on ${resource}, and needs ${missing.join(' and ')} on ${key} as well`
}

function wayText({ role, how, who, service, conditions }: NewWay, nameOf: NameOf): string {
  const when = conditions.length === 0 ? '' : `, if ${conditions.join(', ')} fit`
  return `${accessText(nameOf(role), how, service, nameOf(who), ' newly')}${how === 'assume' ? when : ''}.`
}

/** `role/x can be assumed by user/y`. */
function accessText(
  role: string,
  how: NewWay['how'],
  service: string | undefined,
  who: string,
  newly = '',
): string {
  switch (how) {
    case 'assume':
      return `${role} can${newly} be assumed by ${who}`
    case 'pass':
      return `${role} can${newly} be passed to ${service} by ${who}`
    case 'given':
      return `${role} is${newly} given to ${who}`
  }
}

/** How many changes of which kind; before it, what was not looked at. */
export function planSummary({ changes, ways, lost, paths, findings, unread }: Plan): string {
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`
  const added = changes.reduce((sum, each) => sum + each.added.length, 0)
  const removed = changes.reduce((sum, each) => sum + each.removed.length, 0)
  const undecided = changes.reduce((sum, each) => sum + each.undecided.length, 0)
  return `${unreadLines(unread)}${[
    count(added, 'new permission', 'new permissions'),
    ...(undecided === 0 ? [] : [`${undecided} undecided`]),
    `${removed} removed`,
    `${lost.length} of those seen used`,
    count(ways.length, 'new way to a role', 'new ways to a role'),
    count(paths.opened.length, 'path opened', 'paths opened'),
    count(findings.length, 'finding', 'findings'),
  ].join(', ')}\n`
}
