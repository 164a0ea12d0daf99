import { type Command, Option } from 'commander'
import type { AssumedSession, WhoAmI } from '../../gate/index.ts'
import { runningServer } from '../client.ts'
import { spokenDuration } from '../duration.ts'
import { Home } from '../home.ts'
import { print, safe } from '../output.ts'
import { shortName } from '../short-name.ts'
import { type Signer, signerOf } from '../signer.ts'
import { spokenChain } from '../spoken.ts'

interface WhoamiOptions {
  readonly home?: string
  readonly output: 'human' | 'json'
}

/** `omen whoami`: the identity behind these credentials, its chain, and how long it lasts. */
export function addWhoami(program: Command): void {
  program
    .command('whoami')
    .description('show the caller: original identity, chain of roles, tags and expiration')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(['human', 'json']).default('human'),
    )
    .action(async (options: WhoamiOptions) => {
      const signer = await signerOf(runningServer(Home.at(options.home)), process.env)
      const text =
        options.output === 'json'
          ? JSON.stringify({ from: signer.from, ...signer.me }, null, 2)
          : describe(signer)
      print(`${text}\n`)
    })
}

function describe({ me, from }: Signer): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['account', me.account],
    ['key', `${me.accessKeyId} of ${from}`],
    ['person', me.person === undefined ? undefined : `${me.person} of IAM Identity Center`],
    ['permission set', me.permissionSet],
    ['original caller', me.chain.length > 1 ? me.chain[0] : undefined],
    ['chain', me.chain.length > 1 ? spokenChain(me.chain) : undefined],
    ...(me.session === undefined ? [] : sessionRows(me, me.session)),
  ]
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== undefined)
  return [me.arn, ...shown.map(([name, value]) => `  ${name.padEnd(17)} ${value}`)].map(safe).join('\n')
}

function sessionRows(
  me: WhoAmI,
  session: AssumedSession,
): readonly (readonly [string, string | undefined])[] {
  const { tags, transitiveTagKeys, policies } = session
  const marked = tags.map(
    ({ Key, Value }) => `${Key}=${Value}${transitiveTagKeys.includes(Key) ? ' (transitive)' : ''}`,
  )
  const documents = [...(policies?.inline === undefined ? [] : ['inline']), ...(policies?.arns ?? [])]
  return [
    ['role', session.roleArn],
    ['session name', session.sessionName],
    ['assumed by', session.service],
    ['identity provider', session.provider],
    ['source identity', session.sourceIdentity],
    ['tags', marked.length === 0 ? undefined : marked.join(', ')],
    ['session policies', documents.length === 0 ? undefined : documents.map(shortName).join(', ')],
    ['MFA', session.mfaAt === undefined ? undefined : `given ${ago(session.mfaAt, me.now)} ago`],
    ['expires', `${session.expiresAt} (in ${ago(me.now, session.expiresAt)})`],
  ]
}

function ago(earlier: string, later: string): string {
  return spokenDuration((Date.parse(later) - Date.parse(earlier)) / 1000)
}
