import { type Command, Option } from 'commander'
import {
  type ActionInfo,
  type KeyUse,
  keysUsedBy,
  type PassRoleRow,
  passRoleRowsOf,
  type ServiceInfo,
  serviceInfo,
  services,
} from '../../authorization/catalogue/index.ts'
import { didYouMean } from '../environment.ts'
import { badSyntax } from '../failure.ts'
import { print } from '../output.ts'
import { writeTable } from '../table.ts'

interface ActionsOptions {
  readonly permissionOnly?: boolean
  readonly passesRole?: boolean
  readonly output: 'human' | 'json'
}

/** An action, the roles that it passes, and the keys that it uses. */
interface Listed {
  readonly action: ActionInfo
  readonly keys: readonly KeyUse[]
  readonly passes: readonly PassRoleRow[]
}

/** `omen actions`: a service's actions, resources and condition keys, from AWS's service authorization reference. */
export function addActions(program: Command): void {
  program
    .command('actions')
    .description('list a service’s actions with access level, resources and condition keys')
    .argument('<service>', 'the prefix of its actions, for example iam')
    .option('--permission-only', 'only permissions without an operation, such as iam:PassRole')
    .option('--passes-role', 'only actions that pass a role to a service')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action((prefix: string, options: ActionsOptions) => {
      const service = serviceInfo(prefix)
      if (service === undefined)
        throw badSyntax(`AWS has no service ${prefix}${didYouMean(prefix, [...services().keys()])}`)
      const listed = listedOf(service).filter(
        ({ action, passes }) =>
          (options.permissionOnly !== true || action.permissionOnly) &&
          (options.passesRole !== true || passes.length > 0),
      )
      if (options.output === 'json') print(`${JSON.stringify(listed.map(asJson), null, 2)}\n`)
      else write(service, listed)
    })
}

function listedOf(service: ServiceInfo): readonly Listed[] {
  const rows = Map.groupBy(passRoleRowsOf(service.prefix), ({ operation }) => operation)
  return service.actions.map((action) => ({
    action,
    passes: rows.get(action.name) ?? [],
    keys: keysUsedBy(`${service.prefix}:${action.name}`),
  }))
}

function asJson({ action, passes, keys }: Listed) {
  const [first] = passes
  return {
    action: `${action.service}:${action.name}`,
    description: action.description,
    accessLevel: action.accessLevel,
    permissionOnly: action.permissionOnly,
    resources: action.resources,
    conditionKeys: action.conditionKeys,
    dependentActions: action.dependentActions,
    ...(keys.length > 0 && { keys }),
    ...(first === undefined
      ? {}
      : {
          passesRole: {
            roles: passes.flatMap(({ roles }) => roles),
            passedTo: [...new Set(passes.flatMap(({ passedTo }) => passedTo))],
            verified: passes.every(({ verified }) => verified),
            evidence: [...new Set(passes.flatMap(({ evidence }) => evidence))],
            ...(first.note === undefined ? {} : { note: first.note }),
          },
        }),
  }
}

const marks = { permission: '◇', passes: '→', unverified: '→?' } as const

function write({ prefix, title }: ServiceInfo, listed: readonly Listed[]): void {
  print(`${title} (${prefix}): ${listed.length} action${listed.length === 1 ? '' : 's'}\n\n`)
  writeTable(
    ['Action', 'Access level', 'Resource types', 'Condition keys', 'Needs as well'],
    listed.map(({ action, passes, keys }) => [
      [`${action.name}${marksOf(action, passes)}`],
      [action.accessLevel],
      action.resources.map(({ type, required }) => (required ? `${type}*` : type)),
      [
        ...new Set([
          ...action.conditionKeys,
          ...action.resources.flatMap(({ conditionKeys }) => conditionKeys),
        ]),
      ],
      [...new Set([...action.dependentActions, ...keys.map((key) => key.action)])],
    ]),
    process.stdout,
  )
  print(`\n${legend(listed)}${elsewhere(prefix, listed)}`)
}

function marksOf({ permissionOnly }: ActionInfo, passes: readonly PassRoleRow[]): string {
  const permission = permissionOnly ? ` ${marks.permission}` : ''
  if (passes.length === 0) return permission
  return `${permission} ${passes.every(({ verified }) => verified) ? marks.passes : marks.unverified}`
}

/** The legend of the marks in the output. */
function legend(listed: readonly Listed[]): string {
  const rows = listed.flatMap(({ passes }) => passes)
  const lines = [
    [
      '*',
      'required resource',
      listed.some(({ action }) => action.resources.some(({ required }) => required)),
    ],
    [marks.permission, 'a permission, no operation', listed.some(({ action }) => action.permissionOnly)],
    [marks.passes, 'hands a role to a service: iam:PassRole is asked', rows.some(({ verified }) => verified)],
    [
      marks.unverified,
      'takes a role, but AWS was not seen to ask for iam:PassRole',
      rows.some(({ verified }) => !verified),
    ],
  ] as const
  return lines.map(([mark, meaning, used]) => (used ? `${mark.padEnd(2)} ${meaning}\n` : '')).join('')
}

/** Operations that pass a role and need an action of another name. */
function elsewhere(prefix: string, listed: readonly Listed[]): string {
  const names = new Set(serviceInfo(prefix)?.actions.map(({ name }) => name))
  const others = passRoleRowsOf(prefix).filter(({ operation }) => !names.has(operation))
  if (others.length === 0 || !listed.some(({ passes }) => passes.length > 0)) return ''
  return `${marks.passes}  besides, under actions of other names: ${others.map(({ operation }) => operation).join(', ')}\n`
}
