import { type Command, Option } from 'commander'
import { systemClock, systemRandom } from '../../base/index.ts'
import { listen } from '../../workload/index.ts'
import { callServer, runningServer } from '../client.ts'
import { parseDuration } from '../duration.ts'
import { badSyntax, CommandFailure, exitCodes, ServiceRefusal } from '../failure.ts'
import { Home, messageOf, type RunningServer } from '../home.ts'
import { issuerAnswer, localBase } from '../oidc/issuer.ts'
import { issuerKey, issuerUrl, publicPart } from '../oidc/issuer-key.ts'
import { type Claims, type ShapeName, shapeNames, shapes } from '../oidc/shapes.ts'
import { mintToken } from '../oidc/token.ts'
import { print } from '../output.ts'
import { callQuery, neededText } from '../query.ts'

interface IssuerOptions {
  readonly home?: string
  readonly like: ShapeName
  readonly issuer?: string
}

interface AudienceOptions extends IssuerOptions {
  readonly aud?: readonly string[]
}

interface TokenOptions extends AudienceOptions {
  readonly sub?: string
  readonly lifetime?: string
  readonly claim?: readonly string[]
}

const defaultAudience = 'sts.amazonaws.com'

/** `omen oidc`: an issuer on this machine in place of GitHub's, a cluster's, or any other. */
export function addOidc(program: Command): void {
  const oidc = program
    .command('oidc')
    .description(
      'a local issuer of web identity tokens, to test trust in GitHub Actions, a cluster or another issuer',
    )
  oidc
    .command('serve')
    .description('serve the discovery documents and the keys until it is stopped')
    .addOption(homeOption())
    .addOption(
      new Option('--port <number>', 'the port on loopback (default: the last one used, or any free port)'),
    )
    .action(serve)
  withIssuer(oidc.command('token').description('print a token: omen oidc token --like github > token'))
    .addOption(audienceOption())
    .option('--sub <subject>', 'the subject, in the form of the issuer')
    .option('--lifetime <time>', 'seconds, or for example 10m')
    .addOption(
      new Option('--claim <name=text>', 'another claim; name:=json for a value that is not a text').argParser(
        collect,
      ),
    )
    .action(printToken)
  withIssuer(
    oidc
      .command('register')
      .description('make the server trust the local issuer under the name of the real one'),
  )
    .addOption(audienceOption())
    .action(register)
  withIssuer(oidc.command('unregister').description('undo what register did')).action(unregister)
}

function withIssuer(command: Command): Command {
  return command
    .addOption(homeOption())
    .addOption(new Option('--like <kind>', 'the issuer to imitate').choices(shapeNames).default('plain'))
    .option('--issuer <url>', 'the name of the issuer, https:// and no port (default: that of the kind)')
}

function homeOption(): Option {
  return new Option('--home <folder>', 'the folder of the server (default: ~/.omen)').env('OMEN_HOME')
}

function audienceOption(): Option {
  return new Option('--aud <audience>', `the audience (default: ${defaultAudience})`).argParser(collect)
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

async function serve(options: { readonly home?: string; readonly port?: string }): Promise<void> {
  const home = Home.at(options.home)
  const text = options.port ?? lastPort(home)
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw badSyntax(`--port takes a number from 0 to 65535, not ${text}`)
  const key = await issuerKey(home)
  const shown = publicPart(key)
  const listener = await listen(async (request) => issuerAnswer(request, shown), port).catch(
    (error: unknown) => {
      throw new CommandFailure(`cannot listen on port ${port}: ${messageOf(error)}`, exitCodes.other)
    },
  )
  home.writeIssuer({ key, url: listener.url })
  print(
    `  issuer at ${listener.url}\n  next: omen oidc register --like github; omen oidc token --like github > token\n`,
  )
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  await listener.close()
}

/** The server's registration of the issuer stays valid if the issuer serves at the same port again. */
function lastPort(home: Home): string {
  const url = home.readIssuer()?.url
  return url === undefined ? '0' : new URL(url).port
}

async function printToken(options: TokenOptions): Promise<void> {
  const claims: Claims = Object.fromEntries((options.claim ?? []).map(parseClaim))
  const wish = {
    like: options.like,
    issuer: issuerOf(options),
    audiences: options.aud ?? [defaultAudience],
    claims,
    ...(options.sub === undefined ? {} : { subject: options.sub }),
    ...(options.lifetime === undefined ? {} : { lifetimeSeconds: parseDuration(options.lifetime) }),
  }
  const key = await issuerKey(Home.at(options.home))
  const token = await mintToken(wish, key, systemClock.now(), systemRandom)
  // clients read a token's file to its last byte
  print(process.stdout.isTTY ? `${token}\n` : token)
}

/** Creates the provider, or adds the audience to it, and registers the real address of its documents. */
async function register(options: AudienceOptions): Promise<void> {
  const home = Home.at(options.home)
  const server = runningServer(home)
  const { admin, root } = server.keys
  const issuer = issuerOf(options)
  const audiences = options.aud ?? [defaultAudience]
  const arn = providerArn(server, issuer)
  await callServer(server, 'POST', '/_omen/issuers', root, {
    issuer,
    base: localBase(issuerUrl(home), issuer),
  })
  try {
    const input = { Url: issuer, ClientIDList: audiences }
    neededText(
      await callQuery(server, admin, 'iam', 'CreateOpenIDConnectProvider', input),
      'OpenIDConnectProviderArn',
    )
  } catch (error) {
    if (!(error instanceof ServiceRefusal) || error.code !== 'EntityAlreadyExists') throw error
    for (const ClientID of audiences) {
      const input = { OpenIDConnectProviderArn: arn, ClientID }
      await callQuery(server, admin, 'iam', 'AddClientIDToOpenIDConnectProvider', input)
    }
  }
  print(`${arn}\n`)
}

async function unregister(options: IssuerOptions): Promise<void> {
  const server = runningServer(Home.at(options.home))
  const issuer = issuerOf(options)
  const arn = providerArn(server, issuer)
  await callQuery(server, server.keys.admin, 'iam', 'DeleteOpenIDConnectProvider', {
    OpenIDConnectProviderArn: arn,
  })
  await callServer(server, 'POST', '/_omen/issuers', server.keys.root, { issuer })
}

function issuerOf({ like, issuer = shapes[like].issuer }: IssuerOptions): string {
  if (!/^https:\/\/[\w.-]+(?:\/[\w./-]*)?$/.test(issuer))
    throw badSyntax(`an issuer is https:// and a name without a port, not ${issuer}`)
  return issuer
}

function providerArn({ account, partition = 'aws' }: RunningServer, issuer: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace(/^https:\/\//, '')}`
}

function parseClaim(text: string): readonly [string, unknown] {
  const match = /^([^=]+?)(:?)=(.*)$/s.exec(text)
  if (match === null) throw badSyntax(`--claim takes name=text or name:=json, not ${text}`)
  const [, name = '', json, value = ''] = match
  if (json === '') return [name, value]
  try {
    const parsed: unknown = JSON.parse(value)
    return [name, parsed]
  } catch {
    throw badSyntax(`${value} is no JSON`)
  }
}
