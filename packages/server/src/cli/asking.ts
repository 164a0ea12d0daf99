import { type Keys, runningServer } from './client.ts'
import { callerNamed, endpointNamed, keysOfNamed } from './environment-keys.ts'
import { badConfiguration } from './failure.ts'
import { Home, type RunningServer } from './home.ts'
import { askWho, type Signer } from './signer.ts'

/** Which server a question goes to, with which keys, and who asks. */
export interface Asking {
  readonly server: Pick<RunningServer, 'url' | 'partition'>
  readonly keys: Keys
  /** The caller that the environment names, if the server knows it. */
  readonly me: Signer['me'] | undefined
  /** The environment's key, also one that the server does not know. */
  readonly key: string | undefined
}

/**
 * The server that the environment names: of the home that is given, or at its endpoint, or of the default home (behaviour
 * RSN-31). The server of a home is asked with root's key, another one with the environment's. @throws CommandFailure if
 * there is none, or no key for it
 */
export async function askingOf(
  home: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Asking> {
  const named = callerNamed(environment)
  const endpoint = home === undefined ? endpointNamed(environment, named) : undefined
  const own = Home.at(home)
  const isElsewhere = endpoint !== undefined && !isSameServer(endpoint, own.readServer()?.url)
  const key = named?.keys.accessKeyId
  if (!isElsewhere) {
    const server = runningServer(own)
    const known = named && (await askWho(server, named.keys))
    // with roles behind the profile, sessions are meant that began with its key
    return { server, keys: server.keys.root, me: known, key }
  }
  if (!URL.canParse(endpoint)) throw badConfiguration(`${endpoint} is no address of a server`)
  if (named === undefined)
    throw badConfiguration(
      `the environment names the server ${endpoint}, and no keys: name its folder with --home, or set AWS_ACCESS_KEY_ID or AWS_PROFILE`,
    )
  const server = { url: endpoint }
  const keys = await keysOfNamed(named, server)
  return { server, keys, me: await askWho(server, keys), key }
}

/** Returns whether two addresses are of one server: loopback has several names. */
function isSameServer(one: string, other: string | undefined): boolean {
  if (other === undefined || !URL.canParse(one)) return false
  const [a, b] = [new URL(one), new URL(other)]
  const place = ({ hostname }: URL) =>
    /^(?:127\.[\d.]+|localhost|\[::1\])$/.test(hostname) ? 'loopback' : hostname
  return a.port === b.port && place(a) === place(b)
}
