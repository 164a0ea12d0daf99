import { type Command, Option } from 'commander'
import type { SnapshotHead } from '../../gate/index.ts'
import { callServer } from '../client.ts'
import { exampleText, whatOf } from '../diff/report.ts'
import { exitCodes } from '../failure.ts'
import { Progress } from '../intake/progress.ts'
import { accountsOf, fetchImage } from '../intake/send.ts'
import { type ServerTarget, serverTarget } from '../intake/target.ts'
import { print, printError, safe, safeTexts } from '../output.ts'
import { type PermissionChange, permissionChanges } from '../snapshot/difference.ts'
import { writeTable } from '../table.ts'

interface SnapshotOptions {
  readonly home?: string
  readonly house?: string
  readonly output: 'human' | 'json'
}

/** `omen snapshot`: states of a running server, saved under names. */
export function addSnapshot(program: Command): void {
  const snapshot = program
    .command('snapshot')
    .description('save, load and compare the accounts of a running server')
  const add = (name: string, description: string) =>
    snapshot
      .command(name)
      .description(description)
      .addOption(
        new Option('--house <home-or-url>', 'the folder or URL of the server (default: that of --home)'),
      )
      .addOption(
        new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'),
      )
      .addOption(
        new Option('--output <format>', 'the format of the output')
          .choices(['human', 'json'])
          .default('human'),
      )
  const target = (options: SnapshotOptions) => serverTarget(options.house, options.home, process.env)
  const post = async (step: 'save' | 'load' | 'remove', name: string, options: SnapshotOptions) => {
    const { server, keys } = target(options)
    return (await callServer(server, 'POST', `/_omen/snapshots/${step}`, keys, { name })) as SnapshotHead // as the route answers
  }
  add('save', 'save all accounts under a name')
    .argument('<name>')
    .action(async (name: string, options: SnapshotOptions) => {
      const head = await post('save', name, options)
      if (options.output === 'json') print(`${JSON.stringify(head, null, 2)}\n`)
      else printError(`saved as ${safe(head.name)}: ${head.accounts} accounts\n`)
    })
  add('load', 'put all accounts back as they were; the event history stays')
    .argument('<name>')
    .action(async (name: string, options: SnapshotOptions) => {
      const head = await post('load', name, options)
      if (options.output === 'json') print(`${JSON.stringify(head, null, 2)}\n`)
      else printError(`the accounts are as on ${head.savedAt}\n`)
    })
  add('remove', 'remove a snapshot')
    .argument('<name>')
    .action(async (name: string, options: SnapshotOptions) => {
      await post('remove', name, options)
    })
  add('list', 'list the snapshots').action(async (options: SnapshotOptions) => {
    const { server, keys } = target(options)
    const answer = await callServer(server, 'GET', '/_omen/snapshots', keys)
    const { snapshots } = answer as { snapshots: readonly SnapshotHead[] } // as the route answers
    if (options.output === 'json') print(`${JSON.stringify(snapshots, null, 2)}\n`)
    else
      writeTable(
        ['name', 'saved', 'accounts', 'records'],
        snapshots.map(({ name, savedAt, accounts, items }) => [
          [safe(name)],
          [savedAt],
          [String(accounts)],
          [String(items)],
        ]),
        process.stdout,
      )
  })
  add(
    'diff',
    'show what changes for whom between a snapshot and another, or now; exit 1 if there is anything',
  )
    .argument('<before>')
    .argument('[after]', 'default: the current state')
    .action(async (before: string, after: string | undefined, options: SnapshotOptions) => {
      const house = target(options)
      const changes = permissionChanges(await imageOf(before, house), await imageOf(after, house))
      write(changes, options.output)
      if (changes.length > 0) process.exitCode = exitCodes.no
    })
}

async function imageOf(snapshot: string | undefined, { server, keys }: ServerTarget) {
  const progress = new Progress()
  const image = await fetchImage(await accountsOf(server, keys, snapshot), server, keys, progress, snapshot)
  progress.end()
  return image
}

const signs: Readonly<Record<PermissionChange['what'], string>> = {
  created: '+',
  deleted: '-',
  'access added': '+',
  'access removed': '-',
  'may be assumed': '+',
  'may no longer be assumed': '-',
  boundary: '~',
  groups: '~',
  organization: '~',
}

function write(changes: readonly PermissionChange[], output: 'human' | 'json'): void {
  if (output === 'json') {
    const report = changes.map(({ access, ...change }) => ({
      ...change,
      ...(access === undefined
        ? {}
        : {
            kind: access.kind,
            certain: access.example !== undefined,
            [access.notActions ? 'notActions' : 'actions']: access.actions,
            [access.notResources ? 'notResources' : 'resources']: access.resources,
            principals: access.principals?.map(({ type, value }) => ({ type, value })),
          }),
    }))
    print(`${JSON.stringify(safeTexts(report), null, 2)}\n`)
    return
  }
  if (changes.length === 0) {
    print('Nobody may do more or less.\n')
    return
  }
  for (const [account, group] of Map.groupBy(changes, (change) => change.account)) {
    print(`account ${account}\n`)
    for (const change of group) {
      print(`  ${signs[change.what]} ${safe(sentenceOf(change))}\n`)
      if (change.access !== undefined && !change.what.startsWith('may'))
        print(`      ${safe(exampleText(change.access))}\n`)
    }
  }
}

function sentenceOf({ who, what, text, by, access }: PermissionChange): string {
  if (access === undefined) return `${who} ${text}`
  if (!what.startsWith('may')) return `${who} ${text} ${whatOf(access)}, by ${by}`
  const principals = access.principals?.map(({ value }) => value).join(', ') ?? 'somebody'
  const under = access.kind === 'conditions' ? ', under other conditions' : ''
  return `${who} ${text} by ${principals} (${access.actions.join(', ')})${under}`
}
