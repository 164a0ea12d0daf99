import { type Command, Option } from 'commander'
import { callServer, runningServer } from '../client.ts'
import { CommandFailure, exitCodes } from '../failure.ts'
import { Home } from '../home.ts'
import { print } from '../output.ts'

interface ApproveOptions {
  readonly home?: string
  readonly as?: string
  readonly deny?: boolean
  readonly mfa?: boolean
  readonly print?: boolean
}

/** `omen approve`: decides on a sign-in of a program without a browser, for tests. */
export function addApprove(program: Command): void {
  program
    .command('approve')
    .description('answer a program that asks to sign in (aws login, aws sso login), without a browser')
    .argument('<url>', 'the address that the program opens or prints')
    .option(
      '--as <who>',
      'as whom: root, a user, admin with this role assumed, or center/NAME: a user of the directory',
    )
    .option('--mfa', 'the sign-in counts as one with MFA')
    .option('--deny', 'refuse it')
    .option('--print', 'print the address of the answer and call nothing')
    .addOption(new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME'))
    .action(async (url: string, options: ApproveOptions) => {
      if (url === '') throw new CommandFailure('the address is empty', exitCodes.badSyntax)
      if (options.deny !== true && options.as === undefined)
        throw new CommandFailure(
          'say as whom: --as user/NAME, --as center/NAME, or --deny',
          exitCodes.badSyntax,
        )
      const server = runningServer(Home.at(options.home))
      const decided =
        options.deny === true ? { decision: 'deny' } : { as: options.as, mfa: options.mfa === true }
      const body = { request: url, ...decided }
      const answer = await callServer(server, 'POST', '/_omen/approvals', server.keys.root, body)
      const { to } = answer as { readonly to?: string } // the route's own answer
      if (to !== undefined) return handOn(new URL(to), options.print === true)
      print(`the device has its answer\n`)
    })
}

/** The program waits on this computer, or wants to be given the code by hand. */
async function handOn(to: URL, isPrinted: boolean): Promise<void> {
  if (isPrinted) return print(`${to.href}\n`)
  if (to.pathname === '/v1/sessions/confirmation') {
    const [state, code] = [to.searchParams.get('state') ?? '', to.searchParams.get('code') ?? '']
    return print(`${Buffer.from(`state=${state}&code=${code}`).toString('base64')}\n`)
  }
  // an address of aws login is of this computer (behaviour SSO-3); others are handed on by hand
  if (!/^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost):/.test(to.href)) return print(`${to.href}\n`)
  try {
    const { status } = await fetch(to, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    print(`the program has its answer (${status})\n`)
  } catch {
    throw new CommandFailure(`no program waits at ${to.host}; the answer is ${to.href}`, exitCodes.other)
  }
}
